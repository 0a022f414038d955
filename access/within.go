package access

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Within is the subject with all grants narrowed to some courses; none of them: as it is. What is granted for the
// installation goes.
func (s Subject) Within(courses []models.ID) Subject {
	if len(courses) == 0 {
		return s
	}
	var narrow []Grant
	for _, g := range s.Grants {
		if limits := g.within(courses); len(limits) > 0 {
			narrow = append(narrow, Grant{Role: g.Role, Limits: limits})
		}
	}
	s.Grants = narrow
	return s
}

func (g Grant) within(courses []models.ID) []Limit {
	if len(g.Limits) > 0 {
		return slices.DeleteFunc(slices.Clone(g.Limits), func(l Limit) bool { return !slices.Contains(courses, l.Course) })
	}
	limits := make([]Limit, len(courses))
	for i, c := range courses {
		limits[i] = Limit{Course: c}
	}
	return limits
}

// Has tells whether the subject may use a scope: a person may use all of them, a token those that it was given.
func (s Subject) Has(sc Scope) bool { return s.Scopes == nil || slices.Contains(s.Scopes, sc) }

// Equal tells whether two grants are written alike.
func (g Grant) Equal(other Grant) bool {
	return g.Role == other.Role && slices.EqualFunc(g.Limits, other.Limits, func(a, b Limit) bool {
		same := a.Module == nil && b.Module == nil || a.Module != nil && b.Module != nil && *a.Module == *b.Module
		return a.Course == b.Course && same
	})
}
