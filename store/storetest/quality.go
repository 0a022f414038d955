package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What Try does is seen by nobody, and does not last.
func tries(t *testing.T, s *store.Store) {
	c := course("sewing")
	err := s.Try(t.Context(), func(tx *store.Tx) error {
		if err := tx.Draft.Insert(c); err != nil {
			return err
		}
		_, err := tx.Draft.Record(models.KindCourse, c.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	read(t, s, func(tx *store.Tx) error {
		_, err := tx.Draft.Record(models.KindCourse, c.ID)
		wantEqual(t, models.KindOf(err), models.KindNotFound)
		return nil
	})
	failure := errors.New("no")
	if err := s.Try(t.Context(), func(*store.Tx) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("a failure is told as %v", err)
	}
	insert(t, s, c) // nothing is in the way
}

func previews(t *testing.T, s *store.Store) {
	var all []store.Preview
	for n, hash := range []string{"a", "b", "c"} {
		all = append(all, store.Preview{
			ID: models.NewID(), Hash: hash, Kind: models.KindModule, RecordID: models.NewID(), Note: "for Friday", AuthorID: models.NewID(),
			Author: "zoe", CreatedAt: moment, ExpiresAt: moment.Add(time.Duration(n+1) * time.Hour),
		})
	}
	write(t, s, func(tx *store.Tx) error {
		for i := range all {
			if err := tx.AddPreview(&all[i]); err != nil {
				return err
			}
		}
		return tx.RevokePreview(all[2].ID, moment.Add(time.Minute))
	})
	good := func(at time.Time) (out []store.Preview) {
		read(t, s, func(tx *store.Tx) (err error) {
			out, err = tx.Previews(at)
			return err
		})
		return out
	}
	wantEqual(t, good(moment), []store.Preview{all[1], all[0]})
	wantEqual(t, good(moment.Add(time.Hour)), []store.Preview{all[1]}) // it ends when it expires
	read(t, s, func(tx *store.Tx) error {
		found, err := tx.PreviewOf("c")
		if err != nil || found.ID != all[2].ID || !found.RevokedAt.Equal(moment.Add(time.Minute)) {
			t.Errorf("one that was revoked is %+v, %v", found, err)
		}
		if found, err := tx.PreviewOf("d"); found != nil || err != nil {
			t.Errorf("a hash of nothing finds %+v, %v", found, err)
		}
		_, err = tx.Preview(models.NewID())
		wantEqual(t, models.KindOf(err), models.KindNotFound)
		return nil
	})
	again := all[0]
	again.ID = models.NewID()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.AddPreview(&again) }); err == nil {
		t.Error("two previews have one secret")
	}
	write(t, s, func(tx *store.Tx) error { return tx.ForgetPreviews(moment.Add(2 * time.Hour)) })
	read(t, s, func(tx *store.Tx) error {
		for n, want := range []bool{false, true, true} {
			found, err := tx.PreviewOf(all[n].Hash)
			if err != nil || (found != nil) != want {
				t.Errorf("after a while %s is %+v, %v", all[n].Hash, found, err)
			}
		}
		return nil
	})
}

func presence(t *testing.T, s *store.Store) {
	record, zoe, mia := models.NewID(), models.NewID(), models.NewID()
	at := func(user models.ID, client string, seconds int) store.Presence {
		seen := moment.Add(time.Duration(seconds) * time.Second)
		return store.Presence{RecordID: record, UserID: user, Client: client, Name: "x", Since: seen, SeenAt: seen}
	}
	there := func(since time.Time) (out []store.Presence) {
		read(t, s, func(tx *store.Tx) (err error) {
			out, err = tx.Presences(record, since)
			return err
		})
		return out
	}
	put := func(all ...store.Presence) {
		write(t, s, func(tx *store.Tx) error {
			for i := range all {
				if err := tx.PutPresence(&all[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	left, right, one := at(zoe, "left", 1), at(zoe, "right", 2), at(mia, "one", 3)
	elsewhere := at(mia, "one", 4)
	elsewhere.RecordID = models.NewID()
	put(right, one, left, elsewhere)
	wantEqual(t, there(moment), []store.Presence{left, right, one})
	wantEqual(t, there(moment.Add(2*time.Second)), []store.Presence{one})

	again := at(zoe, "left", 9)
	put(again)
	again.Since = left.Since
	wantEqual(t, there(moment.Add(4*time.Second)), []store.Presence{again})
	write(t, s, func(tx *store.Tx) error {
		if err := tx.EndPresence(record, mia, "left"); err != nil { // which is another's
			return err
		}
		return tx.EndPresence(record, zoe, "right")
	})
	wantEqual(t, there(moment), []store.Presence{again, one})
	write(t, s, func(tx *store.Tx) error { return tx.ForgetPresences(moment.Add(3 * time.Second)) })
	wantEqual(t, there(moment), []store.Presence{again})
}

func courseSettings(t *testing.T, s *store.Store) {
	c := models.NewID()
	set := store.CourseSettings{
		CourseID: c, Rules: map[string]string{"dead_link": "off"}, UpdatedAt: moment,
		Schemas: map[models.Kind]jsontext.Value{models.KindSection: []byte(`{"minimum":1.50}`)},
	}
	now := func() (out *store.CourseSettings) {
		read(t, s, func(tx *store.Tx) (err error) {
			out, err = tx.CourseSettings(c)
			return err
		})
		return out
	}
	save := func(read int64) error {
		return s.InTx(t.Context(), func(tx *store.Tx) error { return tx.PutCourseSettings(&set, read) })
	}
	if got := now(); got != nil {
		t.Errorf("at first they are %+v", got)
	}
	wantEqual(t, models.KindOf(save(2)), models.KindStale)
	for read := range int64(2) {
		if err := save(read + 1); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&set, now()); diff != "" || set.Version != read+2 {
			t.Errorf("version %d: %s", set.Version, diff)
		}
	}
	for read := range int64(3) {
		wantEqual(t, models.KindOf(save(read)), models.KindStale)
	}
	wantEqual(t, now().Version, int64(3))
	set.Version = 7
	write(t, s, func(tx *store.Tx) error { return tx.KeepCourseSettings(&set) })
	wantEqual(t, now().Version, int64(7))
}

func sourceMerges(t *testing.T, s *store.Store) {
	c, kept := models.NewID(), models.NewID()
	var all []store.SourceMerge
	for range 3 {
		all = append(all, store.SourceMerge{
			ID: models.NewID(), CourseID: c, RecordID: kept, AuthorID: models.NewID(), Author: "zoe", At: moment, Merged: []models.ID{models.NewID()},
			Places: []store.SourceMergePlace{{Record: models.Ref{Type: models.KindSection, ID: models.NewID()}, Place: "block q1", Source: models.NewID()}},
		})
	}
	all[2].CourseID = models.NewID()
	write(t, s, func(tx *store.Tx) error {
		for i := range all {
			if err := tx.AddSourceMerge(&all[i]); err != nil {
				return err
			}
		}
		return tx.UndoneSourceMerge(all[0].ID, moment.Add(time.Hour))
	})
	all[0].UndoneAt = new(moment.Add(time.Hour))
	list := func(before models.ID, limit int) (out []store.SourceMerge) {
		read(t, s, func(tx *store.Tx) (err error) {
			out, err = tx.SourceMerges(c, before, limit)
			return err
		})
		return out
	}
	wantEqual(t, list("", 9), []store.SourceMerge{all[1], all[0]})
	wantEqual(t, list("", 1), []store.SourceMerge{all[1]})
	wantEqual(t, list(all[1].ID, 9), []store.SourceMerge{all[0]})
	read(t, s, func(tx *store.Tx) error {
		one, err := tx.SourceMerge(all[0].ID)
		if err != nil {
			return err
		}
		wantEqual(t, *one, all[0])
		_, err = tx.SourceMerge(models.NewID())
		wantEqual(t, models.KindOf(err), models.KindNotFound)
		return nil
	})
}

// Revisions that somebody may look for are never removed, however old.
func pruning(t *testing.T, s *store.Store) {
	c, other := course("sewing"), course("welding")
	insert(t, s, c, other)
	write(t, s, func(tx *store.Tx) error {
		for version := int64(1); version <= 8; version++ {
			for _, id := range []models.ID{c.ID, other.ID} {
				r := store.Revision{RecordID: id, Version: version, Kind: models.KindCourse, At: moment.Add(time.Duration(version) * time.Hour), Body: "{}"}
				if id == c.ID {
					r.Published, r.Imported = version == 1, version == 2
					if version == 3 {
						r.Message = "for Friday"
					}
				}
				if err := tx.AddRevision(r); err != nil {
					return err
				}
			}
		}
		return tx.PutImportItem(store.ImportItem{CourseID: c.ID, Key: "k", Kind: models.KindCourse, RecordID: c.ID, Version: 4})
	})
	left := func(id models.ID) (out []int64) {
		read(t, s, func(tx *store.Tx) error {
			rows, err := tx.RevisionsBefore(id, 0, 99)
			for _, r := range rows {
				out = append(out, r.Version)
			}
			return err
		})
		return out
	}
	prune := func(before *time.Time, keep, limit int, want int64) {
		t.Helper()
		write(t, s, func(tx *store.Tx) error {
			n, err := tx.PruneRevisions(before, keep, limit)
			wantEqual(t, n, want)
			return err
		})
	}
	prune(&moment, 0, 99, 0)
	prune(new(moment.Add(6*time.Hour)), 5, 99, 3) // 1 to 3 of the other
	wantEqual(t, left(other.ID), []int64{8, 7, 6, 5, 4})
	wantEqual(t, left(c.ID), []int64{8, 7, 6, 5, 4, 3, 2, 1})
	prune(new(moment.Add(6*time.Hour)), 0, 1, 1)
	prune(new(moment.Add(6*time.Hour)), 0, 99, 2) // 5 of the one, 4 and 5 of the other, but for the one that has gone
	prune(nil, 1, 99, 4)
	wantEqual(t, left(other.ID), []int64{8})
	wantEqual(t, left(c.ID), []int64{8, 4, 3, 2, 1})
	prune(nil, 0, 99, 0) // the newest stays
}

func deadLinksOf(t *testing.T, s *store.Store) {
	one, two := models.NewID(), models.NewID()
	link := func(id models.ID, written string) store.DeadLink {
		return store.DeadLink{Site: "s", Path: "barn", CourseID: models.NewID(), Kind: models.KindSection, RecordID: id, Written: written}
	}
	a, b, c := link(one, "../barn/"), link(one, "/barn"), link(two, "barn")
	write(t, s, func(tx *store.Tx) error {
		if err := tx.SetDeadLinks(two, []store.DeadLink{c}); err != nil {
			return err
		}
		return tx.SetDeadLinks(one, []store.DeadLink{b, a})
	})
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.DeadLinksOf([]models.ID{one, models.NewID()})
		wantEqual(t, got, []store.DeadLink{a, b})
		return err
	})
}
