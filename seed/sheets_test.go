package seed

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// uses lists the places of worksheets in a module, a line each: page, label, role and slug of what is shown there.
func uses(m *Module) string {
	sheets := map[models.ID]*models.Worksheet{}
	var b strings.Builder
	_ = m.walk(func(s, _ *Section) error {
		for _, w := range s.Worksheets {
			if !s.repeated[w.ID] {
				sheets[w.ID] = w
			}
		}
		s.Record.Blocks.Walk(func(block models.Block, _ int) bool {
			if use, ok := block.(*models.WorksheetUse); ok {
				w := sheets[use.Worksheet.ID]
				fmt.Fprintf(&b, "%s: %s %s /%s\n", s.Record.Title, use.Role, w.Label(), w.Slug)
			}
			return true
		})
		return nil
	})
	return b.String()
}

const exercise = `<div class="callout activity" markdown="1">

## [Activity #1: Knead](https://docs.example.org/x#heading=a)

* What rises?
* When I knead...

</div>
`

func TestEqualWorksheetsOfAModuleAreOne(t *testing.T) {
	head := func(title string) string { return "---\ntitle: " + title + "\n---\n" }
	site := readSite(t, folder("-- modules/bread/_posts/2001-01-01-a.md --\n"+head("Own page")+exercise+
		"-- modules/bread/_posts/2001-01-02-b.md --\n"+head("Again")+"Back to it:\n\n"+exercise+
		"-- modules/bread/_posts/2001-01-03-c.md --\n"+head("Other words")+strings.Replace(exercise, "What rises", "What sinks", 1)+
		"-- modules/bread/_posts/2001-01-04-d.md --\n"+head("Other spaces")+strings.Replace(exercise, "What rises", "What  RISES", 1)+
		"-- modules/bread/_posts/2001-01-05-e.md --\n"+head("Other link")+strings.Replace(exercise, "heading=a", "heading=b", 1)+
		"-- modules/rolls/_posts/2001-01-01-a.md --\n"+head("Rolls")+exercise))
	modules := site.Trees[0].Modules
	same(t, "bread", `
Own page: first Activity #1: Knead /knead
Again: again Activity #1: Knead /knead
Other words: first Activity #1: Knead /knead-2
Other spaces: again Activity #1: Knead /knead
Other link: first Activity #1: Knead /knead-3
`, uses(modules[0]))
	same(t, "rolls", "Rolls: first Activity #1: Knead /knead\n", uses(modules[1]))
}

func TestEqualWorksheetsAreOneRecord(t *testing.T) {
	c, files := lectern(t)
	head := func(title string) string { return "---\ntitle: " + title + "\n---\n" }
	pages := folder("-- modules/bread/_posts/2001-01-01-a.md --\n" + head("Own page") + exercise +
		"-- modules/bread/_posts/2001-01-02-b.md --\n" + head("Again") + exercise +
		"-- modules/rolls/_posts/2001-01-01-a.md --\n" + head("Rolls") + exercise)
	report := bring(t, c, files, pages)
	if n := report.Totals.Created[models.KindWorksheet]; n != 2 {
		t.Errorf("%d worksheets, want one for each module", n)
	}
	if again := bring(t, c, files, pages); total(again.Totals.Created)+total(again.Totals.Updated) != 0 {
		t.Errorf("again: %+v", again.Totals)
	}
	// The page that shows it first is gone: the worksheet is the other page's now, and nothing is lost.
	less := bring(t, c, files, without(pages, "modules/bread/_posts/2001-01-01-a.md"))
	if n := less.Totals; n.Created[models.KindSection] != 0 || less.Totals.Blockers != 0 {
		t.Errorf("without the first page: %+v", less.Totals)
	}
	if v := liveAt(t, c, "bread", "again"); !strings.Contains(*v.HTML, "What rises?") {
		t.Errorf("the worksheet is gone from the page that shows it again: %s", *v.HTML)
	}
}

// Worksheets that say nothing are not the same for that.
func TestEmptyWorksheetsStayApart(t *testing.T) {
	const empty = "<div class=\"reflection\"></div>\n"
	site := readSite(t, folder("-- modules/bread/_posts/2001-01-01-a.md --\n---\ntitle: Two\n---\n"+empty+"\nText.\n\n"+empty))
	if got := uses(site.Trees[0].Modules[0]); strings.Count(got, "first") != 2 {
		t.Errorf("%s", got)
	}
}
