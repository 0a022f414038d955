package render

import (
	"html"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// placeholder marks where another record's HTML goes; it is empty for what is no reference. Comments are safe for it:
// nothing that an author writes reaches the output as one.
func placeholder(ref *models.Ref) string {
	if ref == nil || !ref.Type.Valid() || !ref.ID.Valid() {
		return ""
	}
	return placeholderOpen + string(ref.Type) + "/" + string(ref.ID) + placeholderClose
}

// PlaceOf gives what stands before and after the id where rendered HTML shows a record of a kind.
func PlaceOf(kind models.Kind) (begin, end string) {
	return placeholderOpen + string(kind) + "/", placeholderClose
}

const (
	placeholderOpen  = "<!--" + recordScheme
	placeholderClose = "-->"
)

// Resolver tells what live records a page refers to look like at the time of reading.
type Resolver struct {
	Href func(models.Ref) string // of an asset the address of its file; "" when the record isn't live
	HTML func(models.Ref) string // of worksheets and fragments; "" when not live
}

// Fill completes rendered HTML: placeholders become the HTML of what they stand for, links to records that are live
// get their address, and links to others become placeholder links (an a element without href).
func Fill(page string, r Resolver) string {
	return fillLinks(fillPlaces(page, r, maxNesting), r)
}

// maxNesting is how deep records show each other: a section a fragment, which shows a worksheet. It also ends circles.
const maxNesting = 2

func fillPlaces(page string, r Resolver, depth int) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(page, placeholderOpen)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, placeholderClose)
		kind, id, _ := strings.Cut(name, "/")
		if depth > 0 {
			inner := r.HTML(models.Ref{Type: models.Kind(kind), ID: models.ID(id)})
			b.WriteString(strings.TrimSuffix(fillPlaces(inner, r, depth-1), "\n"))
		}
		page = after
	}
}

// addressOpen is where an attribute's value begins that is a link to a record: href of links, src of images. Quotes in
// what authors write are escaped, so only this package writes it.
const addressOpen = `="` + recordScheme

func fillLinks(page string, r Resolver) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(page, addressOpen)
		if !found {
			b.WriteString(before)
			return b.String()
		}
		at := strings.LastIndexByte(before, ' ')
		if name := before[at+1:]; name != "href" && name != "src" {
			b.WriteString(before + addressOpen) // a title or an alternative text that begins like one
			page = rest
			continue
		}
		b.WriteString(before[:at])
		value, after, _ := strings.Cut(rest, `"`)
		if l, ok := ParseRecordLink(recordScheme + html.UnescapeString(value)); ok {
			if href := r.Href(l.To); href != "" {
				if l.Fragment != "" {
					href += "#" + l.Fragment
				}
				b.WriteString(attr(before[at+1:], href) + attr("data-lectern", string(l.To.Type)+"/"+string(l.To.ID)))
			}
		}
		page = after
	}
}

// Placeholders lists the records that rendered HTML needs to be filled: what it shows, and what it links to.
func Placeholders(page string) (shown, linked []models.Ref) {
	for rest, found := page, true; found; {
		var name string
		if _, rest, found = strings.Cut(rest, placeholderOpen); found {
			name, rest, _ = strings.Cut(rest, placeholderClose)
			kind, id, _ := strings.Cut(name, "/")
			shown = append(shown, models.Ref{Type: models.Kind(kind), ID: models.ID(id)})
		}
	}
	for rest, found := page, true; found; {
		var value string
		if _, rest, found = strings.Cut(rest, addressOpen); found {
			value, rest, _ = strings.Cut(rest, `"`)
			if l, ok := ParseRecordLink(recordScheme + html.UnescapeString(value)); ok {
				linked = append(linked, l.To)
			}
		}
	}
	return shown, linked
}
