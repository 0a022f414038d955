package content

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

// SearchHit is one found record, with the passage that answers the query best.
type SearchHit struct {
	models.Ref
	Score       float64      `json:"score"`
	TitleHTML   string       `json:"title_html"` // safe HTML: text and <mark>
	Course      *models.Ref  `json:"course"`
	Module      *models.Ref  `json:"module"`
	Breadcrumbs []models.Ref `json:"breadcrumbs"`
	BlockID     *string      `json:"block_id"` // of the passage, in sections
	Anchor      *string      `json:"anchor"`   // of the heading above it; null above the first
	Snippet     string       `json:"snippet"`  // safe HTML: text and <mark>
	Matched     []string     `json:"matched"`
	Missing     []string     `json:"missing"`
}

// SearchAnswer is the answer to a query.
type SearchAnswer struct {
	Hits    []SearchHit
	Results search.Results // counts and words; its hits are the bare ones
}

// Search asks an index and shows the hits from live content. A record that has left live content since the index saw
// it is left out.
func (s *Service) Search(ctx context.Context, index search.Index, q search.Query) (SearchAnswer, error) {
	results, err := index.Search(ctx, q)
	if err != nil {
		return SearchAnswer{}, err
	}
	answer := SearchAnswer{Results: results, Hits: []SearchHit{}}
	err = s.view(ctx, func(tx *store.Tx) error {
		l, o, err := aroundHits(tx, results.Hits)
		if err != nil {
			return err
		}
		marker := index.Highlighter(q)
		for _, hit := range results.Hits {
			if r := l.found[hit.Ref.Key()]; r != nil {
				answer.Hits = append(answer.Hits, searchHit(r, hit, l, o, marker))
			}
		}
		return nil
	})
	return answer, err
}

// aroundHits reads the hits whole, and what they stand in.
func aroundHits(tx *store.Tx, hits []search.Hit) (*lookup, *outline, error) {
	l := newLookup(tx)
	l.bodies = true
	byKind := map[models.Kind][]models.ID{}
	for _, h := range hits {
		byKind[h.Ref.Type] = append(byKind[h.Ref.Type], h.Ref.ID)
	}
	var moduleIDs []models.ID
	for _, kind := range searchedKinds {
		if len(byKind[kind]) == 0 {
			continue
		}
		rs, err := tx.Live.List(store.Query{Kind: kind, IDs: byKind[kind], Bodies: true})
		if err != nil {
			return nil, nil, err
		}
		for _, r := range rs {
			l.found[refOf(r)] = r
			owner := courseOrModule(r)
			l.want(*owner)
			if kind == models.KindSection {
				l.want(fragmentsOf(r)...)
				moduleIDs = append(moduleIDs, owner.ID)
			}
		}
	}
	if err := l.load(); err != nil {
		return nil, nil, err
	}
	for _, r := range l.found {
		if m, ok := r.(*models.Module); ok {
			l.want(*m.Owner())
		}
	}
	if err := l.load(); err != nil {
		return nil, nil, err
	}
	slices.Sort(moduleIDs)
	o, err := newOutline(tx, slices.Compact(moduleIDs))
	return l, o, err
}

func fragmentsOf(r models.Record) []models.Ref {
	var out []models.Ref
	for _, at := range models.Refs(r) {
		if (*at).Type == models.KindFragment {
			out = append(out, **at)
		}
	}
	return out
}

func searchHit(r models.Record, hit search.Hit, l *lookup, o *outline, marker search.Highlighter) SearchHit {
	d := document(r, l)
	h := SearchHit{
		Ref: decorate(r), Score: hit.Score, Matched: hit.Matched, Missing: hit.Missing,
		TitleHTML: markUp(d.Title, 0, len(d.Title), marker.Find(d.Title, maxMarks)),
		Course:    l.byID(models.KindCourse, d.Course),
	}
	if r.Kind() != models.KindModule && d.Module != "" {
		h.Module = l.byID(models.KindModule, d.Module)
	}
	for _, ref := range []*models.Ref{h.Course, h.Module} {
		if ref != nil {
			h.Breadcrumbs = append(h.Breadcrumbs, *ref)
		}
	}
	var start int
	h.Snippet, start = snippet(d.Body, marker)
	if s, ok := r.(*models.Section); ok {
		h.Breadcrumbs = append(h.Breadcrumbs, o.above(s)...)
		_, spans := sectionText(s, l)
		h.BlockID, h.Anchor = placeOf(spans, start)
	}
	return h
}

// placeOf finds the block that an offset lies in, and the heading above it.
func placeOf(spans []render.Span, offset int) (block, anchor *string) {
	for i := range slices.Backward(spans) {
		if spans[i].Start > offset {
			continue
		}
		if spans[i].Anchor != "" {
			anchor = &spans[i].Anchor
		}
		return &spans[i].BlockID, anchor
	}
	return nil, nil
}

const (
	// snippetBytes is about three lines on a page.
	snippetBytes = 280

	// maxMarks bounds the places looked at in one text: the best passage of a long page is nearly always among them.
	maxMarks = 400
)

// snippet picks the passage with the most different matching words, and gives it as safe HTML together with the
// offset of its first match. A text without a match gives its beginning.
func snippet(text string, marker search.Highlighter) (string, int) {
	marks := marker.Find(text, maxMarks)
	if len(marks) == 0 {
		return markUp(text, 0, wordEnd(text, snippetBytes), nil), 0
	}
	best, bestScore := 0, -1
	for i := range marks {
		if score := wordsWithin(text, marks[i:], marks[i].Start+snippetBytes); score > bestScore {
			best, bestScore = i, score
		}
	}
	first := marks[best].Start
	from := wordStart(text, max(0, first-snippetBytes/4))
	to := wordEnd(text, from+snippetBytes)
	return markUp(text, from, max(to, marks[best].End), marks), first
}

// wordsWithin counts the different words among the marks that end before a place.
func wordsWithin(text string, marks []search.Span, end int) int {
	seen := map[string]bool{}
	for _, m := range marks {
		if m.End > end {
			break
		}
		seen[strings.ToLower(text[m.Start:m.End])] = true
	}
	return len(seen)
}

// wordStart moves a place forward to the beginning of a word, unless it is at the beginning of the text or a line.
func wordStart(text string, at int) int {
	if at == 0 {
		return 0
	}
	if i := strings.LastIndexByte(text[:at], '\n'); i >= 0 && at-i < snippetBytes/4 {
		return i + 1
	}
	if i := strings.IndexFunc(text[at:], unicode.IsSpace); i >= 0 && i < snippetBytes/4 {
		_, size := utf8.DecodeRuneInString(text[at+i:])
		return at + i + size
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// wordEnd moves a place back to the end of a word.
func wordEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if i := strings.LastIndexFunc(text[:at], unicode.IsSpace); i > at-snippetBytes/4 {
		return i
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// markUp writes a part of a text as HTML with the marks that lie in it.
func markUp(text string, from, to int, marks []search.Span) string {
	var b strings.Builder
	if from > 0 {
		b.WriteString("… ")
	}
	at := from
	for _, m := range marks {
		if m.Start < at || m.End > to {
			continue
		}
		b.WriteString(html.EscapeString(text[at:m.Start]))
		b.WriteString("<mark>" + html.EscapeString(text[m.Start:m.End]) + "</mark>")
		at = m.End
	}
	b.WriteString(html.EscapeString(strings.TrimRightFunc(text[at:to], unicode.IsSpace)))
	if to < len(text) {
		b.WriteString(" …")
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}
