package backup_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/backup"
)

// sign gives an export a manifest that says what its files hold.
func sign(t testing.TB, files fstest.MapFS, course models.ID, names []string) {
	t.Helper()
	m := backup.Manifest{Format: backup.Format, Version: backup.Version, Course: backup.Course{ID: course}, Revisions: true}
	for _, name := range names {
		sum := sha256.Sum256(files[name].Data)
		m.Files = append(m.Files, backup.File{
			Name: name, Sha256: hex.EncodeToString(sum[:]), Bytes: int64(len(files[name].Data)), Records: strings.Count(string(files[name].Data), "\n"),
		})
	}
	data, err := models.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = &fstest.MapFile{Data: data}
}

// lineFiles are the files of lines, in order.
var lineFiles = []string{
	"course.jsonl", "modules.jsonl", "sources.jsonl", "assets.jsonl", "fragments.jsonl", "worksheets.jsonl", "sections.jsonl",
	"imports.jsonl", "redirects.jsonl", "settings.jsonl", "revisions.jsonl",
}

// The ids of the records of bench.
const (
	bed  = "0192f000-0000-7000-8000-000000000001"
	sow  = "0192f000-0000-7000-8000-000000000002"
	pots = "0192f000-0000-7000-8000-000000000003"
)

// bench is a small export, file by file.
var bench = []string{
	`{"record":{"id":"` + bed + `","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z","extra":{"a":1},"slug":"bench",` +
		`"title":"The bench","summary":"","language":"en","license":"","publisher":"","numbering":"as_written",` +
		`"source":{"repository":"","commit":"","url":""}},"version":1,"live_version":1,"published_at":"2026-01-02T03:04:05Z","trashed_at":null,` +
		`"gone_at":null,"live":null}` + "\n",
	`{"record":{"id":"` + sow + `","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z","extra":{},"course_id":"` + bed + `",` +
		`"position":0,"slug":"sow","title":"Sowing"},"version":1,"live_version":null,"published_at":null,"trashed_at":null,"gone_at":null,"live":null}` + "\n",
	"", "", "", "",
	`{"record":{"id":"` + pots + `","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z","extra":{},"course_id":"` + bed + `",` +
		`"module_id":"` + sow + `","parent_id":null,"position":0,"slug":"pots","title":"Pots","blocks":[{"id":"b1","kind":"paragraph","text":"Wash *all* pots."}]},` +
		`"version":2,"live_version":1,"published_at":"2026-01-02T03:04:05Z","trashed_at":"2026-01-03T03:04:05Z","gone_at":null,` +
		`"live":{"id":"` + pots + `","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z","extra":{},"course_id":"` + bed + `",` +
		`"module_id":"` + sow + `","slug":"pots","title":"Pots"}}` + "\n",
	`{"item":{"kind":"section","key":"pots.md","record":"` + pots + `","version":1,"said":null}}` + "\n" +
		`{"address":{"site":"s","path":"pots","kind":"section","record":"` + pots + `"}}` + "\n" +
		`{"dead_link":{"site":"s","path":"tray","kind":"section","record":"` + pots + `","written":"../tray/"}}` + "\n",
	`{"path":"/` + sow + `/sections/pot","to":{"type":"section","id":"` + pots + `"},"created_at":"2026-01-02T03:04:05Z"}` + "\n",
	`{"version":2,"updated_at":"2026-01-02T03:04:05Z","rules":{"dead_link":"off"},"schemas":{"section":{"type":"object"}}}` + "\n",
	`{"record":"` + pots + `","version":1,"kind":"section","parent":null,"author":"","message":"","at":"2026-01-02T03:04:05Z","published":true,` +
		`"imported":false,"body":{"id":"` + pots + `"}}` + "\n",
}

func TestTheBenchCanBeLoaded(t *testing.T) {
	files := fstest.MapFS{}
	for n, part := range bench {
		files[lineFiles[n]] = &fstest.MapFile{Data: []byte(part)}
	}
	sign(t, files, bed, lineFiles)
	install(t, "sqlite").mustLoad(files, backup.Options{})
}

// FuzzLoad reads exports with whatever in them: with a manifest that was made for them, so that the lines are reached,
// and with one of the fuzzer's. Load says yes, or no with an error that says what is malformed.
func FuzzLoad(f *testing.F) {
	all := strings.Join(bench, "\x00")
	f.Add("", all)
	f.Add("", strings.ReplaceAll(all, "null", "1"))
	f.Add("", strings.ReplaceAll(all, `"version":1`, `"version":-1`))
	f.Add("", strings.ReplaceAll(all, "\n", ""))
	f.Add("", strings.ReplaceAll(all, `"parent_id":null`, `"parent_id":"`+pots+`"`))
	f.Add(`{"format":"lectern-json","version":2}`, "")
	f.Add(`{"format":"lectern-json","version":2,"course":{"id":"../.."},"files":[{"name":"../x"}]}`, "{}\n")
	f.Fuzz(func(t *testing.T, manifest, lines string) {
		files := fstest.MapFS{}
		for n, part := range strings.SplitN(lines, "\x00", len(lineFiles)) {
			files[lineFiles[n]] = &fstest.MapFile{Data: []byte(part)}
		}
		for _, name := range lineFiles {
			if files[name] == nil {
				files[name] = &fstest.MapFile{}
			}
		}
		if manifest == "" {
			sign(t, files, bed, lineFiles)
		} else {
			files["manifest.json"] = &fstest.MapFile{Data: []byte(manifest)}
		}
		if !backup.Is(files) {
			t.Error("it is not taken for an export")
		}
		loaded, err := backup.Load(t.Context(), files, backup.Options{Name: "x"})
		if err != nil {
			if kind := models.KindOf(err); kind != models.KindMalformed {
				t.Errorf("error of kind %d: %v", kind, err)
			}
			return
		}
		if err := loaded.Close(); err != nil {
			t.Error(err)
		}
	})
}
