package content_test

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func TestWhoHasARecordOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		zoe, mia := d.editor(), d.as("mi", access.Grant{Role: access.Viewer})
		page := *refOf(d.a)
		who := func(all []content.Presence, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, p := range all {
				names = append(names, p.Name+" "+p.Client)
			}
			return strings.Join(names, ", ")
		}
		first, err := zoe.Present(t.Context(), page, "left")
		wantEqual(t, who(first, err), "zoe left")
		wantEqual(t, who(mia.Present(t.Context(), page, "one")), "zoe left, mi one")
		wantEqual(t, who(zoe.Present(t.Context(), page, "right")), "zoe left, mi one, zoe right")
		again, err := zoe.Present(t.Context(), page, "left")
		if who(again, err); !again[0].Since.Equal(first[0].Since) || !again[0].SeenAt.After(first[0].SeenAt) {
			t.Errorf("seen again: %+v after %+v", again[0], first[0])
		}
		if err := mia.Absent(t.Context(), page, "left"); err != nil { // which is another's
			t.Error(err)
		}
		if err := zoe.Absent(t.Context(), page, "right"); err != nil {
			t.Error(err)
		}
		wantEqual(t, who(mia.Presences(t.Context(), page)), "zoe left, mi one")
		wantEqual(t, who(mia.Presences(t.Context(), *refOf(d.b))), "")
		for range 41 { // each look at the clock takes a second
			who(mia.Presences(t.Context(), page))
		}
		wantEqual(t, who(mia.Presences(t.Context(), page)), "zoe left")
		for range 5 {
			who(mia.Presences(t.Context(), page))
		}
		wantEqual(t, who(mia.Presences(t.Context(), page)), "")

		nobody := d.as("x")
		_, err = nobody.Present(t.Context(), page, "one")
		wantKind(t, err, models.KindNotFound)
		_, err = nobody.Presences(t.Context(), page)
		wantKind(t, err, models.KindNotFound)
		for _, client := range []string{"", strings.Repeat("ç", content.MaxPresenceClient+1), "a\x00"} {
			_, err = zoe.Present(t.Context(), page, client)
			wantKind(t, err, models.KindInvalid)
			wantKind(t, zoe.Absent(t.Context(), page, client), models.KindInvalid)
		}
	})
}
