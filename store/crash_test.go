package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// victimPath is the setting that makes a run of this test binary a process to kill.
const victimPath = "LECTERN_STORE_VICTIM"

// kills is the size of this proof: small, or with LECTERN_PROVE=1 full.
func kills() int {
	if os.Getenv("LECTERN_PROVE") == "1" {
		return 100
	}
	return 4
}

func TestAcknowledgedWritesSurviveKills(t *testing.T) {
	d := sqliteDatabase(t)
	d.migrated(t)
	acknowledged := int64(0)
	for range kills() {
		acknowledged = max(acknowledged, killWhileWriting(t, d.Path, rand.N(60*time.Millisecond)))
		wantWhole(t, d, acknowledged)
	}
	t.Logf("%d kills, %d transactions", kills(), acknowledged)
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
func killWhileWriting(t *testing.T, path string, after time.Duration) (last int64) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimPath+"="+path)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last == 0 {
			time.AfterFunc(after, func() { _ = victim.Process.Kill() })
		}
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Errorf("the process to kill said %q", lines.Text())
		}
	}
	_ = victim.Wait() // killed, as it should be
	if last == 0 {
		t.Fatal("the process to kill wrote nothing")
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
