package markdown

import (
	"bufio"
	"context"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/models"
)

// kindOf is the kind of record that a file of the golden course holds.
func kindOf(name string) (models.Kind, bool) {
	switch {
	case path.Ext(name) != pageSuffix:
		return "", false
	case path.Base(name) == moduleFile:
		return models.KindModule, true
	case strings.HasPrefix(name, fragmentsDir):
		return models.KindFragment, true
	case strings.Contains(name, worksheetsDir):
		return models.KindWorksheet, true
	}
	return models.KindSection, true
}

var pageKinds = []models.Kind{models.KindSection, models.KindModule, models.KindWorksheet, models.KindFragment}

// goldenFiles visits the files of the golden course.
func goldenFiles(t testing.TB, visit func(name, text string)) {
	t.Helper()
	root := os.DirFS("testdata/course")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		visit(name, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readAlone reads a page as if it were alone in a folder.
func readAlone(text string, kind models.Kind) (models.Record, header, error) {
	in, err := split(unixLines([]byte(text)))
	if err != nil {
		return nil, header{}, err
	}
	record, h, err := readHead(in.head, kind)
	if err != nil {
		return nil, h, err
	}
	const id = "0190a1b2-0000-7000-8000-000000000009"
	r := &reader{index: newIndex(), course: &models.Course{Meta: models.Meta{ID: id}}, loaded: &Loaded{}}
	p := &page{path: "page.md", kind: kind, slug: record.Name(), module: &page{id: id}}
	if p.slug == "" {
		p.slug = "page"
	}
	if record.Base().ID == "" {
		record.Base().ID = id
	}
	var parent *models.ID
	if s, ok := record.(*models.Section); ok {
		if parent = s.ParentID; parent != nil && !parent.Valid() {
			return nil, h, errInexact // it is looked up by its slug
		}
	}
	if err := r.fill(record, p, in); err != nil {
		return nil, h, err
	}
	if s, ok := record.(*models.Section); ok {
		s.ParentID = parent
	}
	if err := r.resolve(record, p, in, text); err != nil {
		return nil, h, err
	}
	return record, h, sound(record, p.path, in.head, in.bodyLine)
}

// FuzzPage reads anything as a page. What can be read is written and read as the same.
func FuzzPage(f *testing.F) {
	goldenFiles(f, func(name, text string) {
		for n, kind := range pageKinds {
			if k, ok := kindOf(name); ok && k == kind {
				f.Add(n, text)
			}
		}
	})
	f.Add(0, "---\r\ntitle: 1.10\r\nextra: {a: [1, {b: ~}], _c: 2024-01-01}\r\n---\r\n[^1]: x\r\n")
	f.Add(0, "---\ntitle: |\n  two\n  lines\nsummary: >-\n  a\n\n  b\n---\n```lectern\n{}\n```\n")
	f.Add(1, "---\n{title: \"a\\u2028\", objectives: [{id: o, text: t}], contributors: [{literal: L}]}\n---\na\nb\n")
	f.Add(2, "---\ntitle: a\nextra:\n- - - b\n---\n::question[a]\n\n:::answers\nx\n:::\n")
	f.Fuzz(func(t *testing.T, n int, text string) {
		kind := pageKinds[uint(n)%uint(len(pageKinds))]
		record, h, err := readAlone(text, kind)
		if err != nil {
			return
		}
		written, err := writePage(record, h)
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		back, _, err := readAlone(written, kind)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		want, _ := models.Encode(record)
		got, _ := models.Encode(back)
		if string(got) != string(want) {
			t.Fatalf("%s\nis read as\n%s\n%s", want, got, written)
		}
		if again, err := writePage(back, h); err != nil || again != written {
			t.Fatalf("written again, %v:\n%s\n%s", err, written, again)
		}
	})
}

// FuzzEntries reads anything as a list of sources. Nothing of it is left out, and what can be read is written and read
// as the same.
func FuzzEntries(f *testing.F) {
	goldenFiles(f, func(name, text string) {
		if name == sourcesFile || name == assetsFile {
			f.Add(text)
		}
	})
	f.Add("# ours\n- key: a\n  csl: {type: book, custom: 1.10}\n\n-\n  key: b\n  csl:\n      type: webpage\n")
	f.Add("- key: |\n    a\n\n    - b\n- [x]\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines, began := 0, 0
		err := cutEntries(bufio.NewReader(strings.NewReader(text)), func(s string, line int) error {
			if line <= began {
				t.Fatalf("an entry begins on line %d, and one before it on line %d", line, began)
			}
			lines, began = lines+strings.Count(s, "\n"), line
			for _, of := range lists {
				e, err := parseEntry(s, line, of.kind)
				if err != nil {
					continue
				}
				checkEntry(t, e, of.kind)
			}
			return nil
		})
		if err == nil && lines > strings.Count(text, "\n")+1 {
			t.Fatalf("%d lines of %q", lines, text)
		}
	})
}

func checkEntry(t *testing.T, e *entry, kind models.Kind) {
	t.Helper()
	if a, ok := e.record.(*models.Asset); ok && models.Validate(a) != nil {
		return // files have names of hashes
	}
	want, _ := models.Encode(e.record)
	text, err := writeEntry(e.record, e.header)
	if err != nil {
		t.Fatalf("write %s: %v", want, err)
	}
	back, err := parseEntry(text, 1, kind)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got, _ := models.Encode(back.record); string(got) != string(want) {
		t.Fatalf("%s\nis read as\n%s\n%s", want, got, text)
	}
}

// FuzzLoad reads a course of which one file is anything. It is refused with a word on where, or read.
func FuzzLoad(f *testing.F) {
	course := fstest.MapFS{}
	goldenFiles(f, func(name, text string) { course[name] = &fstest.MapFile{Data: []byte(text)} })
	goldenFiles(f, func(name, text string) {
		if !strings.HasPrefix(name, filesDir) {
			f.Add(name, text)
		}
	})
	f.Add("modules/15-new/module.md", "---\ntitle: New\n---\n")
	f.Add("modules/10-finding/0015-new.md", "---\ntitle: New\nparent: first-steps\n---\n\n::worksheet{ref=your-shelf}\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		for known := range course {
			if strings.HasPrefix(known, name+"/") || strings.HasPrefix(name, known+"/") {
				return // a file in the place of a folder
			}
		}
		changed := fstest.MapFS{}
		for n, file := range course {
			changed[n] = file
		}
		changed[name] = &fstest.MapFile{Data: []byte(text)}
		loaded, err := Load(context.Background(), changed, Options{})
		if err != nil {
			if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), ":") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if err := loaded.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
