package seed

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// seedPage reads one of the seed documents, which must be the only page of its module, with the warnings it gives.
func seedPage(t *testing.T, pattern string, warnings ...string) (*Module, *Section) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(shared(t), "seeds", pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("want one seed %s, have %v (%v)", pattern, found, err)
	}
	tree := readTree(t, found[0])
	if len(tree.Modules) != 1 {
		t.Fatalf("%d modules, want 1", len(tree.Modules))
	}
	var warned []string
	for _, w := range tree.Warnings {
		warned = append(warned, fmt.Sprintf("%d: %s", w.Line, w.Message))
	}
	if diff := cmp.Diff(warnings, warned); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	s := tree.Modules[0].Sections[0]
	for len(s.Children) > 0 {
		s = s.Children[0]
	}
	return tree.Modules[0], s
}

func TestSeedModuleSite(t *testing.T) {
	m, s := seedPage(t, "000_*.txt", "48: the note 7 cites a personal interview with a named person: check the rights")
	if m.Key != "mentoring" || m.Record.Title != "Mentoring" {
		t.Errorf("module %q %q", m.Key, m.Record.Title)
	}
	parent := m.Sections[0].Record
	if parent.Title != "Introduction" || parent.Number != "1." || parent.Origin != nil || len(parent.Blocks) > 0 {
		t.Errorf("parent %q %q, origin %v, %d blocks", parent.Number, parent.Title, parent.Origin, len(parent.Blocks))
	}
	r := s.Record
	if r.Title != "What is Mentoring?" || r.Number != "1.1" || r.Slug != "what-is-mentoring" || *r.ParentID != parent.ID {
		t.Errorf("section %q %q %q", r.Number, r.Title, r.Slug)
	}
	if r.Origin.Lines.Start != 1 || r.Origin.Lines.End < 40 {
		t.Errorf("lines %v", *r.Origin.Lines)
	}
	kinds := map[models.BlockKind]int{}
	var marks []string
	external := 0
	each := func(text models.Text) {
		marks = append(marks, render.Marks(text)...)
		for _, l := range render.Links(text) {
			if isExternal(l.URL) {
				external++
			}
		}
	}
	r.Blocks.Walk(func(b models.Block, _ int) bool {
		kinds[b.Base().Kind]++
		for _, text := range models.Texts(b) {
			each(*text)
		}
		return true
	})
	if kinds[models.BlockHeading] != 3 || kinds[models.BlockRule] != 0 {
		t.Errorf("blocks %v", kinds)
	}
	for i, c := range r.Citations {
		each(c.Written)
		if c.Label != string(rune('1'+i)) || c.Source == nil || c.Source.ID != s.Sources[i].ID || c.Written != s.Sources[i].Written {
			t.Errorf("citation %d is %+v", i, c)
		}
	}
	want := []string{"1", "1", "2", "3", "4", "5", "5", "6", "2", "5", "8", "6", "7"}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if len(r.Citations) != 8 || external != 5 {
		t.Errorf("%d citations, %d external links", len(r.Citations), external)
	}
	if written := r.Citations[0].Written; !strings.Contains(string(written), "Review, 63_") {
		t.Errorf("the italics of a note are not as written: %s", written)
	}
}

func TestSeedFirstSource(t *testing.T) {
	_, s := seedPage(t, "000_*.txt", "48: the note 7 cites a personal interview with a named person: check the rights")
	csl := s.Sources[0].CSL
	var families []string
	for _, a := range csl.Author {
		families = append(families, a.Family)
	}
	if diff := cmp.Diff([]string{"Meltzer", "Muir", "Craig"}, families); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	if csl.Issued.Year() != 2016 || csl.ContainerTitle != "Children and Youth Services Review" || csl.Volume != "63" || csl.Page != "58-66" {
		t.Errorf("%+v", csl)
	}
	if !strings.HasPrefix(csl.Title, "Being trusted") || !strings.HasPrefix(s.Sources[0].Key, "meltzer-2016-") {
		t.Errorf("title %q, key %q", csl.Title, s.Sources[0].Key)
	}
}

func TestSeedCourseInABox(t *testing.T) {
	_, s := seedPage(t, "001_*.txt")
	blocks := s.Record.Blocks
	quote := blocks[0].(*models.Quote)
	if want := "[Oregon Youth Challenge Program Mentor Training](https://www.oycp.com/MentorTraining/3/m3.html)"; string(quote.Attribution) != want {
		t.Errorf("attribution %q", quote.Attribution)
	}
	if len(quote.Blocks) != 1 || !strings.HasSuffix(string(quote.Blocks[0].(*models.Paragraph).Text), "of the mentee.") {
		t.Errorf("quote %+v", quote.Blocks)
	}
	videos := blocks[5].(*models.Box)
	video := videos.Blocks[0].(*models.Video)
	if len(videos.Blocks) != 1 || video.URL != "https://www.youtube.com/embed/1t0_D7UcfgU" || video.Provider != "youtube" ||
		video.VideoID != "1t0_D7UcfgU" || video.Duration == nil || *video.Duration != 174 {
		t.Errorf("video %+v", video)
	}
	box := blocks[6].(*models.Box)
	use, ok := box.Blocks[0].(*models.WorksheetUse)
	w := s.Worksheets[0]
	if !ok || box.Box != models.BoxActivity || use.Role != models.RoleFirst || use.Worksheet.ID != w.ID || len(blocks) != 7 {
		t.Fatalf("box %+v", box)
	}
	if w.Number != "2" || w.Title != "Your Experiences" || w.Word != models.WordWorksheet || w.Slug != "your-experiences" ||
		!strings.HasSuffix(w.Document.URL, "#heading=h.4hwqn6no1hlk") {
		t.Errorf("worksheet %+v", w)
	}
	var got []string
	w.Prompts.Walk(func(p models.Prompt, depth int) {
		switch p := p.(type) {
		case *models.Group:
			got = append(got, firstWords(p.LeadIn, 6))
		default:
			base := p.PromptFields()
			got = append(got, string(base.Kind)+" "+firstWords(base.Text, 3))
		}
	})
	want := []string{
		"Have you ever been a mentee,",
		"sentence_start When I was",
		"sentence_start I learned...",
		"sentence_start One thing that",
		"Have you ever been a mentor,",
		"sentence_start When I was",
		"sentence_start I learned...",
		"sentence_start My mentee learned...",
		"sentence_start One thing that",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("prompts (-want +got):\n%s", diff)
	}
}

func firstWords(t models.Text, n int) string {
	words := strings.Fields(string(t))
	return strings.Join(words[:min(n, len(words))], " ")
}

func TestSeedOutline(t *testing.T) {
	m, s := seedPage(t, "004_*.txt")
	if m.Record.Title != "What is Mentoring?" || s.Record.Title != "What is Mentoring?" {
		t.Errorf("module %q, section %q", m.Record.Title, s.Record.Title)
	}
	var got []string
	for _, b := range s.Record.Blocks {
		line := string(b.Base().Kind)
		switch b := b.(type) {
		case *models.Heading:
			line += " " + string(b.Text)
		case *models.Definition:
			line += " " + string(b.Term)
		case *models.List:
			for _, item := range b.Items {
				line += " *"
				for _, inner := range item.Blocks {
					line += strings.Repeat("+", len(inner.(*models.List).Items))
				}
			}
		}
		got = append(got, line)
	}
	want := []string{
		"definition Mentoring", "paragraph",
		"heading Mentoring Is:", "list *+ *+ *+ *+ *+",
		"heading Anatomy of a Mentoring Relationship", "paragraph", "list * * * * *", "paragraph",
		"heading The Innovation Destination", "paragraph", "paragraph",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	d := s.Record.Blocks[0].(*models.Definition)
	if !strings.HasPrefix(string(d.Text), "Definition: Mentoring is ") {
		t.Errorf("definition %q", d.Text)
	}
}
