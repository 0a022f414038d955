package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// FieldsOf names the fields that are wanted of records, by kind. Of a kind that is not there, all are.
type FieldsOf map[models.Kind]map[string]bool

// wish is what is asked of the records of one kind: what nobody asks for is not read.
type wish struct {
	kind    models.Kind
	body    BodySet         // forms of content
	fields  map[string]bool // nil: all
	related map[string]bool // what else they are needed for: relations that are followed from them, the order of a list
}

func (r ReadRequest) wish(kind models.Kind) wish {
	return wish{kind, r.Body, r.Fields, r.Include.relations()}
}

func (r ListRequest) wish(kind models.Kind) wish {
	w := wish{kind, r.Body, r.Fields, r.Include.relations()}
	w.related[r.Sort] = true // cursors are made of it
	return w
}

// relations names those that lead away from the records that were asked for.
func (in Include) relations() map[string]bool {
	out := make(map[string]bool, len(in))
	for name := range in {
		needFor(out, name)
	}
	return out
}

// needFor adds what is needed of a record to follow a relation from it.
func needFor(needed map[string]bool, relation string) {
	needed[relation] = true
	if relation == "citations" {
		needed["created_at"], needed["updated_at"] = true, true // citations have those of their section, which always has the third
	}
}

// wishes are what is asked of the records that are included, by kind, wherever one of them is reached from.
func (in Include) wishes(of models.Kind, fields FieldsOf) map[models.Kind]wish {
	out := map[models.Kind]wish{}
	var walk func(models.Kind, Include)
	walk = func(of models.Kind, in Include) {
		for name, below := range in {
			kind := relations[of][name].to
			w, ok := out[kind]
			if !ok {
				w = wish{kind: kind, fields: fields[kind], related: map[string]bool{}}
				out[kind] = w
			}
			for next := range below {
				needFor(w.related, next)
			}
			walk(kind, below)
		}
	}
	walk(of, in)
	return out
}

// wants tells whether any of some fields is wanted: to be shown, or to be followed.
func (w wish) wants(fields ...string) bool {
	return w.fields == nil || slices.ContainsFunc(fields, func(f string) bool { return w.fields[f] || w.related[f] })
}

// shows tells whether a field is wanted to be shown.
func (w wish) shows(field string) bool { return w.fields == nil || w.fields[field] }

// spare are the fields that are read for themselves alone, by kind: from columns of their names, some of which take longer to read
// than all others together.
var spare = map[models.Kind][]string{
	models.KindCourse: {"extra", "source", "summary"},
	models.KindModule: {
		"audience", "contributors", "cover", "extra", "keywords", "level", "objectives", "prerequisites", "subjects", "summary",
	},
	models.KindSection:   {"citations", "extra", "origin", "summary"},
	models.KindWorksheet: {"document", "extra"},
	models.KindSource:    {"csl", "extra", "written"},
	models.KindAsset:     {"caption", "caption_tracks", "credit", "extra", "focal_point", "renditions", "transcript"},
	models.KindFragment:  {"extra"},
}

// small are fields that are read for themselves alone, too, and take so little each that they are read together or not at all. When a
// record was published is among them only where nothing in an answer refers to it, which says its path if it is published.
var small = map[models.Kind][]string{
	models.KindCourse:    {"created_at", "updated_at", "license", "numbering", "publisher"},
	models.KindModule:    {"created_at", "updated_at", "duration_minutes", "in_menu", "license", "menu_label"},
	models.KindSection:   {"created_at", "updated_at", "duration_minutes", "in_menu", "menu_label", "number"},
	models.KindWorksheet: {"created_at", "updated_at", "duration_minutes"},
	models.KindSource:    {"created_at", "updated_at", "published_at", "parse", "recogniser"},
	models.KindAsset:     {"created_at", "updated_at", "published_at", "alt", "decorative", "license"},
	models.KindFragment:  {"created_at", "updated_at", "published_at"},
	models.KindCitation:  {"created_at", "updated_at", "published_at", "locator"},
}

// unwanted are the columns that need not be read. Forms of content may show what any of them hold; blocks show nothing but
// themselves.
func (w wish) unwanted() []string {
	out := make([]string, 0, 1+len(spare[w.kind])+len(small[w.kind]))
	if w.kind == models.KindSection && !w.renders() {
		out = append(out, "html")
	}
	if w.renders() {
		return out
	}
	for _, name := range spare[w.kind] {
		if !w.wants(name) {
			out = append(out, name)
		}
	}
	if !w.wants(small[w.kind]...) {
		out = append(out, small[w.kind]...)
	}
	return out
}

// renders tells whether content is wanted in a form that shows what it refers to.
func (w wish) renders() bool { return w.body[BodyHTML] || w.body[BodyMarkdown] || w.body[BodyText] }

// side is what readers see, of which only what is wanted is read.
func (w wish) side(tx *store.Tx) *store.Side { return tx.Live.Serving(w.kind, w.unwanted()...) }
