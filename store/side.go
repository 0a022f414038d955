package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// Side is the drafts or the live content within a transaction.
type Side struct {
	handle  *gorm.DB
	bound   *gorm.DB // the handle within the transaction, once it was needed
	keyed   *keyed   // for what reads rows by their keys
	live    bool
	serves  models.Kind // see Serving
	left    []string    // columns of that kind that are not read
	layouts *layouts
	seen    *seen // nil in a transaction that may write
}

// gorm is the handle within the transaction. It takes longer to make than a statement by a key to run.
func (s *Side) gorm() *gorm.DB {
	if s.bound == nil {
		s.bound = bind(s.keyed.ctx, s.handle, s.keyed.run)
	}
	return s.bound
}

// Serving is the same side, from which records of a kind are read to be served, without columns that nobody wants. Some fields are
// as they are stored then, since they take longer to decode than to read: sections have BlocksJSON and CitationsJSON for Blocks and
// Citations, and sources CSLJSON for CSL.
func (s *Side) Serving(kind models.Kind, without ...string) *Side {
	out := *s
	out.serves, out.left = kind, without
	return &out
}

// leftOut are the columns of a kind that are not read.
func (s *Side) leftOut(kind models.Kind) []string {
	if kind == s.serves {
		return s.left
	}
	return nil
}

// storedAs names the fields that hold columns as they are stored, by kind.
var storedAs = map[models.Kind]map[string]string{
	models.KindSection: {"blocks": "BlocksJSON", "citations": "CitationsJSON"},
	models.KindSource:  {"csl": "CSLJSON"},
}

// name is what the tables of this side begin with.
func (s *Side) name() string {
	if s.live {
		return "live"
	}
	return "draft"
}

// table is one of this side's tables that holds no records.
func (s *Side) table(name string) *gorm.DB { return s.gorm().Table(s.name() + "_" + name) }

// Columns that only one side has. Private fields have no column in live tables.
var (
	draftOnly = []string{"version", "live_version", "trashed_at", "owners", "editor_notes", "answer_key"}
	liveOnly  = []string{"published_at", "html"}

	// bodyColumns are the large ones, which lists leave out unless bodies are asked for.
	bodyColumns = []string{"blocks", "html", "editor_notes", "instructions", "answer_key"}
)

const aboveColumn = "above"

// above gives the slugs of the live records above a record of a kind, with slashes between them, as a column of a read.
var above = map[models.Kind]string{
	models.KindModule:    "(SELECT slug FROM live_courses WHERE live_courses.id = live_modules.course_id) AS above",
	models.KindSection:   aboveIn("live_sections"),
	models.KindWorksheet: aboveIn("live_worksheets"),
}

func aboveIn(table string) string {
	return "(SELECT c.slug || '/' || m.slug FROM live_modules m JOIN live_courses c ON c.id = m.course_id WHERE m.id = " + table + ".module_id) AS above"
}

// tableOf is the table of a kind on this side.
func (s *Side) tableOf(kind models.Kind) string { return s.name() + "_" + kind.Plural() }

// layout says how to read a kind's table on this side, with its large columns or without, and without some others.
func (s *Side) layout(kind models.Kind, bodies bool, without ...string) (*layout, error) {
	left := strings.Join(without, ",")
	asStored := s.serves == kind && storedAs[kind] != nil
	return s.layouts.of(layoutKey{kind, bodies, asStored, left}, func() (*layout, error) {
		model := modelOf(kind)
		stmt := &gorm.Statement{DB: s.handle}
		if err := stmt.Parse(model); err != nil {
			return nil, fmt.Errorf("columns of %T: %w", model, err)
		}
		columns, err := s.columns(model, bodies)
		if err != nil {
			return nil, err
		}
		l := &layout{model: reflect.TypeOf(model).Elem(), table: s.tableOf(kind)}
		for _, name := range columns {
			if slices.Contains(without, name) {
				continue
			}
			field := stmt.Schema.FieldsByDBName[name]
			if as := storedAs[kind][name]; as != "" && asStored {
				field = stmt.Schema.FieldsByName[as]
			}
			if err := l.add(l.table+"."+name, field); err != nil {
				return nil, err
			}
		}
		if s.live && above[kind] != "" && !slices.Contains(without, aboveColumn) {
			if err := l.add(above[kind], stmt.Schema.FieldsByDBName[aboveColumn]); err != nil {
				return nil, err
			}
		}
		l.from = "SELECT " + l.columns + " FROM " + l.table
		return l, nil
	})
}

// columns names the columns of a model's table on this side.
func (s *Side) columns(model any, bodies bool) ([]string, error) {
	stmt := &gorm.Statement{DB: s.handle}
	if err := stmt.Parse(model); err != nil {
		return nil, fmt.Errorf("columns of %T: %w", model, err)
	}
	foreign := liveOnly
	if s.live {
		foreign = draftOnly
	}
	var names []string
	for _, name := range stmt.Schema.DBNames {
		if !stmt.Schema.FieldsByDBName[name].Creatable || slices.Contains(foreign, name) || !bodies && slices.Contains(bodyColumns, name) {
			continue
		}
		names = append(names, name)
	}
	return names, nil
}

// Get reads one record into r, which has the kind, by id. A draft in the trash is found too.
func (s *Side) Get(r models.Record, id models.ID) error {
	return s.take(r, string(id), "id = ?", id)
}

// Record reads one record of any stored kind by id.
func (s *Side) Record(kind models.Kind, id models.ID) (models.Record, error) {
	if !slices.Contains(models.StoredKinds(), kind) {
		return nil, models.NotFound(kind, string(id)) // kinds come from requests
	}
	r := models.NewRecord(kind)
	return r, s.Get(r, id)
}

// BySlug reads the record that has a slug below an owner: a course (owner ""), a module or fragment of a course, a
// section or worksheet of a module. Drafts in the trash are not found.
func (s *Side) BySlug(r models.Record, owner models.ID, slug string) error {
	where, args := "slug = ?", []any{slug}
	if column := ownerColumn(r.Kind()); column != "" {
		where, args = column+" = ? AND slug = ?", []any{owner, slug}
	}
	if !s.live {
		where += " AND trashed_at IS NULL"
	}
	return s.take(r, slug, where, args...)
}

// ownerColumn is the column that a record's slug is unique under.
func ownerColumn(kind models.Kind) string {
	switch kind {
	case models.KindModule, models.KindSource, models.KindAsset, models.KindFragment:
		return "course_id"
	case models.KindSection, models.KindWorksheet:
		return "module_id"
	}
	return ""
}

func (s *Side) take(r models.Record, name, where string, args ...any) error {
	l, err := s.layout(r.Kind(), true, s.leftOut(r.Kind())...)
	if err != nil {
		return err
	}
	rows, err := s.byKey(l.from+" WHERE "+where+" LIMIT 1", args...)
	return only(r, name, l, rows, err)
}

// ByPath reads the live record that has a slug in a module of a course, each by its slug: in one statement what BySlug takes
// three for.
func (s *Side) ByPath(r models.Record, course, module, slug string) error {
	l, err := s.layout(r.Kind(), true, append(slices.Clip(s.leftOut(r.Kind())), aboveColumn)...)
	if err != nil {
		return err
	}
	var rows *sql.Rows
	above := course + "/" + module
	if id := s.seen.moduleAt(above); id != "" {
		rows, err = s.byKey(l.from+" WHERE module_id = ? AND slug = ? LIMIT 1", id, slug)
	} else {
		rows, err = s.byKey(l.from+" JOIN live_modules m ON m.id = "+l.table+".module_id JOIN live_courses c ON c.id = m.course_id"+
			" WHERE c.slug = ? AND m.slug = ? AND "+l.table+".slug = ? LIMIT 1", course, module, slug)
	}
	if err := only(r, slug, l, rows, err); err != nil {
		return err
	}
	r.Base().Above = above
	s.seen.keepModule(above, models.ModuleOf(r))
	return nil
}

// only fills in a record with the one that a statement finds.
func only(r models.Record, name string, l *layout, rows *sql.Rows, err error) error {
	found, err := scan[models.Record](l, rows, err)
	if err == nil && len(found) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return translate(err, r.Kind(), name)
	}
	reflect.ValueOf(r).Elem().Set(reflect.ValueOf(found[0]).Elem())
	return nil
}

// Insert adds a draft that has never been saved here: as its version 1, or as the version that it has where it comes
// from.
func (s *Side) Insert(r models.Record) error {
	r.Base().Version = max(1, r.Base().Version)
	if err := s.write(r, s.gorm()); err != nil {
		return err
	}
	return s.setTerms(r)
}

// Put saves a live record, in place of the one that was live under its id.
func (s *Side) Put(r models.Record) error {
	if err := s.write(r, s.gorm().Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true})); err != nil {
		return err
	}
	if err := s.setTerms(r); err != nil {
		return err
	}
	if section, ok := r.(*models.Section); ok {
		return s.putCitations(section)
	}
	return nil
}

func (s *Side) write(r models.Record, db *gorm.DB) error {
	columns, err := s.columns(r, true)
	if err != nil {
		return err
	}
	r.Base().SortKey = Fold(r.Label())
	if r.Base().Extra == nil {
		r.Base().Extra = models.Extra{}
	}
	return translate(db.Select(columns).Create(r).Error, r.Kind(), nameOf(r))
}

func nameOf(r models.Record) string {
	if name := r.Name(); name != "" {
		return name
	}
	return string(r.Base().ID)
}

// Update saves a draft's content as the version after the one that was read. It fails with Stale when the draft has
// another version by now. Places, state and creation time stay.
func (s *Side) Update(r models.Record, read int64) error {
	columns, err := s.columns(r, true)
	if err != nil {
		return err
	}
	kept := []string{"id", "created_at", "live_version", "trashed_at", "position", "parent_id"}
	columns = slices.DeleteFunc(columns, func(c string) bool { return slices.Contains(kept, c) })
	r.Base().Version = read + 1
	r.Base().SortKey = Fold(r.Label())
	res := s.gorm().Model(models.NewRecord(r.Kind())).Where("id = ? AND version = ?", r.Base().ID, read).Select(columns).Updates(r)
	if res.Error != nil {
		return translate(res.Error, r.Kind(), nameOf(r))
	}
	if res.RowsAffected == 0 {
		return models.Stale(fmt.Sprintf("the %s %q was changed by someone else", r.Kind(), nameOf(r)))
	}
	return s.setTerms(r)
}

// Touch takes the next version for a draft whose children moved: their places are versioned on it.
func (s *Side) Touch(kind models.Kind, id models.ID) error {
	return s.set(kind, id, map[string]any{"version": gorm.Expr("version + 1")})
}

// Place puts a draft at its place among its siblings.
func (s *Side) Place(r models.Record, parent *models.ID, position int) error {
	values := map[string]any{"position": position}
	if r.Kind() == models.KindSection {
		values["parent_id"] = parent
	}
	return s.set(r.Kind(), r.Base().ID, values)
}

// SetLiveVersion records which version of a draft readers see; nil: none any more.
func (s *Side) SetLiveVersion(kind models.Kind, id models.ID, version *int64) error {
	return s.set(kind, id, map[string]any{"live_version": version})
}

func (s *Side) set(kind models.Kind, id models.ID, values map[string]any) error {
	res := s.gorm().Model(models.NewRecord(kind)).Where("id = ?", id).UpdateColumns(values)
	if res.Error != nil {
		return translate(res.Error, kind, string(id))
	}
	if res.RowsAffected == 0 {
		return models.NotFound(kind, string(id))
	}
	return nil
}

// Remove takes a record away, with what this side keeps about it.
func (s *Side) Remove(kind models.Kind, id models.ID) error {
	if err := s.gorm().Where("id = ?", id).Delete(models.NewRecord(kind)).Error; err != nil {
		return translate(err, kind, string(id))
	}
	if err := s.SetUses(kind, id, nil); err != nil {
		return err
	}
	if err := s.removeTerms(id); err != nil {
		return err
	}
	if s.live && kind == models.KindSection {
		return s.RemoveCitations(id)
	}
	return nil
}

// Trash puts a draft into the trash.
func (s *Side) Trash(kind models.Kind, id models.ID, at time.Time) error {
	return s.set(kind, id, map[string]any{"trashed_at": at})
}

// Untrash takes a draft out of the trash. It fails with Conflict when its name has been given to another one since.
func (s *Side) Untrash(kind models.Kind, id models.ID) error {
	return s.set(kind, id, map[string]any{"trashed_at": nil})
}
