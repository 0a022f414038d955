package backup_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/backup"
)

// clone is a copy of an export that can be damaged.
func (w written) clone() written {
	out := written{maps.Clone(w.MapFS)}
	for name, f := range out.MapFS {
		out.MapFS[name] = &fstest.MapFile{Data: bytes.Clone(f.Data), Mode: f.Mode}
	}
	return out
}

// change puts one text in place of another, once, and fails when it is not there.
func (w written) change(t testing.TB, name, from, to string) {
	t.Helper()
	if !strings.Contains(string(w.MapFS[name].Data), from) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	w.MapFS[name].Data = []byte(strings.Replace(string(w.MapFS[name].Data), from, to, 1))
}

// manifest reads the manifest, lets change it, and writes it.
func (w written) manifest(t testing.TB, change func(*backup.Manifest)) {
	t.Helper()
	var m backup.Manifest
	if err := models.Decode(w.MapFS["manifest.json"].Data, &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	data, err := models.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	w.MapFS["manifest.json"].Data = data
}

// signed lets the manifest say what the files hold now.
func (w written) signed(t testing.TB) written {
	t.Helper()
	w.manifest(t, func(m *backup.Manifest) {
		for i, f := range m.Files {
			data := w.MapFS[f.Name].Data
			sum := sha256.Sum256(data)
			m.Files[i].Sha256, m.Files[i].Bytes = hex.EncodeToString(sum[:]), int64(len(data))
			if f.Records > 0 {
				m.Files[i].Records = bytes.Count(data, []byte("\n"))
			}
		}
	})
	return w
}

func TestDamageIsNamedAndNothingIsWritten(t *testing.T) {
	from := worked(t, "sqlite")
	whole := from.export(from.everything())
	asset := ""
	for name := range whole.MapFS {
		if strings.HasPrefix(name, "files/") {
			asset = name
		}
	}
	course := string(from.course())
	change := func(name, from, to string) func(testing.TB, written) {
		return func(t testing.TB, w written) { w.change(t, name, from, to); w.signed(t) }
	}
	unsigned := func(name, from, to string) func(testing.TB, written) {
		return func(t testing.TB, w written) { w.change(t, name, from, to) }
	}
	manifest := func(edit func(*backup.Manifest)) func(testing.TB, written) {
		return func(t testing.TB, w written) { w.manifest(t, edit) }
	}
	for name, tt := range map[string]struct {
		damage func(testing.TB, written)
		words  []string
	}{
		"no manifest":           {func(_ testing.TB, w written) { delete(w.MapFS, "manifest.json") }, []string{"manifest.json", "not whole"}},
		"half a manifest":       {func(_ testing.TB, w written) { w.MapFS["manifest.json"].Data = w.MapFS["manifest.json"].Data[:200] }, []string{"manifest.json", "byte"}},
		"a newer format":        {unsigned("manifest.json", `"version": 2`, `"version": 3`), []string{"/version is 3", "newer Lectern"}},
		"a format of before":    {unsigned("manifest.json", `"version": 2`, `"version": 0`), []string{"/version is 0"}},
		"another format":        {unsigned("manifest.json", `"lectern-json"`, `"lectern-yaml"`), []string{"/format", "lectern-yaml"}},
		"unknown fields":        {unsigned("manifest.json", `"public"`, `"publik"`), []string{"manifest.json", "/publik"}},
		"no course":             {manifest(func(m *backup.Manifest) { m.Course.ID = "" }), []string{"/course/id"}},
		"another course":        {manifest(func(m *backup.Manifest) { m.Course.ID = models.NewID() }), []string{"course.jsonl, line 1", "/record/id", course}},
		"a file twice":          {manifest(func(m *backup.Manifest) { m.Files = append(m.Files, m.Files[0]) }), []string{"manifest.json: /files/", "twice"}},
		"a file less":           {manifest(func(m *backup.Manifest) { m.Files = m.Files[1:] }), []string{"/files: course.jsonl is missing"}},
		"a file above":          {manifest(func(m *backup.Manifest) { m.Files[0].Name = "../course.jsonl" }), []string{"/files/0", "../course.jsonl"}},
		"an asset above":        {manifest(func(m *backup.Manifest) { m.Files[0].Name = "files/../../x" }), []string{"/files/0", "files/../../x"}},
		"an absolute file":      {manifest(func(m *backup.Manifest) { m.Files[0].Name = "/etc/passwd" }), []string{"/files/0", "/etc/passwd"}},
		"no hash":               {manifest(func(m *backup.Manifest) { m.Files[0].Sha256 = "" }), []string{"/files/0/sha256"}},
		"negative bytes":        {manifest(func(m *backup.Manifest) { m.Files[0].Bytes = -1 }), []string{"/files/0", "-1 bytes"}},
		"too many records":      {manifest(func(m *backup.Manifest) { m.Files[0].Records = 1 << 62 }), []string{"/files/0", "at most"}},
		"a wrong hash":          {manifest(func(m *backup.Manifest) { m.Files[0].Sha256 = strings.Repeat("0", 64) }), []string{"course.jsonl is not what was written"}},
		"fewer bytes":           {manifest(func(m *backup.Manifest) { m.Files[0].Bytes++ }), []string{"course.jsonl has", "the manifest says"}},
		"another count":         {manifest(func(m *backup.Manifest) { m.Files[1].Records++ }), []string{"modules.jsonl has 2 records", "says 3"}},
		"public with revisions": {manifest(func(m *backup.Manifest) { m.Public = true }), []string{"/revisions"}},
		"private things in a public export": {manifest(func(m *backup.Manifest) { m.Public, m.Revisions = true, false }),
			[]string{"/files/", "imports.jsonl", "no file that an export has"}},

		"a missing file":            {func(_ testing.TB, w written) { delete(w.MapFS, "sources.jsonl") }, []string{"sources.jsonl", "does not exist"}},
		"a missing asset":           {func(_ testing.TB, w written) { delete(w.MapFS, asset) }, []string{asset, "does not exist"}},
		"an asset nobody names":     {manifest(func(m *backup.Manifest) { m.Files = m.Files[:len(m.Files)-1] }), []string{asset, "no file of the export"}},
		"an asset with other bytes": {func(_ testing.TB, w written) { w.MapFS[asset].Data[3]++ }, []string{asset, "is not what was written"}},
		"a file more":               {func(_ testing.TB, w written) { w.MapFS["notes.txt"] = &fstest.MapFile{} }, []string{"notes.txt is no file of the export"}},
		"a folder more":             {func(_ testing.TB, w written) { w.MapFS["more/notes.txt"] = &fstest.MapFile{} }, []string{"more is no file of the export"}},
		"a link":                    {func(_ testing.TB, w written) { w.MapFS["course.jsonl"].Mode = fs.ModeSymlink }, []string{"course.jsonl is no file of the export"}},

		"a changed letter":              {unsigned("sections.jsonl", "Plant in rows", "Plant in cows"), []string{"sections.jsonl is not what was written"}},
		"a line less":                   {func(_ testing.TB, w written) { cutLine(w, "sections.jsonl") }, []string{"sections.jsonl has", "bytes, and the manifest says"}},
		"half a line":                   {func(t testing.TB, w written) { w.MapFS["sections.jsonl"].Data = w.MapFS["sections.jsonl"].Data[:2000] }, []string{"sections.jsonl, line", "cut off"}},
		"a line that is no JSON":        {change("modules.jsonl", `{"record"`, `{record`), []string{"modules.jsonl, line 1", "byte"}},
		"an unknown field":              {change("sections.jsonl", `"menu_label"`, `"menu_lable"`), []string{"sections.jsonl, line 1: /record", "/menu_lable", "unknown field"}},
		"a wrong type":                  {change("sections.jsonl", `"position":0`, `"position":"first"`), []string{"sections.jsonl, line 1", "/position"}},
		"a broken rule":                 {change("modules.jsonl", `"slug":"beds"`, `"slug":"Beds!"`), []string{"modules.jsonl, line 1: /record", "/slug"}},
		"a broken rule of what is live": {change("modules.jsonl", `"live":{"id":"`, `"live":{"slug":"x","id":"`), []string{"modules.jsonl, line 1", "/slug"}},
		"no version":                    {change("course.jsonl", `"version":1`, `"version":0`), []string{"course.jsonl, line 1: /version"}},
		"no time":                       {change("course.jsonl", `"created_at":"2026-03-04T05:06:09.125Z"`, `"created_at":"0001-01-01T00:00:00Z"`), []string{"course.jsonl, line 1: /record/created_at"}},
		"live in the future":            {change("course.jsonl", `"live_version":1`, `"live_version":9`), []string{"course.jsonl, line 1: /live_version"}},
		"live and never published":      {change("course.jsonl", `"published_at":"`, `"published_at":null,"gone_at":"`), []string{"course.jsonl, line 1"}},
		"live in a course that is not": {change("course.jsonl", `"live_version":1,"published_at":"2026-03-04T05:06:26.409Z"`, `"live_version":null,"published_at":null`),
			[]string{"line", "/live_version", "the course is not"}},
		"two courses":      {func(t testing.TB, w written) { twice(w, "course.jsonl"); w.signed(t) }, []string{"course.jsonl, line 2: /record/id"}},
		"no course at all": {func(t testing.TB, w written) { w.MapFS["course.jsonl"].Data = nil; w.signed(t) }, []string{"course.jsonl"}},
		"an id twice":      {func(t testing.TB, w written) { twice(w, "sections.jsonl"); w.signed(t) }, []string{"sections.jsonl, line 8: /record/id", "line 7"}},
		"a module of another course": {change("modules.jsonl", `"course_id":"`+course, `"course_id":"`+string(models.NewID())),
			[]string{"modules.jsonl, line 1: /record/course_id"}},
		"a section of no module": {change("sections.jsonl", `"module_id":"`, `"module_id":"0`), []string{"sections.jsonl, line 1: /record/module_id"}},
		"a section below none":   {change("sections.jsonl", `"parent_id":null`, `"parent_id":"`+course+`"`), []string{"sections.jsonl, line 1: /record/parent_id"}},

		"memory of no record":         {change("imports.jsonl", `"record":"`, `"record":"0`), []string{"imports.jsonl, line 1", "no asset"}},
		"memory of nothing":           {change("imports.jsonl", `"item":`, `"itme":`), []string{"imports.jsonl, line 1", "/itme"}},
		"memory of a later version":   {change("imports.jsonl", `"version":1`, `"version":7`), []string{"imports.jsonl, line 1", "/item/version"}},
		"memory that is no record":    {change("imports.jsonl", `"said":{"id"`, `"said":{"key"`), []string{"imports.jsonl, line 4", "/item/said"}},
		"a NUL in memory":             {change("imports.jsonl", `"key":"`, `"key":"\u0000`), []string{"imports.jsonl, line 1", "U+0000"}},
		"a redirect to nowhere":       {change("redirects.jsonl", `"id":"`, `"id":"0`), []string{"redirects.jsonl, line 1: /to"}},
		"a relative redirect":         {change("redirects.jsonl", `"path":"/`, `"path":"`), []string{"redirects.jsonl, line 1: /path"}},
		"settings of a format before": {unsigned("manifest.json", `"version": 2`, `"version": 1`), []string{"/files/", "settings.jsonl", "no file that an export has"}},
		"settings twice":              {func(t testing.TB, w written) { twice(w, "settings.jsonl"); w.signed(t) }, []string{"settings.jsonl, line 2: a course has its settings once"}},
		"settings of no version":      {change("settings.jsonl", `"version":3`, `"version":1`), []string{"settings.jsonl, line 1: /version"}},
		"settings of another field":   {change("settings.jsonl", `"updated_at":`, `"changed_at":`), []string{"settings.jsonl, line 1", "/changed_at"}},
		"an unknown rule":             {change("settings.jsonl", `"dead_link"`, `"old_link"`), []string{"settings.jsonl, line 1", "/rules/old_link"}},
		"a schema of an unknown kind": {change("settings.jsonl", `"section":`, `"kettle":`), []string{"settings.jsonl, line 1", "/schemas/kettle"}},
		"a later revision":            {change("revisions.jsonl", `"version":1`, `"version":9`), []string{"revisions.jsonl, line 1: /version"}},
		"a revision of another":       {change("revisions.jsonl", `"body":{"id":"`, `"body":{"id":"0`), []string{"revisions.jsonl, line 1: /body/id"}},
		"a revision without body":     {change("revisions.jsonl", `"body":{`, `"body":null,"was":{`), []string{"revisions.jsonl, line 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := whole.clone()
			tt.damage(t, damaged)
			to := install(t, "sqlite")
			if !backup.Is(damaged.MapFS) {
				t.Error("it is not taken for an export any more")
			}
			_, err := to.load(damaged.MapFS, backup.Options{})
			if kind := models.KindOf(err); kind != models.KindMalformed {
				t.Fatalf("got %v of kind %d, want it malformed", err, kind)
			}
			for _, w := range tt.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in the error: %v", w, err)
				}
			}
			to.mustBeEmpty()
		})
	}
}

// cutLine takes the last line of a file away, and twice puts it there once more.
func cutLine(w written, name string) {
	data := w.MapFS[name].Data
	w.MapFS[name].Data = data[:bytes.LastIndexByte(data[:len(data)-1], '\n')+1]
}

func twice(w written, name string) {
	data := w.MapFS[name].Data
	w.MapFS[name].Data = slices.Concat(data, data[bytes.LastIndexByte(data[:len(data)-1], '\n')+1:])
}

// mustBeEmpty fails when anything was written.
func (l *lectern) mustBeEmpty() {
	l.t.Helper()
	for _, kind := range models.StoredKinds() {
		if n := len(l.drafts(kind)); n > 0 {
			l.t.Errorf("there are %d %s", n, kind.Plural())
		}
	}
	if revision, err := l.store.ContentRevision(l.t.Context()); revision != 0 || err != nil {
		l.t.Errorf("content revision %d, %v", revision, err)
	}
}

func TestALineHasALimit(t *testing.T) {
	from := worked(t, "sqlite")
	w := from.export(content.ExportRequest{Course: from.course()})
	w.MapFS["redirects.jsonl"].Data = append(bytes.Repeat([]byte(" "), backup.MaxLineBytes+1), '\n')
	w.signed(t)
	if _, err := install(t, "sqlite").load(w.MapFS, backup.Options{}); err == nil || !strings.Contains(err.Error(), "redirects.jsonl, line 1: the line has more than") {
		t.Errorf("got %v", err)
	}
}

func TestSectionsBelowThemselves(t *testing.T) {
	from := worked(t, "sqlite")
	w := from.export(content.ExportRequest{Course: from.course()})
	beans, crops := from.drafts(models.KindSection)["Beans"].Base().ID, from.drafts(models.KindSection)["Crops"].Base().ID
	lines := strings.SplitAfter(string(w.MapFS["sections.jsonl"].Data), "\n")
	for n, line := range lines {
		switch {
		case strings.HasPrefix(line, `{"record":{"id":"`+string(beans)):
			lines[n] = strings.Replace(line, `"parent_id":null`, `"parent_id":"`+string(crops)+`"`, 1)
		case strings.HasPrefix(line, `{"record":{"id":"`+string(crops)):
			lines[n] = strings.Replace(line, `"parent_id":null`, `"parent_id":"`+string(beans)+`"`, 1)
		}
	}
	w.MapFS["sections.jsonl"].Data = []byte(strings.Join(lines, ""))
	w.signed(t)
	if _, err := install(t, "sqlite").load(w.MapFS, backup.Options{}); err == nil || !strings.Contains(err.Error(), "stands below itself") {
		t.Errorf("got %v", err)
	}
}

func TestAFolderWithALinkOutOfItIsRefused(t *testing.T) {
	from := worked(t, "sqlite")
	w := from.export(content.ExportRequest{Course: from.course()})
	folder, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, w.MapFS["course.jsonl"].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	delete(w.MapFS, "course.jsonl")
	if err := os.CopyFS(folder, w.MapFS); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(folder, "course.jsonl")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: links can't be made here:", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := install(t, "sqlite").load(root.FS(), backup.Options{}); err == nil || !strings.Contains(err.Error(), "course.jsonl is no file of the export") {
		t.Errorf("got %v", err)
	}
}
