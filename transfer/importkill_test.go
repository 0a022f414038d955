package transfer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/store"
)

// victimPath is the setting that makes a run of this test binary a process to kill.
const victimPath = "LECTERN_TRANSFER_VICTIM"

// A process is killed while it imports: the course is there as a whole, or not at all. After the next start the import is
// done, and no file is left.
func TestAKilledImportIsDoneAfterTheNextStart(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).uploads(t, ImportRequest{Publish: true})
	_, takes := proof.Kill(t, victimPath, dir, hang)
	found := map[bool]int{} // how many kills left the course
	for range proof.Kills() {
		dir := t.TempDir()
		o := open(t, dir)
		in := o.uploads(t, ImportRequest{Publish: true})
		proof.Kill(t, victimPath, dir, rand.N(takes*3/2))
		if n := o.sections(t); n != 0 && n != pages {
			t.Fatalf("after a kill there are %d pages", n)
		}
		found[o.sections(t) > 0]++
		if err := os.WriteFile(filepath.Join(dir, "transfers", ".new-1"), []byte("half an upload"), 0o600); err != nil {
			t.Fatal(err)
		}
		next := open(t, dir)
		if err := next.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		if before, err := next.Import(t.Context(), zoe, in.ID); err != nil || before.State == store.TransferRunning && !slices.Contains(next.queue, "import "+string(in.ID)) {
			t.Fatalf("after the next start it is %+v, %v, and asked for is %v", before, err, next.queue)
		}
		if err := next.RunImport(t.Context(), in.ID); err != nil {
			t.Fatal(err)
		}
		got, err := next.Import(t.Context(), zoe, in.ID)
		if err != nil || got.State != store.TransferDone || next.sections(t) != pages {
			t.Fatalf("it is %+v, %v, with %d pages", got, err, next.sections(t))
		}
		if left := next.onDisk(t, "transfers"); len(left) > 0 {
			t.Fatalf("there are %v", left)
		}
	}
	t.Logf("whether the course was there after a kill, and how often: %v", found)
}

// hang is after what time a test gives up.
const hang = time.Minute

// importUntilKilled is the process to kill. It ends by itself when it is done.
func importUntilKilled(dir string) {
	o, err := openOffice(dir)
	if err != nil {
		panic(err)
	}
	rows, err := o.Imports(context.Background(), zoe, "", 10)
	if err != nil || len(rows) != 1 {
		panic(fmt.Sprint(rows, err))
	}
	fmt.Println("begun")
	if err := o.RunImport(context.Background(), rows[0].ID); err != nil {
		panic(err)
	}
}
