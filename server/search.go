package server

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// searchMeta says how a query was understood and how much it found.
type searchMeta struct {
	Limit    int         `json:"limit"`
	Total    int         `json:"total"`     // records that the query finds in all
	AnyWord  int         `json:"any_word"`  // that have any of the words
	AllWords int         `json:"all_words"` // that have all of them
	Query    searchQuery `json:"query"`
	Revision int64       `json:"revision"` // content revision that the index had reached
}

type searchQuery struct {
	Text    string       `json:"text"`
	Match   search.Match `json:"match"`
	Words   []string     `json:"words"`
	Ignored []string     `json:"ignored"`
}

// searchTypes are the kinds of record that can be found.
var searchTypes = []string{
	string(models.KindSection), string(models.KindModule), string(models.KindWorksheet), string(models.KindSource),
}

func (s *Server) search(c *fiber.Ctx) error {
	p := query(c, "q", "type", "match", "limit", "after")
	q := search.Query{Text: p.values["q"], Match: search.MatchAny, Limit: p.limit()}
	switch {
	case !p.has("q"):
		p.fail("q", "is required: the words to search for")
	case len(q.Text) > search.MaxQueryBytes:
		p.fail("q", fmt.Sprintf("has %d bytes, at most %d are allowed", len(q.Text), search.MaxQueryBytes))
	}
	for _, kind := range p.names("type", searchTypes) {
		q.Types = append(q.Types, models.Kind(kind))
	}
	if m := p.names("match", []string{string(search.MatchAny), string(search.MatchAll)}); len(m) == 1 {
		q.Match = search.Match(m[0])
	} else if len(m) > 1 {
		p.fail("match", "takes one value")
	}
	q.Offset = p.offset(q)
	if err := p.err(); err != nil {
		return err
	}
	answer, err := s.Content.Search(c.UserContext(), s.Index, q)
	if err != nil {
		return err
	}
	return sendJSON(c, searchAnswer(c, q, answer))
}

func searchAnswer(c *fiber.Ctx, q search.Query, answer content.SearchAnswer) list[content.SearchHit, searchMeta] {
	r := answer.Results
	total := r.Any
	if q.Match == search.MatchAll {
		total = r.All
	}
	var next *content.Place
	if end := q.Offset + q.Limit; end < total && end < search.MaxOffset {
		next = &content.Place{Param: "after", Value: offsetCursor(q, end)}
	}
	return list[content.SearchHit, searchMeta]{
		Data:  answer.Hits,
		Links: linksOf(c, next, nil),
		Meta: searchMeta{
			Limit: q.Limit, Total: total, AnyWord: r.Any, AllWords: r.All, Revision: r.Revision,
			Query: searchQuery{Text: q.Text, Match: q.Match, Words: r.Words, Ignored: r.Ignored},
		},
	}
}

// offsetCursor is a place in the hits of a query. It holds on to the query, so that it can't be used for another.
func offsetCursor(q search.Query, offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset) + " " + queryTag(q)))
}

// queryTag tells queries with different hits apart.
func queryTag(q search.Query) string {
	return etag(fmt.Appendf(nil, "%q %s %q", q.Text, q.Match, q.Types))
}

// offset reads the cursor of a query, or 0 without one.
func (p *params) offset(q search.Query) int {
	if !p.has("after") {
		return 0
	}
	data, err := base64.RawURLEncoding.DecodeString(p.values["after"])
	number, tag, _ := strings.Cut(string(data), " ")
	offset, err2 := strconv.Atoi(number)
	if err != nil || err2 != nil || tag != queryTag(q) || offset < 0 || offset > search.MaxOffset {
		p.fail("after", "is no cursor of this search: take it from links.next of an answer")
		return 0
	}
	return offset
}
