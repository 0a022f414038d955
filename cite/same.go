package cite

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern-cms/lectern/models"
)

// The reasons to take sources for one work, the strongest first.
const (
	ReasonDOI          = "doi"
	ReasonISBN         = "isbn"
	ReasonURL          = "url"
	ReasonTitleAndYear = "title_year"
)

// Suggestion is a group of sources that are likely one work. Whether they are is for a person to say.
type Suggestion struct {
	Reason  string      // one of the reasons above; all of the group have it in common
	Sources []models.ID // two or more, sorted
}

// sameness gives for each reason what sources of one work have in common, as far as a source tells.
var sameness = []struct {
	reason string
	keys   func(*models.CSL) []string
}{
	{ReasonDOI, doiKeys},
	{ReasonISBN, isbnKeys},
	{ReasonURL, urlKeys},
	{ReasonTitleAndYear, titleKeys},
}

// Same suggests which sources are one work: those with the same DOI; the same ISBN, and title if they are parts of a
// book; the same address, and title if it is only the front page of a site; or the same title and year. A group all of
// which is in a group with a stronger reason is left out. The result does not depend on the order of the sources and
// is sorted; the time grows with their number like that of sorting. Same merges nothing and changes nothing.
func Same(sources []*models.Source) []Suggestion {
	var out []Suggestion
	grouped := map[models.ID][]int{} // the groups of out that a source is in
	for _, s := range sameness {
		var found []Suggestion
		for _, ids := range groupsBy(sources, s.keys) {
			if !together(ids, grouped) {
				found = append(found, Suggestion{Reason: s.reason, Sources: ids})
			}
		}
		slices.SortFunc(found, func(a, b Suggestion) int { return slices.Compare(a.Sources, b.Sources) })
		found = slices.CompactFunc(found, func(a, b Suggestion) bool { return slices.Equal(a.Sources, b.Sources) })
		for _, g := range found {
			for _, id := range g.Sources {
				grouped[id] = append(grouped[id], len(out))
			}
			out = append(out, g)
		}
	}
	return out
}

// groupsBy gives the sources that share a key, two or more, each group sorted.
func groupsBy(sources []*models.Source, keys func(*models.CSL) []string) map[string][]models.ID {
	groups := map[string][]models.ID{}
	for _, s := range sources {
		if s == nil {
			continue
		}
		for _, key := range keys(&s.CSL) {
			groups[key] = append(groups[key], s.ID)
		}
	}
	for key, ids := range groups {
		slices.SortFunc(ids, cmp.Compare[models.ID])
		if ids = slices.Compact(ids); len(ids) < 2 {
			delete(groups, key)
			continue
		}
		groups[key] = ids
	}
	return groups
}

// together tells whether one group has all of some sources already.
func together(ids []models.ID, grouped map[models.ID][]int) bool {
	in := slices.Clone(grouped[ids[0]])
	for _, id := range ids[1:] {
		in = slices.DeleteFunc(in, func(g int) bool { return !slices.Contains(grouped[id], g) })
		if len(in) == 0 {
			return false
		}
	}
	return len(in) > 0
}

// doiKeys gives the DOI, whose letters have no case (ISO 26324).
func doiKeys(c *models.CSL) []string {
	doi := strings.TrimSpace(c.DOI)
	if of := doiOfURL(doi); of != "" {
		doi = of
	}
	if !doiForm.MatchString(doi) {
		doi = doiOfURL(c.URL)
	}
	if doi == "" {
		return nil
	}
	return []string{strings.ToLower(doi)}
}

// isbnKeys gives the ISBNs in thirteen figures. The ISBN of a chapter is that of its book, and so the title counts.
func isbnKeys(c *models.CSL) []string {
	var out []string
	for _, isbn := range isbns(c.ISBN) {
		if c.ContainerTitle != "" {
			title := foldTitle(c.Title)
			if title == "" {
				continue
			}
			isbn += " " + title
		}
		out = append(out, isbn)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isbns reads a field with one ISBN or several. Wrong ones are left out.
func isbns(field string) []string {
	if isbn, ok := isbn13(field); ok {
		return []string{isbn}
	}
	var out []string
	for _, part := range strings.FieldsFunc(field, func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' }) {
		if isbn, ok := isbn13(part); ok {
			out = append(out, isbn)
		}
	}
	return out
}

// isbn13 gives the thirteen figures of an ISBN of ten or thirteen.
func isbn13(s string) (string, bool) {
	digits := strings.NewReplacer("-", "", " ", "", "–", "").Replace(s)
	if !validISBN(digits) {
		return "", false
	}
	if len(digits) == 13 {
		return digits, true
	}
	digits = "978" + digits[:9]
	sum := 0
	for i, c := range digits {
		sum += int(c-'0') * (1 + i%2*2)
	}
	return digits + strconv.Itoa((10-sum%10)%10), true
}

// urlKeys gives the address without what makes no difference. Many works have the front page of one site for their
// address: only with the same title are they one.
func urlKeys(c *models.CSL) []string {
	key, front := normalURL(c.URL)
	if key == "" {
		return nil
	}
	if !front {
		return []string{key}
	}
	if title := foldTitle(c.Title); title != "" {
		return []string{key + " " + title}
	}
	return nil
}

// titleKeys gives title and year. A title without a year is not enough.
func titleKeys(c *models.CSL) []string {
	title, year := foldTitle(c.Title), c.Issued.Year()
	if title == "" || year == 0 {
		return nil
	}
	return []string{title + " " + strconv.Itoa(year)}
}

// foldTitle gives the words of a title without case, accents and punctuation.
func foldTitle(s string) string {
	var b strings.Builder
	gap := false
	for _, c := range norm.NFKD.String(strings.ReplaceAll(s, "&", " and ")) {
		switch {
		case unicode.IsLetter(c), unicode.IsNumber(c):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(c))
		case unicode.Is(unicode.Mn, c), c == '\'', c == '’':
		default:
			gap = true
		}
	}
	return b.String()
}
