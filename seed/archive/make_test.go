package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is what tests put into an archive.
type entry struct {
	name string
	body string
	link string // where a symbolic link leads; empty: a file, or a folder when the name ends with a slash
}

// kinds make archives of both kinds, so that each fact is checked on both.
var kinds = map[string]func(t testing.TB, commit string, entries ...entry) []byte{"zip": zipOf, "tar.gz": tarOf}

func zipOf(t testing.TB, commit string, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	check(t, w.SetComment(commit))
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		body := e.body
		if strings.HasSuffix(e.name, "/") {
			h.SetMode(folderMode)
			h.Method = zip.Store
		}
		if e.link != "" {
			h.SetMode(fs.ModeSymlink | 0o777)
			body = e.link
		}
		f, err := w.CreateHeader(h)
		check(t, err)
		_, err = f.Write([]byte(body))
		check(t, err)
	}
	check(t, w.Close())
	return buf.Bytes()
}

func tarOf(t testing.TB, commit string, entries ...entry) []byte {
	t.Helper()
	return gzipped(t, func(w *tar.Writer) {
		if commit != "" {
			check(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": commit}}))
		}
		for _, e := range entries {
			h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.body)), Typeflag: tar.TypeReg}
			if strings.HasSuffix(e.name, "/") {
				h.Typeflag = tar.TypeDir
			}
			if e.link != "" {
				h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
			}
			check(t, w.WriteHeader(h))
			_, err := w.Write([]byte(e.body))
			check(t, err)
		}
	})
}

func gzipped(t testing.TB, write func(*tar.Writer)) []byte {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	w := tar.NewWriter(gz)
	write(w)
	check(t, w.Close())
	check(t, gz.Close())
	return buf.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openBytes opens an archive on disk, and closes it with the test.
func openBytes(t testing.TB, data []byte, l limits) (*Archive, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "site.bin")
	check(t, os.WriteFile(name, data, 0o600))
	a, err := openPath(name, name, l)
	if err == nil {
		t.Cleanup(func() { _ = a.Close() })
	}
	return a, err
}

// readAll reads every file below the root.
func readAll(a *Archive) (map[string]string, error) {
	out := map[string]string{}
	err := fs.WalkDir(a.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(a.FS(), p)
		out[p] = string(data)
		return err
	})
	return out, err
}
