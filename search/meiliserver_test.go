package search_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/searchtest"
)

// meiliBinary is a Meilisearch to run, kill and run again. Without one a server that speaks from the recording stands in.
var meiliBinary = os.Getenv("LECTERN_TEST_MEILI_BINARY")

// engine is a server that can be killed.
type engine struct {
	t       *testing.T
	addr    string
	dir     string
	command *exec.Cmd
	web     *http.Server
	player  http.RoundTripper
}

func newEngine(t *testing.T) (*engine, search.MeilisearchConfig) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{t: t, addr: ln.Addr().String(), dir: t.TempDir()}
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	cfg := search.MeilisearchConfig{URL: "http://" + e.addr, Index: meiliIndexOf(t), Transport: transport}
	switch {
	case meiliBinary == "":
		e.player = replay(t)
	case meiliRecord:
		cfg.Transport = record(t, transport)
	}
	e.start()
	t.Cleanup(e.kill)
	return e, cfg
}

func (e *engine) start() {
	e.t.Helper()
	if meiliBinary == "" {
		ln, err := net.Listen("tcp", e.addr)
		if err != nil {
			e.t.Fatal(err)
		}
		e.web = &http.Server{Handler: http.HandlerFunc(e.play), ReadHeaderTimeout: time.Second}
		go func() { _ = e.web.Serve(ln) }() // it ends when it is killed
		return
	}
	e.command = exec.Command(meiliBinary, "--no-analytics", "--http-addr", e.addr, "--db-path", filepath.Join(e.dir, "data"),
		"--dump-dir", filepath.Join(e.dir, "dumps"), "--snapshot-dir", filepath.Join(e.dir, "snapshots"))
	e.command.Dir = e.dir
	if err := e.command.Start(); err != nil {
		e.t.Fatal(err)
	}
	for range 200 {
		if conn, err := net.Dial("tcp", e.addr); err == nil {
			_ = conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	e.t.Fatal("Meilisearch does not start")
}

func (e *engine) play(w http.ResponseWriter, r *http.Request) {
	said, err := e.player.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	defer said.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(said.StatusCode)
	_, _ = io.Copy(w, said.Body)
}

func (e *engine) kill() {
	if e.web != nil {
		_ = e.web.Close()
	}
	if e.command != nil && e.command.ProcessState == nil {
		_ = e.command.Process.Kill()
		_ = e.command.Wait() // killed, as it should be
	}
}

// A killed engine has all that it took, the change log keeps what it missed, and nothing is built anew for it.
func TestKilledMeilisearchCatchesUp(t *testing.T) {
	e, cfg := newEngine(t)
	var log strings.Builder
	m := search.OpenMeilisearch(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { shutMeili(t, m) })
	live := &site{}
	live.publish(section("a", "library"))
	follower := search.NewFollower(m, live, slog.New(slog.NewTextHandler(&log, nil)))
	if err := follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"b", "c", "d"} {
		live.publish(section(id, "library maps"))
		if err := follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		e.kill()
		if _, err := m.Search(t.Context(), search.Query{Text: "library", Limit: 10}); models.KindOf(err) != models.KindUnavailable {
			t.Errorf("Search of a killed engine = %v, want KindUnavailable", err)
		}
		live.publish(section("missed by "+id, "library weather"))
		if err := follower.CatchUp(t.Context()); models.KindOf(err) != models.KindUnavailable {
			t.Errorf("CatchUp with a killed engine = %v, want KindUnavailable", err)
		}
		if marks := m.Highlighter(search.Query{Text: "library"}).Find("the libraries", 5); len(marks) != 1 {
			t.Errorf("marks %v without the engine, want one", marks)
		}
		e.start()
		if at, err := m.Revision(t.Context()); err != nil || at != int64(len(live.changes)-1) {
			t.Errorf("revision %d, error %v after a kill, want %d", at, err, len(live.changes)-1)
		}
		if err := follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := m.Search(t.Context(), search.Query{Text: "library", Limit: 10})
		if err != nil || got.Total != len(live.docs) || got.Revision != int64(len(live.changes)) {
			t.Errorf("total %d at %d, error %v, want %d at %d", got.Total, got.Revision, err, len(live.docs), len(live.changes))
		}
		if d, err := search.Compare(t.Context(), m, live); err != nil || !d.Sound() {
			t.Errorf("difference %+v, error %v, want none", d, err)
		}
	}
	if n := strings.Count(log.String(), "search index rebuilt"); n != 1 {
		t.Errorf("%d rebuilds, want the first one only:\n%s", n, log.String())
	}
}

func TestOneServerBuildsAtATime(t *testing.T) {
	first, cfg := openMeili(t)
	second := search.OpenMeilisearch(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { shutMeili(t, second) })
	err := first.Rebuild(t.Context(), 3, func(add func(search.Document) error) error {
		err := second.Rebuild(t.Context(), 3, func(func(search.Document) error) error { return errors.New("it must not begin") })
		if models.KindOf(err) != models.KindUnavailable || !strings.Contains(err.Error(), "another server builds it") {
			t.Errorf("Rebuild beside another = %v, want KindUnavailable", err)
		}
		return add(section("a", "library"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := askMeili(t, second, "library"); got.Total != 1 || got.Revision != 3 {
		t.Errorf("the other server finds %d at %d, want 1 at 3", got.Total, got.Revision)
	}
	// Both follow the log. What one has written the other sees, and the same batch twice does no harm.
	for _, m := range []*search.Meilisearch{first, second} {
		if err := m.Apply(t.Context(), search.Batch{Put: []search.Document{section("b", "libraries")}, Revision: 4}); err != nil {
			t.Fatal(err)
		}
		if got := askMeili(t, first, "library"); got.Total != 2 || got.Revision != 4 {
			t.Errorf("found %d at %d, want 2 at 4", got.Total, got.Revision)
		}
	}
}

func askMeili(t *testing.T, m *search.Meilisearch, text string) search.Results {
	t.Helper()
	r, err := m.Search(t.Context(), search.Query{Text: text, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAbandonedBuildIsTakenOver(t *testing.T) {
	m, cfg := openMeili(t)
	if err := m.MakeIndex(t.Context(), cfg.Index+"-next"); err != nil {
		t.Fatal(err)
	}
	fill := func(add func(search.Document) error) error { return add(section("a", "library")) }
	if err := m.Rebuild(t.Context(), 1, fill); models.KindOf(err) != models.KindUnavailable {
		t.Errorf("Rebuild right after another's death = %v, want KindUnavailable", err)
	}
	m.AbandonAfter(0)
	if err := m.Rebuild(t.Context(), 1, fill); err != nil {
		t.Fatal(err)
	}
	if got := askMeili(t, m, "library"); got.Total != 1 {
		t.Errorf("found %d, want 1", got.Total)
	}
}

func TestIndexOfAnOlderLayoutIsBuiltAnewWhileItAnswers(t *testing.T) {
	m, _ := openMeili(t)
	live := &site{}
	live.publish(section("a", "library"))
	follower := search.NewFollower(m, live, slog.New(slog.DiscardHandler))
	if err := follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.MakeLayout(t.Context(), 1, -1); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(t.Context()); err == nil || models.KindOf(err) == models.KindUnavailable {
		t.Errorf("Check of an older layout = %v, want an error that has it built", err)
	}
	if got := askMeili(t, m, "library"); got.Total != 1 {
		t.Errorf("found %d in an older layout, want 1", got.Total)
	}
	if err := m.Apply(t.Context(), search.Batch{Revision: 2}); err == nil {
		t.Error("Apply to an older layout = nil, want an error")
	}
	if err := errors.Join(follower.CatchUp(t.Context()), m.Check(t.Context())); err != nil {
		t.Errorf("after catching up: %v", err)
	}
	if err := m.MakeLayout(t.Context(), 1, 1); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(t.Context()); err != nil {
		t.Errorf("Check of a newer server's layout = %v, want none", err)
	}
}

// failing lets requests to some paths fail.
type failing struct {
	http.RoundTripper
	path string
}

func (f failing) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, f.path) {
		return nil, errors.New("the line is cut")
	}
	return f.RoundTripper.RoundTrip(r)
}

func TestWhatIsDeletedIsGoneAtOnce(t *testing.T) {
	cfg := meiliConfig(t)
	cfg.Transport = failing{cfg.Transport, "/documents/delete"} // what is deleted is not removed
	m := search.OpenMeilisearch(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { shutMeili(t, m) })
	docs := []search.Document{section("a", "library"), section("b", "library")}
	if err := m.Apply(t.Context(), search.Batch{Put: docs, Revision: 1}); err != nil {
		t.Fatal(err)
	}
	if err := m.Apply(t.Context(), search.Batch{Delete: []models.Ref{docs[0].Ref}, Revision: 2}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"library", "-weather"} {
		if got := askMeili(t, m, text); got.Total != 1 || got.Hits[0].Ref.ID != "b" || got.Revision != 2 {
			t.Errorf("%s finds %+v, want b at 2", text, got)
		}
	}
	if refs := searchtest.Refs(t, m); len(refs) != 1 {
		t.Errorf("refs %v, want one", refs)
	}
}

func TestFailedTaskIsAnError(t *testing.T) {
	m, cfg := openMeili(t)
	client := meilisearch.New(cfg.URL, meilisearch.WithAPIKey(cfg.Key), meilisearch.WithCustomClient(&http.Client{Transport: cfg.Transport}))
	if _, err := client.CreateIndex(&meilisearch.IndexConfig{Uid: cfg.Index, PrimaryKey: "other"}); err != nil {
		t.Fatal(err)
	}
	err := m.Apply(t.Context(), search.Batch{Put: []search.Document{section("a", strings.Repeat("library ", 100))}, Revision: 1})
	if err == nil || !strings.Contains(err.Error(), "failed at task") || len(err.Error()) > 400 {
		t.Errorf("Apply = %v, want to hear of the failed task, without whole documents", err)
	}
}

func TestKeyThatIsNotTakenIsNamed(t *testing.T) {
	_, cfg := openMeili(t)
	if cfg.Key == "" && meiliURL != "" {
		t.Fatal("the server must have a key for this")
	}
	cfg.Key = "wrong"
	m := search.OpenMeilisearch(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { shutMeili(t, m) })
	_, err := m.Revision(t.Context())
	if models.KindOf(err) != models.KindUnavailable || !strings.Contains(err.Error(), "does not take the key") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("Revision = %v, want KindUnavailable for the key, which is not shown", err)
	}
}

// tokenKey is the uid of the key that browsers' tokens are made with. It is a name, no secret.
const tokenKey = "2f6a9c1e-5b7d-4e3a-9a51-0c4d8e7b6f12"

// What docs/search.md says of browsers that ask Meilisearch themselves.
func TestTokensForBrowsersSeeOneCourse(t *testing.T) {
	m, cfg := openMeili(t)
	var docs []search.Document
	for i, course := range []models.ID{"c1", "c1", "c2"} {
		d := section(fmt.Sprint(i), "library")
		d.Course = course
		docs = append(docs, d)
	}
	if err := m.Apply(t.Context(), search.Batch{Put: docs, Revision: 1}); err != nil {
		t.Fatal(err)
	}
	admin := meilisearch.New(cfg.URL, meilisearch.WithAPIKey(cfg.Key), meilisearch.WithCustomClient(&http.Client{Transport: cfg.Transport}))
	if meiliURL != "" {
		removeMeiliKey(t)
		t.Cleanup(func() { removeMeiliKey(t) })
	}
	key, err := admin.CreateKey(&meilisearch.Key{
		UID: tokenKey, Description: "browsers", Actions: []string{"search"}, Indexes: []string{cfg.Index},
		ExpiresAt: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]any{cfg.Index: map[string]any{"filter": `type EXISTS AND course = "c1"`}}
	token, err := admin.GenerateTenantToken(tokenKey, rules, &meilisearch.TenantTokenOptions{APIKey: key.Key, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	browser := meilisearch.New(cfg.URL, meilisearch.WithAPIKey(token), meilisearch.WithCustomClient(&http.Client{Transport: cfg.Transport}))
	for _, q := range []string{"librar", ""} {
		got, err := browser.Index(cfg.Index).Search(q, &meilisearch.SearchRequest{AttributesToSearchOn: []string{"title", "body"}})
		if err != nil || len(got.Hits) != 2 {
			t.Errorf("%q: %d hits, error %v, want those of c1", q, len(got.Hits), err)
		}
	}
	got, err := browser.Index(cfg.Index).Search("", &meilisearch.SearchRequest{Filter: `course = "c2"`})
	if err != nil || len(got.Hits) != 0 {
		t.Errorf("%v, error %v of another course, want none", got, err)
	}
	if _, err := browser.Index(cfg.Index).GetStats(nil); err == nil {
		t.Error("a token for searching reads statistics")
	}
}

func removeMeiliKey(t *testing.T) {
	t.Helper()
	client := meilisearch.New(meiliURL, meilisearch.WithAPIKey(meiliKey), meilisearch.WithCustomClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}))
	_, _ = client.DeleteKey(tokenKey) // it may not be there
}
