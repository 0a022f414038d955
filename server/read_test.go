package server

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// addresses are all that a lesson can be read at, those by path after those by id.
func (l *lesson) addresses() []string {
	const brewing = "/v1/courses/tea/modules/brewing"
	var out []string
	for _, r := range []models.Record{l.course, l.module, l.part, l.page, l.last, l.sheet, l.source, l.picture} {
		out = append(out, models.Href(r.Kind(), r.Base().ID))
	}
	return append(out, models.Href(models.KindCitation, l.page.Citations[0].ID), "/v1/courses/tea", "/v1/courses/tea/same-sources", brewing, brewing+"/tree",
		brewing+"/sections/temperature", brewing+"/worksheets/cups")
}

func TestReadsByIDAndPathAgree(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	const brewing = "/v1/courses/tea/modules/brewing"
	for path, r := range map[string]models.Record{
		"/v1/courses/tea":                 l.course,
		brewing:                           l.module,
		brewing + "/sections/temperature": l.page,
		brewing + "/worksheets/cups":      l.sheet,
	} {
		byPath, byID := s.get(path).want(t, http.StatusOK), s.get(models.Href(r.Kind(), r.Base().ID))
		if diff := cmp.Diff(byID.body, byPath.body); diff != "" {
			t.Errorf("%s: by id -, by path +\n%s", path, diff)
		}
	}
}

func TestEverythingCanBeRead(t *testing.T) {
	s := newSite(t)
	for _, path := range s.teach().addresses() {
		s.get(path).want(t, http.StatusOK)
	}
	for _, path := range lists {
		if len(s.get(path).part(t).Data) == 0 {
			t.Errorf("%s is empty", path)
		}
	}
}

func TestSourcesThatMayBeOneWork(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	const path = "/v1/courses/tea/same-sources"
	if body := s.get(path).want(t, http.StatusOK).body; body != `{"data":[]}` {
		t.Errorf("without any: %s", body)
	}
	twin, draft := *l.source, *l.source
	twin.Meta, twin.Key, draft.Meta, draft.Key = meta(), "moreau-2019-2", meta(), "moreau-2019-3"
	check(t, s.content.Create(t.Context(), &twin, editor))
	s.publish(&twin)
	check(t, s.content.Create(t.Context(), &draft, editor)) // readers must not learn of it

	got := s.get(path).want(t, http.StatusOK)
	var answer struct {
		Data []content.SourceGroup `json:"data"`
	}
	check(t, models.Decode([]byte(got.body), &answer))
	var hrefs []string
	for _, group := range answer.Data {
		hrefs = append(hrefs, group.Reason)
		for _, source := range group.Sources {
			hrefs = append(hrefs, *source.Href)
		}
	}
	want := []string{"title_year", models.Href(models.KindSource, l.source.ID), models.Href(models.KindSource, twin.ID)}
	if diff := cmp.Diff(want, hrefs); diff != "" {
		t.Error(diff)
	}
	byID := s.get("/v1/courses/"+string(l.course.ID)+"/same-sources").want(t, http.StatusOK)
	if diff := cmp.Diff(got.body, byID.body); diff != "" {
		t.Error(diff)
	}
	s.get("/v1/courses/coffee/same-sources").want(t, http.StatusNotFound)
}

func TestSectionHasItsSurroundings(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	got := s.get(models.Href(models.KindSection, l.page.ID)).data(t)
	for key, want := range map[string]string{
		"course": "Tea for Beginners", "module": "Brewing", "parent": "Water", "previous": "Water", "next": "Leaves",
	} {
		if title := got.object(key).text("title"); title != want {
			t.Errorf("%s is %q, want %q", key, title, want)
		}
	}
	var crumbs []string
	for _, crumb := range got.list("breadcrumbs") {
		crumbs = append(crumbs, crumb.text("slug"))
	}
	if diff := cmp.Diff([]string{"tea", "brewing", "water"}, crumbs); diff != "" {
		t.Errorf("breadcrumbs: %s", diff)
	}
	citation := got.list("citations")[0]
	if href := citation.object("source").text("href"); href != models.Href(models.KindSource, l.source.ID) {
		t.Errorf("the citation's source is at %q", href)
	}
	if slug, ok := citation.object("source")["slug"]; !ok || slug != "" {
		t.Errorf("the slug of a source is %v, want an empty one", slug)
	}
}

func TestBodies(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	all := []string{"blocks", "html", "markdown", "text"}
	sheetKeys := map[string][]string{"blocks": {"instructions", "prompts"}}
	for name, tt := range map[string]struct {
		path string
		keys map[string][]string // of a form; its own name where there is none
		none []string            // forms without the parameter
		take func(answer) record
	}{
		"section":    {models.Href(models.KindSection, l.page.ID), nil, []string{"blocks"}, func(a answer) record { return a.data(t) }},
		"worksheet":  {models.Href(models.KindWorksheet, l.sheet.ID), sheetKeys, []string{"blocks"}, func(a answer) record { return a.data(t) }},
		"sections":   {"/v1/sections", nil, nil, func(a answer) record { return a.part(t).Data[0] }},
		"worksheets": {"/v1/worksheets", sheetKeys, nil, func(a answer) record { return a.part(t).Data[0] }},
		"tree": {"/v1/courses/tea/modules/brewing/tree", nil, nil, func(a answer) record {
			return a.data(t).list("tree")[0].list("children")[0]
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for set := range 1 << len(all) {
				forms, path := tt.none, tt.path
				if set > 0 {
					forms = subset(all, set)
					path += "?body=" + strings.Join(forms, ",")
				}
				got := tt.take(s.get(path))
				for _, form := range all {
					keys := tt.keys[form]
					if keys == nil {
						keys = []string{form}
					}
					for _, key := range keys {
						if _, has := got[key]; has != slices.Contains(forms, form) {
							t.Errorf("%s: %s is there: %v", path, key, has)
						}
					}
				}
			}
		})
	}
}

// subset gives the elements whose bits are set.
func subset(all []string, set int) []string {
	var out []string
	for i, s := range all {
		if set>>i&1 == 1 {
			out = append(out, s)
		}
	}
	return out
}

func TestTreeIsNestedInOrder(t *testing.T) {
	s := newSite(t)
	s.teach()
	var slugs func(nodes []record) []any
	slugs = func(nodes []record) (out []any) {
		for _, n := range nodes {
			out = append(out, n.text("slug"))
			if below := slugs(n.list("children")); below != nil {
				out = append(out, below)
			}
		}
		return out
	}
	tree := s.get("/v1/courses/tea/modules/brewing/tree").data(t)
	if diff := cmp.Diff([]any{"water", []any{"temperature"}, "leaves"}, slugs(tree.list("tree"))); diff != "" {
		t.Error(diff)
	}
}

func TestHTMLIsSafeAndWhole(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	page := s.get(models.Href(models.KindSection, l.page.ID) + "?body=html").data(t).text("html")
	for _, want := range []string{
		`<h2 id="reading-the-kettle">`, `<p>Sip</p>`, `role="doc-noteref"`, "Which cup is sweeter?", "Ask whoever stands",
		models.Href(models.KindAsset, l.picture.ID) + "/file",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the HTML lacks %q:\n%s", want, page)
		}
	}
	for _, bad := range []string{"<script", "steep()", "<!--", "lectern:"} {
		if strings.Contains(page, bad) {
			t.Errorf("the HTML has %q:\n%s", bad, page)
		}
	}
}

func TestAssetFile(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	url := s.get(models.Href(models.KindAsset, l.picture.ID)).data(t).text("url")
	file := s.get(url).want(t, http.StatusOK)
	if file.body != pictureBytes {
		t.Errorf("the file is %q", file.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/svg+xml", "Content-Disposition": "inline; filename=kettle.svg",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": fileCSP,
	} {
		if got := file.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	s.get(url, "If-None-Match", file.header.Get("ETag")).want(t, http.StatusNotModified)
	check(t, os.RemoveAll(filepath.Join(s.dir, "files")))
	if p := s.get(url).problem(t, http.StatusServiceUnavailable); p.Detail != "the file of the asset is not available" {
		t.Errorf("a lost file: %q", p.Detail)
	}
}

// Markup that no block can hold is as safe in the blocks as in the HTML.
func TestRawHTMLIsSanitised(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for _, b := range s.get(models.Href(models.KindSection, l.page.ID)).data(t).list("blocks") {
		if b.text("kind") == "raw_html" && b.text("html") != "<p>Sip</p>" {
			t.Errorf("the block has %q", b.text("html"))
		}
	}
}

func TestUnpublishedIsGone(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	_, _, err := s.content.Unpublish(t.Context(), *ref(l.module))
	check(t, err)
	for _, r := range []models.Record{l.module, l.part, l.page, l.sheet, l.source, l.picture} {
		path := models.Href(r.Kind(), r.Base().ID)
		if p := s.get(path).problem(t, http.StatusGone); !strings.Contains(p.Detail, "no longer published") {
			t.Errorf("%s: %q", path, p.Detail)
		}
	}
	s.get(models.Href(models.KindAsset, l.picture.ID)+"/file").problem(t, http.StatusGone)
	s.get(models.Href(models.KindCitation, l.page.Citations[0].ID)).problem(t, http.StatusNotFound)
	s.get("/v1/courses/tea/modules/brewing").problem(t, http.StatusNotFound)
	if modules := s.get("/v1/courses/tea").data(t).list("modules"); len(modules) != 0 {
		t.Errorf("the course still has %v", modules)
	}
	s.publish(l.page)
	s.get(models.Href(models.KindSection, l.page.ID)).want(t, http.StatusOK)
}

func TestNotFound(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	unknown := string(models.NewID())
	for _, path := range []string{
		"/v1/courses/coffee", "/v1/courses/" + unknown, "/v1/courses/tea/modules/roasting",
		"/v1/courses/coffee/modules/brewing", "/v1/courses/tea/modules/brewing/sections/milk",
		"/v1/courses/tea/modules/roasting/tree", "/v1/courses/tea/modules/brewing/worksheets/mugs",
		"/v1/modules/" + unknown, "/v1/sections/" + unknown, "/v1/sections/nonsense", "/v1/worksheets/" + unknown,
		"/v1/sources/" + unknown, "/v1/citations/" + unknown, "/v1/assets/" + unknown, "/v1/assets/" + unknown + "/file", "/v1/fragments/" + unknown,
		models.Href(models.KindModule, l.page.ID), models.Href(models.KindSection, l.draft.ID),
		"/v1/courses/tea/modules/brewing/sections/unfinished", "/v1/courses/%FF", "/v1/courses/a%2Fb", "/v1/sections/%00",
	} {
		s.get(path).problem(t, http.StatusNotFound)
	}
	for _, path := range []string{"/v2", "/v1", "/v1/", "/v1/courses/", "/V1/courses", "/v1/redirects", "/%FF", "/v1/sections/a/b"} {
		s.wrong(http.MethodGet, path).problem(t, http.StatusNotFound)
	}
}
