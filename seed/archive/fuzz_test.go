package archive

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// FuzzOpen says of any bytes: they are refused as malformed, or they are a file system with all paths inside and no
// more in it than the limits allow.
func FuzzOpen(f *testing.F) {
	for _, archive := range kinds {
		f.Add(archive(f, someCommit, bread[3:]...))
		f.Add(archive(f, "", entry{name: "../x"}, entry{name: "a", link: "b"}))
		f.Add(archive(f, "", bombs(2)...))
		f.Add(archive(f, ""))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := openReader(bytes.NewReader(data), "fuzz", smallLimits())
		if err != nil {
			if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), "fuzz") {
				t.Fatalf("error %v", err)
			}
			return
		}
		defer a.Close()
		checkFiles(t, a)
	})
}

func checkFiles(t *testing.T, a *Archive) {
	t.Helper()
	l := smallLimits()
	count, total := 0, int64(0)
	err := fs.WalkDir(a.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		count++
		if !fs.ValidPath(p) || strings.ContainsAny(p, "\\\x00") || len(p) > l.pathBytes {
			t.Errorf("path %q", p)
		}
		if d.IsDir() {
			return nil
		}
		file, err := a.FS().Open(p)
		if err != nil {
			return malformedOnly(t, err)
		}
		defer file.Close()
		n, err := io.Copy(io.Discard, file)
		total += n
		return malformedOnly(t, err)
	})
	if err != nil || count > l.entries+1 || total > l.bytes {
		t.Errorf("%d entries, %d bytes, %v", count, total, err)
	}
}

func malformedOnly(t *testing.T, err error) error {
	t.Helper()
	if err != nil && models.KindOf(err) != models.KindMalformed {
		t.Errorf("error %v", err)
	}
	return nil
}
