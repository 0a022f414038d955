package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// Limits of what is kept of a search.
const (
	// maxAskedText is how many characters of a query are kept: more than people type, few enough for an index entry of every
	// database. Queries that are alike that far count as one.
	maxAskedText = 100

	// maxAskedWord is the longest word, in characters, of a query that is kept. Longer ones are pasted: addresses of pages, keys,
	// secrets.
	maxAskedWord = 40

	// personalDigits is how many digits without a letter between them may be the number of a telephone, a card, an account or a
	// person: numbers of subscribers have seven and more (ITU-T E.164 allows fifteen), cards thirteen and more.
	personalDigits = 7
)

// Asked is a search as it is counted. It says nothing of who asked.
type Asked struct {
	Course models.ID // that the search was limited to; empty: no single one
	Query  string    // in lower case, with single spaces; empty: the words are not kept, since they may tell of a person
	Total  int       // how many records were found
}

// NewAsked tells what is counted of a search that has found so much; false for one that doesn't count: of a further page,
// while somebody types, or of no words.
func NewAsked(q search.Query, total int) (Asked, bool) {
	text := strings.Join(strings.FieldsFunc(norm.NFC.String(strings.ToLower(q.Text)), splitsWords), " ")
	if q.Offset > 0 || q.Typing || text == "" {
		return Asked{}, false
	}
	a := Asked{Course: onlyCourse(q.Filters), Query: text, Total: total}
	if isPersonal(text) {
		a.Query = ""
	} else if utf8.RuneCountInString(text) > maxAskedText {
		a.Query = strings.TrimSpace(string([]rune(text)[:maxAskedText]))
	}
	return a, true
}

// splitsWords tells what stands between words: control characters too, of which PostgreSQL can't keep U+0000.
func splitsWords(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// onlyCourse is the course that filters limit a search to, empty when that is no single one.
func onlyCourse(filters []search.Filter) models.ID {
	for _, f := range filters {
		if f.Facet == search.FacetCourse && f.Op == search.FilterAny && len(f.Values) == 1 && models.ID(f.Values[0]).Valid() {
			return models.ID(f.Values[0])
		}
	}
	return ""
}

// isPersonal tells whether a query may tell of a person: it has an e-mail address or the name
// of an account, a long number or a very long word. Names
// can't be told from other words.
func isPersonal(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(word) > maxAskedWord {
			return true
		}
	}
	return strings.ContainsAny(text, "@＠﹫") || hasLongNumber(text)
}

// hasLongNumber tells whether a text has a number of personalDigits or more. Any signs but letters may stand between the
// digits. Two years side by side, as in year:2013..2016, are none.
func hasLongNumber(text string) bool {
	for _, run := range strings.FieldsFunc(text, unicode.IsLetter) {
		groups := strings.FieldsFunc(run, func(r rune) bool { return !unicode.IsDigit(r) })
		digits := 0
		for _, g := range groups {
			digits += utf8.RuneCountInString(g)
		}
		twoYears := len(groups) == 2 && isYear(groups[0]) && isYear(groups[1])
		if digits >= personalDigits && !twoYears {
			return true
		}
	}
	return false
}

func isYear(digits string) bool {
	return len(digits) == len("2000") && digits >= "1000" && digits < "2100"
}
