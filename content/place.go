package content

import (
	"fmt"

	"github.com/lectern-cms/lectern/models"
)

// subtree gives the sections below one, in order.
func subtree(all []models.Record, root models.ID) []models.Record {
	inside := map[models.ID]bool{root: true}
	var out []models.Record
	for grown := true; grown; {
		grown = false
		for _, r := range all {
			s := r.(*models.Section)
			if s.ParentID != nil && inside[*s.ParentID] && !inside[s.ID] {
				inside[s.ID] = true
				grown = true
			}
		}
	}
	for _, r := range all {
		if id := r.Base().ID; inside[id] && id != root {
			out = append(out, r)
		}
	}
	return out
}

// standing leaves out the sections below one that is not there: what is under a section in the trash is in the trash
// with it.
func standing(all []models.Record) []models.Record {
	stands := map[models.ID]bool{}
	for grown := true; grown; {
		grown = false
		for _, r := range all {
			s := r.(*models.Section)
			if !stands[s.ID] && (s.ParentID == nil || stands[*s.ParentID]) {
				stands[s.ID] = true
				grown = true
			}
		}
	}
	var out []models.Record
	for _, r := range all {
		if stands[r.Base().ID] {
			out = append(out, r)
		}
	}
	return out
}

// place says where a record stands among its siblings, "" for kinds without a place.
func place(r models.Record) string {
	switch r := r.(type) {
	case *models.Module:
		return fmt.Sprint(r.CourseID, r.Position)
	case *models.Section:
		parent := models.ID("")
		if r.ParentID != nil {
			parent = *r.ParentID
		}
		return fmt.Sprint(r.ModuleID, parent, r.Position)
	case *models.Worksheet:
		return fmt.Sprint(r.ModuleID, r.Position)
	}
	return ""
}
