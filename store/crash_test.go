package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// victimPath is the setting that makes a run of this test binary a process to kill.
const victimPath = "LECTERN_STORE_VICTIM"

func TestAcknowledgedWritesSurviveKills(t *testing.T) {
	d := sqliteDatabase(t)
	d.migrated(t)
	acknowledged := int64(0)
	for range proof.Kills() {
		acknowledged = max(acknowledged, killWhileWriting(t, d.Path, rand.N(60*time.Millisecond)))
		wantWhole(t, d, acknowledged)
	}
	t.Logf("%d kills, %d transactions", proof.Kills(), acknowledged)
}

// wantWhole fails unless the database holds transactions 1 to n, n not less than acknowledged, and nothing of others.
func wantWhole(t *testing.T, d database, acknowledged int64) {
	t.Helper()
	s, err := store.Open(t.Context(), d.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if damage, err := s.Check(t.Context()); err != nil || damage != "" {
		t.Fatal(damage, err)
	}
	err = s.View(t.Context(), func(tx *store.Tx) error {
		n, err := tx.Revision()
		if err != nil {
			return err
		}
		if n < acknowledged {
			t.Errorf("revision %d after a kill, but %d was acknowledged", n, acknowledged)
		}
		changes, err := tx.Changes(0, int(n)+1)
		if err != nil {
			return err
		}
		q := store.Query{Kind: models.KindCourse}
		drafts, err := tx.Draft.Count(q)
		if err != nil {
			return err
		}
		live, err := tx.Live.Count(q)
		if drafts != n || live != n || int64(len(changes)) != n {
			t.Errorf("revision %d has %d drafts, %d live records and %d changes", n, drafts, live, len(changes))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// killWhileWriting runs a process that writes, kills it some time after its first transaction, and gives the last
// revision that it acknowledged.
func killWhileWriting(t *testing.T, path string, after time.Duration) int64 {
	t.Helper()
	said, _ := proof.Kill(t, victimPath, path, after)
	last, err := strconv.ParseInt(said[len(said)-1], 10, 64)
	if err != nil {
		t.Fatalf("the process to kill said %q", said)
	}
	return last
}

// writeUntilKilled is the process to kill. Each of its transactions touches drafts, live content and the log; it says
// the revision when the transaction is committed.
func writeUntilKilled(path string) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: path})
	for err == nil {
		var revision int64
		err = s.InTx(ctx, func(tx *store.Tx) (err error) {
			c := &models.Course{Meta: models.Meta{ID: models.NewID()}}
			c.Slug = "c-" + string(c.ID)
			if err := tx.Draft.Insert(c); err != nil {
				return err
			}
			if err := tx.Live.Put(c); err != nil {
				return err
			}
			change := models.Change{Kind: models.KindCourse, ID: c.ID, Op: models.OpPublish}
			revision, err = tx.LogChanges([]models.Change{change}, time.Now())
			return err
		})
		fmt.Println(revision)
	}
	panic(err)
}
