package blocks

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// table converts a table. One that is there to be written in, outside an exercise, is a worksheet of its own.
func (f *flow) table(n *html.Node) {
	t := &models.Table{}
	for _, row := range rowsOf(n) {
		cells := f.row(row)
		if len(cells) == 0 {
			continue
		}
		if len(t.Rows) == 0 && isHead(row, cells) {
			t.Head = append(t.Head, cells)
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	for _, c := range solid(children(n)) {
		if isElement(c, "caption") {
			t.Caption = f.text(c)
		}
	}
	if len(t.Head) > 0 && emptyCells(t.Head[0]) && len(t.Rows) > 0 {
		t.Head = t.Head[1:] // made up for a table that has none
	}
	stray := strayNodes(n)
	f.add(f.flow(stray)...)
	if len(t.Head)+len(t.Rows) == 0 {
		return
	}
	fill, height := fillIn(n)
	fill = fill || f.exercise > 0 && rates(n)
	f.facts[t] = facts{fillIn: fill, height: height, line: kramdown.Line(n), spans: spansOf(n)}
	if fill && f.exercise == 0 && hasClass(n, "worksheet") {
		f.add(f.exerciseOf(nil, models.WordWorksheet, models.Blocks{t})...)
		return
	}
	f.add(t)
}

// rowsOf gives the rows of a table, not those of tables in it.
func rowsOf(n *html.Node) []*html.Node {
	var rows []*html.Node
	for _, c := range children(n) {
		switch {
		case isElement(c, "tr"):
			rows = append(rows, c)
		case isElement(c, "thead", "tbody", "tfoot"):
			rows = append(rows, rowsOf(c)...)
		}
	}
	return rows
}

// strayNodes gives what stands in a table outside its cells.
func strayNodes(n *html.Node) []*html.Node {
	var out []*html.Node
	for _, c := range solid(children(n)) {
		switch {
		case isElement(c, "tr", "thead", "tbody", "tfoot"):
			out = append(out, strayNodes(c)...)
		case isElement(c, "caption", "col", "colgroup", "td", "th"):
		default:
			out = append(out, c)
		}
	}
	return out
}

func isHead(row *html.Node, cells []models.Cell) bool {
	return isElement(row.Parent, "thead") || !slices.ContainsFunc(cells, func(c models.Cell) bool { return !c.Header })
}

func emptyCells(cells []models.Cell) bool {
	return !slices.ContainsFunc(cells, func(c models.Cell) bool { return c.Text != "" || len(c.Blocks) > 0 })
}

func (c *converter) row(tr *html.Node) []models.Cell {
	var cells []models.Cell
	for _, n := range solid(children(tr)) {
		if !isElement(n, "td", "th") {
			continue
		}
		cell := models.Cell{Header: n.Data == "th", Colspan: span(n, "colspan"), Rowspan: span(n, "rowspan")}
		item := c.item(children(n))
		if cell.Text = item.Text; len(item.Blocks) > 0 {
			cell.Blocks = item.Blocks
			if item.Text != "" {
				cell.Text, cell.Blocks = "", append(models.Blocks{&models.Paragraph{Text: item.Text}}, item.Blocks...)
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// spansOf says of each cell that takes the place of several what that becomes in a worksheet, which has no such cells.
func spansOf(table *html.Node) []kramdown.Problem {
	var out []kramdown.Problem
	find(table, func(n *html.Node) bool {
		for _, name := range []string{"colspan", "rowspan"} {
			if isElement(n, "td", "th") && span(n, name) > 1 {
				out = append(out, kramdown.Problem{Line: kramdown.Line(n), Message: fmt.Sprintf(
					"a cell with %s=%q became a single one: the tables of worksheets have no cells that span others", name, kramdown.Attr(n, name))})
			}
		}
		return !isElement(n, "table") || n == table
	})
	return out
}

// maxSpan is the widest cell that a record holds.
const maxSpan = 200

func span(n *html.Node, name string) int {
	v, err := strconv.Atoi(strings.TrimSpace(kramdown.Attr(n, name)))
	if err != nil {
		return 1
	}
	return min(max(v, 1), maxSpan)
}

var (
	placeholder = regexp.MustCompile(`^\[[^\]]+\]$`)
	tallStyle   = regexp.MustCompile(`height\s*:\s*(\d{3,4})`)
	tallHeight  = regexp.MustCompile(`^(\d{3,4})`)
)

// gap is what authors write where something is to be filled in.
const gap = "____"

// fillIn tells whether a table is there to be written in: one cell is only a placeholder, or at least half of them
// are blank, hold a gap, or are tall. It gives the height of tall cells.
func fillIn(table *html.Node) (fill bool, height int) {
	cells, open, asked := 0, 0, false
	find(table, func(n *html.Node) bool {
		if !isElement(n, "td") {
			return true
		}
		cells++
		content := words(n)
		asked = asked || placeholder.MatchString(content)
		tall := cellHeight(n)
		height = max(height, tall)
		if content == "" && !contains(n, "img") || strings.Contains(content, gap) || tall > 0 {
			open++
		}
		return true
	})
	return asked || cells > 0 && open*2 >= cells, height
}

// rates tells whether a table asks to place every row on a scale of pictures: faces, stars, boxes.
func rates(table *html.Node) bool {
	rows := rowsOf(table)
	scales := 0
	for _, row := range rows {
		if slices.ContainsFunc(solid(children(row)), isScale) {
			scales++
		}
	}
	return scales > 0 && scales*2 >= len(rows)
}

// isScale tells whether a cell holds signs and no words.
func isScale(n *html.Node) bool {
	s := words(n)
	return isElement(n, "td") && s != "" && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func cellHeight(n *html.Node) int {
	if m := tallStyle.FindStringSubmatch(kramdown.Attr(n, "style")); m != nil {
		return atoi(m[1])
	}
	if m := tallHeight.FindStringSubmatch(kramdown.Attr(n, "height")); m != nil {
		return atoi(m[1])
	}
	return 0
}
