package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func auditLog(t *testing.T, s *store.Store) {
	who := access.Subject{ID: models.NewID(), Name: "Ada", Token: models.NewID()}
	version := int64(7)
	var all []store.AuditEntry
	for i, action := range []string{"section.update", "section.publish", "user.create", "user_x.create"} {
		e := store.NewAuditEntry(who, access.Origin{Address: "192.0.2.1", RequestID: "r"}, moment.Add(time.Duration(i)*time.Hour), action)
		e.Kind, e.RecordID, e.CourseID, e.Version = models.KindSection, models.NewID(), models.NewID(), &version
		e.Detail["fields"] = []any{"title"}
		all = append(all, e)
	}
	write(t, s, func(tx *store.Tx) error {
		if err := tx.AddAudit(); err != nil {
			return err
		}
		return tx.AddAudit(all...)
	})
	find := func(q store.AuditQuery) (out []store.AuditEntry) {
		read(t, s, func(tx *store.Tx) (err error) {
			q.Limit = max(q.Limit, 1)
			out, err = tx.Audit(q)
			return err
		})
		return out
	}
	if diff := cmp.Diff([]store.AuditEntry{all[3], all[2], all[1], all[0]}, find(store.AuditQuery{Limit: 9})); diff != "" {
		t.Error(diff)
	}
	for name, tt := range map[string]struct {
		q    store.AuditQuery
		want []models.ID
	}{
		"an actor":          {store.AuditQuery{Actor: who.ID, Limit: 2}, []models.ID{all[3].ID, all[2].ID}},
		"another actor":     {store.AuditQuery{Actor: models.NewID(), Limit: 9}, nil},
		"a beginning":       {store.AuditQuery{Action: "section.", Limit: 9}, []models.ID{all[1].ID, all[0].ID}},
		"no wildcard":       {store.AuditQuery{Action: "user_", Limit: 9}, []models.ID{all[3].ID}},
		"a kind":            {store.AuditQuery{Kind: models.KindCourse, Limit: 9}, nil},
		"a record":          {store.AuditQuery{Record: all[1].RecordID, Limit: 9}, []models.ID{all[1].ID}},
		"a course":          {store.AuditQuery{Course: all[2].CourseID, Limit: 9}, []models.ID{all[2].ID}},
		"from, and before":  {store.AuditQuery{Since: moment.Add(time.Hour), Until: moment.Add(2 * time.Hour), Limit: 9}, []models.ID{all[1].ID}},
		"older than one":    {store.AuditQuery{Before: all[1].ID, Limit: 9}, []models.ID{all[0].ID}},
		"several that hold": {store.AuditQuery{Actor: who.ID, Action: "user.create", Kind: models.KindSection, Limit: 9}, []models.ID{all[2].ID}},
	} {
		var got []models.ID
		for _, e := range find(tt.q) {
			got = append(got, e.ID)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	write(t, s, func(tx *store.Tx) error {
		n, err := tx.PurgeAudit(moment.Add(2 * time.Hour))
		if n != 2 || err != nil {
			t.Errorf("%d were removed, %v", n, err)
		}
		return nil
	})
	if left := find(store.AuditQuery{Limit: 9}); len(left) != 2 {
		t.Errorf("left are %v", left)
	}
}

// places say where drafts stand, and whose modules they are in.
func accessPlaces(t *testing.T, s *store.Store) {
	user := models.NewID()
	course := &models.Course{Meta: models.Meta{ID: models.NewID()}, Slug: "c", Title: "C"}
	mine := &models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Slug: "m", Title: "M", Owners: []string{"x", string(user)}}
	other := &models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Slug: "o", Title: "O"}
	section := &models.Section{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, ModuleID: mine.ID, Slug: "s", Title: "S"}
	sheet := &models.Worksheet{Meta: models.Meta{ID: models.NewID()}, ModuleID: other.ID, Slug: "w", Title: "W"}
	source := &models.Source{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Key: "k"}
	insert(t, s, course, mine, other, section, sheet, source)
	read(t, s, func(tx *store.Tx) error {
		for r, want := range map[models.Record]access.Place{
			course: {Course: course.ID}, source: {Course: course.ID}, mine: {Course: course.ID, Module: mine.ID, Mine: true},
			section: {Course: course.ID, Module: mine.ID, Mine: true}, sheet: {Course: course.ID, Module: other.ID},
		} {
			if got, err := tx.Place(r, user); got != want || err != nil {
				t.Errorf("a %s stands at %+v, %v; want %+v", r.Kind(), got, err, want)
			}
		}
		return nil
	})
}
