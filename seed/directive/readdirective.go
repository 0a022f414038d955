package directive

import (
	"errors"

	"github.com/yuin/goldmark/ast"

	"github.com/lectern-cms/lectern/models"
)

// idField is the id of a block or prompt.
func idField(at *string) field {
	f := word(idAttribute, at)
	f.set = func(v string) error {
		if !validID(v) {
			return errBadID
		}
		*at = v
		return nil
	}
	return f
}

var errBadID = errors.New("an id has 1 to 64 printable ASCII characters")

// maxID is the length of an id that the model allows.
const maxID = 64

func validID(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return s != "" && len(s) <= maxID
}

// directive reads a directive that is a block.
func (r *reader) directive(n *fence, ahead *oneLine) (models.Blocks, error) {
	if err := r.sound(n); err != nil {
		return nil, err
	}
	b := newBlock(n.name)
	switch {
	case b != nil:
	case newPrompt(n.name) != nil || n.name == answersName:
		return nil, r.fail(n.at, "%s can't stand here, only in a worksheet and not within blocks", n.name)
	default:
		return nil, r.fail(n.at, "there is no directive %s here", n.name)
	}
	if ahead != nil {
		as, _ := parseAttributes(ahead.text)
		n.attributes = append(as, n.attributes...)
	}
	s := shapeOf(b)
	s.fields = append(s.fields, idField(&b.Base().ID))
	if err := r.fill(n, s); err != nil {
		return nil, err
	}
	r.at[b] = n.at
	return models.Blocks{b}, nil
}

// sound checks what can be wrong with a directive of any name.
func (r *reader) sound(n *fence) error {
	switch {
	case n.name == "" && n.err == nil:
		return r.fail(n.at, "a line of %d colons that ends nothing: a container ends with as many as it begins with", n.colons)
	case n.err != nil:
		return r.fail(n.at, "%v", n.err)
	case !n.isLeaf() && !n.closed:
		return r.fail(n.at, "the container %s is not closed: it ends with a line of %d colons", n.name, n.colons)
	}
	return nil
}

// fill reads a directive into what its shape describes.
func (r *reader) fill(n *fence, s shape) error {
	if err := r.assign(s.fields, n.attributes); err != nil {
		return r.fail(n.at, "%v", err)
	}
	seen := map[string]bool{}
	if n.text != "" {
		if len(s.texts) == 0 {
			return r.fail(n.at, "%s has no text in brackets", n.name)
		}
		*s.texts[0].at = r.text(unprotectLine(n.text), n.at)
		seen[s.texts[0].name] = true
	}
	return r.body(n, s.body, r.named(s, seen))
}

// named takes the directives within one that stand for its texts and lists.
func (r *reader) named(s shape, seen map[string]bool) holds {
	return func(child ast.Node) (bool, error) {
		f, ok := child.(*fence)
		if !ok {
			return false, nil
		}
		read := r.part(f, s)
		if read == nil {
			return false, nil
		}
		if err := r.sound(f); err != nil {
			return true, err
		}
		if len(f.attributes) > 0 {
			return true, r.fail(f.at, "%s has no attributes", f.name)
		}
		if seen[f.name] {
			return true, r.fail(f.at, "%s stands there twice", f.name)
		}
		seen[f.name] = true
		return true, read()
	}
}

// part gives the function that reads a named part of a directive, nil if it has none of that name.
func (r *reader) part(f *fence, s shape) func() error {
	for _, t := range s.texts {
		if t.name == f.name {
			return func() (err error) { *t.at, err = r.namedText(f); return err }
		}
	}
	for _, l := range s.lists {
		if l.name == f.name {
			return func() (err error) { *l.at, err = r.texts(f); return err }
		}
	}
	return nil
}

// namedText reads "::credit[text]" or the container that holds the text.
func (r *reader) namedText(f *fence) (models.Text, error) {
	if f.FirstChild() == nil {
		return r.text(unprotectLine(f.text), f.at), nil
	}
	if f.text != "" {
		return "", r.fail(f.at, "%s has text in brackets and below", f.name)
	}
	return r.onlyText(f, f.at)
}

// body reads what a directive holds beside its named parts.
func (r *reader) body(n *fence, b body, also holds) (err error) {
	switch {
	case b.blocks != nil:
		*b.blocks, err = r.blocks(n, also)
		return err
	case b.prompts != nil:
		*b.prompts, err = r.prompts(n, also)
		return err
	case b.table != nil:
		return r.table(n, b.table, also)
	case b.grid != nil:
		return r.grid(n, b.grid, also)
	}
	return r.each(n, also, func(c ast.Node) error {
		switch {
		case b.text != nil && isParagraph(c) && *b.text == "":
			*b.text = r.text(unprotect(r.lines(c)), r.position(c))
			return nil
		case b.items != nil && c.Kind() == ast.KindList && *b.items == nil:
			*b.items, err = r.listTexts(c.(*ast.List))
			return err
		}
		return r.misplaced(c, n.name)
	})
}

// each gives the children of a node that nothing else takes to a function.
func (r *reader) each(n ast.Node, also holds, do func(ast.Node) error) error {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		taken, err := also(c)
		if !taken && err == nil {
			err = do(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// misplaced says that something can't stand in a directive.
func (r *reader) misplaced(n ast.Node, in string) error {
	at := r.position(n)
	switch n := n.(type) {
	case *fence:
		if err := r.sound(n); err != nil {
			return err
		}
		return r.fail(at, "there is no directive %s in %s", n.name, in)
	case *comment:
		return r.fail(at, "a comment can't stand in %s", in)
	}
	return r.fail(at, "this can't stand in %s", in)
}

// texts reads a container that holds a list of texts and nothing else.
func (r *reader) texts(f *fence) ([]models.Text, error) {
	if f.text != "" {
		return nil, r.fail(f.at, "%s has no text in brackets", f.name)
	}
	var out []models.Text
	err := r.each(f, nothingElse, func(c ast.Node) (err error) {
		if c.Kind() != ast.KindList || out != nil {
			return r.misplaced(c, f.name)
		}
		out, err = r.listTexts(c.(*ast.List))
		return err
	})
	return out, err
}

// listTexts reads a list whose items are texts.
func (r *reader) listTexts(l *ast.List) ([]models.Text, error) {
	var out []models.Text
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		t, err := r.onlyText(item, r.position(item))
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
