package content

import (
	"fmt"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// standsUnderOwners checks that the owners of a draft are there and agree with each other: a section's module is one of
// its course, its parent a section of its module that is not below itself. The owners of a new draft must not be in
// the trash.
func standsUnderOwners(tx *store.Tx, r models.Record, isNew bool) error {
	var fields []models.FieldError
	bad := func(pointer, format string, args ...any) {
		fields = append(fields, models.FieldError{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
	}
	find := func(pointer string, owner models.Record, id models.ID) (bool, error) {
		err := tx.Draft.Get(owner, id)
		switch {
		case models.KindOf(err) == models.KindNotFound:
			bad(pointer, "there is no %s %q", owner.Kind(), id)
			return false, nil
		case err == nil && isNew && owner.Base().TrashedAt != nil:
			bad(pointer, "the %s %q is in the trash", owner.Kind(), owner.Label())
		}
		return err == nil, err
	}
	var module models.Module
	var err error
	switch r := r.(type) {
	case *models.Course:
	case *models.Section:
		var ok bool
		ok, err = find("/module_id", &module, r.ModuleID)
		if ok && module.CourseID != r.CourseID {
			bad("/course_id", "the module %q is of another course", module.Title)
		}
		if err == nil && r.ParentID != nil {
			err = checkParent(tx, r, find, bad)
		}
	case *models.Worksheet:
		_, err = find("/module_id", &module, r.ModuleID)
	default:
		_, err = find("/course_id", &models.Course{}, r.Owner().ID)
	}
	if err != nil {
		return err
	}
	return models.Invalid(fmt.Sprintf("the %s can't stand there", r.Kind()), fields)
}

// checkParent checks the section above a section, up to the top.
func checkParent(tx *store.Tx, s *models.Section, find func(string, models.Record, models.ID) (bool, error), bad func(string, string, ...any)) error {
	var parent models.Section
	ok, err := find("/parent_id", &parent, *s.ParentID)
	if err != nil || !ok {
		return err
	}
	if parent.ModuleID != s.ModuleID {
		bad("/parent_id", "the section %q is of another module", parent.Title)
		return nil
	}
	for above := parent; ; {
		switch {
		case above.ID == s.ID:
			bad("/parent_id", "a section can't stand below itself")
			return nil
		case above.ParentID == nil:
			return nil
		}
		next := models.Section{}
		if err := tx.Draft.Get(&next, *above.ParentID); err != nil {
			return err
		}
		above = next
	}
}
