package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// rounds is a module whose sections are changed all together, round after round, by one batch each, which a publish
// follows. Round n leaves version n+1 of each section, called "Round n", and one more section, which the next round puts
// into the trash. Half a round shows in any of this.
type rounds struct {
	t        *testing.T
	data     string
	token    string
	module   models.ID
	sections []models.ID
	batch    int // the last round that the server acknowledged
	publish  int // the last round whose publish it acknowledged
}

const roundSections = 20

// newRounds makes the module, in round 0.
func newRounds(t *testing.T) *rounds {
	r := &rounds{t: t, data: t.TempDir(), module: models.NewID()}
	in(t, r.data, "migrate").mustBe(t, ExitOK)
	lectern(t, t.Context(), map[string]string{"LECTERN_DATA": r.data}, "the kettle is never empty\n", "user", "add", "--role", "owner", "zoe").mustBe(t, ExitOK)
	token := in(t, r.data, "token", "create", "--scope", "content:write", "--scope", "publish", "zoe", "program")
	token.mustBe(t, ExitOK)
	r.token = strings.TrimSpace(token.out)
	course := models.NewID()
	ops := []string{
		fmt.Sprintf(`{"op": "create", "kind": "course", "data": {"id": %q, "title": "Course", "language": "en"}}`, course),
		fmt.Sprintf(`{"op": "create", "kind": "module", "data": {"id": %q, "course_id": %q, "title": "Module"}}`, r.module, course),
	}
	for i := range roundSections {
		id := models.NewID()
		r.sections = append(r.sections, id)
		ops = append(ops, fmt.Sprintf(`{"op": "create", "kind": "section", "data": {"id": %q, "module_id": %q, "title": "Round 0", "slug": "s%d"}}`, id, r.module, i))
	}
	url, stop := serving(t, r.data)
	if err := errors.Join(r.post(url, "batch", batchOf(ops)), r.post(url, "publish", r.target())); err != nil {
		t.Fatal(err)
	}
	stop().mustBe(t, ExitOK)
	return r
}

func batchOf(ops []string) string { return `{"operations": [` + strings.Join(ops, ",") + `]}` }

func (r *rounds) target() string {
	return fmt.Sprintf(`{"targets": [{"type": "module", "id": %q}]}`, r.module)
}

// post makes a request of the admin API that must be done, unless the server ends.
func (r *rounds) post(url, path, body string) error {
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, url+"/v1/admin/"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		r.t.Errorf("%s: %s %s", path, res.Status, answer)
	}
	return err
}

// play makes rounds from the one after now on, until the server ends.
func (r *rounds) play(url string, now int, extra models.ID) {
	for n := now + 1; !r.t.Failed(); n++ {
		var ops []string
		for _, id := range r.sections {
			ops = append(ops, fmt.Sprintf(`{"op": "update", "kind": "section", "id": %q, "version": %d, "data": {"title": "Round %d"}}`, id, n, n))
		}
		if extra != "" {
			ops = append(ops, fmt.Sprintf(`{"op": "trash", "kind": "section", "id": %q, "version": 1}`, extra))
		}
		extra = models.NewID()
		ops = append(ops, fmt.Sprintf(`{"op": "create", "kind": "section", "data": {"id": %q, "module_id": %q, "title": "Round %d"}}`, extra, r.module, n))
		if r.post(url, "batch", batchOf(ops)) != nil {
			return
		}
		r.batch = n
		if r.post(url, "publish", r.target()) != nil {
			return
		}
		r.publish = n
	}
}

// servingProcess starts a server in another process. kill ends it with SIGKILL; it may be called again.
func servingProcess(t *testing.T, data string) (url string, kill func()) {
	t.Helper()
	addr := freeAddr(t)
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], "serve", "--coalesce", "0s", "--rate-limit-admin", "0") // each save is in history, and they are as many as can be
	cmd.Env = append(os.Environ(), envHelper+"=1", "LECTERN_DATA="+data, "LECTERN_ADDR="+addr)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed, as it should be
		if t.Failed() {
			t.Logf("the server said:\n%s", out.String())
		}
	})
	t.Cleanup(kill)
	url = "http://" + addr
	eventually(t, "the server answers", func() bool {
		status, _, err := get(url + "/healthz")
		return err == nil && status == http.StatusOK
	})
	return url, kill
}

// life starts a server in another process, plays, and kills the server with SIGKILL some time later.
func (r *rounds) life(now int, extra models.ID, after time.Duration) {
	r.t.Helper()
	url, kill := servingProcess(r.t, r.data)
	defer kill()
	eventually(r.t, "all is sound after the start", func() bool { return in(r.t, r.data, "check").code == ExitOK })
	killed := time.AfterFunc(after, kill)
	defer killed.Stop()
	r.play(url, now, extra)
}

// whole fails unless the database is in a round as a whole, in drafts, live content, history and audit log, and gives
// that round and its one more section.
func (r *rounds) whole() (now int, extra models.ID) {
	r.t.Helper()
	s, err := store.Open(r.t.Context(), store.Config{Path: filepath.Join(r.data, databaseFile)})
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	if damage, err := s.Check(r.t.Context()); damage != "" || err != nil {
		r.t.Fatal(damage, err)
	}
	err = s.View(r.t.Context(), func(tx *store.Tx) error {
		drafts, err := r.round(tx.Draft)
		if err != nil {
			return err
		}
		live, err := r.round(tx.Live)
		if err != nil {
			return err
		}
		if drafts < r.batch || drafts > r.batch+1 || live < r.publish || live > drafts {
			r.t.Errorf("drafts are of round %d, readers see %d; the server acknowledged %d and %d", drafts, live, r.batch, r.publish)
		}
		now = drafts
		for _, id := range r.sections {
			if err := r.agrees(tx, id, drafts, live); err != nil {
				return err
			}
		}
		last := &models.Section{}
		if now == 0 {
			return nil
		}
		err = tx.Draft.BySlug(last, r.module, fmt.Sprintf("round-%d", now))
		extra = last.ID
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return now, extra
}

// round is the one that all sections of a side are in.
func (r *rounds) round(side *store.Side) (int, error) {
	all, err := side.List(store.Query{Kind: models.KindSection, Module: r.module})
	if err != nil {
		return 0, err
	}
	n := 0
	for i, s := range all {
		var of int
		if _, err := fmt.Sscanf(s.Label(), "Round %d", &of); err != nil {
			return 0, err
		}
		if i > 0 && of != n {
			r.t.Errorf("%q stands beside round %d", s.Label(), n)
		}
		n = of
	}
	if want := roundSections + min(n, 1); len(all) != want {
		r.t.Errorf("round %d has %d sections, want %d", n, len(all), want)
	}
	return n, nil
}

// agrees compares what is told of a section at several places.
func (r *rounds) agrees(tx *store.Tx, id models.ID, drafts, live int) error {
	draft, err := tx.Draft.Record(models.KindSection, id)
	if err != nil {
		return err
	}
	revisions, err := tx.Revisions(id)
	if err != nil {
		return err
	}
	audit, err := tx.Audit(store.AuditQuery{Record: id, Limit: 1 << 20})
	if err != nil {
		return err
	}
	content, err := tx.Revision()
	if err != nil {
		return err
	}
	m := draft.Base()
	if int(m.Version) != drafts+1 || m.LiveVersion == nil || int(*m.LiveVersion) != live+1 || len(revisions) != drafts+1 {
		r.t.Errorf("round %d, live %d: version %d, live %v, %d revisions", drafts, live, m.Version, m.LiveVersion, len(revisions))
	}
	var saves int
	published := map[int64]bool{}
	newest := 0
	for _, e := range audit {
		switch e.Action {
		case "section.create", "section.update":
			saves++
		case "section.publish":
			published[*e.Version] = true
			revision, _ := e.Detail["revision"].(float64)
			newest = max(newest, int(revision))
		}
	}
	if saves != len(revisions) || newest != int(content) {
		r.t.Errorf("the audit log has %d saves of %d, and publishes up to revision %d of %d", saves, len(revisions), newest, content)
	}
	for _, rev := range revisions {
		if rev.Published != published[rev.Version] || !strings.Contains(rev.Body, fmt.Sprintf(`"Round %d"`, rev.Version-1)) {
			r.t.Errorf("version %d: published is %t, %t in the audit log; its body is %s", rev.Version, rev.Published, published[rev.Version], rev.Body)
		}
	}
	return nil
}

// A server is killed in the middle of batches and publishes: after the restart each of them is done as a whole or not at
// all, what was acknowledged is there, and drafts, live content, history and audit log tell one story.
func TestAKilledServerLeavesNothingHalfDone(t *testing.T) {
	r := newRounds(t)
	now, extra := r.whole()
	for range proof.Kills() {
		r.life(now, extra, rand.N(400*time.Millisecond))
		if now, extra = r.whole(); t.Failed() {
			return
		}
	}
	_, stop := serving(t, r.data)
	eventually(t, "all is sound after the last start", func() bool { return in(t, r.data, "check").code == ExitOK })
	stop().mustBe(t, ExitOK)
	t.Logf("%d kills, %d rounds", proof.Kills(), now)
}
