package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/lectern-cms/lectern/models"
)

func open(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

// names lists the files in a folder and the folders in it.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, filepath.Base(p))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsPutIsThere(t *testing.T) {
	f, dir := open(t)
	for name, data := range map[string][]byte{"nothing": {}, "some": []byte("some bytes"), "a megabyte": bytes.Repeat([]byte("x"), 1<<20)} {
		t.Run(name, func(t *testing.T) {
			sum, size, err := f.Put(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			want := sha256.Sum256(data)
			if sum != hex.EncodeToString(want[:]) || size != int64(len(data)) {
				t.Errorf("Put = %s, %d", sum, size)
			}
			file, size, err := f.Get(sum)
			if err != nil || size != int64(len(data)) {
				t.Fatalf("Get: %d bytes, %v", size, err)
			}
			defer file.Close()
			if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, data) {
				t.Errorf("Get = %d bytes, %v", len(got), err)
			}
		})
	}
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("files: %q", got)
	}
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	f, dir := open(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := f.Put(strings.NewReader("the same")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("files: %q", got)
	}
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	f, dir := open(t)
	broken := errors.New("broken pipe")
	if _, _, err := f.Put(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("error: %v", err)
	}
	if _, _, err := f.Put(io.LimitReader(zeros{}, MaxBytes+1)); models.KindOf(err) != models.KindMalformed {
		t.Errorf("too large: %v", err)
	}
	if got := names(t, dir); len(got) != 0 {
		t.Errorf("files: %q", got)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestWhatIsNotThere(t *testing.T) {
	f, _ := open(t)
	for _, sum := range []string{"", "../../etc/passwd", strings.Repeat("../", 21) + "x", strings.Repeat("A", 64), strings.Repeat("0", 64)} {
		if _, _, err := f.Get(sum); models.KindOf(err) != models.KindNotFound || f.Has(sum) {
			t.Errorf("Get(%q): %v", sum, err)
		}
	}
}

func TestWhatAKilledProcessLeftIsRemoved(t *testing.T) {
	_, dir := open(t)
	old, fresh := filepath.Join(dir, ".new-old"), filepath.Join(dir, ".new-fresh")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 1 || got[0] != ".new-fresh" {
		t.Errorf("left: %q", got)
	}
}
