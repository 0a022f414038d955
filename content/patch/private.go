package patch

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
)

// private are the members that not everybody who may read a draft may see. Keys of extra that begin with "_" are
// private too.
var private = map[models.Kind]string{
	models.KindModule:    "owners",
	models.KindSection:   "editor_notes",
	models.KindWorksheet: "answer_key",
}

// Private names the member of records of a kind that is private as a whole, "" for kinds without one.
func Private(kind models.Kind) string { return private[kind] }

// WithoutPrivate is a copy of a record for readers who may not see its private parts: module owners, editor notes,
// answer keys, and keys of extra that begin with "_".
func WithoutPrivate(r models.Record) models.Record {
	out := models.Clone(r)
	for _, m := range members(out) {
		if m.name == private[r.Kind()] {
			m.value.SetZero()
		}
	}
	out.Base().Extra = r.Base().Extra.Public()
	return out
}

// TouchesPrivate gives the pointers of what in a patch or a new record of a kind would change private parts, nil for
// a document that can't be read. A patch that empties extra as a whole does.
func TouchesPrivate(kind models.Kind, doc []byte) []string {
	var changes, extra map[string]jsontext.Value
	if models.Decode(doc, &changes) != nil {
		return nil
	}
	var out []string
	if name := private[kind]; name != "" && changes[name] != nil {
		out = append(out, pointer(name))
	}
	switch changes["extra"].Kind() {
	case 'n':
		return append(out, "/extra")
	case '{':
		if models.Decode(changes["extra"], &extra) != nil {
			return out
		}
	}
	for _, key := range slices.Sorted(maps.Keys(extra)) {
		if strings.HasPrefix(key, "_") {
			out = append(out, pointer("extra", key))
		}
	}
	return out
}
