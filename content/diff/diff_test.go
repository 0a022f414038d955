package diff_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

func encode(t rapid.TB, v any) string {
	t.Helper()
	data, err := models.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func between(t rapid.TB, from, to models.Record) diff.Diff {
	t.Helper()
	d, err := diff.Between(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func words(id, text string) *models.Paragraph {
	return &models.Paragraph{BlockBase: models.BlockBase{ID: id}, Text: models.Text(text)}
}

func section() *models.Section {
	return &models.Section{
		Meta: models.Meta{ID: "018f4a3e-0000-7000-8000-00000000000a", Extra: models.Extra{"layout": []byte(`"wide"`), "_todo": []byte(`["photo"]`)}},
		Slug: "feeding", Title: "Feeding a starter", InMenu: true, Summary: "How to feed <it>.",
		Blocks: models.Blocks{
			words("b1", "Mix flour and water, then wait for bubbles."),
			&models.Box{BlockBase: models.BlockBase{ID: "b2"}, Box: models.BoxTip, Title: "Tip", Blocks: models.Blocks{words("b3", "Rye is lively.")}},
			&models.List{BlockBase: models.BlockBase{ID: "b4"}, Items: []models.ListItem{{Text: "Weigh the flour."}, {Text: "Stir it well."}}},
			words("b5", "Keep it warm."),
			words("b6", "Feed it daily."),
		},
		Citations:   []models.Citation{{ID: "018f4a3e-0000-7000-8000-00000000000b", Label: "1", Written: "A book on rye."}},
		EditorNotes: []models.EditorNote{{ID: "n1", After: "b1", Text: "ask the baker"}},
	}
}

// edited is section as an editor left it.
func edited() *models.Section {
	s := section()
	s.Title, s.InMenu, s.Number = "Feeding your starter", false, "1.1"
	s.Extra = models.Extra{"layout": []byte(`{"columns":2}`), "_todo": []byte(`["photo"]`)}
	s.Blocks[0].(*models.Paragraph).Text = "Mix rye flour and water; then wait for <b>bubbles</b>."
	box, list := s.Blocks[1].(*models.Box), s.Blocks[2].(*models.List)
	box.Title = "Good to know"
	box.Blocks = append(box.Blocks, s.Blocks[4])
	list.Items = []models.ListItem{{Text: "Weigh the flour."}, {Text: "Stir it very well."}, {Text: "Wait."}}
	heading := &models.Heading{BlockBase: models.BlockBase{ID: "b7"}, Level: 2, Text: "Steps <script>alert(1)</script>"}
	s.Blocks = models.Blocks{heading, s.Blocks[0], list, box}
	s.Citations[0].Locator = &models.Locator{Label: "page", Value: "7"}
	s.EditorNotes = append(s.EditorNotes, models.EditorNote{ID: "n2", After: "b7", Text: "shorter?"})
	return s
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	d := between(t, section(), edited())
	golden(t, "section.html", diff.HTML(d))
	golden(t, "section.json", indent(t, d))
	golden(t, "worksheet.html", diff.HTML(between(t, worksheet("What rose?"), worksheet("What has risen?"))))
}

func TestNothingDiffers(t *testing.T) {
	d := between(t, section(), section())
	if !d.Empty() || d.Counts != (diff.Counts{}) {
		t.Errorf("%+v", d)
	}
	if got := diff.HTML(d); got != "<div class=\"diff\">\n</div>\n" {
		t.Errorf("%q", got)
	}
}

func TestElementsAreToldInReadingOrder(t *testing.T) {
	page := func(ids string) *models.Section {
		s := &models.Section{}
		for _, id := range strings.Fields(ids) {
			s.Blocks = append(s.Blocks, words(id, "The words of "+id+"."))
		}
		return s
	}
	for _, tt := range []struct{ from, to, want string }{
		{"a b c", "a c", "deleted b"},
		{"a b c", "b c", "deleted a"},
		{"a b c", "a x c y", "deleted b, added x, added y"},
		{"a b c d", "b c d a", "moved a"},
		{"a b c d e", "c a b e", "moved c, deleted d"},
		{"a b", "x y", "deleted a, deleted b, added x, added y"},
	} {
		var got []string
		for _, e := range between(t, page(tt.from), page(tt.to)).Elements {
			change := string(e.Change)
			if e.Change == diff.Kept {
				change = "moved"
			}
			got = append(got, change+" "+e.ID)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s to %s: %s, want %s", tt.from, tt.to, strings.Join(got, ", "), tt.want)
		}
	}
}

func TestABlockOfAnotherKindIsOneThatChanged(t *testing.T) {
	from := &models.Section{Blocks: models.Blocks{words("b1", "Bread and water")}}
	to := &models.Section{Blocks: models.Blocks{&models.Heading{BlockBase: models.BlockBase{ID: "b1"}, Level: 2, Text: "Bread and salt"}}}
	got := encode(t, between(t, from, to).Elements[0])
	want := `{"change":"changed","pointer":"/blocks/0","type":"block","id":"b1","kind":"heading","title":"block b1 (heading)","moved":null,"fields":[` +
		`{"path":"/kind","old":"paragraph","new":"heading"},{"path":"/level","new":2},` +
		`{"path":"/text","words":[{"op":"same","text":"Bread and "},{"op":"deleted","text":"water"},{"op":"added","text":"salt"}]}],"elements":[]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKindsThatDiffer(t *testing.T) {
	_, err := diff.Between(&models.Course{}, &models.Module{})
	if models.KindOf(err) != models.KindMalformed || err.Error() != "a course can't be compared with a module" {
		t.Error(err)
	}
}

func TestMarkupOfTheRecordIsText(t *testing.T) {
	var names []string
	root, err := html.Parse(strings.NewReader(diff.HTML(between(t, section(), edited()))))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			names = append(names, n.Data)
		}
	}
	ours := strings.Fields("html head body div section h3 h4 small p dl dt dd ins del")
	for _, name := range names {
		if !slices.Contains(ours, name) {
			t.Errorf("<%s>", name)
		}
	}
}

func TestRecordsThatWereCutFirstTellNothingPrivate(t *testing.T) {
	from, to := section(), edited()
	to.Extra["_todo"] = []byte(`["secret key"]`)
	full := encode(t, between(t, from, to))
	cut := encode(t, between(t, patch.WithoutPrivate(from), patch.WithoutPrivate(to)))
	for _, private := range []string{"shorter?", "secret key", "_todo", "editor_note"} {
		if strings.Contains(cut, private) || !strings.Contains(full, private) {
			t.Errorf("%q is told, or was never there", private)
		}
	}
	if !strings.Contains(cut, "bubbles") {
		t.Error("what is not private is missing")
	}
}

func worksheet(question string) *models.Worksheet {
	p := models.NewPrompt(models.PromptQuestion)
	p.PromptFields().ID, p.PromptFields().Text = "p2", models.Text(question)
	group := models.NewPrompt(models.PromptGroup).(*models.Group)
	group.ID, group.LeadIn, group.Prompts = "p1", "Think:", models.Prompts{p}
	grid := models.NewPrompt(models.PromptGrid).(*models.Grid)
	grid.ID, grid.Columns = "p3", []models.Text{"Know", "Want"}
	grid.Rows = []models.GridRow{{Label: models.Text(question), Cells: []models.Text{"", "to learn more about " + models.Text(question)}}}
	return &models.Worksheet{
		Word: models.WordQuiz, Title: "Rising", Prompts: models.Prompts{group, grid},
		AnswerKey: []models.Answer{{Prompt: "p2", Blocks: models.Blocks{words("b1", "The dough, "+question)}}},
	}
}
