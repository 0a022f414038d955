package server

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/syntax"
)

// searchMeta says how a query was understood and how much it found.
type searchMeta struct {
	Limit      int                                   `json:"limit"`
	Total      int                                   `json:"total"`        // records that the query finds in all
	Groups     *int                                  `json:"groups"`       // groups that they make, when hits are grouped
	AnyWord    int                                   `json:"any_word"`     // found when any of the plain words is enough
	AllWords   int                                   `json:"all_words"`    // found when all of them are needed
	DidYouMean *string                               `json:"did_you_mean"` // the query with words that are there
	Query      searchQuery                           `json:"query"`
	Facets     map[search.Facet][]content.FacetValue `json:"facets"`
	Help       *content.SearchHelp                   `json:"help"`     // when nothing was found
	Revision   int64                                 `json:"revision"` // content revision that the index had reached
}

type searchQuery struct {
	Text     string       `json:"text"`
	Match    search.Match `json:"match"`
	Words    []string     `json:"words"`
	Ignored  []string     `json:"ignored"`
	Parsed   *syntax.Node `json:"parsed"`
	Sentence string       `json:"sentence"`
	Notes    []string     `json:"notes"`
}

func (s *Server) search(c *fiber.Ctx) error {
	p := query(c, append([]string{"limit", "after", "facets", "sort", "group", "typing"}, queryParams...)...)
	q := p.searchQuery()
	q.Limit, q.Facets, q.Typing = p.limit(), p.facets(), p.flag("typing")
	q.Order = search.Order(p.choice("sort", orderNames()...))
	q.Group = p.choice("group", "module") != ""
	q.Offset = p.offset(q)
	if err := p.err(); err != nil {
		return err
	}
	answer, err := s.Content.Search(c.UserContext(), s.Index, q)
	if err != nil {
		return err
	}
	s.count(c, q, answer.Results.Total)
	return sendJSON(c, searchAnswer(c, q, answer))
}

// count has a search counted each time that its answer is sent, from the cache too. Who asks for the header fields only (HEAD)
// does not search.
func (s *Server) count(c *fiber.Ctx, q search.Query, total int) {
	asked, counts := content.NewAsked(q, total)
	if !counts || s.Searches == nil {
		return
	}
	readingOf(c).sent = func(ctx *fasthttp.RequestCtx) {
		if ctx.IsGet() {
			s.Searches.Count(asked)
		}
	}
}

func searchAnswer(c *fiber.Ctx, q search.Query, answer content.SearchAnswer) list[content.SearchHit, searchMeta] {
	r, parsed := answer.Results, syntax.Parse(q.Text)
	meta := searchMeta{
		Limit: q.Limit, Total: r.Total, AnyWord: r.Any, AllWords: r.All, Facets: answer.Facets, Help: answer.Help, Revision: r.Revision,
		Query: searchQuery{
			Text: q.Text, Match: q.Match, Words: r.Words, Ignored: r.Ignored,
			Parsed: parsed.Root, Sentence: parsed.Sentence(q.Match == search.MatchAll), Notes: parsed.Notes,
		},
	}
	if r.Meant != "" {
		meta.DidYouMean = &r.Meant
	}
	reachable := r.Total
	if q.Group {
		meta.Groups, reachable = &r.Groups, r.Groups
	}
	var next *content.Place
	if end := q.Offset + q.Limit; end < reachable && end < search.MaxOffset {
		next = &content.Place{Param: "after", Value: offsetCursor(q, end)}
	}
	return list[content.SearchHit, searchMeta]{Data: answer.Hits, Links: linksOf(c, next, nil), Meta: meta}
}

// suggest answers a search box while someone types.
func (s *Server) suggest(c *fiber.Ctx) error {
	p := query(c, "q", "type", filterPrefix)
	q := p.searchQuery()
	if err := p.err(); err != nil {
		return err
	}
	suggestions, err := s.Content.Suggest(c.UserContext(), s.Index, q.Text, q.Filters)
	return sendOne(c, suggestions, err)
}

// similar lists the sections that are most like one.
func (s *Server) similar(c *fiber.Ctx) error {
	p := query(c, "limit")
	limit := p.limit()
	if err := p.err(); err != nil {
		return err
	}
	hits, err := s.Content.Similar(c.UserContext(), s.Index, models.ID(c.Params("id")), limit)
	if err != nil {
		return err
	}
	return sendJSON(c, list[content.SearchHit, listMeta]{Data: hits, Links: linksOf(c, nil, nil), Meta: listMeta{Limit: limit}})
}

// offsetCursor is a place in the hits of a query. It holds on to the query, so that it can't be used for another.
func offsetCursor(q search.Query, offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset) + " " + queryTag(q)))
}

// queryTag tells queries with different hits, or another order of them, apart.
func queryTag(q search.Query) string {
	return etag(fmt.Appendf(nil, "%q %s %q %q %t %t", q.Text, q.Match, q.Filters, q.Order, q.Group, q.Typing))
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
