package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIfNoneMatch(t *testing.T) {
	s := newSite(t)
	s.teach()
	const path = "/v1/courses/tea"
	tag := s.get(path).header.Get("ETag")
	bare := strings.Trim(tag, `"`)
	for name, tt := range map[string]struct {
		header string
		status int
	}{
		"the tag":              {tag, http.StatusNotModified},
		"weak":                 {"W/" + tag, http.StatusNotModified},
		"anything":             {"*", http.StatusNotModified},
		"anything, spaced":     {" * ", http.StatusNotModified},
		"in a list":            {`"other", ` + tag, http.StatusNotModified},
		"in a list, weak":      {`W/"other",W/` + tag + `,"third"`, http.StatusNotModified},
		"gzip":                 {`"` + bare + `-gz"`, http.StatusNotModified},
		"brotli":               {`W/"` + bare + `-br"`, http.StatusNotModified},
		"another":              {`"other"`, http.StatusOK},
		"another coding":       {`"` + bare + `-zstd"`, http.StatusOK},
		"a part of it":         {`"` + bare[:8] + `"`, http.StatusOK},
		"in other letter case": {strings.ToUpper(tag), http.StatusOK},
		"empty":                {"", http.StatusOK},
		"empty tag":            {`""`, http.StatusOK},
		"a star in quotes":     {`"*"`, http.StatusOK},
		"nonsense":             {`,,"",W/`, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			for _, cacheControl := range []string{"", "no-cache", "max-age=0"} {
				got := s.get(path, "If-None-Match", tt.header, "Cache-Control", cacheControl).want(t, tt.status)
				if got.header.Get("ETag") != tag {
					t.Errorf("the answer has the tag %s, want %s", got.header.Get("ETag"), tag)
				}
			}
		})
	}
}

func TestReadsAreCacheable(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	paths := append(append(l.addresses(), lists...), "/v1/search?q=kettle", "/openapi.yaml", "/docs", "/docs/docs.css")
	tags := map[string]string{}
	for _, path := range paths {
		got := s.get(path).want(t, http.StatusOK)
		if got.header.Get("Cache-Control") != cacheControl {
			t.Errorf("%s: Cache-Control is %q", path, got.header.Get("Cache-Control"))
		}
		tags[path] = got.header.Get("ETag")
		s.get(path, "If-None-Match", tags[path]).want(t, http.StatusNotModified)
	}
	if tags["/v1/courses"] == tags["/v1/modules"] {
		t.Error("different answers have the same tag")
	}
}

func TestTagFollowsContent(t *testing.T) {
	s := newSite(t)
	s.teach()
	before := s.get("/v1/courses/tea/modules/brewing/sections/leaves")
	s.fill("garden", 1)
	after := s.get("/v1/courses/tea/modules/brewing/sections/leaves")
	if before.header.Get("ETag") != after.header.Get("ETag") {
		t.Error("a publish elsewhere changed the tag")
	}
	list := s.get("/v1/courses", "If-None-Match", before.header.Get("ETag"))
	list.want(t, http.StatusOK)
}

func TestAnswersAreTheSameAfterRestart(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	paths := append(append(l.addresses(), lists...),
		"/v1/sections?body=blocks,html,markdown,text", "/v1/worksheets?body=blocks,html,markdown,text",
		"/v1/courses/tea/modules/brewing/tree?body=html", "/v1/search?q=kettle+water")
	before := map[string]answer{}
	for _, path := range paths {
		before[path] = s.get(path).want(t, http.StatusOK)
	}
	s.stop()
	s = startSite(t, s.dir)
	for _, path := range paths {
		after := s.get(path)
		if diff := cmp.Diff(before[path].body, after.body); diff != "" || before[path].header.Get("ETag") != after.header.Get("ETag") {
			t.Errorf("%s: before -, after +\n%s", path, diff)
		}
	}
}
