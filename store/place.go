package store

import (
	"slices"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// Place says where a draft stands, as seen by a user.
func (t *Tx) Place(r models.Record, user models.ID) (access.Place, error) {
	var module models.ID
	switch r := r.(type) {
	case *models.Course:
		return access.Place{Course: r.ID}, nil
	case *models.Module:
		return placeIn(r, user), nil
	case *models.Source:
		return access.Place{Course: r.CourseID}, nil
	case *models.Asset:
		return access.Place{Course: r.CourseID}, nil
	case *models.Fragment:
		return access.Place{Course: r.CourseID}, nil
	case *models.Section:
		module = r.ModuleID
	case *models.Worksheet:
		module = r.ModuleID
	}
	var m models.Module
	if err := t.Draft.Get(&m, module); err != nil {
		return access.Place{}, err
	}
	return placeIn(&m, user), nil
}

// placeIn is the place of a module and of all in it.
func placeIn(m *models.Module, user models.ID) access.Place {
	return access.Place{Course: m.CourseID, Module: m.ID, Mine: slices.Contains(m.Owners, string(user))}
}
