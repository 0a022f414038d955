package content_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// victimPath is the setting that makes a run of this test binary a process to kill.
const victimPath = "LECTERN_CONTENT_VICTIM"

// A process is killed while it does what is scheduled: each schedule is done and its module live, or it waits and nothing of
// it is. The next start does the rest, and nothing twice.
func TestAKilledServerDoesSchedulesOnce(t *testing.T) {
	const many = 40
	found := map[int]int{} // how many kills left how many schedules done
	for range proof.Kills() {
		p, path, made := killable(t, many)
		proof.Kill(t, victimPath, path, rand.N(time.Second))
		_, e := p.user("watcher", anEditor)
		done := 0
		for m, id := range made {
			sc, err := e.ScheduleOf(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			d, err := e.Draft(t.Context(), models.Ref{Type: models.KindModule, ID: m})
			if err != nil || (sc.State == store.ScheduleDone) != (d.LiveVersion != nil) || sc.State != store.ScheduleDone && sc.State != store.ScheduleWaiting {
				t.Fatalf("after a kill the schedule is %+v and the module %+v, %v", sc, d, err)
			}
			if sc.State == store.ScheduleDone {
				done++
			}
		}
		if p.revision() != int64(done) {
			t.Fatalf("after a kill %d are done, and the revision is %d", done, p.revision())
		}
		found[done*10/many]++
		p.advance(25 * time.Hour)
		for range 2 {
			if err := p.RunDueSchedules(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		published := 0
		for _, line := range p.audited() {
			if line == "zoe module.publish" {
				published++
			}
		}
		if p.revision() != many || published != many {
			t.Fatalf("after the next start the revision is %d, and %d modules were published, want %d", p.revision(), published, many)
		}
	}
	t.Logf("tenths that were done after a kill, and how often: %v", found)
}

// killable is a database with schedules that wait, by the ids of their modules.
func killable(t *testing.T, many int) (p *planner, path string, made map[models.ID]models.ID) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "lectern.db")
	p = &planner{time: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	s := openSite(t, store.Config{Path: path})
	s.Service = content.New(s.store, slog.New(slog.DiscardHandler), p.now)
	p.accounts = accounts.New(s.store, slog.New(slog.DiscardHandler), p.now, accounts.Config{})
	s.Queue, s.Standing = p, p.accounts.Standing
	p.desk = newDesk(t, s)
	_, e := p.user("zoe", anEditor)
	made = map[models.ID]models.ID{}
	for n := range many {
		m := module(p.course, fmt.Sprintf("m%d", n))
		p.create(m)
		made[m.ID] = p.schedules(e, *refOf(m), p.tomorrow(content.SchedulePublish)).ID
	}
	return p, path, made
}

// runUntilKilled is the process to kill: it does what is due, two days after it was asked for.
func runUntilKilled(path string) {
	now := func() time.Time { return time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC) }
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(context.Background(), store.Config{Path: path})
	if err != nil {
		panic(err)
	}
	c := content.New(s, log, now)
	c.Standing = accounts.New(s, log, now, accounts.Config{}).Standing
	fmt.Println("begun")
	if err := c.RunDueSchedules(context.Background()); err != nil {
		panic(err)
	}
	select {}
}
