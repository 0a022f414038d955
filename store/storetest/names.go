package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// said is what references say of a record.
type said struct {
	Kind               models.Kind
	ID                 models.ID
	Name, Label, Above string
	Published          bool
	Owner              models.Ref
}

func saidOf(r models.Record) said {
	s := said{r.Kind(), r.Base().ID, r.Name(), r.Label(), r.Base().Above, !r.Base().PublishedAt.IsZero(), models.Ref{}}
	if owner := r.Owner(); owner != nil {
		s.Owner = *owner
	}
	if section, ok := r.(*models.Section); ok {
		s.Owner = *models.NewRef(models.KindModule, section.ModuleID)
	}
	return s
}

func names(t *testing.T, s *store.Store) {
	records := full()
	course, source, worksheet := records[0].(*models.Course), records[2].(*models.Source), records[5].(*models.Worksheet)
	course.Title, source.CSL.Title = "\"Bread\\\u0007\" 🥖", "Ein \"Brot\" \\ 2"
	alone := module(models.NewID(), "alone") // its course is not live
	without := []models.Record{
		&models.Source{Meta: fullMeta(), CourseID: course.ID, Key: "untitled", Parse: models.ParsePartial}, worksheetWithout(worksheet.ModuleID, "", ""),
		worksheetWithout(worksheet.ModuleID, "3", ""), worksheetWithout(models.NewID(), "", "No module"),
	}
	records = append(append(records, alone), without...)
	for i := range 9 { // more than one list of ids can be long
		records = append(records, section(worksheet.ModuleID, fmt.Sprint("s", i)))
	}
	put(t, s, records...)
	wanted := map[models.Kind][]models.ID{models.KindModule: {models.NewID()}, models.KindFragment: {models.NewID()}}
	for _, r := range records {
		wanted[r.Kind()] = append(wanted[r.Kind()], r.Base().ID)
	}
	read(t, s, func(tx *store.Tx) error {
		got := map[models.ID]said{}
		found, err := tx.Live.Names(wanted, shown)
		if err != nil {
			return err
		}
		for _, r := range found {
			got[r.Base().ID] = saidOf(r)
			if want := r.Label(); *r.Base().Shown.Title != want {
				t.Errorf("%q is shown as %q", want, *r.Base().Shown.Title)
			}
		}
		want := map[models.ID]said{}
		for _, r := range records {
			whole, err := tx.Live.Record(r.Kind(), r.Base().ID)
			if err != nil {
				return err
			}
			want[r.Base().ID] = saidOf(whole)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(found) != len(records) {
			t.Errorf("names of %d records (-whole +named):\n%s", len(found), diff)
		}
		none, err := tx.Live.Names(nil, shown)
		wantEqual(t, none, []models.Record{})
		return err
	})
}

func worksheetWithout(module models.ID, number, title string) *models.Worksheet {
	return &models.Worksheet{Meta: fullMeta(), ModuleID: module, Slug: string(models.NewID()), Word: models.WordReflection, Number: number, Title: title}
}

func byPath(t *testing.T, s *store.Store) {
	records := full()
	course, module, want := records[0].(*models.Course), records[1].(*models.Module), records[6].(*models.Section)
	elsewhere := section(models.NewID(), want.Slug)
	put(t, s, course, module, want, elsewhere)
	read(t, s, func(tx *store.Tx) error {
		var got, below models.Section
		if err := tx.Live.ByPath(&got, course.Slug, module.Slug, want.Slug); err != nil {
			return err
		}
		err := tx.Live.BySlug(&below, module.ID, want.Slug)
		wantEqual(t, got, below)
		for _, path := range [][3]string{
			{"other", module.Slug, want.Slug}, {course.Slug, "other", want.Slug}, {course.Slug, module.Slug, "other"}, {"", "", ""},
		} {
			if err := tx.Live.ByPath(&got, path[0], path[1], path[2]); models.KindOf(err) != models.KindNotFound {
				t.Errorf("%v: %v, want not found", path, err)
			}
		}
		return err
	})
}

// shown is what a reference shows of a record.
func shown(r models.Record) models.Ref {
	title := r.Label()
	return models.Ref{Type: r.Kind(), ID: r.Base().ID, Title: &title}
}
