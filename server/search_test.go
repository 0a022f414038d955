package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// find searches for a text.
func (s *site) find(q string, more ...string) part {
	s.t.Helper()
	return s.get("/v1/search?" + strings.Join(append(more, "q="+url.QueryEscape(q)), "&")).part(s.t)
}

// hit gives the hit that is a record.
func (p part) hit(t testing.TB, r models.Record) record {
	t.Helper()
	i := slices.IndexFunc(p.Data, func(hit record) bool { return hit.text("id") == string(r.Base().ID) })
	if i < 0 {
		t.Fatalf("the %s %q is not among the hits", r.Kind(), r.Label())
	}
	return p.Data[i]
}

func TestSearchFindsAnyWord(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	found := s.find("the bubbles zeppelin")
	hit := found.hit(t, l.page)
	if diff := cmp.Diff(record{"matched": []any{"bubbles"}, "missing": []any{"zeppelin"}}, record{"matched": hit["matched"], "missing": hit["missing"]}); diff != "" {
		t.Error(diff)
	}
	word := func(text string) record { return record{"op": "word", "text": text} }
	want := record{
		"text": "the bubbles zeppelin", "match": "any", "words": []any{"bubbles", "zeppelin"}, "ignored": []any{"the"},
		"parsed":   map[string]any{"op": "words", "parts": []any{map[string]any(word("the")), map[string]any(word("bubbles")), map[string]any(word("zeppelin"))}},
		"sentence": "any of: “the”, “bubbles”, “zeppelin”", "notes": []any{},
	}
	if diff := cmp.Diff(want, found.Meta.object("query")); diff != "" {
		t.Error(diff)
	}
	if found.Meta["all_words"] != 0. || found.Meta["any_word"] != found.Meta["total"] {
		t.Errorf("meta is %v", found.Meta)
	}
}

func TestSearchMatchAll(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	found := s.find("steam bubbles", "match=all")
	if len(found.Data) != 1 || found.Meta["total"] != 1. || found.Meta["total"] != found.Meta["all_words"] {
		t.Errorf("match=all finds %v", found.Meta)
	}
	found.hit(t, l.page)
	if none := s.find("steam zeppelin", "match=all"); len(none.Data) != 0 || none.Meta["any_word"] == 0. {
		t.Errorf("match=all finds %v", none.Meta)
	}
}

func TestSearchLeadsToThePassage(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for q, want := range map[string]struct{ snippet, block, anchor any }{
		"steam":    {"<mark>Steam</mark> rises before water boils.", "b1", nil},
		"bubbles":  {"Look for small <mark>bubbles</mark>.", "b3", "reading-the-kettle"},
		"dissolve": {"Bitterness <mark>dissolves</mark> late.", "b10", "reading-the-kettle"},
		"counter":  {"Ask whoever stands behind the <mark>counter</mark>.", "b16", "reading-the-kettle"},
	} {
		hit := s.find(q).hit(t, l.page)
		if !strings.Contains(hit.text("snippet"), fmt.Sprint(want.snippet)) {
			t.Errorf("%s: the snippet is %q", q, hit.text("snippet"))
		}
		if hit["block_id"] != want.block || hit["anchor"] != want.anchor {
			t.Errorf("%s leads to block %v under %v, want %v under %v", q, hit["block_id"], hit["anchor"], want.block, want.anchor)
		}
	}
	hit := s.find("temperature").hit(t, l.page)
	if hit.text("title_html") != "<mark>Temperature</mark>" {
		t.Errorf("the title is %q", hit.text("title_html"))
	}
	var crumbs []string
	for _, crumb := range hit.list("breadcrumbs") {
		crumbs = append(crumbs, crumb.text("title"))
	}
	if diff := cmp.Diff([]string{"Tea for Beginners", "Brewing", "Water"}, crumbs); diff != "" {
		t.Errorf("breadcrumbs: %s", diff)
	}
}

// An anchor is the id of a heading in the HTML of the same section.
func TestAnchorIsInTheHTML(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	anchor := s.find("bubbles").hit(t, l.page).text("anchor")
	page := s.get(models.Href(models.KindSection, l.page.ID) + "?body=html").data(t).text("html")
	if !strings.Contains(page, `id="`+anchor+`"`) {
		t.Errorf("no %q in %s", anchor, page)
	}
}

func TestSearchTypes(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	const q = "water kettle cups leaf"
	all := map[string]models.Record{"section": l.page, "module": l.module, "worksheet": l.sheet, "source": l.source, "asset": l.picture}
	everything := s.find(q)
	for kind, r := range all {
		everything.hit(t, r)
		found := s.find(q, "type="+kind)
		found.hit(t, r)
		for _, hit := range found.Data {
			if hit.text("type") != kind {
				t.Errorf("type=%s finds a %s", kind, hit.text("type"))
			}
		}
	}
	if two := s.find(q, "type=source,module"); len(two.Data) != 2 {
		t.Errorf("two types have %d hits", len(two.Data))
	}
}

// What a picture shows and what is said in a film can be found.
func TestSearchFindsAssets(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.change(l.picture, func(r models.Record) {
		a := r.(*models.Asset)
		a.Alt, a.Caption, a.Credit = "A samovar", "Steaming on the *verandah*", "Photograph: Oren Blum"
		a.Transcript, a.License = "First she rinses the pot.\nThen the **gunpowder** leaves go in.", "CC-BY-SA-4.0"
	})
	check(t, s.follower.CatchUp(t.Context()))
	if found := s.find("gunpowder"); len(found.Data) != 0 {
		t.Errorf("the draft of an asset is found: %v", found.Data)
	}
	s.publish(l.picture)
	check(t, s.follower.CatchUp(t.Context()))
	for q, snippet := range map[string]string{
		"samovar": "A <mark>samovar</mark>", "verandah": "<mark>verandah</mark>", "blum": "<mark>Blum</mark>",
		`"gunpowder leaves"`: "<mark>gunpowder</mark> <mark>leaves</mark>", "license:cc-by-sa": "A samovar",
	} {
		hit := s.find(q, "filter[license]=CC-BY-SA-4.0", "type=asset").hit(t, l.picture)
		if !strings.Contains(hit.text("snippet"), snippet) || hit.text("href") != models.Href(models.KindAsset, l.picture.ID) {
			t.Errorf("%s finds %v", q, hit)
		}
	}
}

// The summary of a section is what its author says that it is about: it is found, and stands in no block.
func TestSearchFindsSummaries(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.change(l.page, func(r models.Record) { r.(*models.Section).Summary = "For everybody who owns a *samovar*." })
	s.publish(l.page)
	check(t, s.follower.CatchUp(t.Context()))
	hit := s.find("samovar", "type=section").hit(t, l.page)
	if !strings.Contains(hit.text("snippet"), "owns a <mark>samovar</mark>") || hit["block_id"] != nil || hit["anchor"] != nil {
		t.Errorf("the summary is found as %v", hit)
	}
}

func TestSearchPages(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 7)
	whole := s.find("mint", "type=section")
	if len(whole.Data) != 7 || whole.Links["next"] != nil {
		t.Fatalf("%d hits, next is %v", len(whole.Data), whole.Links["next"])
	}
	for limit := 1; limit <= 8; limit++ {
		var got []record
		for path := fmt.Sprintf("/v1/search?q=mint&type=section&limit=%d", limit); path != ""; {
			p := s.get(path).part(t)
			got = append(got, p.Data...)
			path = p.Links.text("next")
		}
		if diff := cmp.Diff(whole.Data, got); diff != "" {
			t.Errorf("in parts of %d: %s", limit, diff)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 3)
	next, err := url.Parse(s.find("mint", "limit=1").Links.text("next"))
	check(t, err)
	cursor := next.Query().Get("after")
	for query, names := range map[string][]string{
		"":        {"q"},
		"q=a&q=b": {"q"},
		"q=%FF":   {"q"},
		"q=" + strings.Repeat("a", search.MaxQueryBytes+1): {"q"},
		"q=a&type=course":                           {"type"},
		"q=a&type=":                                 {"type"},
		"q=a&type=section,section":                  {"type"},
		"q=a&match=some":                            {"match"},
		"q=a&match=any,all":                         {"match"},
		"q=a&limit=0":                               {"limit"},
		"q=a&sort=size&lang=en":                     {"lang", "sort"},
		"q=a&group=course":                          {"group"},
		"q=a&typing=1":                              {"typing"},
		"q=a&facets=colour":                         {"facets"},
		"q=a&filter[colour]=red":                    {"filter[colour]"},
		"q=a&filter[type][gte]=2":                   {"filter[type][gte]"},
		"q=a&filter[year][gte]=soon":                {"filter[year][gte]"},
		"q=a&filter[type]=":                         {"filter[type]"},
		"q=a&filter[type":                           {"filter[type"},
		"q=mint&limit=1&sort=title&after=" + cursor: {"after"},
		"q=mint&limit=1&filter[type]=section&after=" + cursor: {"after"},
		"q=a&after=":                                  {"after"},
		"q=a&after=x":                                 {"after"},
		"q=sage&limit=1&after=" + cursor:              {"after"},
		"q=mint&limit=1&match=all&after=" + cursor:    {"after"},
		"q=mint&limit=1&type=section&after=" + cursor: {"after"},
	} {
		t.Run(query, func(t *testing.T) {
			var got []string
			for _, e := range s.wrong(http.MethodGet, "/v1/search?"+query).problem(t, http.StatusBadRequest).Errors {
				got = append(got, e.Param)
			}
			if diff := cmp.Diff(names, got); diff != "" {
				t.Errorf("the problem names: %s", diff)
			}
		})
	}
	s.get("/v1/search?q=mint&limit=2&after="+cursor).want(t, http.StatusOK)
}

func TestEveryTextIsAQuery(t *testing.T) {
	s := newSite(t)
	s.teach()
	for _, q := range []string{
		"", " ", "the", "AND", "-", `"`, `"steam`, "((", "title:", "*", "?", "~", "^", "\\", "\x00", "🫖", "茶", "<script>", "a:b:c",
		strings.Repeat("tea ", 200), strings.Repeat("é", search.MaxQueryBytes/2),
	} {
		s.find(q)
	}
	if empty := s.find(""); len(empty.Data) != 0 || empty.Meta["total"] != 0. {
		t.Errorf("nothing finds %v", empty.Meta)
	}
}

func TestMarkupInQueriesAndTextsIsEscaped(t *testing.T) {
	s := newSite(t)
	course := &models.Course{Meta: models.Meta{ID: models.NewID()}, Slug: "html", Title: "HTML", Language: "en", Numbering: models.NumberAsWritten}
	module := &models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Slug: "tags", Title: "The <script> element & you"}
	check(t, s.content.Create(t.Context(), course, editor))
	check(t, s.content.Create(t.Context(), module, editor))
	s.publish(course)
	check(t, s.follower.CatchUp(t.Context()))
	if got, want := s.find("<script>").hit(t, module).text("title_html"), "The &lt;<mark>script</mark>&gt; element &amp; you"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
}

// What only drafts say is never found; contractTransport looks at the rest of all answers.
func TestDraftsAreNotFound(t *testing.T) {
	s := newSite(t)
	s.teach()
	for _, q := range []string{private, "unfinished"} {
		if found := s.find(q); found.Meta["total"] != 0. {
			t.Errorf("%q finds %v", q, found.Data)
		}
	}
}

func TestUnpublishedIsNotFound(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	_, revision, err := s.content.Unpublish(t.Context(), *ref(l.page))
	check(t, err)
	if stale := s.find("bubbles"); len(stale.Data) != 0 {
		t.Errorf("before the index follows, it finds %v", stale.Data)
	}
	check(t, s.follower.CatchUp(t.Context()))
	if found := s.find("bubbles"); found.Meta["total"] != 0. || found.Meta["revision"] != float64(revision) {
		t.Errorf("after the index followed, meta is %v", found.Meta)
	}
}
