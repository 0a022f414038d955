package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/searchtest"
)

// victimFolder is the setting that makes a run of this test binary a process to kill.
const victimFolder = "LECTERN_SEARCH_VICTIM"

// After a crash the index has the revision of a batch exactly when it has its documents. Batch n puts document n, puts
// document "last" again and deletes document n-2, so that the documents tell the revision.
func TestKilledIndexHasExactlyTheDocumentsOfItsRevision(t *testing.T) {
	dir := t.TempDir()
	acknowledged := int64(0)
	for i := range proof.Kills() {
		acknowledged = max(acknowledged, killWhileApplying(t, dir, time.Duration(20+17*i)*time.Millisecond))
		e := open(t, dir)
		revision, err := e.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if revision < acknowledged {
			t.Errorf("revision %d after a kill, want at least %d, which was acknowledged", revision, acknowledged)
		}
		refs := searchtest.Refs(t, e)
		got := make(map[models.ID]bool)
		for _, r := range refs {
			got[r.ID] = true
		}
		for _, d := range []int64{revision, revision - 1} {
			if d > 0 && !got[models.ID(fmt.Sprint(d))] {
				t.Errorf("revision %d lacks document %d: %v", revision, d, refs)
			}
		}
		if want := min(revision, 2) + 1; int64(len(refs)) != want {
			t.Errorf("revision %d has %d documents, want %d: %v", revision, len(refs), want, refs)
		}
		if got := ask(t, e, fmt.Sprint("revision", revision)); got.All != 2 {
			t.Errorf("revision %d: its word is in %d documents, want 2", revision, got.All)
		}
		shut(t, e)
	}
	t.Logf("%d kills, %d batches", proof.Kills(), acknowledged)
}

// killWhileApplying runs a process that applies batches, and kills it in the midst. It gives the last revision that the
// process saw applied.
func killWhileApplying(t *testing.T, dir string, after time.Duration) int64 {
	t.Helper()
	said, _ := proof.Kill(t, victimFolder, dir, after)
	last, err := strconv.ParseInt(said[len(said)-1], 10, 64)
	if err != nil {
		t.Fatalf("the process to kill said %q", said)
	}
	return last
}

// applyUntilKilled is the process to kill. It says each revision when it is applied.
func applyUntilKilled(dir string) {
	e, err := search.OpenEmbedded(dir, slog.Default())
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	revision, err := e.Revision(ctx)
	for err == nil {
		revision++
		body := fmt.Sprint("revision", revision)
		err = e.Apply(ctx, search.Batch{
			Put:      []search.Document{section(fmt.Sprint(revision), body), section("last", body)},
			Delete:   []models.Ref{section(fmt.Sprint(revision-2), "").Ref},
			Revision: revision,
		})
		if err == nil {
			fmt.Println(revision)
		}
	}
	panic(err)
}
