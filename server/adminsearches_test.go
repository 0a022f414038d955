package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

const searchesPath = "/v1/admin/searches"

// counted writes down what was searched for, and gives the queries that somebody sees, as "query asked/nothing found".
func (v *visitor) counted(query string) []string {
	v.t.Helper()
	check(v.t, v.searches.Write(v.t.Context()))
	out := []string{}
	for _, q := range v.send(http.MethodGet, searchesPath+query, nil).part(v.t).Data {
		out = append(out, countOf(q))
	}
	return out
}

func countOf(q record) string {
	return q.text("query") + " " + fmt.Sprint(q["asked"]) + "/" + fmt.Sprint(q["nothing_found"])
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// What people search for is counted with each answer, whether it was kept or made, and whichever way they write it.
func TestSearchesAreCounted(t *testing.T) {
	for name, change := range map[string]func(*Config){"kept answers": func(*Config) {}, "made answers": uncached} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, change)
			s.teach()
			ines := s.with("ines", access.Grant{Role: access.Editor})
			for range 3 {
				s.find("steam")
			}
			s.find("  STEAM ")
			etag := s.get("/v1/search?q=steam").header.Get("ETag")
			s.get("/v1/search?q=steam", "If-None-Match", etag).want(t, http.StatusNotModified)
			s.find("zeppelin")
			s.find("steam zeppelin", "match=all")
			wantSame(t, ines.counted(""), []string{"steam 6/0", "steam zeppelin 1/1", "zeppelin 1/1"})
			if hits := s.metric("lectern_search_empty_total"); hits == 0 {
				t.Error("nothing was searched in vain")
			}

			more := s.get("/v1/search?limit=1&q=" + url.QueryEscape("water steam leaves"))
			if next := more.part(t).Links.text("next"); next == "" {
				t.Error("there is no further page")
			} else {
				s.get(next).want(t, http.StatusOK)
			}
			for _, path := range []string{
				"/v1/search?typing=true&q=ste", "/v1/suggest?q=steam", "/v1/search?q=", "/v1/search/export?format=csv&q=steam", "/v1/search/feed?format=json&q=steam",
			} {
				s.get(path).want(t, http.StatusOK)
			}
			s.wrong(http.MethodGet, "/v1/search?q=steam&sort=nice").want(t, http.StatusBadRequest)
			s.do(t.Context(), http.MethodHead, "/v1/search?q=steam")
			wantSame(t, ines.counted(""), []string{"steam 6/0", "steam zeppelin 1/1", "water steam leaves 1/0", "zeppelin 1/1"})
		})
	}
}

// What may tell of a person is counted without its words, and nothing is kept of who asked.
func TestCountsOfSearchesTellOfNobody(t *testing.T) {
	s := newSite(t)
	s.teach()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	for _, q := range []string{"ada@example.org", "4111 1111 1111 1111", "steam"} {
		s.find(q)
	}
	wantSame(t, ines.counted(""), []string{"steam 1/0"})
	sum := ines.send(http.MethodGet, searchesPath+"/summary", nil).data(t)
	if sum["asked"] != 3. || sum["without_words"] != 2. || sum["nothing_found"] != 2. {
		t.Errorf("counted %v", sum)
	}
	for _, answer := range []string{ines.send(http.MethodGet, searchesPath, nil).body, ines.send(http.MethodGet, searchesPath+"/summary", nil).body} {
		if strings.Contains(answer, "ada@") || strings.Contains(answer, "4111") || strings.Contains(answer, "127.0.0.1") {
			t.Errorf("told is %s", answer)
		}
	}
}

// Who turns it off has nothing counted.
func TestNobodyCountsSearches(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.Searches = nil })
	s.teach()
	s.find("steam")
	wantSame(t, s.with("ines", access.Grant{Role: access.Editor}).counted(""), []string{})
}

func TestListsOfSearches(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	empty := ines.send(http.MethodGet, searchesPath+"/summary", nil).data(t)
	today := s.clock.now().UTC()
	wantSame(t, empty, record{
		"from": today.AddDate(0, 0, -29).Format(time.DateOnly), "to": today.Format(time.DateOnly), "asked": 0., "nothing_found": 0.,
		"nothing_found_share": nil, "without_words": 0., "days": []any{},
	})
	wantSame(t, ines.counted(""), []string{})

	inCourse := "filter[course]=" + string(l.course.ID)
	for _, q := range []string{"steam", "steam", "steam", "zeppelin", "zeppelin", "airship"} {
		s.find(q)
	}
	s.find("steam", inCourse)
	s.find("airship", inCourse)
	wantSame(t, ines.counted(""), []string{"steam 4/0", "airship 2/2", "zeppelin 2/2"})
	wantSame(t, ines.counted("?only=nothing_found"), []string{"airship 2/2", "zeppelin 2/2"})
	wantSame(t, ines.counted("?sort=-query"), []string{"zeppelin 2/2", "steam 4/0", "airship 2/2"})
	wantSame(t, ines.counted("?course="+string(l.course.ID)), []string{"airship 1/1", "steam 1/0"})
	first := ines.send(http.MethodGet, searchesPath, nil).part(t).Data[0]
	if first["last_day"] != today.Format(time.DateOnly) || first["last_total"] != s.find("steam").Meta["total"] {
		t.Errorf("the first is %v", first)
	}
	sum := ines.send(http.MethodGet, searchesPath+"/summary?course="+string(l.course.ID), nil).data(t)
	if sum["asked"] != 2. || sum["nothing_found_share"] != 0.5 {
		t.Errorf("of the course it is %v", sum)
	}
	yesterday := "?to=" + today.AddDate(0, 0, -1).Format(time.DateOnly)
	wantSame(t, ines.counted(yesterday), []string{})

	var paged []string
	for path := searchesPath + "?limit=1"; path != ""; {
		part := ines.send(http.MethodGet, path, nil).part(t)
		paged = append(paged, countOf(part.Data[0]))
		path = part.Links.text("next")
	}
	wantSame(t, paged, ines.counted(""))
}

func TestWhoSeesWhatPeopleSearchFor(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	here := []access.Limit{{Course: l.course.ID}}
	coffee := &models.Course{Meta: models.Meta{ID: models.NewID()}, Slug: "coffee", Title: "Coffee", Language: "en", Numbering: models.NumberAsWritten}
	check(t, s.content.Create(t.Context(), coffee, editor))
	elsewhere := []access.Limit{{Course: coffee.ID}}
	s.find("steam")
	s.find("bubbles", "filter[course]="+string(l.course.ID))
	owner := s.owner()
	reader := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.ContentRead}})
	drafts := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}})
	narrow := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}, Courses: []models.ID{l.course.ID}})
	all, own := []string{"bubbles 1/0", "steam 1/0"}, []string{"bubbles 1/0"}
	for name, tt := range map[string]struct {
		who  *visitor
		want []string
		or   int
	}{
		"an owner":               {owner, all, 0},
		"an editor":              {s.with("ines", access.Grant{Role: access.Editor}), all, 0},
		"an editor of a course":  {s.with("omar", access.Grant{Role: access.Editor, Limits: here}), own, 0},
		"an editor of another":   {s.with("mia", access.Grant{Role: access.Editor, Limits: elsewhere}), []string{}, 0},
		"an editor of a module":  {s.with("leo", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: l.course.ID, Module: &l.module.ID}}}), nil, http.StatusForbidden},
		"an author":              {s.with("ada", access.Grant{Role: access.Author}), nil, http.StatusForbidden},
		"a translator":           {s.with("tom", access.Grant{Role: access.Translator}), nil, http.StatusForbidden},
		"a viewer":               {s.with("vera", access.Grant{Role: access.Viewer}), nil, http.StatusForbidden},
		"somebody without roles": {s.with("noor"), nil, http.StatusForbidden},
		"nobody":                 {s.nobody(), nil, http.StatusUnauthorized},
		"a token for content":    {reader, nil, http.StatusForbidden},
		"a token for drafts":     {drafts, all, 0},
		"a token for a course":   {narrow, own, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.or != 0 {
				tt.who.wrongly(http.MethodGet, searchesPath, nil).problem(t, tt.or)
				tt.who.wrongly(http.MethodGet, searchesPath+"/summary", nil).problem(t, tt.or)
				return
			}
			got := tt.who.counted("")
			wantSame(t, got, tt.want)
			if sum := tt.who.send(http.MethodGet, searchesPath+"/summary", nil).data(t); sum["asked"] != float64(len(tt.want)) {
				t.Errorf("the summary is %v", sum)
			}
		})
	}
}

func TestSearchesThatCannotBeListed(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	s.find("steam")
	s.find("bubbles")
	ines.counted("")
	next := ines.send(http.MethodGet, searchesPath+"?limit=1", nil).part(t).Links.text("next")
	_, cursor, _ := strings.Cut(next, "after=")
	cursor, _, _ = strings.Cut(cursor, "&")
	for query, param := range map[string]string{
		"from=2026-02-30": "from", "from=yesterday": "from", "to=": "to", "from=0000-01-01": "from", "to=2026-02-03T00:00:00Z": "to",
		"from=2026-02-03&to=2026-02-02": "from", "from=2020-01-01&to=2026-01-01": "from", "from=9999-12-31": "from",
		"course=tea": "course", "only=everything": "only", "only=": "only", "sort=total": "sort", "limit=0": "limit", "limit=101": "limit",
		"after=": "after", "after=x": "after", "after=!": "after", "since=2026-01-01": "since",
		"sort=query&after=" + cursor: "after", "from=2026-01-01&after=" + cursor: "after",
	} {
		t.Run(query, func(t *testing.T) {
			problem := ines.wrongly(http.MethodGet, searchesPath+"?"+query, nil).problem(t, http.StatusBadRequest)
			if len(problem.Errors) != 1 || problem.Errors[0].Param != param {
				t.Errorf("wrong is %+v", problem.Errors)
			}
			if summarized := slices.Contains([]string{"from", "to", "course"}, param) && !strings.Contains(query, "after"); summarized {
				ines.wrongly(http.MethodGet, searchesPath+"/summary?"+query, nil).problem(t, http.StatusBadRequest)
			}
		})
	}
	for _, path := range []string{searchesPath, searchesPath + "/summary"} {
		ines.send(http.MethodGet, path+"?course="+string(models.NewID()), nil).problem(t, http.StatusNotFound)
		ines.send(http.MethodGet, path+"?course="+string(l.module.ID), nil).problem(t, http.StatusNotFound)
	}
	ines.wrongly(http.MethodGet, searchesPath+"/total", nil).problem(t, http.StatusNotFound)
	ines.wrongly(http.MethodPost, searchesPath, map[string]any{}).problem(t, http.StatusNotFound)
}
