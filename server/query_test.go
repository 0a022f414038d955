package server

import (
	"encoding/json"
	"flag"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
)

// full is an answer with what it includes.
type full struct {
	Data     []record
	Included map[string][]record
}

func (s *site) full(path string) full {
	s.t.Helper()
	got := s.get(path).want(s.t, http.StatusOK)
	var list full
	if json.Unmarshal([]byte(got.body), &list) == nil {
		return list
	}
	var one struct {
		Data     record
		Included map[string][]record
	}
	check(s.t, json.Unmarshal([]byte(got.body), &one))
	return full{[]record{one.Data}, one.Included}
}

// targets of the relations that a record does not name itself.
func (l *lesson) shown(id, relation string) []string {
	of := map[string]map[string][]models.Record{
		string(l.page.ID): {"sources": {l.source}, "worksheets": {l.sheet}, "fragments": {l.shared}, "assets": {l.picture}},
	}
	var out []string
	for _, r := range of[id][relation] {
		out = append(out, models.Href(r.Kind(), r.Base().ID))
	}
	return out
}

// hand follows a relation of a record as a client would that knows no include: by its references.
func (s *site) hand(l *lesson, r record, relation string, to models.Kind) []string {
	switch v := r[relation].(type) {
	case map[string]any:
		return []string{record(v).text("href")}
	case []any:
		var out []string
		for _, ref := range r.list(relation) {
			if href := ref.text("href"); href != "" {
				out = append(out, href)
			} else {
				out = append(out, models.Href(to, models.ID(ref.text("id")))) // citations stand in their section
			}
		}
		return out
	}
	return l.shown(r.text("id"), relation)
}

// small makes the property tests of this package small, unless the full size is asked for: each check is a dozen
// requests, all held against the contract.
func small(t *testing.T) {
	t.Helper()
	if proof.Full() {
		return
	}
	before := flag.Lookup("rapid.checks").Value.String()
	check(t, flag.Set("rapid.checks", "20"))
	t.Cleanup(func() { check(t, flag.Set("rapid.checks", before)) })
}

func TestIncludeIsFetchingByHand(t *testing.T) {
	small(t)
	s := newSite(t)
	l := s.teach()
	byHref := map[string]record{}
	fetch := func(href string) record {
		if byHref[href] == nil {
			sign := "?"
			if !strings.HasPrefix(href, "/v1/sections/") && !strings.HasPrefix(href, "/v1/worksheets/") && !strings.HasPrefix(href, "/v1/fragments/") {
				byHref[href] = s.get(href).data(t)
				return byHref[href]
			}
			byHref[href] = s.get(href + sign + "body=text").data(t)
			for _, body := range []string{"text"} {
				delete(byHref[href], body)
			}
		}
		return byHref[href]
	}
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(slices.Sorted(maps.Keys(reads))).Draw(rt, "route")
		read := reads[path]
		address := l.fill(path)
		var paths []string
		for range rapid.IntRange(1, 3).Draw(rt, "paths") {
			paths = append(paths, drawRelations(rt, read.kind))
		}
		want := map[string]map[string]record{}
		for _, names := range paths {
			from, kind := s.full(address).Data, read.kind
			for name := range strings.SplitSeq(names, ".") {
				to := content.Relations(kind)[name]
				if want[to.Plural()] == nil {
					want[to.Plural()] = map[string]record{}
				}
				var next []record
				for _, r := range from {
					for _, href := range s.hand(l, r, name, to) {
						next = append(next, fetch(href))
						want[to.Plural()][fetch(href).text("id")] = fetch(href)
					}
				}
				from, kind = next, to
			}
		}
		sign := "?"
		got := s.full(address + sign + "include=" + strings.Join(paths, ","))
		if diff := cmp.Diff(sortedRecords(want), got.Included); diff != "" {
			rt.Fatalf("%s include=%s: by hand -, included +\n%s", address, strings.Join(paths, ","), diff)
		}
	})
}

// fill writes the names of the lesson's records into a path.
func (l *lesson) fill(path string) string {
	ids := map[string]models.ID{
		"/v1/courses/{id}": l.course.ID, "/v1/modules/{id}": l.module.ID, "/v1/sections/{id}": l.page.ID, "/v1/worksheets/{id}": l.sheet.ID,
		"/v1/citations/{id}": l.page.Citations[0].ID, "/v1/sources/{id}": l.source.ID, "/v1/fragments/{id}": l.shared.ID, "/v1/assets/{id}": l.picture.ID,
	}
	return strings.NewReplacer("{course}", "tea", "{module}", "brewing", "{section}", "temperature", "{worksheet}", "cups", "{id}", string(ids[path])).Replace(path)
}

// drawRelations draws a path of relations from a kind.
func drawRelations(rt *rapid.T, kind models.Kind) string {
	var names []string
	for range rapid.IntRange(1, content.MaxIncludeDepth).Draw(rt, "depth") {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(content.Relations(kind)))).Draw(rt, "relation")
		names, kind = append(names, name), content.Relations(kind)[name]
	}
	return strings.Join(names, ".")
}

func sortedRecords(by map[string]map[string]record) map[string][]record {
	out := map[string][]record{}
	for kind, records := range by {
		out[kind] = []record{}
		for _, id := range slices.Sorted(maps.Keys(records)) {
			out[kind] = append(out[kind], records[id])
		}
	}
	return out
}

func TestFieldsIsCuttingByHand(t *testing.T) {
	small(t)
	s := newSite(t)
	l := s.teach()
	s.fill("garden", 2) // lists have a next part
	cursor := func(address string) string {
		next, err := url.Parse(s.get(address).part(t).Links.text("next"))
		check(t, err)
		return next.Query().Get("after")
	}
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(slices.Sorted(maps.Keys(reads))).Draw(rt, "route")
		kind, address := reads[path].kind, l.fill(path)
		query := url.Values{}
		names := map[models.Kind][]string{kind: drawFields(rt, kind)}
		to := kind
		var steps []string
		for range rapid.IntRange(1, 2).Draw(rt, "depth") {
			relations := content.Relations(to)
			step := rapid.SampledFrom(slices.Sorted(maps.Keys(relations))).Draw(rt, "relation")
			steps, to = append(steps, step), relations[step]
		}
		including := rapid.Bool().Draw(rt, "with related records")
		if including {
			query.Set("include", strings.Join(steps, "."))
		}
		if len(content.BodyFields(kind)) > 0 {
			if body := rapid.SampledFrom([]string{"", "blocks", "markdown", "html,text"}).Draw(rt, "body"); body != "" {
				query.Set("body", body)
			}
		}
		if reads[path].list {
			query.Set("limit", "1")
			query.Set("sort", rapid.SampledFrom([]string{"", "-"}).Draw(rt, "direction")+rapid.SampledFrom(content.Sorts(kind)).Draw(rt, "sort"))
		}
		uncut := address + "?" + query.Encode()
		whole := s.full(uncut)
		query.Set("fields", strings.Join(names[kind], ","))
		included := drawFields(rt, to)
		if including || to == models.KindSection && strings.HasSuffix(path, "/tree") {
			query.Set("fields["+to.Plural()+"]", strings.Join(included, ","))
		}
		got := s.full(address + "?" + query.Encode())
		for _, r := range whole.Data {
			maps.DeleteFunc(r, func(name string, _ any) bool {
				return name != "id" && name != "tree" && !slices.Contains(names[kind], name) && !slices.Contains(content.BodyFields(kind), name)
			})
			if to == models.KindSection {
				eachNode(r, "tree", func(n record) { keepOnly(n, append(included, "children")) })
			}
		}
		for _, r := range whole.Included[to.Plural()] {
			keepOnly(r, included)
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			rt.Fatalf("%s?%s: by hand -, cut +\n%s", address, query.Encode(), diff)
		}
		if cut := address + "?" + query.Encode(); reads[path].list && cursor(uncut) != cursor(cut) {
			rt.Fatalf("%s: the next part begins elsewhere than that of %s", cut, uncut)
		}
	})
}

// Citations that are included are made of their section, whose own times may have been left out.
func TestIncludedCitationsHaveTheTimesOfTheirSection(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for _, path := range []string{"/v1/sections/{id}", "/v1/courses/{course}/modules/{module}/sections/{section}", "/v1/sections"} {
		got := s.full(l.fill(path) + "?fields=title&fields%5Bcitations%5D=created_at,updated_at,published_at,module&include=citations")
		for _, c := range got.Included["citations"] {
			keepOnly(c, []string{"created_at", "updated_at", "published_at", "module"})
			want := s.full("/v1/citations/" + c.text("id")).Data[0]
			keepOnly(want, []string{"created_at", "updated_at", "published_at", "module"})
			if diff := cmp.Diff(want, c); diff != "" {
				t.Errorf("%s: by itself -, included +\n%s", path, diff)
			}
		}
		if len(got.Included["citations"]) == 0 {
			t.Errorf("%s includes no citations", path)
		}
	}
}

// keepOnly takes away the fields of a record that are not named, but for the id.
func keepOnly(r record, names []string) {
	maps.DeleteFunc(r, func(name string, _ any) bool { return name != "id" && !slices.Contains(names, name) })
}

func drawFields(rt *rapid.T, kind models.Kind) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(content.ViewFields(kind)), 1, 4, rapid.ID[string]).Draw(rt, "fields of "+string(kind))
}

// The number of statements of a list with a relation does not depend on how many records there are.
func TestStatementsOfEveryInclude(t *testing.T) {
	few, many := newSite(t, uncached), newSite(t, uncached)
	few.fill("garden", 3)
	many.fill("garden", 20)
	count := func(s *site, path string) int64 {
		before := s.store.Statements()
		s.get(path).want(t, http.StatusOK)
		return s.store.Statements() - before
	}
	for _, path := range lists {
		kind := reads[path].kind
		for name, to := range content.Relations(kind) {
			paths := []string{path + "?limit=100&include=" + name}
			for below := range content.Relations(to) {
				paths = append(paths, path+"?limit=100&include="+name+"."+below)
			}
			for _, p := range paths {
				if a, b := count(few, p), count(many, p); a > b || b-a > 2 {
					t.Errorf("%s: %d statements for a few records, %d for many", p, a, b)
				}
			}
		}
	}
}

func TestListsCanBeReadBackwards(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 7)
	for _, order := range []string{"limit=3", "limit=3&sort=-title", "limit=3&sort=published_at", "filter%5Bnumber%5D=&limit=3&sort=-id"} {
		forwards := s.pages("/v1/sections?" + order)
		if len(forwards) != 3 {
			t.Fatalf("%d parts", len(forwards))
		}
		path := "/v1/sections?" + order
		for next := path; next != ""; next = s.get(path).part(t).Links.text("next") {
			path = next
		}
		var backwards [][]string
		for ; path != ""; path = s.get(path).part(t).Links.text("prev") {
			var ids []string
			for _, r := range s.get(path).part(t).Data {
				ids = append(ids, r.text("id"))
			}
			backwards = append([][]string{ids}, backwards...)
		}
		if diff := cmp.Diff(slices.Concat(forwards...), slices.Concat(backwards...)); diff != "" {
			t.Errorf("%q: forwards -, backwards +\n%s", order, diff)
		}
	}
}

func TestPagesByNumber(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 7)
	want := s.pages("/v1/sections?limit=3")
	if diff := cmp.Diff(want, s.pages("/v1/sections?limit=3&page=1")); diff != "" {
		t.Error(diff)
	}
	last := s.get("/v1/sections?limit=3&page=3&count=true").part(t)
	if last.Links.text("prev") != "/v1/sections?count=true&limit=3&page=2" || last.Links["next"] != nil {
		t.Errorf("links of the last page: %v", last.Links)
	}
	var meta struct{ Meta listMeta }
	check(t, json.Unmarshal([]byte(s.get("/v1/sections?limit=3&page=3&count=true").body), &meta))
	if meta.Meta.Total == nil || *meta.Meta.Total != 7 {
		t.Errorf("total is %v", meta.Meta.Total)
	}
}
