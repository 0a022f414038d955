package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/backup"
)

// shared is the folder of corpora beside the checkout. Without it a test is skipped; in CI it fails.
func shared(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the corpora are missing: %v", err)
		}
		t.Skipf("SKIPPED, NOT PROVEN ON THE CORPORA: %v", err)
	}
	return dir
}

// opened surveys a folder of a site.
func opened(t *testing.T, name string) *seed.Site {
	t.Helper()
	src, err := seed.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = src.Close() })
	site, err := seed.Survey(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func TestCorporaComeBackAsTheSameBytes(t *testing.T) {
	dir := shared(t)
	for _, corpus := range []string{"connectedlib-site", "connectedlib-toolkit"} {
		t.Run(corpus, func(t *testing.T) {
			folder := filepath.Join(dir, "corpora", corpus)
			from, to, back := install(t, "sqlite"), install(t, "postgres"), install(t, "sqlite")
			by := content.Save{Author: "import"}
			if _, err := seed.Import(t.Context(), from.Service, opened(t, folder), seed.Options{Publish: true, Files: from.files, By: by}); err != nil {
				t.Fatal(err)
			}
			first := from.export(from.everything())
			to.mustLoad(first, backup.Options{})
			wantSame(t, to.export(to.everything()), first)
			back.mustLoad(first, backup.Options{})

			report, err := seed.Import(t.Context(), back.Service, opened(t, folder), seed.Options{Publish: true, Files: back.files, By: by})
			if err != nil {
				t.Fatal(err)
			}
			if n := report.Totals; counts(n.Created)+counts(n.Updated)+n.Published > 0 {
				t.Errorf("importing the site after the move: %+v", n)
			}
			wantSame(t, back.export(back.everything()), first)
			wantNoSecrets(t, from)
		})
	}
}

// wantNoSecrets fails when a public export holds a comment of the pages or an answer key.
func wantNoSecrets(t *testing.T, l *lectern) {
	t.Helper()
	public := ""
	for _, f := range l.public().MapFS {
		public += string(f.Data)
	}
	secrets := 0
	look := func(what, secret string) {
		encoded, err := models.Encode(secret)
		if err != nil {
			t.Fatal(err)
		}
		if in := strings.Trim(string(encoded), `"`); len(in) > 12 { // less may be a part of a word
			secrets++
			if strings.Contains(public, in) {
				t.Errorf("%s is in the public export", what)
			}
		}
	}
	for _, r := range l.drafts(models.KindSection) {
		for _, note := range r.(*models.Section).EditorNotes {
			look("a note of "+r.Label(), note.Text)
		}
	}
	for _, r := range l.drafts(models.KindWorksheet) {
		if len(r.(*models.Worksheet).AnswerKey) == 0 {
			continue
		}
		key, err := models.Encode(r.(*models.Worksheet).AnswerKey)
		if err != nil {
			t.Fatal(err)
		}
		look("the answer key of "+r.Label(), string(key))
	}
	if secrets == 0 {
		t.Log("there are no notes and no answer keys")
	}
	if strings.Contains(public, `"answer_key":[{`) || strings.Contains(public, `"editor_notes":[{`) || strings.Contains(public, `"extra":{"_`) || strings.Contains(public, `"_comments"`) {
		t.Error("private fields are in the public export")
	}
}

func TestTheSampleComesBackAsTheSameBytes(t *testing.T) {
	from, to := install(t, "sqlite"), install(t, "postgres")
	if _, err := seed.LoadSample(t.Context(), from.Service, from.files); err != nil {
		t.Fatal(err)
	}
	first := from.export(from.everything())
	to.mustLoad(first, backup.Options{})
	wantSame(t, to.export(to.everything()), first)
}
