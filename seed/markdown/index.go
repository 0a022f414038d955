package markdown

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// name is what a record is called at its place: a slug in a course or module, the key of a source, the path of a file.
type name struct {
	kind   models.Kind
	module models.ID
	name   string
}

// place is where something stands in the folder.
type place struct {
	path string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.path, p.line) }

// index knows the ids and the names of everything in the folder.
type index struct {
	ids     map[models.ID]place
	names   map[name]models.ID
	named   map[name]place
	pages   map[models.ID]*page // sections
	parents map[models.ID]string
	entries map[models.Kind][]models.ID // ids of the entries of lists, in order
}

func newIndex() *index {
	return &index{
		ids: map[models.ID]place{}, names: map[name]models.ID{}, named: map[name]place{}, pages: map[models.ID]*page{},
		parents: map[models.ID]string{}, entries: map[models.Kind][]models.ID{},
	}
}

// take notes an id. It may be there once.
func (x *index) take(id models.ID, at place) error {
	if first, again := x.ids[id]; again {
		return problem(at.path, at.line, idKey, fmt.Sprintf("%s is the id of %s too: leave it out of the new one", id, first))
	}
	x.ids[id] = at
	return nil
}

// call notes a name. Two of one name can't be at one place.
func (x *index) call(n name, id models.ID, field string, at place) error {
	if first, again := x.named[n]; again {
		return problem(at.path, at.line, field, fmt.Sprintf("%q is the %s of %s too", n.name, field, first))
	}
	x.names[n], x.named[n] = id, at
	return nil
}

// indexAll reads the heads of all files.
func (r *reader) indexAll(ctx context.Context, f *folder) error {
	if err := r.index.take(r.course.ID, place{courseFile, 1}); err != nil {
		return err
	}
	for _, p := range f.all() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.indexPage(p); err != nil {
			return err
		}
	}
	for _, of := range lists {
		if err := r.indexList(ctx, of); err != nil {
			return err
		}
	}
	return r.checkParents(f)
}

// indexPage reads what the index must know of a page.
func (r *reader) indexPage(p *page) error {
	data, err := readFile(r.fsys, p.path)
	if err != nil {
		return err
	}
	page, err := split(data)
	if err != nil {
		return inFile(p.path, err)
	}
	record, h, err := readHead(page.head, p.kind)
	if err != nil {
		return inFile(p.path, err)
	}
	p.id, p.exact, p.trash, p.line = record.Base().ID, record.Base().ID != "", h.trashed, page.head.lineOf(idKey)
	if !p.exact {
		p.id = models.NewID()
	}
	if p.slug = record.Name(); p.slug == "" {
		p.slug = slugOf(p, record.Label())
	}
	if err := r.index.take(p.id, place{p.path, p.line}); err != nil {
		return err
	}
	if s, ok := record.(*models.Section); ok {
		r.index.pages[p.id] = p
		if s.ParentID != nil {
			r.index.parents[p.id] = string(*s.ParentID)
		}
	}
	if p.trash { // there a slug may be another one's
		return nil
	}
	line := p.line
	if page.head.get("slug") != nil {
		line = page.head.lineOf("slug")
	}
	return r.index.call(p.called(), p.id, "slug", place{p.path, line})
}

// called is the name of a page.
func (p *page) called() name {
	n := name{kind: p.kind, name: p.slug}
	if p.module != nil {
		n.module = p.module.id
	}
	return n
}

// slugOf makes a slug of the name of a file, without its number, or else of the title.
func slugOf(p *page, title string) string {
	base := path.Base(p.path)
	if p.kind == models.KindModule {
		base = path.Base(path.Dir(p.path))
	}
	if _, rest, _ := splitName(strings.TrimSuffix(base, pageSuffix)); rest != "" {
		return models.Slug(rest)
	}
	return models.Slug(title)
}

// checkParents finds the pages above pages, which are of the same module and not below them.
func (r *reader) checkParents(f *folder) error {
	above := map[models.ID]models.ID{}
	for _, p := range f.sections {
		parent, ok := r.index.parents[p.id]
		if !ok {
			continue
		}
		id, err := r.above(p, parent)
		if err != nil {
			return err
		}
		above[p.id] = id
	}
	for _, p := range f.sections {
		seen := map[models.ID]bool{}
		for id := p.id; id != ""; id = above[id] {
			if seen[id] {
				return r.badParent(p, "the page stands below itself")
			}
			seen[id] = true
		}
	}
	for id, parent := range above {
		r.index.parents[id] = string(parent)
	}
	return nil
}

// above finds the page above one, by its id or slug.
func (r *reader) above(p *page, parent string) (models.ID, error) {
	id := models.ID(parent)
	if !id.Valid() {
		var ok bool
		if id, ok = r.index.names[name{models.KindSection, p.module.id, parent}]; !ok {
			return "", r.badParent(p, fmt.Sprintf("there is no page with the slug %q in the module", parent))
		}
	}
	there := r.index.pages[id]
	switch {
	case there == nil:
		return "", r.badParent(p, fmt.Sprintf("there is no page with the id %q in the folder", parent))
	case there.module != p.module:
		return "", r.badParent(p, there.path+" is a page of another module")
	}
	return id, nil
}

// badParent is an error in what a page says of the one above it. Its line is looked up: no more than one is needed.
func (r *reader) badParent(p *page, message string) error {
	line := p.line
	if data, err := readFile(r.fsys, p.path); err == nil {
		if page, err := split(data); err == nil {
			line = page.head.lineOf(parentKey)
		}
	}
	return problem(p.path, line, parentKey, message)
}
