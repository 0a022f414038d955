package search

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search/syntax"
)

// Fields of documents in Meilisearch beside those of the analyses, parts, facets and orders, which are named as in Embedded.
const (
	fieldKey       = "key" // the primary key
	fieldID        = "id"
	fieldTitle     = "title" // as written, for browsers that ask Meilisearch themselves
	fieldBody      = "body"
	fieldStems     = "stems"       // terms by how often the document has them
	fieldAnalysis  = "analysis"    // of the stems
	fieldLength    = "length"      // in words
	fieldVolume    = "volume"      // analysis and rounded length, to be counted
	fieldGroup     = "group"       // the module, or the record itself where there is none
	fieldYear      = "year_number" // of a source
	fieldLanguages = "lang"        // the language and those that it is a variety of
	fieldGone      = "gone"        // of what was deleted and is not yet removed
)

// stateKey is the primary key of the document in which an index keeps what it knows of itself. It has no type, which all
// that can be found has.
const stateKey = "lectern"

// meiliState is that document. It is written in the same task as the documents that it speaks of.
type meiliState struct {
	Key      string `json:"key"`
	Revision int64  `json:"revision"`
	Layout   int    `json:"layout"`
}

// meiliKey is the primary key of a document. Keys may have letters, digits, - and _ only.
func meiliKey(ref models.Ref) string {
	var b strings.Builder
	for i := range len(ref.ID) {
		switch c := ref.ID[i]; {
		case beginsWord(rune(c)) && c < 0x80 || c == '-':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return string(ref.Type) + "-" + b.String()
}

// meiliDocument is a document as Meilisearch takes it.
func meiliDocument(d Document) map[string]any {
	a := analysisFor(d.Language)
	c := newCounter(a)
	c.count(d.Title, titleWeight)
	c.count(d.Body, 1)
	key := meiliKey(d.Ref)
	out := map[string]any{
		fieldKey: key, fieldID: d.Ref.ID, fieldTitle: d.Title, fieldBody: d.Body,
		a.scored: slices.Sorted(maps.Keys(c.terms)), a.spelled: slices.Sorted(maps.Keys(c.words)),
		fieldStems: stemLines(c.terms), fieldAnalysis: a.name, fieldLength: c.length, fieldVolume: volumeValue(a.name, c.length),
		fieldGroup: cmp.Or(encodeValue(string(d.Module)), key),
	}
	addMeiliParts(out, d, a)
	for _, f := range Facets() {
		if values := d.values(f); len(values) > 0 {
			out[string(f)] = encodeValues(values)
		}
	}
	for _, o := range Orders() {
		if place := d.sortKey(o); place != "" {
			out[sortField(o)] = place
		}
	}
	if years := d.values(FacetYear); len(years) > 0 {
		if year, err := strconv.Atoi(years[0]); err == nil {
			out[fieldYear] = year
		}
	}
	if d.Language != "" {
		out[fieldLanguages] = languagesOf(d.Language)
	}
	return out
}

// addMeiliParts adds what is found by naming a part of the document, and what phrases are looked for in.
func addMeiliParts(out map[string]any, d Document, a analysis) {
	for _, part := range textParts() {
		text := d.Body
		if part != partBody {
			text = d.text(part)
		}
		kept := keptText(text)
		if kept == "" {
			continue
		}
		out[keptPrefix+string(part)] = kept
		if part == partBody {
			continue
		}
		c := newCounter(a)
		c.count(text, 1)
		out[a.inField(string(part))] = slices.Sorted(maps.Keys(c.terms))
		out[spelledIn(part)] = slices.Sorted(maps.Keys(once(strings.Fields(kept))))
	}
}

// stemLines writes terms by how often a document has them, most often first: a line for each number, before its terms.
// Meilisearch ranks what stands early higher. Lines end with a sign that JSON needs no escape for: answers are full of them.
func stemLines(terms map[string]int) string {
	byCount := make(map[int][]string)
	for t, n := range terms {
		byCount[n] = append(byCount[n], t)
	}
	counts := slices.Sorted(maps.Keys(byCount))
	var b strings.Builder
	for _, n := range slices.Backward(counts) {
		slices.Sort(byCount[n])
		fmt.Fprintf(&b, "%d %s ;", n, strings.Join(byCount[n], " "))
	}
	return b.String()
}

// frequencyIn is how often stem lines have a term.
func frequencyIn(lines []byte, term string) int {
	at := bytes.Index(lines, []byte(" "+term+" "))
	if at < 0 {
		return 0
	}
	begin := 0 // of the line that has it: nearer to it than to where lines begin are only long ones
	for end := bytes.IndexByte(lines, ';'); 0 <= end && begin+end < at; end = bytes.IndexByte(lines[begin:], ';') {
		begin += end + 1
	}
	number, _, _ := bytes.Cut(lines[begin:], []byte{' '})
	n, err := strconv.Atoi(string(number))
	if err != nil {
		return 0 // another program has written them
	}
	return n
}

// volumeValue is a facet by which documents and words are counted. Lengths keep two digits, so that there are few.
func volumeValue(analysis string, length int) string {
	unit := 1
	for length/unit >= 100 {
		unit *= 10
	}
	return fmt.Sprintf("%s %d", analysis, (length+unit/2)/unit*unit)
}

// languagesOf gives a language tag and what it begins with: en-gb, en.
func languagesOf(tag string) []string {
	tag = strings.ToLower(tag)
	all := []string{tag}
	for i, c := range tag {
		if c == '-' {
			all = append(all, tag[:i])
		}
	}
	return all
}

// encodeValue writes the value of a facet so that Meilisearch, to which case and accents do not matter in filters, tells
// it from all others. Identifiers and words in lower case stay as they are; capitals have a mark of their own, as Meilisearch
// leaves out values that are too long.
func encodeValue(value string) string {
	var b strings.Builder
	for i, r := range value {
		part := string(r)
		switch {
		case r == unicode.ReplacementChar && !strings.HasPrefix(value[i:], part):
			fmt.Fprintf(&b, "~%02x", value[i]) // half a character
		case plainInValue(r) || r == ' ' && i > 0 && i < len(value)-1:
			b.WriteRune(r)
		case plainInValue(unicode.ToLower(r)) && unicode.ToUpper(unicode.ToLower(r)) == r:
			b.WriteRune(capitalMark)
			b.WriteRune(unicode.ToLower(r))
		default:
			for j := range len(part) {
				fmt.Fprintf(&b, "~%02x", part[j])
			}
		}
	}
	return b.String()
}

// capitalMark stands before what is a capital letter in the value.
const capitalMark = '^'

// plainInValue knows the characters that no normalisation changes and that mean nothing in filters.
func plainInValue(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-'
	}
	return unicode.IsLetter(r) && unicode.ToLower(r) == r && norm.NFKD.IsNormalString(string(r))
}

func encodeValues(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = encodeValue(v)
	}
	return out
}

// decodeValue undoes encodeValue.
func decodeValue(encoded string) string {
	var b []byte
	for rest := encoded; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch n, err := strconv.ParseUint(rest[1:min(3, len(rest))], 16, 8); {
		case r == '~' && err == nil:
			b = append(b, byte(n))
			size = 3
		case r == capitalMark:
			r, width := utf8.DecodeRuneInString(rest[1:])
			b = utf8.AppendRune(b, unicode.ToUpper(r))
			size += width
		default:
			b = utf8.AppendRune(b, r)
		}
		rest = rest[size:]
	}
	return string(b)
}

// meiliHit is what is read of a document that was found.
type meiliHit struct {
	key      string
	kind     models.Kind
	id       models.ID
	analysis string
	length   int
	stems    []byte // as stemLines writes them, a part of the answer
	title    string
	group    string
}

// scoredFields are the fields that ranking needs.
func scoredFields() []string {
	return []string{fieldKey, string(FacetType), fieldID, fieldAnalysis, fieldLength, fieldStems, fieldTitle, fieldGroup}
}

func (h meiliHit) ref() models.Ref { return models.Ref{Type: h.kind, ID: h.id} }

// foundIn reads a hit.
func foundIn(hit rawHit) (h meiliHit, err error) {
	for _, m := range hit {
		switch m.name {
		case string(FacetType):
			h.kind, err = kindIn(m.value)
		case fieldLength:
			h.length, err = strconv.Atoi(string(m.value))
		case fieldKey:
			h.key, err = textIn(m.value)
		case fieldID:
			var id string
			id, err = textIn(m.value)
			h.id = models.ID(id)
		case fieldAnalysis:
			h.analysis, err = textIn(m.value)
		case fieldStems:
			h.stems, err = bytesIn(m.value)
		case fieldTitle:
			h.title, err = textIn(m.value)
		case fieldGroup:
			h.group, err = textIn(m.value)
		}
		if err != nil {
			return h, fmt.Errorf("read %s of a hit: %w", m.name, err)
		}
	}
	return h, nil
}

// kindIn reads a kind, which is a list of one as the values of all facets are lists. What encodeValue writes has no commas
// and brackets, so that this takes a tenth of the time of a reader of any list.
func kindIn(raw json.RawMessage) (models.Kind, error) {
	first, _, _ := bytes.Cut(bytes.Trim(raw, "[]"), []byte{','})
	kind, err := textIn(first)
	return models.Kind(kind), err
}

// textIn reads a text, "" where there is none.
func textIn(raw json.RawMessage) (string, error) {
	text, err := bytesIn(raw)
	return string(text), err
}

// bytesIn reads a text without a copy if it has no escapes. Most have none: stems, nearly all of an answer, never do.
func bytesIn(raw json.RawMessage) ([]byte, error) {
	switch {
	case len(raw) == 0:
		return nil, nil
	case raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0:
		return raw[1 : len(raw)-1], nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return []byte(text), err
}

// keptIn reads the texts that are kept for phrases.
func keptIn(hit rawHit) (map[syntax.Field]string, error) {
	kept := make(map[syntax.Field]string)
	for _, m := range hit {
		part, ok := strings.CutPrefix(m.name, keptPrefix)
		if !ok {
			continue
		}
		text, err := textIn(m.value)
		if err != nil {
			return nil, fmt.Errorf("read %s of a hit: %w", m.name, err)
		}
		kept[syntax.Field(part)] = text
	}
	return kept, nil
}
