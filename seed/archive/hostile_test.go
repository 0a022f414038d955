package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// smallLimits can be broken by archives that tests make quickly.
func smallLimits() limits {
	return limits{
		entries: 10, bytes: 1 << 20, entryBytes: 600 << 10, ratio: 20, ratioFrom: 64 << 10,
		depth: 3, pathBytes: 100, directoryBytes: 64 << 10, spoolBytes: 1 << 20,
	}
}

func gzipText(t testing.TB, text string) []byte {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	_, err := gz.Write([]byte(text))
	check(t, err)
	check(t, gz.Close())
	return buf.Bytes()
}

// noise is text that does not pack.
func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

func manyEntries(n int, name string) []entry {
	var out []entry
	for i := range n {
		out = append(out, entry{name: fmt.Sprintf(name, i)})
	}
	return out
}

// TestHostile opens the archive and reads all of it: one of both fails, and says why and where.
func TestHostile(t *testing.T) {
	const quick = time.Minute
	for name, tt := range map[string]struct {
		entries []entry
		want    string
	}{
		"up and out":            {[]entry{{name: "../x.md"}}, `entry "../x.md" can't be read: the path holds ".."`},
		"up inside":             {[]entry{{name: "a/../../x.md"}}, `the path holds ".."`},
		"absolute":              {[]entry{{name: "/etc/x.md"}}, `entry "/etc/x.md" can't be read: the path is absolute`},
		"a drive":               {[]entry{{name: "C:/x.md"}}, "names a drive"},
		"backslashes":           {[]entry{{name: `a\..\x.md`}}, "a backslash"},
		"not UTF-8":             {[]entry{{name: "caf\x82.md"}}, "is not UTF-8"},
		"a long path":           {[]entry{{name: strings.Repeat("a", 101)}}, "more than 100 bytes"},
		"deep":                  {[]entry{{name: "a/b/c/d/x.md"}}, "nested more than 3 deep"},
		"twice":                 {[]entry{{name: "a.md"}, {name: "b.md"}, {name: "a.md"}}, `entry "a.md" is in the archive twice`},
		"twice with a dot":      {[]entry{{name: "a.md"}, {name: "./a.md"}}, `entry "./a.md" is in the archive twice`},
		"twice with two slash":  {[]entry{{name: "b/a.md"}, {name: "b//a.md"}}, "is in the archive twice"},
		"a file and a folder":   {[]entry{{name: "a"}, {name: "a/"}}, `entry "a/" is in the archive twice`},
		"a folder twice":        {[]entry{{name: "a/"}, {name: "a/"}}, "is in the archive twice"},
		"a file implied":        {[]entry{{name: "a/x.md"}, {name: "a"}}, `entry "a" is both a file and a folder`},
		"below a file":          {[]entry{{name: "a"}, {name: "a/x.md"}}, `entry "a/x.md" lies in something that is no folder`},
		"below a link":          {[]entry{{name: "a", link: "/etc"}, {name: "a/x.md"}}, "lies in something that is no folder"},
		"a link and a file":     {[]entry{{name: "a", link: "/etc"}, {name: "a"}}, "is in the archive twice"},
		"a link over a folder":  {[]entry{{name: "a/x.md"}, {name: "a", link: "/etc"}}, "both a folder and something else"},
		"many entries":          {manyEntries(11, "%d.md"), `entry "10.md" can't be read: the archive has more than 10 files`},
		"many implied folders":  {manyEntries(6, "%d/x.md"), "the archive has more than 10 files and folders"},
		"a large entry":         {[]entry{{name: "x.md", body: noise(601 << 10)}}, `entry "x.md" has more than 614400 bytes`},
		"large together":        {[]entry{{name: "x.md", body: noise(550 << 10)}, {name: "y.md", body: noise(550 << 10)}}, "more than 1048576 bytes"},
		"a bomb":                {[]entry{{name: "x.md", body: strings.Repeat("a", 500<<10)}}, "unpacks to more than 20 times its size"},
		"a bomb in many pieces": {bombs(9), "unpacks to more than 20 times its size"},
	} {
		for kind, archive := range kinds {
			t.Run(name+" "+kind, func(t *testing.T) {
				start := time.Now()
				a, err := openBytes(t, archive(t, "", tt.entries...), smallLimits())
				if err == nil {
					_, err = readAll(a)
				}
				if err == nil || models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), tt.want) ||
					!strings.Contains(err.Error(), "site.bin") {
					t.Errorf("error %v, want %q", err, tt.want)
				}
				if took := time.Since(start); took > quick {
					t.Errorf("took %v", took)
				}
			})
		}
	}
}

func bombs(n int) []entry {
	out := manyEntries(n, "%d.md")
	for i := range out {
		out[i].body = strings.Repeat("b", 60<<10)
	}
	return out
}

// TestWithinLimits has what just fits.
func TestWithinLimits(t *testing.T) {
	entries := append(manyEntries(9, "%d.md"), entry{name: "x.md", body: strings.Repeat("a", 50<<10)})
	for kind, archive := range kinds {
		a, err := openBytes(t, archive(t, "", entries...), smallLimits())
		check(t, err)
		if got, err := readAll(a); err != nil || len(got) != 10 {
			t.Errorf("%s: %d files, %v", kind, len(got), err)
		}
	}
}

// TestTruncated cuts an archive at every place: it is refused, or what can't be read of it is told.
func TestTruncated(t *testing.T) {
	for kind, archive := range kinds {
		whole := archive(t, "", entry{name: "a/x.md", body: noise(300)}, entry{name: "a/y.md", body: noise(300)})
		for n := range whole {
			a, err := openBytes(t, whole[:n], standardLimits())
			if err == nil {
				_, err = readAll(a)
			}
			if models.KindOf(err) != models.KindMalformed {
				t.Fatalf("%s cut at %d of %d: %v", kind, n, len(whole), err)
			}
		}
	}
}

// TestCorrupt changes every byte of a file's content: the checksum tells.
func TestCorrupt(t *testing.T) {
	const body = "The dough rests overnight in a cold place."
	for kind, archive := range kinds {
		whole := archive(t, "", entry{name: "x.md", body: body})
		for n := range whole {
			broken := bytes.Clone(whole)
			broken[n] ^= 0x55
			a, err := openBytes(t, broken, standardLimits())
			if err != nil {
				continue
			}
			got, err := readAll(a)
			if text, ok := got["x.md"]; ok && err == nil && text != body {
				t.Errorf("%s: byte %d: %q", kind, n, text)
			}
		}
	}
}

// TestZipLies changes what the directory of a zip archive says.
func TestZipLies(t *testing.T) {
	const flags, method, crc, unpacked = 8, 10, 16, 24 // places in an entry of the directory
	for name, tt := range map[string]struct {
		at    int
		value uint32
		size  int
		want  string
	}{
		"fewer bytes than there are": {unpacked, 10, 4, `entry "x.md" is damaged or too large`},
		"more bytes than there are":  {unpacked, 5_000, 4, `entry "x.md" is damaged or too large: unexpected EOF`},
		"more bytes than may be":     {unpacked, 1 << 31, 4, `entry "x.md" has more than`},
		"another checksum":           {crc, 12345, 4, `entry "x.md" is damaged or too large: zip: checksum error`},
		"encrypted":                  {flags, 1, 2, `entry "x.md" is encrypted`},
		"another method":             {method, 12, 2, `entry "x.md" is packed by method 12`},
	} {
		t.Run(name, func(t *testing.T) {
			data := zipOf(t, "", entry{name: "x.md", body: strings.Repeat("Knead. ", 100)})
			at := bytes.Index(data, entrySignature) + tt.at
			if tt.size == 2 {
				binary.LittleEndian.PutUint16(data[at:], uint16(tt.value))
			} else {
				binary.LittleEndian.PutUint32(data[at:], tt.value)
			}
			a, err := openBytes(t, data, standardLimits())
			if err == nil {
				var got map[string]string
				got, err = readAll(a)
				if n := len(got["x.md"]); n > 700 {
					t.Errorf("%d bytes were read", n)
				}
			}
			if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// TestZipBeforeItsBeginning has an end that says its directory lies later, and so its entries before the archive.
func TestZipBeforeItsBeginning(t *testing.T) {
	data := zipOf(t, "", entry{name: "x.md", body: "Rye."})
	const offset = 16
	at := bytes.Index(data, zipEmptyHead) + offset
	binary.LittleEndian.PutUint32(data[at:], binary.LittleEndian.Uint32(data[at:])+10)
	a, err := openBytes(t, data, standardLimits())
	if err == nil {
		_, err = readAll(a)
	}
	if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), `entry "x.md"`) {
		t.Errorf("error %v", err)
	}
}

// TestZipDirectoryWithoutEnd has far more entries in its directory than may be.
func TestZipDirectoryWithoutEnd(t *testing.T) {
	data := zipOf(t, "", manyEntries(3_500, "%06d")...)
	if _, err := openBytes(t, data, limits{entries: 10, bytes: 1 << 30, directoryBytes: 1 << 30}); err == nil || !strings.Contains(err.Error(), errEntries.Error()) {
		t.Errorf("by entries: %v", err)
	}
	if _, err := openBytes(t, data, limits{entries: 1 << 30, bytes: 1 << 30, directoryBytes: 1 << 10}); err == nil || !strings.Contains(err.Error(), errEntries.Error()) {
		t.Errorf("by bytes: %v", err)
	}
	if _, err := openBytes(t, data, standardLimits()); err != nil {
		t.Errorf("what fits: %v", err)
	}
}

// TestZipOverlap has one packed content for many entries, each small enough.
func TestZipOverlap(t *testing.T) {
	data := zipOf(t, "", bombs(9)...)
	first := uint32(0)
	for at := bytes.Index(data, entrySignature); at >= 0; {
		const offset = 42
		binary.LittleEndian.PutUint32(data[at+offset:], first)
		next := bytes.Index(data[at+4:], entrySignature)
		if next < 0 {
			break
		}
		at += 4 + next
	}
	a, err := openBytes(t, data, smallLimits())
	check(t, err)
	if _, err := readAll(a); err == nil || !strings.Contains(err.Error(), "more than 20 times its size") {
		t.Errorf("error %v", err)
	}
}

func TestTarEntriesThatAreNoFiles(t *testing.T) {
	data := gzipped(t, func(w *tar.Writer) {
		for _, h := range []tar.Header{
			{Name: "a/hard", Typeflag: tar.TypeLink, Linkname: "../../etc/passwd"},
			{Name: "a/disk", Typeflag: tar.TypeBlock, Devmajor: 8},
			{Name: "a/pipe", Typeflag: tar.TypeFifo},
			{Name: "a/x.md", Typeflag: tar.TypeReg},
		} {
			check(t, w.WriteHeader(&h))
		}
	})
	a, err := openBytes(t, data, standardLimits())
	check(t, err)
	got, err := readAll(a)
	check(t, err)
	if len(got) != 1 || len(a.Skipped) != 3 || !strings.HasSuffix(a.Skipped[0], ": a hard link") {
		t.Errorf("files %v, skipped %q", got, a.Skipped)
	}
}

func TestTarWithMoreBehind(t *testing.T) {
	for name, tt := range map[string]struct {
		behind string
		want   string
	}{
		"zeros":         {strings.Repeat("\x00", 9_000), ""},
		"another tar":   {strings.Repeat("\x00", 512) + "x.md", "goes on after the end"},
		"endless zeros": {strings.Repeat("\x00", 2<<20), "unpacks to more than"},
	} {
		var buf bytes.Buffer
		w := tar.NewWriter(&buf)
		check(t, w.WriteHeader(&tar.Header{Name: "x.md", Typeflag: tar.TypeReg}))
		check(t, w.Close())
		_, err := openBytes(t, gzipText(t, buf.String()+tt.behind), smallLimits())
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: error %v, want %q", name, err, tt.want)
		}
	}
}

// TestTarSparse has a file of holes: little in the archive, much on disk.
func TestTarSparse(t *testing.T) {
	var stream bytes.Buffer
	w := tar.NewWriter(&stream)
	const size = 500 << 10
	sparse := fmt.Sprintf("1\n%d\n0\n", size)
	sparse += strings.Repeat("\x00", 512-len(sparse))
	check(t, w.WriteHeader(&tar.Header{Name: "GNUSparseFile.0/x.md", Typeflag: tar.TypeReg, Size: int64(len(sparse)), Format: tar.FormatPAX}))
	_, err := io.WriteString(w, sparse)
	check(t, err)
	check(t, w.Close())
	records := ""
	for _, r := range []string{"GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=x.md", fmt.Sprintf("GNU.sparse.realsize=%d", size)} {
		records += fmt.Sprintf("%d %s\n", len(r)+4, r)
	}
	var head bytes.Buffer
	h := tar.NewWriter(&head)
	check(t, h.WriteHeader(&tar.Header{Name: "pax", Typeflag: tar.TypeReg, Size: int64(len(records)), Format: tar.FormatUSTAR}))
	_, err = io.WriteString(h, records)
	check(t, err)
	check(t, h.Flush())
	pax := head.Bytes()
	pax[156] = tar.TypeXHeader
	sum := 0
	for i, b := range pax[:512] {
		if i >= 148 && i < 156 {
			b = ' '
		}
		sum += int(b)
	}
	copy(pax[148:156], fmt.Sprintf("%06o\x00 ", sum))
	data := gzipText(t, head.String()+stream.String())
	if _, err := openBytes(t, data, smallLimits()); err == nil || !strings.Contains(err.Error(), "more than 20 times its size") {
		t.Errorf("error %v", err)
	}
	a, err := openBytes(t, data, standardLimits())
	check(t, err)
	if got, err := readAll(a); err != nil || len(got["x.md"]) != size {
		t.Errorf("%d bytes, %v", len(got["x.md"]), err)
	}
}

// TestZipFolderWithContent has bytes in an entry that is a folder by its name.
func TestZipFolderWithContent(t *testing.T) {
	data := zipOf(t, "", entry{name: "ax", body: "hidden"})
	data = bytes.ReplaceAll(data, []byte("ax"), []byte("a/"))
	if _, err := openBytes(t, data, standardLimits()); err == nil || !strings.Contains(err.Error(), `entry "a/" is a folder with content`) {
		t.Errorf("error %v", err)
	}
	if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Errorf("the archive is not one: %v", err)
	}
}
