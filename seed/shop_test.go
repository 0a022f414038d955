package seed

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// shop is content into which a site is imported, with the database at hand.
type shop struct {
	*testing.T
	*content.Service
	dir    string
	course string // slug
	o      Options
}

func newShop(t *testing.T) *shop {
	t.Helper()
	dir := t.TempDir()
	c, files := lecternAt(t, dir)
	return &shop{t, c, dir, DefaultCourse, Options{Files: files, By: content.Save{Author: "import"}}}
}

// load imports a site as it is at a commit and publishes it.
func (s *shop) load(pages fstest.MapFS, commit string) *Report {
	s.Helper()
	o := s.o
	o.Publish = true
	return s.loadWith(pages, commit, o)
}

func (s *shop) loadWith(pages fstest.MapFS, commit string, o Options) *Report {
	s.Helper()
	src := sourceOfFS(s.T, pages)
	src.Commit = commit
	site, err := Survey(s.Context(), src)
	if err != nil {
		s.Fatal(err)
	}
	report, err := Import(s.Context(), s.Service, site, o)
	if err != nil {
		s.Fatal(err)
	}
	return report
}

// dump is all that is in the database: the rows of each table, in order.
func (s *shop) dump() map[string][]string {
	s.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.dir, databaseName))
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	out := map[string][]string{}
	for _, table := range rowsOf(s.T, db, "SELECT name FROM sqlite_master WHERE type = 'table'") {
		out[table] = rowsOf(s.T, db, "SELECT * FROM \""+table+"\"")
		slices.Sort(out[table])
	}
	return out
}

// rowsOf gives the rows of a query, the columns of each in one text.
func rowsOf(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, at := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for n := range values {
			at[n] = &values[n]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for n, v := range values {
			texts[n] = v.String
		}
		out = append(out, strings.Join(texts, " | "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// drafts gives the drafts of a kind by title, as an export has them.
func (s *shop) drafts(kind models.Kind) map[string]models.Record {
	s.Helper()
	out := map[string]models.Record{}
	for _, r := range s.exported(content.ExportRequest{}) {
		if r.Kind() == kind {
			out[r.Label()] = r
		}
	}
	return out
}

// exported gives the records of the course.
func (s *shop) exported(req content.ExportRequest) []models.Record {
	s.Helper()
	course, err := s.CourseBySlug(s.Context(), s.course, content.ReadRequest{})
	if err != nil {
		s.Fatal(err)
	}
	req.Course = course.Data.ID
	var out []models.Record
	err = s.Export(s.Context(), req, func(e content.Exported) error {
		out = append(out, e.Record)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return out
}

func (s *shop) page(title string) *models.Section {
	s.Helper()
	r, ok := s.drafts(models.KindSection)[title].(*models.Section)
	if !ok {
		s.Fatalf("there is no page %q", title)
	}
	return r
}

// edited saves an editor's change of a record.
func edited[R models.Record](s *shop, r R, change func(R)) {
	s.Helper()
	ref := models.Ref{Type: r.Kind(), ID: r.Base().ID}
	there, err := s.Draft(s.Context(), ref)
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.Update(s.Context(), ref, there.Base().Version, func(d models.Record) error {
		change(d.(R))
		return nil
	}, content.Save{Author: "zoe"})
	if err != nil {
		s.Fatal(err)
	}
}

// replaced is the site with other words in one page.
func replaced(t *testing.T, pages fstest.MapFS, path, old, with string) fstest.MapFS {
	t.Helper()
	text := string(pages[path].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in %s", old, path)
	}
	out := without(pages)
	out[path] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, with, 1))}
	return out
}

// doings lists what an import did with records that were there, in the order of the report.
func doings(r *Report) string {
	var b strings.Builder
	for _, c := range r.Courses {
		for _, change := range c.Changes {
			fmt.Fprintf(&b, "%s %s %s\n", change.Action, change.Record.Type, *change.Record.Title)
			for _, conflict := range change.Conflicts {
				fmt.Fprintf(&b, " conflict in %s: %q or %q\n", conflict.Field, conflict.Here, conflict.Source)
			}
		}
	}
	return b.String()
}

func texts(bs models.Blocks) []string {
	var out []string
	bs.Walk(func(b models.Block, _ int) bool {
		for _, text := range models.Texts(b) {
			out = append(out, string(*text))
		}
		return true
	})
	return out
}
