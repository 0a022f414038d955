package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func (s *site) changes(query string) changesAnswer {
	s.t.Helper()
	var out changesAnswer
	check(s.t, json.Unmarshal([]byte(s.get("/v1/changes"+query).want(s.t, http.StatusOK).body), &out))
	return out
}

// A copy that is kept by changes alone has what the API has.
func TestChangesKeepACopyInStep(t *testing.T) {
	s := newSite(t)
	copied := map[string]bool{}
	var since int64
	follow := func(limit int) {
		t.Helper()
		for more := true; more; {
			got := s.changes(fmt.Sprintf("?since=%d&limit=%d", since, limit))
			for _, c := range got.Data {
				copied[c.Href] = c.Op == models.OpPublish
			}
			if got.Meta.Revision < since || len(got.Data) == 0 && got.Meta.More {
				t.Fatalf("no way on from %d: %+v", since, got.Meta)
			}
			since, more = got.Meta.Revision, got.Meta.More
		}
	}
	follow(1)
	s.fill("garden", 3)
	balcony := s.fill("balcony", 2)
	follow(1)
	_, _, err := s.content.Unpublish(t.Context(), *ref(balcony))
	check(t, err)
	follow(2)
	for href, there := range copied {
		want := http.StatusGone
		if there {
			want = http.StatusOK
		}
		s.get(href).want(t, want)
	}
	if len(copied) != 2+3*2+2+2*2 {
		t.Errorf("%d records have changed", len(copied))
	}
}

func TestChangesWait(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 1)
	newest := s.changes("").Meta.Newest
	if got := s.changes(fmt.Sprintf("?since=%d&wait=1", newest)); len(got.Data) != 0 || got.Meta.Revision != newest {
		t.Errorf("when the time is over: %+v", got)
	}
	heard := make(chan changesAnswer, 1)
	go func() { heard <- s.changes(fmt.Sprintf("?since=%d&wait=20", newest)) }()
	time.Sleep(50 * time.Millisecond)
	s.fill("balcony", 1)
	select {
	case got := <-heard:
		if len(got.Data) == 0 || got.Meta.Revision <= newest {
			t.Errorf("heard %+v", got)
		}
	case <-time.After(15 * time.Second):
		t.Error("nobody was woken")
	}
}

func TestStoppingWakesThoseWhoWait(t *testing.T) {
	s := newSite(t)
	done := make(chan int, 1)
	go func() { done <- s.get("/v1/changes?wait=25").status }()
	time.Sleep(50 * time.Millisecond)
	begin := time.Now()
	s.stop()
	if status := <-done; status != http.StatusOK || time.Since(begin) > 10*time.Second {
		t.Errorf("status %d after %v", status, time.Since(begin))
	}
}

func TestChangesOfOtherContent(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 1)
	s.get("/v1/changes?since=99").problem(t, http.StatusConflict)
	if got := s.changes("?limit=0"); len(got.Data) != 0 || got.Meta != (changesMeta{Revision: 0, Newest: 1, More: true}) {
		t.Errorf("without changes: %+v", got)
	}
	for _, query := range []string{"since=-1", "since=x", "limit=-1", "limit=10001", "wait=26", "wait=1s"} {
		s.wrong(http.MethodGet, "/v1/changes?"+query).problem(t, http.StatusBadRequest)
	}
}

// rename gives a record another slug and publishes that alone.
func (s *site) rename(r models.Record, to func(models.Record)) {
	s.t.Helper()
	s.change(r, to)
	_, _, err := s.content.Publish(s.t.Context(), content.PublishRequest{Alone: []models.Ref{*ref(r)}})
	check(s.t, err)
}

func TestOldSlugsLeadToTheNewOnes(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.rename(l.page, func(r models.Record) { r.(*models.Section).Slug = "heat" })
	s.rename(l.module, func(r models.Record) { r.(*models.Module).Slug = "making-tea" })
	for path, want := range map[string]string{
		"/v1/courses/tea/modules/brewing":                                "/v1/courses/tea/modules/making-tea",
		"/v1/courses/tea/modules/brewing/tree?body=text":                 "/v1/courses/tea/modules/making-tea/tree?body=text",
		"/v1/courses/tea/modules/brewing/sections/temperature?body=text": "/v1/courses/tea/modules/making-tea/sections/heat?body=text",
		"/v1/courses/tea/modules/making-tea/sections/temperature":        "/v1/courses/tea/modules/making-tea/sections/heat",
		"/v1/courses/tea/modules/brewing/sections/heat":                  "/v1/courses/tea/modules/making-tea/sections/heat",
		"/v1/courses/tea/modules/brewing/worksheets/cups?include=module": "/v1/courses/tea/modules/making-tea/worksheets/cups?include=module",
	} {
		got := s.get(path).want(t, http.StatusPermanentRedirect)
		if got.header.Get("Location") != want {
			t.Errorf("%s leads to %s", path, got.header.Get("Location"))
		}
		s.get(want).want(t, http.StatusOK)
	}
	s.rename(l.course, func(r models.Record) { r.(*models.Course).Slug = "hot-drinks" })
	for path, want := range map[string]string{
		"/v1/courses/tea/sitemap":      "/v1/courses/hot-drinks/sitemap",
		"/v1/courses/tea/same-sources": "/v1/courses/hot-drinks/same-sources",
		"/v1/courses/tea?fields=title": "/v1/courses/hot-drinks?fields=title",
	} {
		if got := s.get(path).want(t, http.StatusPermanentRedirect).header.Get("Location"); got != want {
			t.Errorf("%s leads to %s", path, got)
		}
		s.get(want).want(t, http.StatusOK)
	}
	s.rename(l.course, func(r models.Record) { r.(*models.Course).Slug = "tea" })
	s.rename(l.page, func(r models.Record) { r.(*models.Section).Slug = "tree" }) // which is also what a module can be asked for
	s.rename(l.page, func(r models.Record) { r.(*models.Section).Slug = "heat" })
	const tree = "/v1/courses/tea/modules/making-tea/sections/"
	if got := s.get(tree+"tree").want(t, http.StatusPermanentRedirect).header.Get("Location"); got != tree+"heat" {
		t.Errorf("a section that was called tree leads to %s", got)
	}
	s.get("/v1/courses/tea/modules/brewing/sections/nothing").want(t, http.StatusNotFound)

	// A slug that is taken again is that record's.
	s.rename(l.last, func(r models.Record) { r.(*models.Section).Slug, r.(*models.Section).Title = "temperature", "Leaves" })
	if got := s.get("/v1/courses/tea/modules/making-tea/sections/temperature").data(t).text("id"); got != string(l.last.ID) {
		t.Errorf("the slug leads to %s", got)
	}
}

func TestResolve(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.rename(l.page, func(r models.Record) { r.(*models.Section).Slug = "heat" })
	for path, want := range map[string]struct {
		record  models.Record
		path    string
		current bool
	}{
		"/tea":                         {l.course, "/tea", true},
		"/tea/":                        {l.course, "/tea", true},
		"/tea/brewing":                 {l.module, "/tea/brewing", true},
		"/tea/brewing/heat":            {l.page, "/tea/brewing/heat", true},
		"/tea/brewing/temperature":     {l.page, "/tea/brewing/heat", false},
		"/tea/brewing/worksheets/cups": {l.sheet, "/tea/brewing/worksheets/cups", true},
		"/v1/courses/tea":              {l.course, "/tea", false},
		"/v1/courses/tea/modules/brewing/sections/heat": {l.page, "/tea/brewing/heat", false},
		"/courses/tea/modules/brewing/worksheets/cups":  {l.sheet, "/tea/brewing/worksheets/cups", false},
	} {
		var got struct{ Data content.Resolved }
		check(t, json.Unmarshal([]byte(s.get("/v1/resolve?path="+url.QueryEscape(path)).want(t, http.StatusOK).body), &got))
		if got.Data.ID != want.record.Base().ID || string(*got.Data.Path) != want.path || got.Data.Current != want.current {
			t.Errorf("%s: %+v", path, got.Data)
		}
	}
	for _, path := range []string{"/", "//", "/coffee", "/tea/brewing/nothing", "/tea/brewing/unfinished", "/a/b/c/d/e", "/v1", "/courses/tea/modules", "/%00"} {
		s.get("/v1/resolve?path="+url.QueryEscape(path)).want(t, http.StatusNotFound)
	}
	for _, query := range []string{"", "?path=", "?path=tea", "?path=/tea&path=/tea"} {
		s.wrong(http.MethodGet, "/v1/resolve"+query).problem(t, http.StatusBadRequest)
	}
}

func TestSitemap(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	got := s.get("/v1/courses/tea/sitemap").want(t, http.StatusOK)
	var answer struct{ Data []record }
	check(t, json.Unmarshal([]byte(got.body), &answer))
	var paths []string
	for _, e := range answer.Data {
		paths = append(paths, e.text("path"))
		var found struct{ Data record }
		check(t, json.Unmarshal([]byte(s.get("/v1/resolve?path="+url.QueryEscape(e.text("path"))).want(t, http.StatusOK).body), &found))
		if found.Data.text("id") != e.text("id") || found.Data["current"] != true {
			t.Errorf("%s resolves to %v", e.text("path"), found.Data)
		}
	}
	want := []string{"/tea", "/tea/brewing", "/tea/brewing/water", "/tea/brewing/temperature", "/tea/brewing/leaves", "/tea/brewing/worksheets/cups"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
	if answer.Data[5].text("module") != string(l.module.ID) || answer.Data[2].text("module") != string(l.module.ID) || answer.Data[1]["module"] != nil {
		t.Errorf("modules: %v", answer.Data)
	}
	if answer.Data[3].text("parent") != string(l.part.ID) || answer.Data[2]["parent"] != nil {
		t.Errorf("parents: %v", answer.Data)
	}
	if byID := s.get("/v1/courses/" + string(l.course.ID) + "/sitemap"); byID.body != got.body {
		t.Error("by id it is another one")
	}
	s.get("/v1/courses/coffee/sitemap").want(t, http.StatusNotFound)
}
