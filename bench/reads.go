package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/bench/corpus"
	"github.com/lectern-cms/lectern/models"
)

// addresses is how many addresses the requests of a row go round, picked at random from all of the content: enough for no single
// one to be special, few enough for the answers of all rows to fit into Lectern's cache as it is by default.
const addresses = 100

// pageSize is how many sections lists give.
const pageSize = 25

// leastSections is how many sections there must be: a deep page begins after the first 100, and is full.
const leastSections = cursorStep + pageSize

// read is a kind of request that servers are compared by.
type read struct {
	name  string // as in tables
	key   string // as in the files of servers
	items int    // how many addresses there can be, 0 for all
	holds func(g corpus.Generated, values map[string]any) []string
	least int // how many sections an answer names
}

// reads are the requests that front ends make most.
func reads() []read {
	return []read{
		{name: "section by slug", key: "slug", holds: title, least: 1},
		{name: "section by slug, as a row", key: "slug_row", holds: title, least: 1},
		{name: "section, relations expanded", key: "relations", holds: relations, least: 1},
		{name: "section, relations, as rows", key: "relations_rows", holds: relations, least: 1},
		{name: "25 of a module, by title", key: "list", least: pageSize},
		{name: "25 of all, by title", key: "first", items: 1, least: pageSize},
		{name: "25 of all, far down", key: "deep", least: pageSize},
		{name: "module tree", key: "tree", items: 20, least: corpus.SectionsOfModule},
	}
}

func title(g corpus.Generated, v map[string]any) []string {
	return []string{g.Lesson(v["n"].(int)).Title}
}

// relations are what an answer says of a section and of the records that it refers to.
func relations(g corpus.Generated, v map[string]any) []string {
	l := g.Lesson(v["n"].(int))
	out := append(title(g, v), g.Module(l.Module).Title)
	for _, c := range l.Citations {
		out = append(out, g.Source(c.Source).URL)
	}
	for _, w := range l.Worksheets {
		out = append(out, w.Title)
	}
	return out
}

// sectionSlug finds the sections that an answer names.
var sectionSlug = regexp.MustCompile(`section-\d{6}`)

// check tells whether an answer is of the content that was asked for, so that no server is measured at giving something else.
func (r read) check(g corpus.Generated, values map[string]any, body []byte) error {
	text := string(body)
	if r.holds != nil {
		for _, want := range r.holds(g, values) {
			if !strings.Contains(text, want) {
				return fmt.Errorf("the answer does not hold %q: %.300s", want, text)
			}
		}
	}
	named := map[string]bool{}
	for _, slug := range sectionSlug.FindAllString(text, -1) {
		named[slug] = true
	}
	if len(named) < r.least {
		return fmt.Errorf("the answer names %d sections, and should name %d: %.300s", len(named), r.least, text)
	}
	return nil
}

// picker picks what to ask for.
type picker struct {
	corpus.Generated
	cursors []string // of every cursorStep-th section by title in Lectern
}

// values are what the addresses of a read are filled in with, the same ones for all servers.
func (p picker) values(r read) []map[string]any {
	random := rand.New(rand.NewPCG(1, uint64(len(r.key)))) //nolint:gosec // nothing secret
	seen := map[int]bool{}
	var out []map[string]any
	most := addresses
	if r.items > 0 {
		most = r.items
	}
	for range most {
		var v map[string]any
		var number int
		switch r.key {
		case "slug", "slug_row", "relations", "relations_rows":
			number = 1 + random.IntN(p.Sections())
			v = p.section(number)
		case "list", "tree":
			number = 1 + random.IntN(p.Sections()/corpus.SectionsOfModule) // a module that is full
			v = p.module(number)
		case "first":
			v = map[string]any{}
		case "deep":
			last := p.lastStep()
			number = last - random.IntN(last/4+1) // in the last quarter
			v = map[string]any{
				"page": number*cursorStep/pageSize + 1, "skip": number * cursorStep, "cursor": p.cursors[number-1],
			}
		}
		if !seen[number] {
			seen[number] = true
			out = append(out, v)
		}
	}
	return out
}

// lastStep is the last step of cursors that a full page follows.
func (p picker) lastStep() int {
	return min(len(p.cursors), (p.Sections()-pageSize)/cursorStep)
}

func (p picker) module(n int) map[string]any {
	return map[string]any{
		"module": n, "module_slug": p.Module(n).Slug, "module_id": corpus.ID(models.KindModule, n), "course_slug": corpus.CourseSlug(corpus.CourseOf(n)),
	}
}

func (p picker) section(n int) map[string]any {
	v := p.module((n-1)/corpus.SectionsOfModule + 1)
	v["n"], v["slug"], v["id"] = n, corpus.Slug(n), corpus.ID(models.KindSection, n)
	return v
}

// cursorStep is how many sections are between two cursors, the most that Lectern gives in one answer.
const cursorStep = 100

// readCursors walks through all sections by title.
func readCursors(ctx context.Context, base string) ([]string, error) {
	var out []string
	for path := fmt.Sprintf("/v1/sections?sort=title&fields=slug&limit=%d", cursorStep); ; {
		var page struct {
			Links struct {
				Next *string `json:"next"`
			} `json:"links"`
		}
		if err := getJSON(ctx, base+path, &page); err != nil {
			return nil, err
		}
		if page.Links.Next == nil {
			return out, nil
		}
		path = *page.Links.Next
		next, err := url.Parse(path)
		if err != nil {
			return nil, err
		}
		after := next.Query().Get("after")
		if slices.Contains(out, after) {
			return nil, fmt.Errorf("%s leads back", path)
		}
		out = append(out, url.QueryEscape(after))
	}
}
