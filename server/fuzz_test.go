package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// routesWithParameters are one of each kind.
var routesWithParameters = []string{"/v1/modules", "/v1/sources", "/v1/resolve", "/v1/courses", "/v1/sections", "/v1/citations", "/v1/courses/tea", "/v1/courses/tea/modules/brewing/tree", "/v1/search"}

// FuzzQuery sends any query string: the answer is one of the contract, and never a fault of ours.
func FuzzQuery(f *testing.F) {
	s := newSite(f)
	s.teach()
	for _, seed := range []string{
		"", "limit=1", "limit=1&after=e30", "body=html,text", "q=tea&type=section", "&&", "=", "a=%zz", "q=%00", "after=%ff",
		"limit=1;after=2", "q=a+b%20c", "body[]=html", "q=" + private, "limit=١",
		"filter[title][contains]=te&sort=-title", "filter[course]=tea&filter[in_menu]=true", "filter[published_at][gte]=2026-01-01",
		"filter[id][in]=a,b", "filter[slug][starts]=%25%27", "filter[", "filter[]=", "filter[title][contains", "fields=id,,", "fields[modules]=title",
		"include=citations.source,module&fields[modules]=title", "include=.", "include=" + strings.Repeat("module.", 9), "page=2&count=true", "page=0",
		"before=e30&after=e30", "path=/tea", "since=1&wait=0", "since=9&limit=99999", "filter[duration_minutes][lt]=99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range routesWithParameters {
			address := url.URL{Path: path, RawQuery: query}
			req, err := http.NewRequest(http.MethodGet, s.url+address.String(), http.NoBody)
			if err != nil {
				t.Skip("no client can send this")
			}
			s.in(t).fuzzed(req)
		}
	})
}

// FuzzSearchRoute searches for any text.
func FuzzSearchRoute(f *testing.F) {
	s := newSite(f)
	s.teach()
	for _, seed := range []string{"", "kettle", "water boils", `"steam rises`, "AND OR (", "-tea", "\x00", "\xff", "🫖 茶"} {
		f.Add(seed, "any", "")
		f.Add(seed, "all", "section,source")
	}
	f.Fuzz(func(t *testing.T, text, match, types string) {
		query := url.Values{"q": {text}, "match": {match}}
		if types != "" {
			query.Set("type", types)
		}
		req, err := http.NewRequest(http.MethodGet, s.url+"/v1/search?"+query.Encode(), http.NoBody)
		check(t, err)
		s.in(t).fuzzed(req)
	})
}

// fuzzed sends a request that may be right or wrong.
func (s *site) fuzzed(req *http.Request) {
	s.t.Helper()
	got := s.send(req.WithContext(wrongly(s.t.Context())))
	switch got.status {
	case http.StatusOK, http.StatusBadRequest, http.StatusNotFound, http.StatusRequestHeaderFieldsTooLarge:
	default:
		s.t.Errorf("%s gives %d: %s", req.URL, got.status, got.body)
	}
}

// FuzzListParameters reads any query string as that of a list of each kind, and the list that it asks for, without HTTP
// around it: an error names the parameter.
func FuzzListParameters(f *testing.F) {
	s := newSite(f)
	s.teach()
	for _, seed := range []string{
		"", "limit=3&sort=-title&count=true", "filter[title][contains]=te&filter[course]=tea", "filter[year][gte]=2001", "filter[level][nin]=a,b",
		"filter[updated_at][lt]=2026-01-01T00:00:00Z", "filter[parent][exists]=false", "include=sections.citations&fields[citations]=label",
		"after=eyJrIjoibW9kdWxlIiwicyI6ImlkIiwiZiI6IiIsInYiOlsieCJdfQ", "page=3", "body=text", "filter[id][in]=" + strings.Repeat(",", 200),
	} {
		f.Add(seed)
	}
	lists := map[models.Kind]func(context.Context, content.ListRequest) error{
		models.KindCourse: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Courses(ctx, r)
			return err
		},
		models.KindModule: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Modules(ctx, r)
			return err
		},
		models.KindSection: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Sections(ctx, r)
			return err
		},
		models.KindWorksheet: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Worksheets(ctx, r)
			return err
		},
		models.KindCitation: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Citations(ctx, r)
			return err
		},
		models.KindSource: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Sources(ctx, r)
			return err
		},
		models.KindFragment: func(ctx context.Context, r content.ListRequest) error {
			_, err := s.content.Fragments(ctx, r)
			return err
		},
		models.KindAsset: func(ctx context.Context, r content.ListRequest) error { _, err := s.content.Assets(ctx, r); return err },
	}
	app := fiber.New()
	f.Fuzz(func(t *testing.T, written string) {
		for kind, list := range lists {
			var request fasthttp.RequestCtx
			request.Request.SetRequestURI("/?" + written)
			c := app.AcquireCtx(&request)
			p := query(c, listParams(kind)...)
			req, _ := p.list(kind)
			err := p.err()
			if err == nil {
				err = list(t.Context(), req)
			}
			app.ReleaseCtx(c)
			if err == nil {
				continue
			}
			e, ok := errors.AsType[*models.Error](err)
			if !ok || e.Kind != models.KindMalformed || len(e.Fields) == 0 {
				t.Fatalf("%s %q: %v", kind, written, err)
			}
		}
	})
}
