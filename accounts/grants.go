package accounts

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Bounds of what is granted to one user. They are read with every request of theirs.
const (
	maxGrants = 20
	maxLimits = 100 // of a grant, and courses of a token
)

// checkGrants gives what is wrong with grants: roles that there are not, and limits to what is not there.
func checkGrants(tx *store.Tx, grants []access.Grant) ([]models.FieldError, error) {
	var fields []models.FieldError
	if len(grants) > maxGrants {
		return []models.FieldError{{Pointer: "/grants", Detail: fmt.Sprintf("must have at most %d entries", maxGrants)}}, nil
	}
	for i, g := range grants {
		at := fmt.Sprintf("/grants/%d", i)
		if !g.Role.Valid() {
			fields = append(fields, models.FieldError{Pointer: at + "/role", Detail: "must be one of " + list(access.Roles())})
		}
		if len(g.Limits) > maxLimits {
			fields = append(fields, models.FieldError{Pointer: at + "/limits", Detail: fmt.Sprintf("must have at most %d entries", maxLimits)})
			continue
		}
		for j, l := range g.Limits {
			wrong, err := checkLimit(tx, fmt.Sprintf("%s/limits/%d", at, j), l)
			if err != nil {
				return nil, err
			}
			fields = append(fields, wrong...)
		}
	}
	return fields, nil
}

func checkLimit(tx *store.Tx, at string, l access.Limit) ([]models.FieldError, error) {
	wrong, err := checkCourse(tx, at+"/course", l.Course)
	if err != nil || len(wrong) > 0 || l.Module == nil {
		return wrong, err
	}
	var m models.Module
	err = tx.Draft.Get(&m, *l.Module)
	if models.KindOf(err) == models.KindNotFound || err == nil && m.CourseID != l.Course {
		return []models.FieldError{{Pointer: at + "/module", Detail: "is no module of the course"}}, nil
	}
	return nil, err
}

func checkCourse(tx *store.Tx, at string, id models.ID) ([]models.FieldError, error) {
	var c models.Course
	err := tx.Draft.Get(&c, id)
	if models.KindOf(err) == models.KindNotFound {
		return []models.FieldError{{Pointer: at, Detail: "is no course"}}, nil
	}
	return nil, err
}

// list writes the names that there are with commas.
func list[S ~string](names []S) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return strings.Join(out, ", ")
}
