package blocks

import (
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// maxGridColumns is how wide a grid may be in a record.
const maxGridColumns = 50

// isGrid tells whether a table can be a grid: rows of cells that are nothing but text.
func isGrid(t *models.Table) bool {
	if len(t.Rows) == 0 {
		return false
	}
	for _, rows := range [][][]models.Cell{t.Head, t.Rows} {
		for _, row := range rows {
			if len(row) > maxGridColumns {
				return false
			}
			for _, cell := range row {
				if _, ok := flatCell(cell); !ok {
					return false
				}
			}
		}
	}
	return true
}

func flatCell(c models.Cell) (models.Text, bool) {
	rest, ok := flat(c.Blocks)
	return lines(c.Text, rest), ok
}

func flatCells(cells []models.Cell) []models.Text {
	out := make([]models.Text, len(cells))
	for i, c := range cells {
		out[i], _ = flatCell(c) // isGrid has seen that they are flat
	}
	return out
}

// grid adds a table as a grid.
func (f *filler) grid(t *models.Table, lead []models.Text) {
	head := t.Head
	for len(head) > 1 {
		lead = append(lead, flatCells(head[0])...)
		head = head[1:]
	}
	g := &models.Grid{PromptBase: f.base(models.PromptGrid, lines(lead...))}
	if len(head) == 1 {
		g.Columns = flatCells(head[0])
	}
	labelled := firstColumnLabels(t)
	for _, row := range t.Rows {
		cells := flatCells(row)
		r := models.GridRow{Cells: cells}
		if len(row) > 0 && (row[0].Header || labelled) {
			r = models.GridRow{Label: cells[0], Cells: cells[1:]}
		}
		g.Rows = append(g.Rows, r)
	}
	f.last = &g.PromptBase
	f.add(g)
}

func oneColumn(t *models.Table) bool {
	for _, row := range t.Rows {
		if len(row) != 1 {
			return false
		}
	}
	return true
}

// firstColumnLabels tells whether the first cell of every row has text and another is blank: it says what to fill in.
func firstColumnLabels(t *models.Table) bool {
	for _, row := range t.Rows {
		cells := flatCells(row)
		if len(cells) < 2 || blank(cells[0]) {
			return false
		}
	}
	return true
}

func blank(t models.Text) bool { return strings.Trim(render.Plain(t), " \u00a0") == "" }
