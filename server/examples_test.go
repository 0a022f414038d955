package server

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// The examples of the documentation and of the contract are answers of the sample course. Its ids are others in each
// installation: in examples every record has an id that says its kind and its number, and what is made of ids is changed
// with them.

// sampleTime is when the sample course of the examples was loaded.
var sampleTime = time.Date(2026, time.February, 3, 14, 6, 10, 0, time.UTC)

const (
	sampleCourse    = "reading-the-web-well"
	sampleRequestID = "5b0f5c1e-6d1a-4f43-9c1f-0a4a4f6f1c52"
	exampleServer   = "http://127.0.0.1:8080"
)

// exampleKinds number the kinds of record in the ids of examples.
var exampleKinds = []models.Kind{
	models.KindCourse, models.KindModule, models.KindSection, models.KindCitation, models.KindSource, models.KindWorksheet,
	models.KindAsset, models.KindFragment,
}

// exampleSite is a server with the sample course, and what examples show in the place of what it says.
type exampleSite struct {
	*site
	shown, real *strings.Replacer // ids, to and from those of examples
	tags        map[string]string // ETags, from those of examples to those of the server
}

// newExampleSite starts a server with the sample course, at a fixed time.
func newExampleSite(t *testing.T) *exampleSite {
	t.Helper()
	s := startSiteAt(t, t.TempDir(), func() time.Time { return sampleTime }, func(cfg *Config) { cfg.Version = "1.0.0" })
	_, err := seed.LoadSample(t.Context(), s.content, s.files)
	check(t, err)
	check(t, s.follower.CatchUp(t.Context()))
	e := &exampleSite{site: s, tags: map[string]string{}}
	var there, back []string
	for i, kind := range exampleKinds {
		for n, r := range s.get("/v1/" + kind.Plural() + "?limit=100&fields=id").part(t).Data {
			id := fmt.Sprintf("019a2b40-%04d-7000-8000-%012d", i+1, n+1)
			there, back = append(there, r.text("id"), id), append(back, id, r.text("id"))
		}
	}
	e.shown, e.real = strings.NewReplacer(there...), strings.NewReplacer(back...)
	return e
}

// example is a request as the documentation shows it.
type example struct {
	method, path string
	headers      []string // names and values
	size         int      // bytes of a body
	with         arrangement
}

// ask sends the request of an example, and gives the answer as examples show it.
func (e *exampleSite) ask(x example) answer {
	e.t.Helper()
	headers := append([]string{"X-Request-Id", sampleRequestID}, x.headers...)
	for i := range headers {
		for shown, real := range e.tags {
			headers[i] = strings.ReplaceAll(headers[i], shown, real)
		}
	}
	req, err := http.NewRequestWithContext(wrongly(e.t.Context()), cmp.Or(x.method, http.MethodGet), e.url+e.replaced(x.path, e.real),
		bytes.NewReader(make([]byte, x.size)))
	check(e.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], e.real.Replace(headers[i+1]))
	}
	got := e.send(req)
	// A request whose headers are too large for reading has no id of its own.
	got.body = strings.ReplaceAll(e.replaced(got.body, e.shown), got.header.Get("X-Request-Id"), sampleRequestID)
	for name, values := range got.header {
		got.header[name] = []string{e.replaced(values[0], e.shown)}
	}
	if tag := got.header.Get("ETag"); tag != "" {
		got.header.Set("ETag", e.shownTag(x.path, tag))
	}
	return got
}

// shownTag is the ETag of an answer in examples: that of what they show.
func (e *exampleSite) shownTag(path, tag string) string {
	whole := e.do(wrongly(e.t.Context()), http.MethodGet, e.replaced(path, e.real))
	if !strings.HasSuffix(whole.header.Get("Content-Type"), "json") {
		return tag
	}
	shown, real := etag([]byte(e.replaced(whole.body, e.shown))), strings.Trim(whole.header.Get("ETag"), `"`)
	e.tags[shown] = real
	return strings.Replace(tag, real, shown, 1)
}

// aCursor is a place in a list as it stands in an address.
var aCursor = regexp.MustCompile(`((?:after|before)=)([A-Za-z0-9_-]+)`)

// aScore is how well a hit answers. Its last digits depend on the processor.
var aScore = regexp.MustCompile(`("score":\d+\.\d)\d*`)

// replaced replaces ids in a text, in its cursors too.
func (e *exampleSite) replaced(text string, ids *strings.Replacer) string {
	text = aScore.ReplaceAllString(text, "$1")
	text = aCursor.ReplaceAllStringFunc(text, func(s string) string {
		parts := aCursor.FindStringSubmatch(s)
		place, err := base64.RawURLEncoding.DecodeString(parts[2])
		if err != nil {
			return s
		}
		return parts[1] + base64.RawURLEncoding.EncodeToString([]byte(ids.Replace(string(place))))
	})
	return ids.Replace(text)
}

// arrangement is what must have happened before an example's answer can be had, by its name.
type arrangement string

// The arrangements. Each has a sample course of its own.
const (
	loaded          arrangement = ""
	afterRename     arrangement = "renamed"     // a section has got another title and slug, and was published again
	afterUnpublish  arrangement = "unpublished" // a section was withdrawn
	withoutSearch   arrangement = "no-search"   // the search index is closed
	behindKey       arrangement = "behind-key"  // content is behind a key
	withoutDatabase arrangement = "no-database" // the database is closed
	overLimit       arrangement = "over-limit"  // the client has made all requests of a minute, and no time passes
)

var arrangements = map[arrangement]func(*exampleSite){
	loaded: func(*exampleSite) {},
	afterRename: func(e *exampleSite) {
		e.change(e.section("leave-the-page", "reading-laterally"), func(r models.Record) {
			s := r.(*models.Section)
			s.Title, s.Slug = "Leave the Page", "leave-the-page"
		})
		e.publish(e.section("leave-the-page", "reading-laterally"))
	},
	afterUnpublish: func(e *exampleSite) {
		_, _, err := e.content.Unpublish(e.t.Context(), *ref(e.section("reading-laterally")))
		check(e.t, err)
	},
	behindKey: func(e *exampleSite) { e.server.ContentKey = true },
	overLimit: func(e *exampleSite) {
		const perMinute = 600
		l, begin := newLimiter("read", perMinute, prometheus.NewCounter(prometheus.CounterOpts{Name: "refused"})), time.Now()
		l.now = func() time.Time { return begin }
		e.server.limits.read = l
		for range perMinute {
			e.get("/v1/courses").want(e.t, http.StatusOK)
		}
	},
	withoutSearch:   func(e *exampleSite) { check(e.t, e.index.Close()) },
	withoutDatabase: func(e *exampleSite) { check(e.t, e.store.Close()) },
}

// section finds a section of the sample by one of its slugs.
func (e *exampleSite) section(slugs ...string) models.Record {
	e.t.Helper()
	all, err := e.content.Sections(e.t.Context(), content.ListRequest{Limit: 100})
	check(e.t, err)
	at := slices.IndexFunc(all.Items, func(s content.SectionView) bool { return slices.Contains(slugs, s.Slug) })
	if at < 0 {
		e.t.Fatalf("the sample has no section %v", slugs)
	}
	return &models.Section{Meta: models.Meta{ID: all.Items[at].ID}}
}

// exampleSites are the sites of a test, by arrangement.
type exampleSites struct {
	t    *testing.T
	open map[arrangement]*exampleSite
}

func (s *exampleSites) ask(x example) answer {
	s.t.Helper()
	if s.open[x.with] == nil {
		arrange, ok := arrangements[x.with]
		if !ok {
			s.t.Fatalf("no arrangement is called %q", x.with)
		}
		s.open[x.with] = newExampleSite(s.t)
		arrange(s.open[x.with])
	}
	return s.open[x.with].ask(x)
}

func newExampleSites(t *testing.T) *exampleSites {
	return &exampleSites{t, map[arrangement]*exampleSite{}}
}
