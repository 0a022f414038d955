package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search/syntax"
)

// expressionReader says whether a document fulfils a filter expression, as Meilisearch does. It knows what Lectern writes,
// and fails at all else.
type expressionReader struct {
	rest string
	doc  map[string]any
}

// fulfils reads a whole expression.
func fulfils(doc map[string]any, expression string) (ok bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v in %s", r, expression)
		}
	}()
	e := &expressionReader{rest: expression, doc: doc}
	ok = e.or()
	if e.rest != "" {
		return false, fmt.Errorf("%q is left over of %s", e.rest, expression)
	}
	return ok, nil
}

func (e *expressionReader) take(text string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(e.rest, " "), text)
	if ok {
		e.rest = rest
	}
	return ok
}

func (e *expressionReader) or() bool {
	ok := e.and()
	for e.take("OR ") {
		ok = e.and() || ok
	}
	return ok
}

func (e *expressionReader) and() bool {
	ok := e.one()
	for e.take("AND ") {
		ok = e.one() && ok
	}
	return ok
}

func (e *expressionReader) one() bool {
	if e.take("NOT ") {
		return !e.one()
	}
	if e.take("(") {
		ok := e.or()
		if !e.take(")") {
			panic("no )")
		}
		return ok
	}
	n := strings.IndexFunc(e.rest, func(r rune) bool { return r != '_' && !unicode.IsLower(r) && r != ' ' })
	field := strings.TrimSpace(e.rest[:max(n, 0)])
	e.rest = e.rest[max(n, 0):]
	values := valuesOf(e.doc[field])
	switch {
	case field == "":
		panic("no field")
	case e.take("EXISTS"):
		return e.doc[field] != nil
	case e.take("IN ["):
		ok := false
		for !e.take("]") {
			ok = slices.Contains(values, e.quoted()) || ok
			e.take(",")
		}
		return ok
	case e.take("= true"):
		return slices.Contains(values, "true")
	case e.take("="):
		return slices.Contains(values, e.quoted())
	case e.take(">="):
		limit := e.number()
		return slices.ContainsFunc(values, func(v string) bool { n, err := strconv.Atoi(v); return err == nil && n >= limit })
	case e.take("<="):
		limit := e.number()
		return slices.ContainsFunc(values, func(v string) bool { n, err := strconv.Atoi(v); return err == nil && n <= limit })
	}
	from := e.quoted()
	if !e.take("TO") {
		panic("no operator")
	}
	to := e.quoted()
	return slices.ContainsFunc(values, func(v string) bool { return from <= v && v <= to })
}

// valuesOf gives the values of a field as Meilisearch compares them.
func valuesOf(field any) []string {
	var all []string
	switch v := field.(type) {
	case nil:
	case []any:
		for _, one := range v {
			all = append(all, valuesOf(one)...)
		}
	case float64:
		all = []string{strconv.Itoa(int(v))}
	default:
		all = []string{compared(fmt.Sprint(v))}
	}
	return all
}

// compared is a value without what does not matter to Meilisearch in filters.
func compared(value string) string {
	return strings.ToLower(norm.NFKD.String(strings.TrimSpace(value)))
}

func (e *expressionReader) quoted() string {
	if !e.take(`"`) {
		panic("no quotation mark")
	}
	value, rest, ok := strings.Cut(e.rest, `"`)
	if !ok || strings.Contains(value, `\`) {
		panic("a value does not end, or escapes")
	}
	e.rest = rest
	return compared(value)
}

func (e *expressionReader) number() int {
	e.rest = strings.TrimLeft(e.rest, " ")
	end := strings.IndexFunc(e.rest, func(r rune) bool { return !unicode.IsDigit(r) })
	if end < 0 {
		end = len(e.rest)
	}
	n, err := strconv.Atoi(e.rest[:end])
	if err != nil {
		panic(err)
	}
	e.rest = e.rest[end:]
	return n
}

// FuzzMeilisearchFilters checks that every string makes legal expressions, which find a document exactly when the embedded
// engine does. Documents are made of another string.
func FuzzMeilisearchFilters(f *testing.F) {
	for _, text := range []string{"", "the library", "café", "\xff", "to be or not", `"the library" -maps`, `title:a OR (b* AND NOT year:2013..)`, "-the",
		"lang:en type:section", `"`, `\`, `a" OR key EXISTS OR "`, `title:"x y" subject:"\"`, "東京* OR Й*", "library mapps"} {
		f.Add(text, "the library of maps")
	}
	e, err := OpenEmbedded(f.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Close() })
	revision := int64(0)
	f.Fuzz(func(t *testing.T, text, body string) {
		revision++
		d := Document{
			Ref: models.Ref{Type: models.KindSection, ID: "a"}, Language: "en", Title: body[:len(body)/2], Body: body, Author: body,
			Values: map[Facet][]string{FacetSubject: {text}, FacetYear: {"2015"}},
		}
		if err := e.Apply(t.Context(), Batch{Put: []Document{d}, Revision: revision}); err != nil {
			t.Fatal(err)
		}
		doc := asMeilisearchReads(t, d)
		for _, match := range []Match{MatchAny, MatchAll} {
			q := Query{Text: text, Match: match, Filters: []Filter{Only(FacetSubject, text)}}
			want, err := e.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if got := foundByFilters(t, e, d, doc, q); got != (want.Total == 1) {
				t.Errorf("%q in %q, match %s: found %t, embedded %d", text, body, match, got, want.Total)
			}
		}
	})
}

// asMeilisearchReads is a document after its way through JSON.
func asMeilisearchReads(t *testing.T, d Document) map[string]any {
	t.Helper()
	data, err := json.Marshal(meiliDocument(d))
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// foundByFilters asks the expressions of a query, with the vocabulary of the embedded index.
func foundByFilters(t *testing.T, e *Embedded, d Document, doc map[string]any, q Query) bool {
	t.Helper()
	r, done, err := e.read()
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	p, err := readProgress(r)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := understand(t.Context(), dictionary{r}, q, analysesOf(p))
	if err != nil {
		t.Fatal(err)
	}
	if asked.root == nil {
		return false
	}
	tr := translation{question: asked, phrases: make(map[int][]string)}
	for i, l := range asked.leaves {
		if !isPhrase(l) || len(l.words) < 2 {
			continue
		}
		kept := make(map[models.ID]bool)
		words, err := fulfils(doc, tr.spellings(l))
		if err != nil {
			t.Fatal(err)
		}
		kept["a"] = words && l.hasPhrase(keptOf(d))
		tr.phrases[i] = nil
		if kept["a"] {
			tr.phrases[i] = []string{meiliKey(d.Ref)}
		}
	}
	ok, err := fulfils(doc, allOf([]string{tr.filter(asked.root, q.Match == MatchAll), passed(q.Filters)}))
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return ok
}

func TestValuesSurviveAndStayApart(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"ẞtraße", "İstanbul", "ǅ", "Ω", "K", "é", "e\u0301", " a ", "^a", "~41", "\xff", "a\xffb", "A  B"}))
		a, b := text.Draw(rt, "a"), text.Draw(rt, "b")
		if got := decodeValue(encodeValue(a)); got != a {
			rt.Fatalf("%q comes back as %q, from %q", a, got, encodeValue(a))
		}
		if a != b && compared(encodeValue(a)) == compared(encodeValue(b)) {
			rt.Fatalf("%q and %q are one value: %q, %q", a, b, encodeValue(a), encodeValue(b))
		}
		if !utf8.ValidString(encodeValue(a)) || strings.ContainsAny(encodeValue(a), `"\`) {
			rt.Fatalf("%q is written as %q", a, encodeValue(a))
		}
	})
}

func TestSlips(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"map", "map", 0}, {"map", "maps", 1}, {"map", "mop", 1}, {"map", "ma", 1}, {"map", "mpa", 1}, {"", "ab", 2},
		{"mentoring", "metnorin", 2}, {"ca", "abc", 3}, {"für", "fur", 1},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := distance(tt.b, tt.a); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}

func TestStemLines(t *testing.T) {
	lines := stemLines(map[string]int{"map": 3, "librari": 12, "mapl": 3, "=the": 1})
	if want := "12 librari ;3 map mapl ;1 =the ;"; lines != want {
		t.Errorf("lines %q, want %q", lines, want)
	}
	for term, want := range map[string]int{"map": 3, "mapl": 3, "librari": 12, "=the": 1, "the": 0, "ma": 0, "3": 0} {
		if got := frequencyIn([]byte(lines), term); got != want {
			t.Errorf("%s: %d times, want %d", term, got, want)
		}
	}
}

// Indexes of before are built anew only when their layout is an older one.
func TestNewSettingsAreANewLayout(t *testing.T) {
	settings, err := json.Marshal([]any{meiliLayout, indexFormat, meiliSettings(), meiliFilters()})
	if err != nil {
		t.Fatal(err)
	}
	const made = "535cbc04f1418e12"
	if got := hashOfSettings(settings); got != made {
		t.Errorf("settings are %s, %s here: raise meiliLayout with every change, also of the embedded engine's indexFormat\n%s", got, made, settings)
	}
}

func hashOfSettings(settings []byte) string {
	sum := sha256.Sum256(settings)
	return hex.EncodeToString(sum[:8])
}

// keptOf is what is kept of a document for phrases.
func keptOf(d Document) map[syntax.Field]string {
	kept := make(map[syntax.Field]string)
	for _, part := range textParts() {
		if part == partBody {
			kept[part] = keptText(d.Body)
		} else {
			kept[part] = keptText(d.text(part))
		}
	}
	return kept
}
