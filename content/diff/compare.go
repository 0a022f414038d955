package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/content/merge"
)

// spot is where an element is in one version.
type spot struct {
	element *merge.Element
	up      *merge.Element // nil for the record
	before  *merge.Element // nil for the first of its list
	path    string         // of the list
	at      int            // in the list
	pointer string         // to the element
}

// index finds the spots of a record and all elements by id.
func index(root *merge.Element) map[string]spot {
	out := map[string]spot{}
	var visit func(s spot)
	visit = func(s spot) {
		out[s.element.ID] = s
		for _, l := range s.element.Lists {
			var before *merge.Element
			for i, e := range l.Elements {
				visit(spot{e, s.element, before, l.Path, i, s.pointer + l.Path + "/" + strconv.Itoa(i)})
				before = e
			}
		}
	}
	visit(spot{element: root})
	return out
}

func (s spot) isIn(o spot) bool { return s.up.ID == o.up.ID && s.path == o.path }

// title names an element for people.
func (s spot) title() string {
	switch {
	case s.element.Title != "":
		return s.element.Title
	case s.path == "": // of a row of a table
		return fmt.Sprintf("cell %d", s.at+1)
	}
	return fmt.Sprintf("%s %d", label(s.path), s.at+1)
}

// comparer compares two versions.
type comparer struct {
	from, to map[string]spot
	budget   int // comparisons of words that are left
	counts   Counts
}

// element compares the versions of the element of an id, which one of both may lack.
func (c *comparer) element(id string) Element {
	old, had := c.from[id]
	now, has := c.to[id]
	shown := now
	if !has {
		shown = old
	}
	s := shown.element
	e := Element{
		Pointer: shown.pointer, Type: strings.ReplaceAll(s.Noun, " ", "_"), ID: s.Name, Kind: s.Kind,
		Fields: c.fields(old.element, now.element),
	}
	if shown.up != nil {
		e.Title = shown.title()
	}
	switch {
	case !had:
		e.Change = Added
		c.counts.Added++
	case !has:
		e.Change = Deleted
		c.counts.Deleted++
	case shown.up == nil:
	case len(e.Fields) > 0:
		e.Change = Changed
		c.counts.Changed++
	default:
		e.Change = Kept
	}
	for _, path := range paths(now.element, old.element) {
		e.Elements = append(e.Elements, c.list(ids(old.element, path), ids(now.element, path))...)
	}
	return e
}

// paths gives the paths of the lists of two versions of an element, either of which may be nil.
func paths(versions ...*merge.Element) []string {
	var out []string
	for _, e := range versions {
		if e == nil {
			continue
		}
		for _, l := range e.Lists {
			if !slices.Contains(out, l.Path) {
				out = append(out, l.Path)
			}
		}
	}
	return out
}

// ids gives those of the elements of a list; none where there is no list.
func ids(e *merge.Element, path string) []string {
	var out []string
	if e == nil {
		return nil
	}
	for _, l := range e.Lists {
		for _, inner := range l.Elements {
			if l.Path == path {
				out = append(out, inner.ID)
			}
		}
	}
	return out
}

// list compares two versions of a list.
func (c *comparer) list(was, is []string) []Element {
	turned := merge.Moved(was, is)
	gone := c.gone(was, is, turned)
	var out []Element
	deleted := func(after string) {
		for _, id := range gone[after] {
			out = append(out, c.element(id))
		}
	}
	deleted("")
	for _, id := range is {
		if e := c.stays(id, turned[id]); e.Change != Kept || e.Moved != nil || len(e.Elements) > 0 {
			out = append(out, e)
		}
		deleted(id)
	}
	return out
}

// gone lists what is in the older version only, by the id of the element before it that stays in its place.
func (c *comparer) gone(was, is []string, turned map[string]bool) map[string][]string {
	stays := map[string]bool{}
	for _, id := range is {
		stays[id] = !turned[id]
	}
	out, before := map[string][]string{}, ""
	for _, id := range was {
		if stays[id] {
			before = id
		}
		if _, there := c.to[id]; !there {
			out[before] = append(out[before], id)
		}
	}
	return out
}

// stays compares an element of the newer version with the older, if it has it.
func (c *comparer) stays(id string, turned bool) Element {
	e := c.element(id)
	if old, had := c.from[id]; had && (turned || !old.isIn(c.to[id])) {
		e.Moved = c.was(old)
		c.counts.Moved++
	}
	return e
}

// was says where an element was.
func (c *comparer) was(s spot) *Place {
	p := &Place{}
	if up := c.from[s.up.ID]; up.up != nil {
		p.In = up.title()
	}
	if s.before != nil {
		p.After = c.from[s.before.ID].title()
	}
	return p
}
