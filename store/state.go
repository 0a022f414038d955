package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// states are the conditions of the states of drafts, as models.Meta.State has them.
var states = map[models.State]string{
	models.StateDraft:   "trashed_at IS NULL AND live_version IS NULL",
	models.StateChanged: "trashed_at IS NULL AND live_version IS NOT NULL AND live_version <> version",
	models.StateLive:    "trashed_at IS NULL AND live_version IS NOT NULL AND live_version = version",
	models.StateTrashed: "trashed_at IS NOT NULL",
}

func (f Filter) applyState(db *gorm.DB) *gorm.DB {
	conditions := make([]string, len(f.values))
	for i, v := range f.values {
		conditions[i] = "(" + states[models.State(v.(string))] + ")"
	}
	any := "(" + strings.Join(conditions, " OR ") + ")"
	if f.op == OpNe || f.op == OpNin {
		any = "NOT " + any
	}
	return db.Where(any)
}

// asksForTrash tells whether a filter lets drafts in the trash through that lists leave out otherwise.
func (f Filter) asksForTrash() bool {
	return f.field.Type == FieldState && (f.op == OpEq || f.op == OpIn) && slices.Contains(f.values, any(string(models.StateTrashed)))
}

// unpublished is true of a row of a table, called c, that readers don't see as it is: never live, changed, or in the
// trash while it is live.
const unpublished = "(c.trashed_at IS NULL AND (c.live_version IS NULL OR c.live_version <> c.version) OR c.trashed_at IS NOT NULL AND c.live_version IS NOT NULL)"

func someUnpublished(table, where string) string {
	return "EXISTS (SELECT 1 FROM " + table + " c WHERE " + where + " AND " + unpublished + ")"
}

// unpublishedWithin are the conditions by kind that something a draft owns is not live as it is.
var unpublishedWithin = map[models.Kind]string{
	models.KindCourse: strings.Join([]string{
		someUnpublished("draft_modules", "c.course_id = draft_courses.id"),
		someUnpublished("draft_sections", "c.course_id = draft_courses.id"),
		someUnpublished("draft_sources", "c.course_id = draft_courses.id"),
		someUnpublished("draft_assets", "c.course_id = draft_courses.id"),
		someUnpublished("draft_fragments", "c.course_id = draft_courses.id"),
		someUnpublished("draft_worksheets", "c.module_id IN (SELECT id FROM draft_modules WHERE course_id = draft_courses.id)"),
	}, " OR "),
	models.KindModule: strings.Join([]string{
		someUnpublished("draft_sections", "c.module_id = draft_modules.id"),
		someUnpublished("draft_worksheets", "c.module_id = draft_modules.id"),
	}, " OR "),
	models.KindSection: "EXISTS (WITH RECURSIVE below(id) AS (SELECT s.id FROM draft_sections s WHERE s.parent_id = draft_sections.id" +
		" UNION SELECT s.id FROM draft_sections s JOIN below b ON s.parent_id = b.id)" +
		" SELECT 1 FROM draft_sections c JOIN below ON below.id = c.id WHERE " + unpublished + ")",
}

// ChangedWithin tells of which of some drafts of a kind something that they own is not live as it is, in one statement.
func (s *Side) ChangedWithin(kind models.Kind, ids []models.ID) (map[models.ID]bool, error) {
	condition := unpublishedWithin[kind]
	if condition == "" || len(ids) == 0 {
		return nil, nil
	}
	var changed []models.ID
	err := s.gorm().Model(models.NewRecord(kind)).Where("id IN ?", ids).Where("("+condition+")").Pluck("id", &changed).Error
	if err != nil {
		return nil, fmt.Errorf("what has changed within %s: %w", kind.Plural(), err)
	}
	out := map[models.ID]bool{}
	for _, id := range changed {
		out[id] = true
	}
	return out, nil
}

// Reach limits a list of drafts to those of some courses or modules.
type Reach struct {
	Courses []models.ID // of whole courses
	Modules []models.ID // of single modules, and the modules themselves
}

// apply adds the limits to a statement over the drafts of a kind.
func (r *Reach) apply(db *gorm.DB, kind models.Kind) *gorm.DB {
	const none = "0 = 1"
	var courses string
	modules := none
	switch kind {
	case models.KindCourse:
		courses = "id IN ?"
	case models.KindModule:
		courses, modules = "course_id IN ?", "id IN ?"
	case models.KindSection:
		courses, modules = "course_id IN ?", "module_id IN ?"
	case models.KindWorksheet:
		courses, modules = "module_id IN (SELECT id FROM draft_modules WHERE course_id IN ?)", "module_id IN ?"
	default:
		courses = "course_id IN ?"
	}
	var conditions []string
	var args []any
	for _, limit := range []struct {
		condition string
		ids       []models.ID
	}{{courses, r.Courses}, {modules, r.Modules}} {
		if limit.condition != none && len(limit.ids) > 0 {
			conditions, args = append(conditions, limit.condition), append(args, limit.ids)
		}
	}
	if len(conditions) == 0 {
		return db.Where(none)
	}
	return db.Where("("+strings.Join(conditions, " OR ")+")", args...)
}
