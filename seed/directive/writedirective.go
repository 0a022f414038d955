package directive

import (
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// containerColons begin a container that holds no other.
const containerColons = 3

// directive writes a directive: a leaf if there is nothing in it.
func (w *writer) directive(s shape, id []attribute, owner models.Block) []string {
	var inner []string
	text := ""
	for i, t := range s.texts {
		switch {
		case i == 0 && !strings.Contains(string(*t.at), "\n"):
			text = protectLine(string(*t.at))
		case *t.at != "":
			inner = append(inner, writeText(t)...)
		}
	}
	for _, l := range s.lists {
		if len(*l.at) > 0 {
			inner = append(inner, container(l.name, "", nil, writeItems(*l.at))...)
		}
	}
	body := w.body(s.body, owner)
	if s.body.items == nil || len(s.lists) > 0 {
		inner = spaced(inner)
	}
	if len(body) == 0 {
		inner = unspaced(inner)
	}
	return container(s.name, text, append(id, values(s.fields)...), append(inner, body...))
}

// unspaced takes a blank line from the end of lines.
func unspaced(lines []string) []string {
	if n := len(lines); n > 0 && lines[n-1] == "" {
		return lines[:n-1]
	}
	return lines
}

// body writes what a directive holds beside its named parts.
func (w *writer) body(b body, owner models.Block) []string {
	switch {
	case b.blocks != nil:
		return w.inside(owner, b.blocks, "", false)
	case b.text != nil && *b.text != "":
		return protect(string(*b.text))
	case b.items != nil:
		return writeItems(*b.items)
	case b.prompts != nil:
		return w.prompts(*b.prompts)
	case b.table != nil:
		return w.table(b.table)
	case b.grid != nil:
		return w.grid(b.grid)
	}
	return nil
}

// container writes a directive with what is in it, with more colons than any container in it has.
func container(name, text string, as []attribute, inner []string) []string {
	if text != "" {
		text = "[" + text + "]"
	}
	head := name + text + braces(as)
	if len(inner) == 0 {
		return []string{"::" + head}
	}
	fence := strings.Repeat(":", max(containerColons, 1+mostColons(inner)))
	return append(append([]string{fence + head}, inner...), fence)
}

// mostColons is the length of the longest fence of colons in lines, within quotes and lists too.
func mostColons(lines []string) int {
	most := 0
	for _, l := range lines {
		l = strings.TrimLeft(l, " >-*0123456789.)")
		if n := len(l) - len(strings.TrimLeft(l, ":")); n >= containerColons {
			most = max(most, n)
		}
	}
	return most
}

// writeText writes a text in a directive of its own.
func writeText(t namedText) []string {
	if s := string(*t.at); !strings.Contains(s, "\n") {
		return []string{"::" + t.name + "[" + protectLine(s) + "]"}
	}
	return container(t.name, "", nil, protect(string(*t.at)))
}

// writeItems writes texts as a list.
func writeItems(texts []models.Text) []string {
	var out []string
	for _, t := range texts {
		if t == "" {
			out = append(out, bullet)
			continue
		}
		out = append(out, prefixed(protect(string(t)), bullet+" ", "  ")...)
	}
	return out
}

// table writes the rows of a table in a container.
func (w *writer) table(t *models.Table) []string {
	if rows, ok := simpleTable(t); ok {
		return pipeTable(rows)
	}
	var out []string
	for _, part := range []struct {
		name string
		rows [][]models.Cell
	}{{headName, t.Head}, {rowName, t.Rows}} {
		for _, row := range part.rows {
			var cells []string
			for i := range row {
				cells = append(cells, w.directive(cellShape(&row[i], part.name == headName), nil, t)...)
			}
			out = append(out, container(part.name, "", nil, cells)...)
		}
	}
	return out
}

// grid writes the columns and rows of a grid.
func (w *writer) grid(g *models.Grid) []string {
	if rows, ok := simpleGrid(g); ok {
		return pipeTable(rows)
	}
	var out []string
	if len(g.Columns) > 0 {
		out = container(columnsName, "", nil, writeItems(g.Columns))
	}
	for i := range g.Rows {
		out = append(out, w.directive(gridRowShape(&g.Rows[i]), nil, nil)...)
	}
	return out
}

// prompts writes prompts with blank lines between them.
func (w *writer) prompts(ps models.Prompts) []string {
	var out []string
	for _, p := range ps {
		out = append(spaced(out), w.prompt(p)...)
	}
	return out
}

func (w *writer) prompt(p models.Prompt) []string {
	if lines := w.json[p]; lines != nil {
		return lines
	}
	var id []attribute
	if have := p.PromptFields().ID; have != "p"+strconv.Itoa(w.numbers[p]) {
		id = []attribute{{name: idAttribute, value: have}}
	}
	return w.directive(shapeOfPrompt(p), id, nil)
}
