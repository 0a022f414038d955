package store

import (
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
		return access.InModule(r, user), nil
	case *models.Section:
		module = r.ModuleID
	case *models.Worksheet:
		module = r.ModuleID
	default:
		return access.Place{Course: r.Owner().ID}, nil
	}
	var m models.Module
	if err := t.Draft.Get(&m, module); err != nil {
		return access.Place{}, err
	}
	return access.InModule(&m, user), nil
}
