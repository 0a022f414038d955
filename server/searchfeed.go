package server

import (
	"encoding/xml"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// feedLimit is how many hits a feed has, the newest.
const feedLimit = 50

// searchFeed gives the newest hits of a search to feed readers: a saved search that tells what is new.
func (s *Server) searchFeed(c *fiber.Ctx) error {
	p := query(c, append([]string{"format"}, queryParams...)...)
	q := p.searchQuery()
	q.Limit, q.Order = feedLimit, "-"+search.OrderUpdated
	if !p.has("format") {
		p.fail("format", "is required: atom or json")
	}
	format := p.choice("format", "atom", "json")
	if err := p.err(); err != nil {
		return err
	}
	answer, err := s.Content.Search(c.UserContext(), s.Index, q)
	if err != nil {
		return err
	}
	f := s.feedOf(c, q, answer.Hits)
	c.Set(headerCacheTag, allTag)
	if format == "atom" {
		c.Set(fiber.HeaderContentType, "application/atom+xml; charset=utf-8")
		return sendCacheable(c, f.atom())
	}
	body, err := models.Encode(f.json())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/feed+json")
	return sendCacheable(c, body)
}

// feed is a search as feed readers know it.
type feed struct {
	title, self, home string
	updated           time.Time
	hits              []content.SearchHit
	base              string
}

// feedOf makes the addresses of a feed whole, where the server knows under which origin it is reached.
func (s *Server) feedOf(c *fiber.Ctx, q search.Query, hits []content.SearchHit) feed {
	f := feed{title: "Search: " + q.Text, hits: hits, base: s.BaseURL}
	values := url.Values{}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) { values.Set(string(key), string(value)) })
	values.Del("format")
	f.self, f.home = f.base+c.Path()+"?"+normalQuery(c), f.base+"/v1/search?"+values.Encode()
	for _, h := range hits {
		if h.PublishedAt.After(f.updated) {
			f.updated = h.PublishedAt
		}
	}
	return f
}

// The elements of an Atom feed (RFC 4287).
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary"`
}

func (f feed) atom() []byte {
	a := atomFeed{
		ID: f.home, Title: f.title, Updated: f.updated.UTC().Format(time.RFC3339), Author: atomAuthor{Name: "Lectern"},
		Links: []atomLink{{Rel: "self", Href: f.self}, {Rel: "alternate", Href: f.home}},
	}
	for _, h := range f.hits {
		a.Entries = append(a.Entries, atomEntry{
			ID: "urn:uuid:" + string(h.ID), Title: text(h.Title), Updated: h.PublishedAt.UTC().Format(time.RFC3339),
			Link: atomLink{Rel: "alternate", Href: f.base + placeOf(h)}, Summary: withoutMarks(h.Snippet),
		})
	}
	body, err := xml.MarshalIndent(a, "", "  ")
	if err != nil {
		panic("server: a feed of texts and times can't fail: " + err.Error())
	}
	return append([]byte(xml.Header), append(body, '\n')...)
}

// The members of a JSON feed (jsonfeed.org, version 1.1).
type jsonFeed struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	Home    string     `json:"home_page_url"`
	Self    string     `json:"feed_url"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string    `json:"id"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Text      string    `json:"content_text"`
	Published time.Time `json:"date_published"`
}

func (f feed) json() jsonFeed {
	j := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.title, Home: f.home, Self: f.self, Items: []jsonItem{}}
	for _, h := range f.hits {
		j.Items = append(j.Items, jsonItem{
			ID: string(h.ID), URL: f.base + placeOf(h), Title: text(h.Title), Text: withoutMarks(h.Snippet), Published: h.PublishedAt,
		})
	}
	return j
}
