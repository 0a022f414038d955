package directive

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/lectern-cms/lectern/models"
)

// tableStart is the line of a paragraph with which a table begins, -1 if there is none.
func tableStart(lines []string) int {
	for i := 1; i < len(lines); i++ {
		if row := strings.Trim(lines[i], " \t"); isDelimiterRow(row) && len(splitRow(row)) == len(splitRow(lines[i-1])) {
			return i - 1
		}
	}
	return -1
}

// splitRow gives the cells of a row. A pipe with backslashes before it is in a cell, with one of them fewer.
func splitRow(line string) []string {
	line = strings.Trim(line, " \t")
	line = strings.TrimPrefix(line, "|")
	if before, ok := strings.CutSuffix(line, "|"); ok && backslashes(before) == 0 {
		line = before
	}
	var out []string
	var cell strings.Builder
	for {
		before, after, found := strings.Cut(line, "|")
		if !found {
			cell.WriteString(before)
			return append(out, cell.String())
		}
		line = after
		if backslashes(before) > 0 {
			cell.WriteString(before[:len(before)-1] + "|")
			continue
		}
		cell.WriteString(before)
		out = append(out, cell.String())
		cell.Reset()
	}
}

// pipeRow writes a row of cells of one line each.
func pipeRow(cells []models.Text) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString("| " + strings.ReplaceAll(protectLine(string(c)), "|", `\|`) + " ")
	}
	return b.String() + "|"
}

// delimiters writes the line under the head of a table.
func delimiters(columns int) string { return strings.Repeat("| --- ", columns) + "|" }

// pipeRows reads a pipe table: its head, and its rows, all as wide as that. The line of delimiters is left out.
func (r *reader) pipeRows(lines []string, at int) ([][]models.Text, error) {
	var out [][]models.Text
	for i, l := range lines {
		if i == 1 {
			continue
		}
		cells := splitRow(l)
		if len(out) > 0 && len(cells) > len(out[0]) {
			return nil, r.fail(at, "a row has %d cells, the head of its table has %d", len(cells), len(out[0]))
		}
		var row []models.Text
		for _, c := range cells {
			row = append(row, r.text(unprotectLine(c), at))
		}
		for len(out) > 0 && len(row) < len(out[0]) {
			row = append(row, "")
		}
		out = append(out, row)
	}
	return out, nil
}

func (r *reader) pipeTable(lines []string, at int) (*models.Table, error) {
	rows, err := r.pipeRows(lines, at)
	if err != nil {
		return nil, err
	}
	t := &models.Table{}
	for i, row := range rows {
		cells := make([]models.Cell, len(row))
		for j, text := range row {
			cells[j] = models.Cell{Text: text, Header: i == 0, Colspan: 1, Rowspan: 1}
		}
		if i == 0 {
			t.Head = append(t.Head, cells)
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t, nil
}

// simpleTable gives the texts of a table that a pipe table can hold: one head row, all rows as wide, no cell with
// blocks, spans or several lines, headers in the head only.
func simpleTable(t *models.Table) ([][]models.Text, bool) {
	if len(t.Head) != 1 || len(t.Head[0]) == 0 {
		return nil, false
	}
	var out [][]models.Text
	for i, row := range append([][]models.Cell{t.Head[0]}, t.Rows...) {
		texts := make([]models.Text, len(row))
		for j, c := range row {
			if c.Header != (i == 0) || c.Colspan != 1 || c.Rowspan != 1 || len(c.Blocks) > 0 {
				return nil, false
			}
			texts[j] = c.Text
		}
		out = append(out, texts)
	}
	return out, sameWidth(out)
}

// sameWidth tells whether rows can be those of a pipe table: all as wide as the first, and no line ends in them.
func sameWidth(rows [][]models.Text) bool {
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			return false
		}
		for _, t := range row {
			if strings.Contains(string(t), "\n") {
				return false
			}
		}
	}
	return len(rows) > 0 && len(rows[0]) > 0
}

// table reads a container that holds a pipe table, or rows and cells as directives.
func (r *reader) table(n *fence, t *models.Table, also holds) error {
	return r.each(n, also, func(c ast.Node) error {
		empty := len(t.Head)+len(t.Rows) == 0
		if isParagraph(c) && empty && tableStart(r.lines(c)) == 0 {
			piped, err := r.pipeTable(r.lines(c), r.position(c))
			if err == nil {
				t.Head, t.Rows = piped.Head, piped.Rows
			}
			return err
		}
		f, ok := c.(*fence)
		if !ok || f.name != headName && f.name != rowName {
			return r.misplaced(c, n.name)
		}
		row, err := r.row(f)
		switch {
		case err != nil:
			return err
		case f.name == rowName:
			t.Rows = append(t.Rows, row)
		case len(t.Rows) > 0:
			return r.fail(f.at, "the head of a table stands above its rows")
		default:
			t.Head = append(t.Head, row)
		}
		return nil
	})
}

func (r *reader) row(f *fence) ([]models.Cell, error) {
	if err := r.bare(f); err != nil {
		return nil, err
	}
	var cells []models.Cell
	err := r.each(f, nothingElse, func(c ast.Node) error {
		inner, ok := c.(*fence)
		if !ok || inner.name != cellName {
			return r.misplaced(c, f.name)
		}
		if err := r.sound(inner); err != nil {
			return err
		}
		inHead := f.name == headName
		cell := models.Cell{Header: inHead, Colspan: 1, Rowspan: 1}
		if err := r.fill(inner, cellShape(&cell, inHead)); err != nil {
			return err
		}
		cells = append(cells, cell)
		return nil
	})
	return cells, err
}

// bare checks a container that has neither text nor attributes of its own.
func (r *reader) bare(f *fence) error {
	if err := r.sound(f); err != nil {
		return err
	}
	if f.text != "" || len(f.attributes) > 0 {
		return r.fail(f.at, "%s has neither text nor attributes", f.name)
	}
	return nil
}
