package render

import (
	"net/url"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// recordScheme begins the address of a link to a record: lectern:<type>/<id>, with what the author wrote beside it
// as ?as=<escaped>, and a #fragment where the link means a place in the record.
const recordScheme = "lectern:"

// RecordLink is a link to a record as texts hold it.
type RecordLink struct {
	To       models.Ref
	Written  string // the address as the author wrote it; empty when the link was made in Lectern
	Fragment string
}

// String is the address for a text.
func (l RecordLink) String() string {
	s := recordScheme + string(l.To.Type) + "/" + string(l.To.ID)
	if l.Written != "" {
		s += "?as=" + url.QueryEscape(l.Written)
	}
	if l.Fragment != "" {
		s += "#" + url.PathEscape(l.Fragment)
	}
	return s
}

// LinkTo is the address of a link to a record for which the author wrote an address. The fragment of that stays one.
func LinkTo(to models.Ref, written string) string {
	l := RecordLink{To: to.Key(), Written: written}
	if _, fragment, ok := strings.Cut(written, "#"); ok {
		l.Fragment = fragment
	}
	return l.String()
}

// ParseRecordLink reads the address of a link to a record; false for any other address.
func ParseRecordLink(s string) (RecordLink, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme+":" != recordScheme {
		return RecordLink{}, false
	}
	kind, id, _ := strings.Cut(u.Opaque, "/")
	l := RecordLink{
		To:       models.Ref{Type: models.Kind(kind), ID: models.ID(id)},
		Written:  u.Query().Get("as"),
		Fragment: u.Fragment,
	}
	return l, l.To.Type.Valid() && l.To.ID.Valid()
}

// RecordLinks lists the records that a text links to.
func RecordLinks(t models.Text) []models.Ref {
	var out []models.Ref
	if !strings.Contains(string(t), recordScheme) {
		return nil
	}
	for _, link := range Links(t) {
		if l, ok := ParseRecordLink(link.URL); ok {
			out = append(out, l.To)
		}
	}
	return out
}
