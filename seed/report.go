package seed

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
)

// Report says what an import found and did, for people and for programs.
type Report struct {
	Source   string         `json:"source"`
	Commit   string         `json:"commit"` // empty when unknown
	Kinds    []KindCount    `json:"kinds"`
	DryRun   bool           `json:"dry_run"`
	Totals   Totals         `json:"totals"`
	Courses  []CourseReport `json:"courses"`
	Pages    []PageReport   `json:"pages"`    // in reading order
	Warnings []Warning      `json:"warnings"` // of files that are no pages

	site    *Site
	read    int
	publish bool // it was asked for
}

// Totals adds up a report.
type Totals struct {
	Pages     int                 `json:"pages"`
	Warnings  int                 `json:"warnings"`
	Conflicts int                 `json:"conflicts"`
	Blockers  int                 `json:"blockers"`
	Created   map[models.Kind]int `json:"created"`
	Updated   map[models.Kind]int `json:"updated"`
	Unchanged map[models.Kind]int `json:"unchanged"`
	Published int                 `json:"published"`
}

// CourseReport is about one course.
type CourseReport struct {
	Course      models.Ref          `json:"course"`
	Created     map[models.Kind]int `json:"created"`
	Updated     map[models.Kind]int `json:"updated"`
	Unchanged   map[models.Kind]int `json:"unchanged"`
	Changes     []Change            `json:"changes"`
	Blockers    []Notice            `json:"blockers"`    // of publishing; while there are any, nothing is published
	Notices     []Notice            `json:"notices"`     // what publishing warns of
	Published   int                 `json:"published"`   // records
	Revision    int64               `json:"revision"`    // content revision; 0 when nothing went live
	Suggestions []Suggestion        `json:"suggestions"` // sources that may be one and the same
}

// Change is what was done with a record that was there.
type Change struct {
	Record    models.Ref           `json:"record"`
	Key       string               `json:"key"` // what it is called in the source
	Action    content.ImportAction `json:"action"`
	Conflicts []Conflict           `json:"conflicts"`
}

// Conflict is a field that was changed both here and in the source. What is here was kept.
type Conflict struct {
	Pointer string `json:"pointer"` // JSON Pointer into the record (RFC 6901)
	Field   string `json:"field"`
	Here    string `json:"here"`
	Source  string `json:"source"`
}

// Notice is something about a record that keeps it from being published, or that an editor should look at.
type Notice struct {
	Record models.Ref `json:"record"`
	Detail string     `json:"detail"`
}

// Suggestion is a group of sources that are likely one work. Nothing is merged by itself.
type Suggestion struct {
	Reason  string       `json:"reason"` // doi, isbn, url, or title and year
	Sources []models.Ref `json:"sources"`
}

// PageReport is about one page.
type PageReport struct {
	Path     string       `json:"path"`
	Course   string       `json:"course"` // slug
	Module   string       `json:"module"` // what the source calls it
	Order    int          `json:"order"`  // among the pages of its folder, from 1
	Number   string       `json:"number"`
	Title    string       `json:"title"`
	InMenu   bool         `json:"in_menu"`
	Draft    bool         `json:"draft"`
	Facts    blocks.Facts `json:"facts"` // of the page's source
	Records  Counts       `json:"records"`
	Warnings []Warning    `json:"warnings"`
	Looks    []Piece      `json:"looks"` // what of the page is in no record because it is only looks or behaviour
}

// Piece is a part of a page as it stands there.
type Piece struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Counts says how much of what a page became.
type Counts struct {
	Blocks      int `json:"blocks"`
	Citations   int `json:"citations"`
	Worksheets  int `json:"worksheets"`
	EditorNotes int `json:"editor_notes"`
}

// NewReport begins the report of a source that is no site: pages and kinds are for the caller to add. What was saved is
// noted with Saved, and Finish ends it.
func NewReport(source string, o Options) *Report {
	return &Report{Source: source, DryRun: o.DryRun, publish: o.Publish}
}

func newReport(site *Site, o Options) *Report {
	return &Report{Source: site.Name, Commit: site.Commit, Kinds: site.Kinds, DryRun: o.DryRun, site: site, publish: o.Publish}
}

// count tells how many pages are read.
func (r *Report) count(progress func(done, total int)) {
	if progress != nil {
		progress(r.read, len(r.site.Pages))
	}
}

// page notes a page that was read.
func (r *Report) page(t *Tree, m *Module, s *Section, looks []Piece) {
	if s.Record.Origin == nil {
		return
	}
	r.read++
	p := PageReport{
		Path: s.Record.Origin.Path, Course: t.record().Slug, Module: m.Key, Number: s.Record.Number, Title: s.Record.Title,
		InMenu: s.Record.InMenu, Draft: s.Draft, Facts: s.Facts, Looks: looks,
		Records: Counts{Citations: len(s.Record.Citations), Worksheets: len(s.Worksheets), EditorNotes: len(s.Record.EditorNotes)},
	}
	s.Record.Blocks.Walk(func(models.Block, int) bool {
		p.Records.Blocks++
		return true
	})
	r.Pages = append(r.Pages, p)
}

// Saved notes what was done with the records of a course.
func (r *Report) Saved(result *content.ImportResult) {
	c := CourseReport{
		Course: result.Course, Created: result.Created, Updated: result.Updated, Unchanged: result.Unchanged, Revision: result.Revision,
	}
	for _, change := range result.Changes {
		out := Change{Record: change.Ref, Key: change.Key, Action: change.Action}
		for _, conflict := range change.Conflicts {
			out.Conflicts = append(out.Conflicts, Conflict{
				Pointer: conflict.Pointer, Field: conflict.Field, Here: conflict.Ours, Source: conflict.Theirs,
			})
		}
		r.Totals.Conflicts += len(out.Conflicts)
		c.Changes = append(c.Changes, out)
	}
	if plan := result.Plan; plan != nil {
		c.Published = result.Published
		c.Blockers, c.Notices = notices(plan.Blockers), notices(plan.Warnings)
	}
	for _, group := range result.Suggestions {
		c.Suggestions = append(c.Suggestions, Suggestion{Reason: group.Reason, Sources: group.Sources})
	}
	r.Courses = append(r.Courses, c)
}

func notices(problems []content.Problem) []Notice {
	var out []Notice
	for _, p := range problems {
		out = append(out, Notice{Record: p.Ref, Detail: p.Detail})
	}
	return out
}

// Finish gives each page its warnings and adds up.
func (r *Report) Finish(warnings []Warning) {
	places, byPage := map[string]int{}, map[string][]Warning{}
	for n := range r.Pages {
		folder := folderOf(r.Pages[n].Path) + " " + r.Pages[n].Module
		places[folder]++
		r.Pages[n].Order = places[folder]
		byPage[r.Pages[n].Path] = nil
	}
	for _, w := range warnings {
		if _, ok := byPage[w.Path]; ok {
			byPage[w.Path] = append(byPage[w.Path], w)
		} else {
			r.Warnings = append(r.Warnings, w)
		}
	}
	for n, p := range r.Pages {
		r.Pages[n].Warnings = slices.SortedStableFunc(slices.Values(byPage[p.Path]), func(a, b Warning) int { return cmp.Compare(a.Line, b.Line) })
	}
	r.Totals.Pages, r.Totals.Warnings = len(r.Pages), len(warnings)
	r.total()
}

// ReportOf is the report of a source of a kind that has records and no pages.
func ReportOf(source string, kind KindCount, o Options, result *content.ImportResult) *Report {
	r := NewReport(source, o)
	r.Kinds = []KindCount{kind}
	r.Saved(result)
	r.Totals.Pages = kind.Pages
	r.total()
	return r
}

// total adds up what was done with the courses.
func (r *Report) total() {
	t := &r.Totals
	t.Created, t.Updated, t.Unchanged = map[models.Kind]int{}, map[models.Kind]int{}, map[models.Kind]int{}
	for _, c := range r.Courses {
		for kind, n := range maps.All(c.Created) {
			t.Created[kind] += n
		}
		for kind, n := range maps.All(c.Updated) {
			t.Updated[kind] += n
		}
		for kind, n := range maps.All(c.Unchanged) {
			t.Unchanged[kind] += n
		}
		t.Blockers += len(c.Blockers)
		t.Published += c.Published
	}
}
