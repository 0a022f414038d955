package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/searchtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		applyUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

func TestEmbeddedIsAnIndex(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return open(t, t.TempDir()) })
}

// open opens an index that is closed when the test ends, and may be closed before.
func open(t testing.TB, dir string) *search.Embedded {
	t.Helper()
	return openLogged(t, dir, slog.DiscardHandler)
}

func openLogged(t testing.TB, dir string, log slog.Handler) *search.Embedded {
	t.Helper()
	e, err := search.OpenEmbedded(dir, slog.New(log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, e) })
	return e
}

func shut(t testing.TB, e *search.Embedded) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func section(id, body string) search.Document {
	return search.Document{Ref: models.Ref{Type: models.KindSection, ID: models.ID(id)}, Language: "en", Body: body}
}

func apply(t testing.TB, e *search.Embedded, b search.Batch) {
	t.Helper()
	if err := e.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func ask(t testing.TB, e *search.Embedded, text string) search.Results {
	t.Helper()
	r, err := e.Search(t.Context(), search.Query{Text: text, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// generations lists what index folders there are.
func generations(t testing.TB, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "index-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestReopenedIndexAnswersAsBefore(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, search.Batch{Put: []search.Document{section("a", "library maps"), section("b", "library"), section("c", "gone")}, Revision: 3})
	apply(t, e, search.Batch{Delete: []models.Ref{section("c", "").Ref}, Revision: 4})
	want := ask(t, e, "library maps")
	shut(t, e)

	again := open(t, dir)
	if diff := cmp.Diff(want, ask(t, again, "library maps")); diff != "" {
		t.Errorf("answer after reopening (-before +after):\n%s", diff)
	}
	apply(t, again, search.Batch{Put: []search.Document{section("d", "library")}, Revision: 5})
	if got := ask(t, again, "library"); got.Any != 3 || got.Revision != 5 {
		t.Errorf("any %d, revision %d, want 3, 5", got.Any, got.Revision)
	}
}

func TestRebuiltIndexIsTheOneThatIsReopened(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, search.Batch{Put: []search.Document{section("old", "library")}, Revision: 3})
	err := e.Rebuild(t.Context(), 8, func(add func(search.Document) error) error { return add(section("new", "library")) })
	if err != nil {
		t.Fatal(err)
	}
	shut(t, e)
	if got := ask(t, open(t, dir), "library"); len(got.Hits) != 1 || got.Hits[0].Ref.ID != "new" || got.Revision != 8 {
		t.Errorf("got %+v, want the new document at revision 8", got)
	}
	if left := generations(t, dir); len(left) != 1 {
		t.Errorf("folders %v, want one", left)
	}
}

func TestUnusableFolderGivesAnEmptyIndexAndALogLine(t *testing.T) {
	replace := func(name, content string) func(dir string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600) }
	}
	for name, damage := range map[string]func(dir string) error{
		"no pointer":         func(dir string) error { return os.Remove(filepath.Join(dir, "current.json")) },
		"pointer cut off":    replace("current.json", `{"format":`),
		"pointer leads away": replace("current.json", `{"format":4,"generation":"../elsewhere"}`),
		"other format":       replace("current.json", `{"format":0,"generation":"index-000001"}`),
		"generation gone":    func(dir string) error { return os.RemoveAll(filepath.Join(dir, "index-000001")) },
		"database damaged":   replace("index-000001/root.bolt", strings.Repeat("damage", 10_000)),
		"database empty":     replace("index-000001/root.bolt", ""),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := open(t, dir)
			apply(t, e, search.Batch{Put: []search.Document{section("a", "library")}, Revision: 3})
			shut(t, e)
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}

			var log bytes.Buffer
			e = openLogged(t, dir, slog.NewTextHandler(&log, nil))
			if got := ask(t, e, "library"); got.Any != 0 || got.Revision != 0 {
				t.Errorf("any %d, revision %d, want 0, 0", got.Any, got.Revision)
			}
			if !strings.Contains(log.String(), "starts empty") {
				t.Errorf("log %q, want the reason for an empty index", log.String())
			}
			if left := generations(t, dir); len(left) != 1 {
				t.Errorf("folders %v, want one", left)
			}
			apply(t, e, search.Batch{Put: []search.Document{section("a", "library")}, Revision: 4})
			if got := ask(t, e, "library"); got.Any != 1 {
				t.Errorf("any %d after filling it again, want 1", got.Any)
			}
		})
	}
}

func TestDamagedBatchIsAsIfItHadNotBeen(t *testing.T) {
	for name, damage := range map[string]func(segment string) error{
		"gone":    os.Remove,
		"cut off": func(segment string) error { return os.Truncate(segment, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := open(t, dir)
			apply(t, e, search.Batch{Put: []search.Document{section("a", "library")}, Revision: 3})
			shut(t, e)
			segments, err := filepath.Glob(filepath.Join(generations(t, dir)[0], "*.zap"))
			if err != nil || len(segments) != 1 {
				t.Fatalf("segments %v, error %v, want one", segments, err)
			}
			if err := damage(segments[0]); err != nil {
				t.Fatal(err)
			}
			if got := ask(t, open(t, dir), "library"); got.Any != 0 || got.Revision != 0 {
				t.Errorf("any %d, revision %d, want 0, 0", got.Any, got.Revision)
			}
		})
	}
}

func TestDamagedLockDoesNotCostTheIndex(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	apply(t, e, search.Batch{Revision: 3})
	shut(t, e)
	if err := os.WriteFile(filepath.Join(dir, "lock"), []byte("damage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := open(t, dir).Revision(t.Context()); r != 3 || err != nil {
		t.Errorf("Revision = %d, %v, want 3", r, err)
	}
}

func TestSecondOpenFailsFastAndSaysWhere(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	start := time.Now()
	_, err := search.OpenEmbedded(dir, slog.New(slog.DiscardHandler))
	if models.KindOf(err) != models.KindUnavailable || !strings.Contains(err.Error(), "another process holds the index in "+dir) {
		t.Errorf("OpenEmbedded = %v, want KindUnavailable naming %s", err, dir)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestIndexHeldWithoutTheLockIsNotTakenForDamaged(t *testing.T) {
	dir := t.TempDir()
	shut(t, open(t, dir))
	holder, err := bbolt.Open(filepath.Join(generations(t, dir)[0], "root.bolt"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	_, err = search.OpenEmbedded(dir, slog.New(slog.DiscardHandler))
	if models.KindOf(err) != models.KindUnavailable || len(generations(t, dir)) != 1 {
		t.Errorf("OpenEmbedded = %v, folders %v, want KindUnavailable and the one that was there", err, generations(t, dir))
	}
}

func TestLeftoversAreRemovedAtOpen(t *testing.T) {
	dir := t.TempDir()
	shut(t, open(t, dir))
	if err := os.MkdirAll(filepath.Join(dir, "index-000007", "half"), 0o700); err != nil {
		t.Fatal(err)
	}
	e := open(t, dir)
	if left := generations(t, dir); len(left) != 1 || filepath.Base(left[0]) != "index-000001" {
		t.Errorf("folders %v, want index-000001 only", left)
	}
	if err := e.Rebuild(t.Context(), 1, func(func(search.Document) error) error { return errors.New("stop") }); err == nil {
		t.Error("Rebuild = nil, want the error of fill")
	}
	if left := generations(t, dir); len(left) != 1 {
		t.Errorf("folders %v after a failed rebuild, want one", left)
	}
}

// patience is a context that is done after it has been looked at so many times.
type patience struct {
	context.Context
	looks atomic.Int64
}

func (p *patience) Err() error {
	if p.looks.Add(-1) < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestSearchStopsAtItsDeadlineWhereverItIs(t *testing.T) {
	e := open(t, t.TempDir())
	err := e.Rebuild(t.Context(), 1, func(add func(search.Document) error) error {
		for i := range 5000 { // more than are read between two looks
			if err := add(section(fmt.Sprint(i), "library maps")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	q := search.Query{Text: "library mapps weather", Filters: []search.Filter{search.Only(search.FacetType, "section")}, Limit: 10}
	want, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for looks := range int64(100) {
		ctx := &patience{Context: t.Context()}
		ctx.looks.Store(looks)
		got, err := e.Search(ctx, q)
		if err == nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("a search after broken off ones differs (-want +got):\n%s", diff)
			}
			t.Logf("%d looks at the deadline", looks)
			return
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Search = %v, want context.DeadlineExceeded", err)
		}
	}
	t.Error("the search never ended")
}
