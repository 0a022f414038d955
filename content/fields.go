package content

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// MaxOffset is how far into a list a page may begin. Cursors go on from there, at the same cost everywhere.
const MaxOffset = 10_000

// Fields lists the fields that lists of a kind can be filtered by.
func Fields(kind models.Kind) []store.Field { return store.Fields(kind) }

// Sorts names the orders of lists of a kind.
func Sorts(kind models.Kind) []string { return store.Sorts(kind) }

// NewFilter reads a filter as a client wrote it. The error says what is wrong and what is allowed, for people.
func NewFilter(kind models.Kind, field, op, value string) (Filter, error) {
	return store.NewFilter(kind, field, store.Op(op), value)
}

// SplitList takes a list of values as a client wrote it apart at its commas, those behind a backslash left out.
func SplitList(written string) ([]string, error) { return store.SplitList(written) }

// DraftFields lists the fields that lists of drafts of a kind can be filtered by.
func DraftFields(kind models.Kind) []store.Field { return store.DraftFields(kind) }

// DraftSorts names the orders of lists of drafts.
func DraftSorts() []string { return store.DraftSorts() }

// NewDraftFilter is NewFilter for lists of drafts.
func NewDraftFilter(kind models.Kind, field, op, value string) (Filter, error) {
	return store.NewDraftFilter(kind, field, store.Op(op), value)
}

// viewTypes are what each kind is served as.
var viewTypes = map[models.Kind]reflect.Type{
	models.KindCourse: reflect.TypeFor[CourseView](), models.KindModule: reflect.TypeFor[ModuleView](),
	models.KindSection: reflect.TypeFor[SectionView](), models.KindWorksheet: reflect.TypeFor[WorksheetView](),
	models.KindCitation: reflect.TypeFor[CitationView](), models.KindSource: reflect.TypeFor[SourceView](),
	models.KindFragment: reflect.TypeFor[FragmentView](), models.KindAsset: reflect.TypeFor[AssetView](),
}

// ViewFields names the fields of a served record of a kind, but for the forms of its content, which body= asks for. Nobody changes
// the slice.
func ViewFields(kind models.Kind) []string { return viewFields()[kind] }

var viewFields = sync.OnceValue(func() map[models.Kind][]string {
	out := map[models.Kind][]string{}
	for kind, view := range viewTypes {
		out[kind] = slices.DeleteFunc(jsonNames(view), func(name string) bool { return slices.Contains(BodyFields(kind), name) })
	}
	return out
})

// BodyFields names the fields of a served record that hold forms of its content.
func BodyFields(kind models.Kind) []string {
	switch kind {
	case models.KindSection, models.KindFragment:
		return []string{"blocks", "html", "markdown", "text"}
	case models.KindWorksheet:
		return []string{"instructions", "prompts", "html", "markdown", "text"}
	}
	return nil
}

func jsonNames(t reflect.Type) []string {
	var out []string
	for f := range t.Fields() {
		if f.Anonymous {
			out = append(out, jsonNames(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}
