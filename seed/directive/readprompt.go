package directive

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/lectern-cms/lectern/models"
)

// prompts reads a node that holds prompts.
func (r *reader) prompts(n ast.Node, also holds) (models.Prompts, error) {
	var out models.Prompts
	err := r.each(n, also, func(c ast.Node) error {
		p, err := r.prompt(c)
		if p == nil && err == nil {
			return r.misplaced(c, "a group")
		}
		out = append(out, p)
		return err
	})
	return out, err
}

// prompt reads a node that is a prompt; it gives nil for anything else.
func (r *reader) prompt(n ast.Node) (models.Prompt, error) {
	if code, ok := n.(*ast.FencedCodeBlock); ok && r.info(code) == jsonInfo {
		return r.jsonPrompt(strings.Join(r.lines(code), "\n"), r.position(code))
	}
	f, ok := n.(*fence)
	if !ok {
		return nil, nil
	}
	p := newPrompt(f.name)
	if p == nil {
		return nil, nil
	}
	if err := r.sound(f); err != nil {
		return nil, err
	}
	s := shapeOfPrompt(p)
	s.fields = append(s.fields, idField(&p.PromptFields().ID))
	r.at[p] = f.at
	return p, r.fill(f, s)
}

// grid reads a pipe table, or columns and rows as directives.
func (r *reader) grid(n *fence, g *models.Grid, also holds) error {
	columns := shape{lists: []namedList{{columnsName, &g.Columns}}}
	named := r.named(columns, map[string]bool{})
	return r.each(n, also, func(c ast.Node) error {
		empty := g.Columns == nil && g.Rows == nil
		if isParagraph(c) && empty && tableStart(r.lines(c)) == 0 {
			return r.pipeGrid(c, g)
		}
		if taken, err := named(c); taken || err != nil {
			return err
		}
		f, ok := c.(*fence)
		if !ok || f.name != rowName {
			return r.misplaced(c, n.name)
		}
		row, err := r.gridRow(f)
		g.Rows = append(g.Rows, row)
		return err
	})
}

// pipeGrid reads a grid's pipe table, whose first column has the labels of the rows. If that has no head, the columns
// of the grid are the others.
func (r *reader) pipeGrid(n ast.Node, g *models.Grid) error {
	rows, err := r.pipeRows(r.lines(n), r.position(n))
	if err != nil {
		return err
	}
	g.Columns = rows[0]
	if rows[0][0] == "" {
		g.Columns = rows[0][1:]
	}
	for _, row := range rows[1:] {
		g.Rows = append(g.Rows, models.GridRow{Label: row[0], Cells: row[1:]})
	}
	return nil
}

func (r *reader) gridRow(f *fence) (models.GridRow, error) {
	var row models.GridRow
	if err := r.sound(f); err != nil {
		return row, err
	}
	return row, r.fill(f, gridRowShape(&row))
}

// gridRowShape describes a row of a grid that is no pipe table.
func gridRowShape(row *models.GridRow) shape {
	return shape{name: rowName, texts: []namedText{{"label", &row.Label}}, body: body{items: &row.Cells}}
}

// simpleGrid gives the rows of a grid as those of a pipe table, if that can hold them.
func simpleGrid(g *models.Grid) ([][]models.Text, bool) {
	head := append([]models.Text{""}, g.Columns...)
	if len(g.Columns) > 0 && g.Columns[0] != "" && len(g.Rows) > 0 && len(g.Rows[0].Cells) == len(g.Columns)-1 {
		head = g.Columns
	}
	out := [][]models.Text{head}
	for _, row := range g.Rows {
		out = append(out, append([]models.Text{row.Label}, row.Cells...))
	}
	return out, sameWidth(out)
}
