package blocks

import (
	"regexp"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// FuzzConvert wants of any body that can be read: sound records, every include either placed or reported, no trace of
// the characters that stand for comments, and lines that are on the page.
func FuzzConvert(f *testing.F) {
	for _, body := range []string{
		"a<sup>[1](#fn1)</sup> {% include x.html %}\n\n<a name=\"fn1\">1</a>: Rye. <!-- b -->\n",
		"<div class=\"activity\"><p>Dough</p>\n{% include x.html %}\n<table><tr><th></th><th>Yes</th><th>No</th></tr><tr><td>c</td><td></td><td></td></tr></table></div>",
		"## Activity 1: d\n\nMatch:\n\n* e\n* f\n\n1. g\n2. h\n\n> i {% include y.html %}\n",
		"<table class=\"worksheet\"><tr><td height=\"200\">Draw.</td><td>Pick: <ul><li>j</li></ul></td></tr><tr><td></td><td>____</td></tr></table>",
		"<p class=\"videotime\">1:02</p><div><iframe src=\"https://youtu.be/x\"></iframe></div><svg>{% include z.html %}</svg>",
		"<details><summary>References</summary>\n1. k\n2. l {% include x.html %}\n</details>\n\nBread12 m<sup>1</sup>",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		body = strings.ToValidUTF8(strings.ReplaceAll(body, "\x00", ""), "\uFFFD")
		doc, err := kramdown.Parse(kramdown.Body{
			Text: body, FirstLine: 1, Variable: func(string) (string, bool) { return "", false },
			Include: func(kramdown.Include) bool { return true },
		})
		if err != nil {
			return
		}
		includes := len(doc.Includes)
		r := Convert(doc, "Bread")
		left := 0
		for _, p := range r.Problems {
			if p.Line < 1 || p.Line > strings.Count(body, "\n")+1 {
				t.Errorf("a problem on line %d: %s", p.Line, p.Message)
			}
			if strings.HasSuffix(p.Message, "stands where no block can be: its tag was taken out") {
				left++
			}
		}
		if len(r.Includes)+left != includes {
			t.Errorf("of %d includes, %d are placed and %d reported", includes, len(r.Includes), left)
		}
		checkRecords(t, r)
	})
}

var placeholders = regexp.MustCompile(`[\x{FDD0}-\x{FDD3}]`)

func checkRecords(t *testing.T, r *Result) {
	t.Helper()
	for _, use := range r.Includes {
		use.Block.Fragment = models.NewRef(models.KindFragment, models.NewID())
	}
	s := &models.Section{Meta: models.Meta{ID: models.NewID()}, Title: "Bread", Slug: "bread", ModuleID: models.NewID(), CourseID: models.NewID(), Blocks: r.Blocks}
	records := []models.Record{s}
	for _, w := range r.Worksheets {
		w.ModuleID, w.Slug = models.NewID(), "dough"
		records = append(records, w)
	}
	for _, record := range records {
		if err := models.Validate(record); err != nil {
			t.Errorf("%s: %v", record.Kind(), err)
		}
		data, err := models.Encode(record)
		if err != nil {
			t.Fatal(err)
		}
		if placeholders.Match(data) {
			t.Errorf("a placeholder is in a %s: %s", record.Kind(), data)
		}
	}
}
