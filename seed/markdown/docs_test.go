package markdown_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// examples are the fenced examples of the page about this format, by their language.
func examples(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "export-markdown.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for i, part := range strings.Split(string(data), "\n```") {
		if language, text, ok := strings.Cut(part, "\n"); ok && i%2 == 1 {
			out[language] = append(out[language], text+"\n")
		}
	}
	return out
}

// TestTheDocumentedExamplesAreRead puts the page that the documentation adds into the golden course, with the asset
// that it shows, and the page that it explains in the place of the golden one.
func TestTheDocumentedExamplesAreRead(t *testing.T) {
	found := examples(t)
	if len(found["markdown"]) != 2 || len(found["yaml"]) != 2 {
		t.Fatalf("%d pages and %d pieces of YAML", len(found["markdown"]), len(found["yaml"]))
	}
	l := newLectern(t)
	d := golden(t)
	d["lectern.yml"] = found["yaml"][0]
	d[callNumbers] = found["markdown"][0]
	d["modules/10-finding/0015-the-green-door.md"] = found["markdown"][1]
	d["modules/10-finding/worksheets/your-knock.md"] = "---\ntitle: Your knock\n---\n\n::question[Who is there?]\n"
	d["assets.yml"] += found["yaml"][1]
	d["files/door.jpg"] = "no picture"
	report := l.load(d, true)
	if c := report.Courses[0]; len(c.Blockers) > 0 || len(report.Warnings) > 0 {
		t.Errorf("blockers %+v, warnings %+v", c.Blockers, report.Warnings)
	}
	wantEqual(t, l.titles(id(2)), []string{"First steps", "  The green door", "  Call numbers", "On the shelf"})
	wantEqual(t, section(l, id(11)).Citations[0].Written, models.Text("Miller, A. (2019). *Pages and patience*. Harbour Press, p. 12."))
}
