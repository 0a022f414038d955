package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// An editor makes a course of every kind of record over HTTP, publishes it, and readers see it.
func TestFromSigningInToAPublishedModule(t *testing.T) {
	s := newSite(t)
	v := s.with("zoe", access.Grant{Role: access.Editor})
	made := func(records, format string, args ...any) record {
		t.Helper()
		got := v.send(http.MethodPost, "/v1/admin/"+records+"?message=first", fmt.Sprintf(format, args...)).want(t, http.StatusCreated)
		if got.header.Get("ETag") != `"1"` || got.header.Get("Location") != "/v1/admin/"+records+"/"+got.object(t).text("id") {
			t.Errorf("%s: ETag %s, Location %s", records, got.header.Get("ETag"), got.header.Get("Location"))
		}
		return got.object(t)
	}
	course := made("courses", `{"title": "Growing Beans", "language": "en"}`)
	module := made("modules", `{"course_id": %q, "title": "Soil", "subjects": ["garden"]}`, course.text("id"))
	source := made("sources", `{"course_id": %q, "csl": {"type": "book", "title": "On Soil"}}`, course.text("id"))
	card := made("fragments", `{"course_id": %q, "slug": "safety", "title": "Safety", "blocks": [{"kind": "paragraph", "text": "Wear gloves."}]}`, course.text("id"))
	sheet := made("worksheets", `{"module_id": %q, "title": "My Bed", "prompts": [{"kind": "question", "text": "How deep?"}], "answer_key": [{"prompt": "", "blocks": [{"kind": "paragraph", "text": "A spade."}]}]}`, module.text("id"))
	section := made("sections", `{"module_id": %q, "title": "Digging", "editor_notes": [{"text": "ask Ann"}],
		"citations": [{"label": "1", "written": "On Soil.", "source": {"type": "source", "id": %q}}],
		"blocks": [{"kind": "paragraph", "text": "Dig deep.[^1]"}, {"kind": "fragment", "fragment": {"type": "fragment", "id": %q}},
			{"kind": "worksheet", "worksheet": {"type": "worksheet", "id": %q}, "role": "first"}]}`,
		module.text("id"), source.text("id"), card.text("id"), sheet.text("id"))
	at := "/v1/admin/sections/" + section.text("id")

	got := v.send(http.MethodPatch, at, `{"title": "Digging Deep"}`, "If-Match", `"1"`).want(t, http.StatusOK)
	if got.header.Get("ETag") != `"2"` || got.object(t).text("title") != "Digging Deep" || got.object(t).text("slug") != "digging" {
		t.Errorf("changed to %s", got.body)
	}
	blocks := got.object(t).list("blocks")
	first := blocks[0].text("id")
	v.send(http.MethodPatch, at+"/blocks", fmt.Sprintf(`[{"op": "insert", "after": %q, "block": {"kind": "rule"}}]`, first), "If-Match", `"2"`, "Content-Type", "application/json").want(t, http.StatusOK)
	v.send(http.MethodPut, "/v1/admin/fragments/"+card.text("id")+"/blocks", `[{"kind": "paragraph", "text": "Wear boots."}]`, "If-Match", `"1"`).want(t, http.StatusOK)

	plan := v.send(http.MethodPost, "/v1/admin/modules/"+module.text("id")+"/publish", `{"dry_run": true}`).want(t, http.StatusOK).object(t)
	if n := len(plan.list("put")); n != 6 || plan["revision"] != nil {
		t.Errorf("the plan puts %d: %v", n, plan)
	}
	s.get("/v1/courses/growing-beans").problem(t, http.StatusNotFound)
	done := v.send(http.MethodPost, "/v1/admin/modules/"+module.text("id")+"/publish", map[string]any{"token": plan.text("token")}).want(t, http.StatusOK).object(t)
	if done["revision"] != 1. {
		t.Errorf("published %v", done)
	}
	live := s.get("/v1/courses/growing-beans/modules/soil/sections/digging?body=html,text").want(t, http.StatusOK)
	for want, in := range map[string]bool{"Dig deep.": true, "Wear boots.": true, "How deep?": true, "ask Ann": false, "A spade": false, "Wear gloves": false} {
		if strings.Contains(live.body, want) != in {
			t.Errorf("readers see %q: %t\n%s", want, !in, live.body)
		}
	}
	uses := v.send(http.MethodGet, "/v1/admin/sources/"+source.text("id")+"/uses", nil).want(t, http.StatusOK)
	if !strings.Contains(uses.body, section.text("id")) || !strings.Contains(uses.body, `"live":true`) {
		t.Errorf("uses are %s", uses.body)
	}
	diff := v.send(http.MethodGet, at+"/diff?from=1", nil).want(t, http.StatusOK)
	if !strings.Contains(diff.body, `{"op":"added","text":" Deep"}`) {
		t.Errorf("the diff is %s", diff.body)
	}
	page := v.send(http.MethodGet, at+"/diff?from=1&to=2&format=html", nil).want(t, http.StatusOK)
	if !strings.Contains(page.body, "<ins> Deep</ins>") || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("the diff is %s", page.body)
	}
	old := v.send(http.MethodGet, at+"/revisions/1", nil).want(t, http.StatusOK)
	if !strings.Contains(old.body, `"title":"Digging"`) || !strings.Contains(old.body, `"message":"first"`) {
		t.Errorf("version 1 is %s", old.body)
	}
	v.send(http.MethodPost, at+"/revisions/1/restore", nil, "If-Match", `"3"`).want(t, http.StatusOK)
	v.send(http.MethodPost, at+"/unpublish", `{}`).want(t, http.StatusOK)
	s.get("/v1/sections/"+section.text("id")).problem(t, http.StatusGone)
}

// Every change of what is there says which version it is for.
func TestChangesSayWhichVersionTheyAreFor(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v := s.owner()
	at := "/v1/admin/sections/" + string(l.page.ID)
	for _, tt := range []struct{ method, path, body string }{
		{http.MethodPatch, at, `{"title": "x"}`},
		{http.MethodDelete, at, ""},
		{http.MethodDelete, at + "?purge=true", ""},
		{http.MethodPost, at + "/restore", ""},
		{http.MethodPost, at + "/move", `{}`},
		{http.MethodPut, at + "/blocks", `[]`},
		{http.MethodPatch, at + "/blocks", `[]`},
		{http.MethodPost, at + "/revisions/1/restore", ""},
	} {
		var body any
		headers := []string{"If-Match", ""}
		if tt.body != "" {
			body = tt.body
		}
		if strings.HasSuffix(tt.path, "/blocks") {
			headers = append(headers, "Content-Type", "application/json")
		}
		for given, want := range map[string]int{
			"": http.StatusPreconditionRequired, "*": http.StatusPreconditionRequired, "7": http.StatusBadRequest, `"0"`: http.StatusBadRequest,
			`"1", "2"`: http.StatusBadRequest, `W/"1"`: http.StatusBadRequest, `"999"`: http.StatusPreconditionFailed,
		} {
			headers[1] = given
			send := v.wrongly
			if given == `"999"` {
				send = v.send
			}
			p := send(tt.method, tt.path, body, headers...).problem(t, want)
			if want == http.StatusPreconditionFailed && (p.Current == nil || p.Current.Version < 1 || p.Current.By != editor.Author) {
				t.Errorf("%s %s: current is %+v", tt.method, tt.path, p.Current)
			}
		}
	}
}

func TestMalformedRequestsOfRecordsNameWhatIsWrong(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v := s.owner()
	at := "/v1/admin/sections/" + string(l.page.ID)
	for name, tt := range map[string]struct {
		method, path, body string
		want               int
		where              string // the pointer or parameter that is named
	}{
		"an unknown kind":              {http.MethodGet, "/v1/admin/chapters", "", 404, ""},
		"an unknown id":                {http.MethodGet, "/v1/admin/sections/" + string(models.NewID()), "", 404, ""},
		"a record of another kind":     {http.MethodGet, "/v1/admin/modules/" + string(l.page.ID), "", 404, ""},
		"an unknown parameter":         {http.MethodGet, "/v1/admin/sections?colour=red", "", 400, "colour"},
		"an unknown filter":            {http.MethodGet, "/v1/admin/sections?filter[published_at]=2026-01-01", "", 400, "filter[published_at]"},
		"an unknown state":             {http.MethodGet, "/v1/admin/sections?filter[state]=gone", "", 400, "filter[state]"},
		"an unknown order":             {http.MethodGet, "/v1/admin/sections?sort=published_at", "", 400, "sort"},
		"no JSON":                      {http.MethodPost, "/v1/admin/sections", `{"title`, 400, ""},
		"an unknown member":            {http.MethodPost, "/v1/admin/courses", `{"title": "x", "language": "en", "colour": 1}`, 400, "/colour"},
		"a member of the server's":     {http.MethodPatch, at, `{"position": 3}`, 422, "/position"},
		"a rule broken":                {http.MethodPatch, at, `{"title": "", "slug": "A B"}`, 422, "/title"},
		"a rule broken in a block":     {http.MethodPatch, at, `{"blocks": [{"kind": "heading", "level": 9, "text": "x"}]}`, 422, "/blocks/0/level"},
		"an unknown kind of block":     {http.MethodPatch, at, `{"blocks": [{"kind": "blink"}]}`, 400, "/blocks/0/kind"},
		"blocks that a record lacks":   {http.MethodPut, "/v1/admin/courses/" + string(l.course.ID) + "/blocks", `[]`, 404, ""},
		"a block in the place of some": {http.MethodPut, at + "/blocks", `[{"kind": "heading", "level": 9, "text": "x"}]`, 422, "/0/level"},
		"an operation on no block":     {http.MethodPatch, at + "/blocks", `[{"op": "delete", "id": "none"}]`, 422, "/0/id"},
		"a place that is none":         {http.MethodPost, at + "/move", `{"after": 7}`, 422, "/after"},
		"no module":                    {http.MethodPost, "/v1/admin/sections", `{"title": "x"}`, 422, "/module_id"},
		"a module that is not there":   {http.MethodPost, "/v1/admin/sections", `{"title": "x", "module_id": "00000000-0000-7000-8000-000000000000"}`, 422, "/module_id"},
		"an id that is none":           {http.MethodPost, "/v1/admin/courses", `{"title": "x", "language": "en", "id": "7"}`, 422, "/id"},
		"an asset out of nothing":      {http.MethodPost, "/v1/admin/assets", `{}`, 405, ""},
		"a batch of nonsense":          {http.MethodPost, "/v1/admin/batch", `{"operations": [{"op": "explode", "kind": "section"}]}`, 422, "/operations/0/op"},
		"nothing to publish":           {http.MethodPost, "/v1/admin/publish", `{"targets": []}`, 422, "/targets"},
		"targets in the wrong place":   {http.MethodPost, at + "/publish", `{"targets": []}`, 422, "/targets"},
		"a version that is none":       {http.MethodGet, at + "/revisions/none", "", 404, ""},
		"a version that was not":       {http.MethodGet, at + "/revisions/99", "", 404, ""},
		"a diff from nowhere":          {http.MethodGet, at + "/diff", "", 400, "from"},
		"a message with U+0000":        {http.MethodPatch, at + "?message=a%00b", `{}`, 400, "message"},
		"a message without end":        {http.MethodPatch, at + "?message=" + strings.Repeat("x", 501), `{}`, 400, "message"},
	} {
		t.Run(name, func(t *testing.T) {
			var body any
			headers := []string{"If-Match", `"1"`}
			if tt.body != "" {
				body = tt.body
			}
			if strings.HasSuffix(tt.path, "/blocks") {
				headers = append(headers, "Content-Type", "application/json")
			}
			if strings.HasSuffix(tt.path, "/move") {
				headers[1] = `"` + fmt.Sprint(s.versionOf(l.module)) + `"`
			}
			p := (&visitor{site: s.in(t), cookie: v.cookie, csrf: v.csrf}).wrongly(tt.method, tt.path, body, headers...).problem(t, tt.want)
			named := slices.ContainsFunc(p.Errors, func(e models.FieldError) bool { return e.Pointer == tt.where || e.Param == tt.where })
			if tt.where != "" && !named {
				t.Errorf("%+v does not name %s", p, tt.where)
			}
		})
	}
	for path, headers := range map[string][]string{at: {"Content-Type", "application/json"}, at + "/blocks": {"Content-Type", mimeMergePatch}} {
		v.wrongly(http.MethodPatch, path, `{}`, append(headers, "If-Match", `"1"`)...).problem(t, http.StatusUnsupportedMediaType)
	}
}

func (s *site) versionOf(r models.Record) int64 {
	s.t.Helper()
	d, err := s.content.Draft(s.t.Context(), *ref(r))
	check(s.t, err)
	return d.Base().Version
}

func TestListsOfDrafts(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v := s.owner()
	titles := func(path string) (out []string) {
		t.Helper()
		for _, r := range v.send(http.MethodGet, path, nil).want(t, http.StatusOK).part(t).Data {
			out = append(out, r.text("title"))
		}
		return out
	}
	all := titles("/v1/admin/sections?sort=title")
	if len(all) != 4 || !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		t.Errorf("all are %q", all)
	}
	if got := titles("/v1/admin/sections?filter[state]=draft"); len(got) != 1 || got[0] != l.draft.Title {
		t.Errorf("never live are %q", got)
	}
	if got := titles("/v1/admin/modules?filter[changed_within]=true"); len(got) != 1 {
		t.Errorf("modules with changes are %q", got)
	}
	first := v.send(http.MethodGet, "/v1/admin/sections?limit=3&count=true", nil).want(t, http.StatusOK)
	if first.part(t).Links["next"] == nil || !strings.Contains(first.body, `"total":4`) || strings.Contains(first.body, `"blocks"`) {
		t.Errorf("the first part is %s", first.body)
	}
	rest := v.send(http.MethodGet, first.part(t).Links.text("next"), nil).want(t, http.StatusOK)
	if len(rest.part(t).Data) != 1 || rest.part(t).Links["prev"] == nil {
		t.Errorf("the rest is %s", rest.body)
	}
	if with := v.send(http.MethodGet, "/v1/admin/sections?body=blocks", nil).want(t, http.StatusOK); !strings.Contains(with.body, `"blocks"`) {
		t.Errorf("with blocks it is %s", with.body)
	}
}
