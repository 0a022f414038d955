package server

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/store"
)

// onlyNothingFound is the value of only= that leaves the searches that always find something out.
const onlyNothingFound = "nothing_found"

// searches lists what people search for: what is asked most first, or what most often finds nothing.
func (s *Server) searches(c *fiber.Ctx) error {
	p := query(c, "from", "to", "course", "only", "sort", "limit", "after")
	period, limit := p.searchPeriod(), p.limit()
	q := store.SearchQuery{NothingFound: p.choice("only", onlyNothingFound) != "", Limit: limit + 1}
	q.Order, q.Desc = p.searchOrder(q.NothingFound)
	tag := etag(fmt.Appendf(nil, "%+v %t %s %t", period, q.NothingFound, q.Order, q.Desc))
	q.After = p.searchPlace(tag)
	if err := p.err(); err != nil {
		return err
	}
	rows, err := s.editor(c).Searches(c.UserContext(), period, q)
	if err != nil {
		return err
	}
	return sendPlaced(c, rows, limit, func(a content.AskedQuery) string { return searchCursor(tag, q.Order, a) })
}

// searchSummary counts what people search for.
func (s *Server) searchSummary(c *fiber.Ctx) error {
	p := query(c, "from", "to", "course")
	period := p.searchPeriod()
	if err := p.err(); err != nil {
		return err
	}
	summary, err := s.editor(c).SearchSummary(c.UserContext(), period)
	if err != nil {
		return err
	}
	return sendData(c, summary)
}

func (p *params) searchPeriod() content.SearchPeriod {
	return content.SearchPeriod{From: p.day("from"), To: p.day("to"), Course: p.id("course")}
}

// day reads a date, 0 when it is not given.
func (p *params) day(name string) store.SearchDay {
	if !p.has(name) {
		return 0
	}
	t, err := time.Parse(time.DateOnly, p.values[name])
	if err != nil || t.Year() == 0 {
		p.fail(name, "must be a date such as 2026-02-03")
		return 0
	}
	return store.SearchDayOf(t)
}

// searchOrder reads the order of the list, which begins with what is largest by default.
func (p *params) searchOrder(nothingFound bool) (order store.SearchOrder, desc bool) {
	name, desc := p.sort(texts(store.SearchOrders()))
	switch {
	case name != "":
		return store.SearchOrder(name), desc
	case nothingFound:
		return store.SearchesByNothingFound, true
	}
	return store.SearchesByAsked, true
}

// searchCursor is a query's place in a list. It holds on to the list, so that it can't be used for another.
func searchCursor(tag string, order store.SearchOrder, a content.AskedQuery) string {
	count := a.Asked
	if order == store.SearchesByNothingFound {
		count = a.NothingFound
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(count, 10) + " " + tag + " " + a.Query))
}

// searchPlace reads the cursor of a list, nil without one.
func (p *params) searchPlace(tag string) *store.SearchPlace {
	if !p.has("after") {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(p.values["after"])
	number, rest, _ := strings.Cut(string(data), " ")
	given, words, _ := strings.Cut(rest, " ")
	count, err2 := strconv.ParseInt(number, 10, 64)
	if err != nil || err2 != nil || given != tag || !isText(words) {
		p.fail("after", "is no cursor of this list: take it from links.next of an answer")
		return nil
	}
	return &store.SearchPlace{Count: count, Query: words}
}

// isText tells whether a database can compare a text with its own.
func isText(words string) bool { return utf8.ValidString(words) && !strings.Contains(words, "\x00") }
