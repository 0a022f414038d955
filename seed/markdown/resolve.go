package markdown

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// names finds records by what a page calls them: a page or worksheet of the module and a fragment by its slug, a source
// by its key, an asset by the path of its file.
func (r *reader) names(p *page) directive.Names {
	return func(kind models.Kind, called string) (models.ID, bool) {
		n := name{kind: kind, name: called}
		switch {
		case kind != models.KindSection && kind != models.KindWorksheet:
		case p.kind == models.KindModule:
			n.module = p.id
		case p.module != nil:
			n.module = p.module.id
		}
		id, ok := r.index.names[n]
		return id, ok
	}
}

// resolve lets the references in front matter lead to records by name. Those by id stay as they are.
func (r *reader) resolve(record models.Record, p *page, in *parts, text string) error {
	for _, at := range models.Refs(record) {
		ref := *at
		if ref.ID.Valid() {
			continue
		}
		id, ok := r.names(p)(ref.Type, string(ref.ID))
		if !ok {
			return problem(p.path, lineOfText(text, string(ref.ID), in.bodyLine), string(ref.Type),
				fmt.Sprintf("there is no %s with the id or name %q", ref.Type, ref.ID))
		}
		ref.ID = id
	}
	return nil
}

// lineOfText is the first line of a page on which a text stands.
func lineOfText(page, s string, otherwise int) int {
	if at := strings.Index(page, s); at >= 0 && s != "" {
		return 1 + strings.Count(page[:at], "\n")
	}
	return otherwise
}
