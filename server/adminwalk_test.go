package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// walk is two editors who send requests as they come to mind, each with the versions that they have read.
type walk struct {
	*site
	rt      *rapid.T
	people  [2]*visitor
	read    [2]map[string]int // versions by path
	modules []string          // paths
	pages   []string          // paths of sections and worksheets
}

// object is the JSON of a request.
type object = map[string]any

// walkStatuses are what editors may be told, whatever they do: that it is done, or why it isn't.
var walkStatuses = []int{
	http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
	http.StatusUnprocessableEntity,
}

// Whatever two editors ask for in whatever order, each answer is one that the contract has, and none is an error of the
// server's; a save makes the next version, or says who was faster; and readers have what history says was published.
func TestAnswersToTwoEditorsKeepTheContract(t *testing.T) {
	small(t)
	s := newSite(t)
	people := [2]*visitor{s.with("ada", access.Grant{Role: access.Owner}), s.with("bob", access.Grant{Role: access.Owner})}
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{site: s, rt: rt, people: people, read: [2]map[string]int{{}, {}}}
		w.begin()
		rt.Repeat(map[string]func(*rapid.T){
			"create": w.create, "change": w.change, "blocks": w.blocks, "move": w.move, "duplicate": w.duplicate, "trash": w.trash,
			"untrash": w.untrash, "restore": w.restore, "publish": w.publish, "unpublish": w.unpublish, "look": w.look,
		})
		w.end()
	})
}

// ask sends a request as one of the two.
func (w *walk) ask(who int, method, path string, body any, headers ...string) answer {
	got := w.people[who].send(method, path, body, headers...)
	if !slices.Contains(walkStatuses, got.status) {
		w.rt.Fatalf("%s %s is %d: %s", method, path, got.status, got.body)
	}
	if got.status == http.StatusPreconditionFailed && got.problem(w.t, got.status).Current == nil {
		w.rt.Fatalf("%s %s does not say what has changed: %s", method, path, got.body)
	}
	return got
}

func (w *walk) who() int { return rapid.IntRange(0, 1).Draw(w.rt, "who") }

// version is the newest one of a record, 0 for one that is not there.
func (w *walk) version(who int, path string) int {
	got := w.ask(who, http.MethodGet, path, nil)
	if got.status != http.StatusOK {
		return 0
	}
	n, err := strconv.Atoi(strings.Trim(got.header.Get("ETag"), `"`))
	check(w.t, err)
	return n
}

// write asks for something that takes a version of the record at path: the one that somebody has read, perhaps long ago.
func (w *walk) write(method, path, to string, body any, headers ...string) {
	who := w.who()
	if w.read[who][path] == 0 || rapid.IntRange(0, 2).Draw(w.rt, "reads again") > 0 {
		w.read[who][path] = max(1, w.version(who, path))
	}
	is, read := w.version(who, path), w.read[who][path]
	got := w.ask(who, method, to, body, append(headers, "If-Match", fmt.Sprintf(`"%d"`, read))...)
	after := w.version(who, path)
	switch {
	case got.status < 300 && read != is:
		w.rt.Fatalf("%s %s for version %d was done to version %d", method, to, read, is)
	case got.status < 300 && after != 0 && after != is && after != is+1, got.status >= 300 && after != is:
		w.rt.Fatalf("%s %s is %d and brought version %d to %d", method, to, got.status, is, after)
	}
	w.read[who][path] = after
}

func (w *walk) title() string {
	return rapid.SampledFrom([]string{"Tea", "<b>Milk</b> & \u2028", "*[^1]", `"'`, "日本\t"}).Draw(w.rt, "title")
}

func (w *walk) made(path string, body object) string {
	return w.ask(w.who(), http.MethodPost, path, body).header.Get("Location")
}

func idIn(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func (w *walk) begin() {
	course := w.made("/v1/admin/courses", object{"title": "Course", "language": "en", "slug": "course-" + string(models.NewID())})
	for range 2 {
		w.modules = append(w.modules, w.made("/v1/admin/modules", object{"course_id": idIn(course), "title": "Module"}))
	}
	w.create(w.rt)
}

func (w *walk) module() string { return rapid.SampledFrom(w.modules).Draw(w.rt, "module") }
func (w *walk) page() string   { return rapid.SampledFrom(w.pages).Draw(w.rt, "page") }
func (w *walk) any() string {
	return rapid.SampledFrom(slices.Concat(w.modules, w.pages)).Draw(w.rt, "record")
}

func (w *walk) create(*rapid.T) {
	page := object{"module_id": idIn(w.module()), "title": w.title(), "blocks": []object{{"kind": "paragraph", "text": "Words."}}}
	path := "/v1/admin/sections"
	if rapid.Bool().Draw(w.rt, "worksheet") {
		delete(page, "blocks")
		page["prompts"] = []object{{"kind": "question", "text": "Which?"}}
		path = "/v1/admin/worksheets"
	}
	if made := w.made(path, page); made != "" {
		w.pages = append(w.pages, made)
	}
}

func (w *walk) change(*rapid.T) {
	path := w.any()
	w.write(http.MethodPatch, path, path, object{"title": w.title(), "extra": object{"n": rapid.IntRange(0, 3).Draw(w.rt, "extra")}})
}

func (w *walk) blocks(*rapid.T) {
	path := w.page()
	list := "/blocks"
	block := object{"op": "insert", "after": nil, "block": object{"kind": "rule"}}
	if strings.Contains(path, "/worksheets/") {
		list = "/prompts"
		block = object{"op": "insert", "after": nil, "prompt": object{"kind": "question", "text": w.title()}}
	}
	w.write(http.MethodPatch, path, path+list, []object{block}, "Content-Type", "application/json")
}

func (w *walk) move(*rapid.T) {
	to := object{rapid.SampledFrom([]string{"after", "before"}).Draw(w.rt, "side"): nil}
	if rapid.Bool().Draw(w.rt, "elsewhere") {
		to["module_id"] = idIn(w.module())
	}
	path := w.page()
	got := w.ask(0, http.MethodGet, path, nil)
	if got.status != http.StatusOK {
		return // purged
	}
	w.write(http.MethodPost, "/v1/admin/modules/"+got.object(w.t).text("module_id"), path+"/move", to)
}

func (w *walk) duplicate(*rapid.T) {
	if len(w.pages) > 12 {
		w.rt.Skip("there are pages enough")
	}
	if made := w.made(w.page()+"/duplicate", object{}); made != "" {
		w.pages = append(w.pages, made)
	}
}

func (w *walk) trash(*rapid.T) {
	path, query := w.page(), ""
	if rapid.Bool().Draw(w.rt, "purge") {
		query = "?purge=true"
	}
	w.write(http.MethodDelete, path, path+query, nil)
}

func (w *walk) untrash(*rapid.T) {
	path := w.page()
	w.write(http.MethodPost, path, path+"/restore", nil)
}

func (w *walk) restore(*rapid.T) {
	path := w.any()
	w.write(http.MethodPost, path, fmt.Sprintf("%s/revisions/%d/restore", path, rapid.IntRange(1, 3).Draw(w.rt, "version")), nil)
}

// publish looks at the plan first: nothing has changed since, so that it is what goes live.
func (w *walk) publish(*rapid.T) {
	path, who := w.any(), w.who()
	plan := w.ask(who, http.MethodPost, path+"/publish", object{"dry_run": true})
	if plan.status != http.StatusOK {
		return
	}
	token := plan.object(w.t).text("token")
	done := w.ask(1-who, http.MethodPost, path+"/publish", object{"token": token})
	if blocked := len(plan.object(w.t).list("blockers")) > 0; blocked != (done.status != http.StatusOK) {
		w.rt.Fatalf("a publish is %d, and its plan was %s", done.status, plan.body)
	}
}

func (w *walk) unpublish(*rapid.T) {
	w.ask(w.who(), http.MethodPost, w.any()+"/unpublish", object{})
}

func (w *walk) look(*rapid.T) {
	path := rapid.SampledFrom([]string{
		w.any() + "/uses", w.any() + "/revisions", w.any() + "/diff?from=1", w.any() + "/diff?from=1&format=html",
		"/v1/admin/sections?filter[state]=changed&count=true&limit=2", "/v1/admin/modules?filter[changed_within]=true", "/v1/admin/worksheets?body=blocks",
	}).Draw(w.rt, "path")
	w.ask(w.who(), http.MethodGet, path, nil)
}

// end compares what readers have with the revision that drafts say is live.
func (w *walk) end() {
	for _, path := range w.pages {
		got := w.ask(0, http.MethodGet, path, nil)
		if got.status != http.StatusOK {
			continue
		}
		draft := got.object(w.t)
		read := w.get(strings.Replace(path, "/admin/", "/", 1))
		live, ok := draft["live_version"].(float64)
		if !ok {
			if read.status != http.StatusNotFound && read.status != http.StatusGone {
				w.rt.Fatalf("%s is not live, and reads %d", path, read.status)
			}
			continue
		}
		was := w.ask(0, http.MethodGet, fmt.Sprintf("%s/revisions/%.0f", path, live), nil).want(w.t, http.StatusOK).object(w.t)
		if title := read.data(w.t).text("title"); title != was.object("record").text("title") {
			w.rt.Fatalf("%s reads %q, and version %.0f is %v", path, title, live, was)
		}
	}
}
