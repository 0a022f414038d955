package backup_test

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/backup"
)

func (l *lectern) public() written {
	return l.export(content.ExportRequest{Course: l.course(), Public: true, Revisions: true})
}

// secrets are texts of the garden that readers don't see: private fields, drafts, the trash, and what imports remember.
var secrets = []string{
	"RS_017", "rosa@example.org", "_rota", "Monday", "Mostly nettles", // private fields
	"Kale", "Sand and gravel", "Of poles", "Peas", // never live, not live yet, not live any more
	"heap.png source", "dead_link", "an edit", "2026-03-04T05:06:37", // keys, memory, revisions, the trash
}

func TestAPublicExportHoldsNothingPrivate(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			l := worked(t, engine)
			everything := l.export(l.everything())
			for name, f := range l.public().MapFS {
				for _, secret := range secrets {
					if strings.Contains(string(f.Data), secret) {
						t.Errorf("%s holds %q", name, secret)
					}
				}
			}
			all := ""
			for _, f := range everything.MapFS {
				all += string(f.Data)
			}
			for _, secret := range secrets[:9] {
				if !strings.Contains(all, secret) {
					t.Errorf("%q is nowhere, so that its absence proves nothing", secret)
				}
			}
		})
	}
}

func TestAPublicExportBecomesDraftsAndIsPublished(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from, to := worked(t, engine), install(t, engine)
			first := from.public()
			to.mustLoad(first, backup.Options{})
			if revision, err := to.store.ContentRevision(t.Context()); revision != 0 || err != nil {
				t.Errorf("content revision %d, %v: something is live", revision, err)
			}
			report := to.mustLoad(first, backup.Options{Options: seed.Options{Publish: true}})
			if report.Totals.Published == 0 || report.Totals.Blockers > 0 {
				t.Errorf("%+v", report.Courses)
			}
			wantSame(t, to.public(), first)

			other := install(t, engine)
			other.mustLoad(first, backup.Options{Options: seed.Options{Publish: true}})
			wantSame(t, other.public(), first)
		})
	}
}

func TestAPublicExportTakesNothingPrivateAway(t *testing.T) {
	l := worked(t, "sqlite")
	first := l.public()
	before := l.export(l.everything())
	report := l.mustLoad(first, backup.Options{})
	if counts(report.Totals.Updated)+counts(report.Totals.Created) > 0 || report.Totals.Conflicts > 0 {
		t.Errorf("%+v", report.Totals)
	}
	wantSame(t, l.export(l.everything()), before)

	first.change(t, "worksheets.jsonl", "What grows in your soil?", "What grows well in your soil?")
	first.change(t, "sections.jsonl", "Dig early.[^1]", "Dig very early.[^1]")
	first.signed(t)
	l.mustLoad(first, backup.Options{})
	sheet := l.drafts(models.KindWorksheet)["Your soil"].(*models.Worksheet)
	if q := sheet.Prompts[0].PromptFields().Text; q != "What grows well in your soil?" || len(sheet.AnswerKey) != 1 {
		t.Errorf("%q, %+v", q, sheet.AnswerKey)
	}
	beds := l.drafts(models.KindSection)["Beds"].(*models.Section)
	if text := beds.Blocks[0].(*models.Paragraph).Text; text != "Dig very early.[^1]" || len(beds.EditorNotes) != 1 {
		t.Errorf("%q, %+v", text, beds.EditorNotes)
	}
}

func TestPrivateFieldsInAPublicExportGoNowhere(t *testing.T) {
	from, to := worked(t, "sqlite"), install(t, "sqlite")
	first := from.export(content.ExportRequest{Course: from.course()})
	// Whoever wrote this says that readers see an interview code, and a script.
	lines := strings.SplitAfter(string(first.MapFS["sections.jsonl"].Data), "\n")
	start := strings.Index(lines[3], `{"id"`)
	end := strings.Index(lines[3], `,"version"`)
	forged := strings.Replace(lines[3][start:end], `"editor_notes":[]`, `"editor_notes":[{"id":"n1","after":"","text":"RS_099"}]`, 1)
	forged = strings.Replace(forged, "Plant in rows.", "Plant in rows. <!-- RS_098 -->", 1)
	forged = strings.Replace(forged, `"extra":{`, `"extra":{"_who":"RS_097",`, 1)
	forged = strings.Replace(forged, `"blocks":[`, `"blocks":[{"id":"x","kind":"raw_html","html":"<script>RS_096</script><p>Rows</p>"},`, 1)
	lines[3] = strings.Replace(lines[3], `"live":null`, `"live":`+forged, 1)
	first.MapFS["sections.jsonl"].Data = []byte(strings.Join(lines, ""))
	to.mustLoad(first.signed(t), backup.Options{})
	crops := to.drafts(models.KindSection)["Crops"].Base().ID
	seen, err := to.Section(t.Context(), crops, content.ReadRequest{Body: content.BodySet{content.BodyBlocks: true, content.BodyHTML: true}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := models.Encode(seen)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "Rows") {
		t.Errorf("what was forged is not live, so that nothing is proven: %s", data)
	}
	for _, code := range []string{"RS_099", "RS_098", "RS_097", "RS_096"} {
		if strings.Contains(string(data), code) {
			t.Errorf("readers see %s: %s", code, data)
		}
	}
}
