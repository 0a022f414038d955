package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/lectern-cms/lectern/models"
)

// maxNames bounds the ids of one statement. Only an answer with thousands of references needs a second one.
const maxNames = 10_000

// nameColumns give what references say of a live record, for each kind alike: kind, id, owner, slug, title, word and number of a
// worksheet, the slugs above, and when it was published. The titles of sources and assets are in JSON that comes whole: the
// databases differ in what they make of it.
var nameColumns = map[models.Kind]string{
	models.KindCourse: "SELECT 'course', id, '', slug, title, '', '', '', published_at FROM live_courses r",
	models.KindModule: "SELECT 'module', r.id, r.course_id, r.slug, r.title, '', '', COALESCE(c.slug, ''), r.published_at FROM live_modules r" +
		" LEFT JOIN live_courses c ON c.id = r.course_id",
	models.KindSection:   "SELECT 'section', r.id, r.module_id, r.slug, r.title, '', ''" + nameInModule + "live_sections r" + joinModule,
	models.KindWorksheet: "SELECT 'worksheet', r.id, r.module_id, r.slug, r.title, r.word, r.number" + nameInModule + "live_worksheets r" + joinModule,
	models.KindSource:    "SELECT 'source', id, course_id, key, csl, '', '', '', published_at FROM live_sources r",
	models.KindAsset:     "SELECT 'asset', id, course_id, '', file, '', '', '', published_at FROM live_assets r",
	models.KindFragment:  "SELECT 'fragment', id, course_id, slug, title, '', '', '', published_at FROM live_fragments r",
}

const (
	nameInModule = ", COALESCE(c.slug || '/' || m.slug, ''), r.published_at FROM "
	joinModule   = " LEFT JOIN live_modules m ON m.id = r.module_id LEFT JOIN live_courses c ON c.id = m.course_id"
)

// Names reads what references say of live records: nothing of them but what Name, Label, Owner and Above give, and when they
// were published, and what show makes of those, for each caller the same: it is remembered with them. A section's owner is its
// module here. One statement reads all kinds.
func (s *Side) Names(wanted map[models.Kind][]models.ID, show func(models.Record) models.Ref) ([]models.Record, error) {
	out, refs := s.seen.known([]models.Record{}, wanted)
	known := len(out)
	for part := range slices.Chunk(refs, maxNames) {
		var err error
		if out, err = s.names(out, part); err != nil {
			return nil, fmt.Errorf("names of records: %w", err)
		}
	}
	for _, r := range out[known:] {
		shown := show(r)
		r.Base().Shown = &shown
	}
	s.seen.keep(out[known:])
	return out, nil
}

// names appends the names of records of sorted kinds.
func (s *Side) names(out []models.Record, refs []models.Ref) ([]models.Record, error) {
	var text strings.Builder
	var args []any
	for len(refs) > 0 {
		kind := refs[0].Type
		var ids []models.ID
		for len(refs) > 0 && refs[0].Type == kind {
			ids = append(ids, refs[0].ID)
			refs = refs[1:]
		}
		if text.Len() > 0 {
			text.WriteString(" UNION ALL ")
		}
		text.WriteString(nameColumns[kind] + " WHERE r.id IN ?")
		args = append(args, padded(ids))
	}
	rows, err := s.byKey(text.String(), args...)
	var n name
	err = eachRow(rows, err, func() error {
		r, err := n.record()
		out = append(out, r)
		return err
	}, &n.kind, &n.id, &n.owner, &n.slug, &n.title, &n.word, &n.number, &n.above, &n.publishedAt)
	return out, err
}

// padded repeats the last of some values up to a power of two. A list of ids makes a text of a statement for each length
// else, and few of them would find theirs compiled.
func padded[T any](values []T) []T {
	values = slices.Clip(values) // what is behind them is somebody else's
	for n := len(values); n&(n-1) != 0; n++ {
		values = append(values, values[n-1])
	}
	return values
}

// name is a row of what references say.
type name struct {
	kind                             models.Kind
	id, owner                        models.ID
	slug, title, word, number, above string
	publishedAt                      time.Time
}

func (n *name) record() (models.Record, error) {
	meta := models.Meta{ID: n.id, PublishedAt: n.publishedAt, Above: n.above}
	switch n.kind {
	case models.KindCourse:
		return &models.Course{Meta: meta, Slug: n.slug, Title: n.title}, nil
	case models.KindModule:
		return &models.Module{Meta: meta, CourseID: n.owner, Slug: n.slug, Title: n.title}, nil
	case models.KindSection:
		return &models.Section{Meta: meta, ModuleID: n.owner, Slug: n.slug, Title: n.title}, nil
	case models.KindWorksheet:
		return &models.Worksheet{Meta: meta, ModuleID: n.owner, Slug: n.slug, Title: n.title, Word: models.WorksheetWord(n.word), Number: n.number}, nil
	case models.KindFragment:
		return &models.Fragment{Meta: meta, CourseID: n.owner, Slug: n.slug, Title: n.title}, nil
	}
	var in struct { // of which only one is there
		Title string `json:"title"`
		Name  string `json:"name"`
	}
	if err := json.Unmarshal([]byte(n.title), &in); err != nil {
		return nil, fmt.Errorf("the title of the %s %s: %w", n.kind, n.id, err)
	}
	if n.kind == models.KindSource {
		return &models.Source{Meta: meta, CourseID: n.owner, Key: n.slug, CSL: models.CSL{Title: in.Title}}, nil
	}
	return &models.Asset{Meta: meta, CourseID: n.owner, File: models.File{Name: in.Name}}, nil
}
