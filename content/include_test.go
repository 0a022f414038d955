package content_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// A list with nothing in it can be asked for with all that its records lead to: there is none of it.
func TestNothingLeadsToNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		for kind, list := range map[models.Kind]func(content.ListRequest) (content.Included, error){
			models.KindCourse:    included(t, s.Courses),
			models.KindModule:    included(t, s.Modules),
			models.KindSection:   included(t, s.Sections),
			models.KindWorksheet: included(t, s.Worksheets),
			models.KindFragment:  included(t, s.Fragments),
			models.KindSource:    included(t, s.Sources),
			models.KindAsset:     included(t, s.Assets),
			models.KindCitation:  included(t, s.Citations),
		} {
			relations := content.Relations(kind)
			in, err := content.ParseInclude(kind, strings.Join(slices.Sorted(maps.Keys(relations)), ","))
			if err != nil {
				t.Fatal(err)
			}
			got, err := list(content.ListRequest{Limit: 10, Include: in})
			if err != nil {
				t.Errorf("%s: %v", kind.Plural(), err)
			}
			want := content.Included{}
			for _, to := range relations {
				want[to.Plural()] = []any{}
			}
			wantEqual(t, fmt.Sprint(kind, got), fmt.Sprint(kind, want))
		}
	})
}

func included[V any](t *testing.T, list func(context.Context, content.ListRequest) (content.Page[V], error)) func(content.ListRequest) (content.Included, error) {
	return func(req content.ListRequest) (content.Included, error) {
		page, err := list(t.Context(), req)
		return page.Included, err
	}
}
