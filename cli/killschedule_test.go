package cli

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

const (
	plannedModules = 40              // that go live at the same moment
	plannedAhead   = 2 * time.Second // is enough to ask for most of them
)

// plan is a data folder with modules that are to go live all at once.
type plan struct {
	t       *testing.T
	data    string
	token   string
	courses int // that are live
	planned int // schedules
}

func newPlan(t *testing.T) *plan {
	p := &plan{t: t, data: t.TempDir()}
	in(t, p.data, "migrate").mustBe(t, ExitOK)
	lectern(t, t.Context(), map[string]string{"LECTERN_DATA": p.data}, "the kettle is never empty\n", "user", "add", "--role", "owner", "zoe").mustBe(t, ExitOK)
	token := in(t, p.data, "token", "create", "--scope", "content:write", "--scope", "publish", "zoe", "program")
	token.mustBe(t, ExitOK)
	p.token = strings.TrimSpace(token.out)
	return p
}

// post makes a request of the admin API that has to have one of some results, and gives which.
func (p *plan) post(url, path, body string, want ...int) (status int) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, url+"/v1/admin/"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.token)
	res, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err := io.ReadAll(res.Body); err != nil || !slices.Contains(want, res.StatusCode) {
		p.t.Fatalf("%s: %s %s, %v", path, res.Status, answer, err)
	}
	return res.StatusCode
}

// plans makes modules that are to go live at a moment, which it gives.
func (p *plan) plans(url string) time.Time {
	course := models.NewID()
	p.post(url, "courses", fmt.Sprintf(`{"id": %q, "title": "Course %s", "language": "en"}`, course, course), http.StatusCreated)
	p.post(url, "publish", fmt.Sprintf(`{"targets": [{"type": "course", "id": %q}]}`, course), http.StatusOK)
	p.courses++
	var ops []string
	var modules []models.ID
	for range plannedModules {
		id := models.NewID()
		modules = append(modules, id)
		ops = append(ops, fmt.Sprintf(`{"op": "create", "kind": "module", "data": {"id": %q, "course_id": %q, "title": "Module %s"}}`, id, course, id))
	}
	p.post(url, "batch", batchOf(ops), http.StatusOK)
	at := time.Now().Add(plannedAhead)
	body := fmt.Sprintf(`{"action": "publish", "at": %q}`, at.Format(time.RFC3339Nano))
	for _, id := range modules {
		if p.post(url, "modules/"+string(id)+"/schedule", body, http.StatusCreated, http.StatusUnprocessableEntity) != http.StatusCreated {
			break // the moment has come already: the machine is slow
		}
		p.planned++
	}
	return at
}

// done counts the schedules that are done. It fails unless the modules of exactly those are live, each published once, by
// a revision of the content of its own.
func (p *plan) done() (done int) {
	p.t.Helper()
	s, err := store.Open(p.t.Context(), store.Config{Path: filepath.Join(p.data, databaseFile)})
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.Close()
	if damage, err := s.Check(p.t.Context()); damage != "" || err != nil {
		p.t.Fatal(damage, err)
	}
	err = s.View(p.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Schedules(store.ScheduleQuery{Limit: 1 << 20})
		if err != nil {
			return err
		}
		for _, sc := range all {
			m, err := tx.Draft.Record(models.KindModule, sc.RecordID)
			if err != nil {
				return err
			}
			log, err := tx.Audit(store.AuditQuery{Record: sc.RecordID, Action: "module.publish", Limit: 10})
			if err != nil {
				return err
			}
			isDone, isLive := sc.State == store.ScheduleDone, m.Base().LiveVersion != nil
			if isDone != isLive || !isDone && sc.State != store.ScheduleWaiting || len(log) > 1 || isDone != (len(log) == 1) || isDone != (sc.Revision != nil) {
				p.t.Fatalf("the schedule is %+v; live: %t; published %d times", sc, isLive, len(log))
			}
			if isDone {
				done++
			}
		}
		revision, err := tx.Revision()
		if int(revision) != done+p.courses || len(all) != p.planned {
			p.t.Fatalf("the content has revision %d, and %d of %d modules of %d courses were published; %d were planned", revision, done, len(all), p.courses, p.planned)
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return done
}

// A server is killed just before schedules are due, or while it does them: each is done as a whole or waits, and after the
// restart all are done, none of them twice.
func TestAKilledServerDoesWhatWasPlannedOnce(t *testing.T) {
	p := newPlan(t)
	found := map[int]int{} // how many kills left how many quarters done
	for n := range proof.Kills() {
		url, kill := servingProcess(t, p.data)
		earlier := p.planned
		at := p.plans(url)
		time.Sleep(time.Until(at) + rand.N(3*time.Second))
		kill()
		before := p.done() - earlier
		if before < 0 || p.planned == earlier {
			t.Fatalf("after kill %d, %d of %d are done", n+1, before, p.planned-earlier)
		}
		found[before*4/(p.planned-earlier)]++
		_, kill = servingProcess(t, p.data)
		eventually(t, "all is done after the restart", func() bool { return p.done() == p.planned })
		kill()
	}
	_, stop := serving(t, p.data)
	time.Sleep(3 * time.Second) // what was done would be done again by now
	stop().mustBe(t, ExitOK)
	if got := p.done(); got != p.planned {
		t.Errorf("in the end %d are done, want %d", got, p.planned)
	}
	t.Logf("%d schedules, %d kills; quarters that were done after a kill, and how often: %v", p.planned, proof.Kills(), found)
}
