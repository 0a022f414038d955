package storetest

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// draftFiltering says of lists of drafts what filtering says of live ones: each filter gives what a plain search gives,
// states among them, and none shows the trash unless it asks for it.
func draftFiltering(t *testing.T, s *store.Store) {
	sh := shelf{next: map[models.ID]time.Time{}}
	for i, slug := range []string{"sewing", "welding"} {
		sh.courses[i] = course(slug)
		sh.modules[i] = module(sh.courses[i].ID, slug)
	}
	write(t, s, func(tx *store.Tx) error {
		return all(tx.Draft.Insert, []models.Record{sh.courses[0], sh.courses[1], sh.modules[0], sh.modules[1]})
	})
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(models.StoredKinds()).Draw(rt, "kind")
		var rs []models.Record
		for range rapid.IntRange(0, 6).Draw(rt, "records") {
			r := sh.draw(rt, kind)
			inState(r, rapid.SampledFrom(allStates).Draw(rt, "state"))
			rs = append(rs, r)
		}
		write(t, s, func(tx *store.Tx) error { return all(tx.Draft.Insert, rs) })
		write(t, s, func(tx *store.Tx) error {
			return all(func(r models.Record) error { return sh.schedule(rt, tx, r) }, rs)
		})
		fields := slices.DeleteFunc(store.DraftFields(kind), func(f store.Field) bool { return f.Type == store.FieldWithin })
		field := rapid.SampledFrom(fields).Draw(rt, "field")
		op := rapid.SampledFrom(field.Ops()).Draw(rt, "op")
		var values []string
		if field.Type == store.FieldState {
			values = []string{string(rapid.SampledFrom(allStates).Draw(rt, "written"))}
		} else {
			values = sh.drawValues(rt, field, op, rs)
		}
		written := writeValues(op, values)
		f, err := store.NewDraftFilter(kind, field.Name, op, written)
		if err != nil {
			rt.Fatalf("%s %s %q: %v", field.Name, op, written, err)
		}
		asked := field.Type == store.FieldState && (op == store.OpEq || op == store.OpIn) && written == string(models.StateTrashed)
		ids, want := []models.ID{}, []models.ID(nil)
		for _, r := range rs {
			ids = append(ids, r.Base().ID)
			has := sh.values(r, field.Name)
			if field.Type == store.FieldState {
				has = []string{string(r.Base().State())}
			}
			if (asked || r.Base().TrashedAt == nil) && passes(has, field.Type, op, values) {
				want = append(want, r.Base().ID)
			}
		}
		slices.Sort(want)
		var got []models.Record
		read(t, s, func(tx *store.Tx) (err error) {
			if got, err = tx.Draft.List(store.Query{Kind: kind, IDs: ids, Filters: []store.Filter{f}}); err != nil {
				return err
			}
			next, err := tx.Draft.ScheduledAt(ids)
			for _, r := range rs {
				if at := sh.next[r.Base().ID]; !at.Equal(next[r.Base().ID]) {
					rt.Fatalf("next for %s is %s, want %s", r.Base().ID, next[r.Base().ID], at)
				}
			}
			return err
		})
		if !slices.Equal(idsOf(got), want) {
			rt.Fatalf("filter[%s][%s]=%s of %s gives %v, want %v", field.Name, op, written, kind, idsOf(got), want)
		}
		write(t, s, func(tx *store.Tx) error {
			return all(func(r models.Record) error { return tx.Draft.Remove(kind, r.Base().ID) }, rs)
		})
	})
}

// schedule makes some schedules of a draft, in all states.
func (sh shelf) schedule(rt *rapid.T, tx *store.Tx, r models.Record) error {
	id := r.Base().ID
	for range rapid.IntRange(0, 3).Draw(rt, "schedules") {
		sc := &store.Schedule{
			ID: models.NewID(), Action: "publish", Kind: r.Kind(), RecordID: id, At: at.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "days")) * 24 * time.Hour),
			State: rapid.SampledFrom([]store.ScheduleState{store.ScheduleWaiting, store.ScheduleWaiting, store.ScheduleDone, store.ScheduleFailed, store.ScheduleCancelled}).Draw(rt, "of schedule"),
		}
		if next, ok := sh.next[id]; sc.State == store.ScheduleWaiting && (!ok || sc.At.Before(next)) {
			sh.next[id] = sc.At
		}
		if err := tx.AddSchedule(sc); err != nil {
			return err
		}
	}
	return nil
}

var allStates = []models.State{models.StateDraft, models.StateChanged, models.StateLive, models.StateTrashed}

func inState(r models.Record, state models.State) {
	m := r.Base()
	m.Version = 3
	switch state {
	case models.StateTrashed:
		m.TrashedAt = &at
	case models.StateChanged:
		m.LiveVersion = new(int64(2))
	case models.StateLive:
		m.LiveVersion = new(int64(3))
	case models.StateDraft:
	}
}

// changedWithin says that a parent knows of changes anywhere below it, and of nothing else.
func changedWithin(t *testing.T, s *store.Store) {
	c := course("sewing")
	m, other := module(c.ID, "seams"), module(c.ID, "hems")
	top := section(m.ID, "top")
	mid, leaf := section(m.ID, "mid"), section(m.ID, "leaf")
	mid.ParentID, leaf.ParentID = &top.ID, &mid.ID
	for _, s := range []*models.Section{top, mid, leaf} {
		s.CourseID = c.ID
	}
	w := &models.Worksheet{Meta: models.Meta{ID: models.NewID()}, ModuleID: m.ID, Slug: "w"}
	tree := []models.Record{c, m, other, top, mid, leaf, w}
	for _, r := range tree {
		inState(r, models.StateLive)
	}
	write(t, s, func(tx *store.Tx) error { return all(tx.Draft.Insert, tree) })
	above := map[models.Record][]models.Record{leaf: {mid, top, m, c}, mid: {top, m, c}, top: {m, c}, w: {m, c}, m: {c}, other: {c}, c: nil}
	for _, changed := range tree {
		for _, live := range []bool{false, true} { // a new one, and one in the trash that readers still see
			setState(t, s, changed, live)
			for _, r := range tree {
				var within map[models.ID]bool
				var listed []models.Record
				read(t, s, func(tx *store.Tx) (err error) {
					if within, err = tx.Draft.ChangedWithin(r.Kind(), []models.ID{r.Base().ID}); err != nil || r.Kind() == models.KindWorksheet {
						return err
					}
					f, err := store.NewDraftFilter(r.Kind(), "changed_within", store.OpEq, "true")
					if err != nil {
						return err
					}
					listed, err = tx.Draft.List(store.Query{Kind: r.Kind(), IDs: []models.ID{r.Base().ID}, Filters: []store.Filter{f}, Trashed: true})
					return err
				})
				want := slices.Contains(above[changed], r)
				if within[r.Base().ID] != want || (len(listed) == 1) != want {
					t.Errorf("with a change in %s %s, %s %s says %t and is listed %d times, want %s",
						changed.Kind(), changed.Name(), r.Kind(), r.Name(), within[r.Base().ID], len(listed), strconv.FormatBool(want))
				}
			}
			restore(t, s, changed)
		}
	}
}

func setState(t *testing.T, s *store.Store, r models.Record, live bool) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		if live {
			return tx.Draft.Trash(r.Kind(), r.Base().ID, at)
		}
		return tx.Draft.SetLiveVersion(r.Kind(), r.Base().ID, nil)
	})
}

func restore(t *testing.T, s *store.Store, r models.Record) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		if err := tx.Draft.Untrash(r.Kind(), r.Base().ID); err != nil {
			return err
		}
		return tx.Draft.SetLiveVersion(r.Kind(), r.Base().ID, new(int64(3)))
	})
}

// reach says that a limited list holds what is in its courses and modules, of every kind, and nothing else.
func reach(t *testing.T, s *store.Store) {
	sh := shelf{}
	var rs [2][]models.Record
	for i, slug := range []string{"sewing", "welding"} {
		c := course(slug)
		m := module(c.ID, slug)
		sh.courses[i], sh.modules[i] = c, m
		base := func() models.Meta { return models.Meta{ID: models.NewID()} }
		sec := section(m.ID, "s")
		sec.CourseID = c.ID
		rs[i] = []models.Record{
			c, m, sec, &models.Worksheet{Meta: base(), ModuleID: m.ID, Slug: "w"},
			&models.Source{Meta: base(), CourseID: c.ID, Key: "k"}, &models.Fragment{Meta: base(), CourseID: c.ID, Slug: "f"},
			&models.Asset{Meta: base(), CourseID: c.ID, File: models.File{Name: "a"}},
		}
		write(t, s, func(tx *store.Tx) error { return all(tx.Draft.Insert, rs[i]) })
	}
	list := func(kind models.Kind, r store.Reach) (out []models.ID) {
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Draft.List(store.Query{Kind: kind, Within: &r})
			out = idsOf(got)
			return err
		})
		return out
	}
	for _, r := range rs[0] {
		inModule := r.Kind() == models.KindModule || r.Kind() == models.KindSection || r.Kind() == models.KindWorksheet
		wantEqual(t, list(r.Kind(), store.Reach{Courses: []models.ID{sh.courses[0].ID}}), []models.ID{r.Base().ID})
		var want []models.ID
		if inModule {
			want = []models.ID{r.Base().ID}
		}
		wantEqual(t, len(list(r.Kind(), store.Reach{Modules: []models.ID{sh.modules[0].ID}})), len(want))
		wantEqual(t, len(list(r.Kind(), store.Reach{})), 0)
		both := store.Reach{Courses: []models.ID{sh.courses[0].ID, sh.courses[1].ID}}
		wantEqual(t, len(list(r.Kind(), both)), 2)
	}
}

// purging says that the newest revision is found without its body, and can be taken in by a later one; purging leaves
// nothing of a record.
func purging(t *testing.T, s *store.Store) {
	c := course("sewing")
	other := course("welding")
	write(t, s, func(tx *store.Tx) error {
		if err := all(tx.Draft.Insert, []models.Record{c, other}); err != nil {
			return err
		}
		for _, r := range []models.Record{c, other} {
			for version := range int64(3) {
				err := tx.AddRevision(store.Revision{RecordID: r.Base().ID, Version: version + 1, Kind: r.Kind(), AuthorID: other.ID, Began: &at, At: at, Body: "{}"})
				if err != nil {
					return err
				}
			}
		}
		for _, r := range []models.Record{c, other} { // what goes with a record
			id := r.Base().ID
			if err := errors.Join(
				tx.AddPreview(&store.Preview{ID: models.NewID(), Hash: string(id), Kind: r.Kind(), RecordID: id, CreatedAt: at, ExpiresAt: at.Add(time.Hour)}),
				tx.PutPresence(&store.Presence{RecordID: id, UserID: id, Client: "c", Since: at, SeenAt: at}),
				tx.PutCourseSettings(&store.CourseSettings{CourseID: id, UpdatedAt: at}, 1),
			); err != nil {
				return err
			}
		}
		return tx.RemoveRevision(c.ID, 2)
	})
	versions := func(id models.ID, before int64, limit int) (out []int64) {
		read(t, s, func(tx *store.Tx) error {
			rows, err := tx.RevisionsBefore(id, before, limit)
			for _, r := range rows {
				wantEqual(t, r.Body, "")
				out = append(out, r.Version)
			}
			return err
		})
		return out
	}
	wantEqual(t, versions(c.ID, 0, 10), []int64{3, 1})
	wantEqual(t, versions(other.ID, 3, 1), []int64{2})
	read(t, s, func(tx *store.Tx) error {
		last, err := tx.LastRevision(c.ID)
		wantEqual(t, last.Version, int64(3))
		wantEqual(t, last.AuthorID, other.ID)
		wantEqual(t, last.Began.Equal(at), true)
		return err
	})
	write(t, s, func(tx *store.Tx) error { return tx.Purge(models.KindCourse, c.ID) })
	wantEqual(t, len(versions(c.ID, 0, 10)), 0)
	wantEqual(t, len(versions(other.ID, 0, 10)), 3)
	for _, of := range []struct {
		id   models.ID
		left bool
	}{{c.ID, false}, {other.ID, true}} {
		read(t, s, func(tx *store.Tx) error {
			p, err := tx.PreviewOf(string(of.id))
			there, err2 := tx.Presences(of.id, at.Add(-time.Hour))
			set, err3 := tx.CourseSettings(of.id)
			wantEqual(t, []bool{p != nil, len(there) > 0, set != nil}, []bool{of.left, of.left, of.left})
			return errors.Join(err, err2, err3)
		})
	}
	read(t, s, func(tx *store.Tx) error {
		if last, err := tx.LastRevision(c.ID); last != nil || err != nil {
			t.Errorf("a purged record has the revision %v, %v", last, err)
		}
		_, err := tx.Draft.Record(models.KindCourse, c.ID)
		wantEqual(t, models.KindOf(err), models.KindNotFound)
		return nil
	})
}
