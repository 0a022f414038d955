package merge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/models"
)

const (
	moduleID  = "0190c5a0-0000-7000-8000-000000000001"
	sectionID = "0190c5a0-0000-7000-8000-000000000002"

	citationID = "0190c5a0-0000-7000-8000-000000000003"
)

// section makes a section of blocks in JSON: "b1 text" stands for a paragraph.
func section(t testing.TB, blocks ...string) *models.Section {
	t.Helper()
	s := &models.Section{Meta: models.Meta{ID: sectionID}, CourseID: moduleID, ModuleID: moduleID, Slug: "kneading", Title: "Kneading"}
	for i, b := range blocks {
		if id, text, ok := strings.Cut(b, " "); ok && !strings.HasPrefix(b, "{") {
			blocks[i] = fmt.Sprintf(`{"id":%q,"kind":"paragraph","text":%q}`, id, text)
		}
	}
	if err := models.Decode([]byte("["+strings.Join(blocks, ",")+"]"), &s.Blocks); err != nil {
		t.Fatal(err)
	}
	return s
}

func box(id string, blocks ...string) string {
	for i, b := range blocks {
		inner, text, _ := strings.Cut(b, " ")
		blocks[i] = fmt.Sprintf(`{"id":%q,"kind":"paragraph","text":%q}`, inner, text)
	}
	return fmt.Sprintf(`{"id":%q,"kind":"box","box":"info","title":"Flour","blocks":[%s]}`, id, strings.Join(blocks, ","))
}

// outline writes blocks as "b1 text, b2[b3 text]".
func outline(bs models.Blocks) string {
	var parts []string
	for _, b := range bs {
		switch b := b.(type) {
		case *models.Paragraph:
			parts = append(parts, b.ID+" "+string(b.Text))
		case *models.List:
			var items []string
			for _, item := range b.Items {
				items = append(items, string(item.Text))
			}
			parts = append(parts, b.ID+"("+strings.Join(items, "; ")+")")
		default:
			var inner models.Blocks
			for _, c := range models.Children(b) {
				inner = append(inner, *c...)
			}
			parts = append(parts, b.Base().ID+"["+outline(inner)+"]")
		}
	}
	return strings.Join(parts, ", ")
}

func brief(cs []Conflict) string {
	var out []string
	for _, c := range cs {
		out = append(out, fmt.Sprintf("%s %s: %s | %s", c.Pointer, c.Field, c.Ours, c.Theirs))
	}
	return strings.Join(out, "\n")
}

type blocks = []string

func TestBlocks(t *testing.T) {
	list := func(items ...string) string {
		for i, text := range items {
			items[i] = fmt.Sprintf(`{"text":%q,"blocks":[]}`, text)
		}
		return `{"id":"b1","kind":"list","ordered":false,"start":1,"items":[` + strings.Join(items, ",") + `]}`
	}
	for name, tt := range map[string]struct {
		base, ours, theirs blocks
		want, conflicts    string
	}{
		"an edit of theirs is taken beside one of ours": {
			blocks{"b1 mix the warm dough", "b2 let it rest now"}, blocks{"b1 mix the cold dough", "b2 let it rest now"}, blocks{"b1 mix the warm dough", "b2 let it rest here"},
			"b1 mix the cold dough, b2 let it rest here", ""},
		"one text that both changed stays ours": {
			blocks{"b1 mix the warm dough"}, blocks{"b1 mix the cold dough"}, blocks{"b1 mix the wet dough"},
			"b1 mix the cold dough", "/blocks/0/text block b1 (paragraph): mix the cold dough | mix the wet dough"},
		"both made the same change": {
			blocks{"b1 mix the warm dough"}, blocks{"b1 bake it"}, blocks{"b1 bake it"}, "b1 bake it", ""},
		"both inserted at one place: theirs comes after ours, under an id of its own": {
			blocks{"b1 one", "b2 two"}, blocks{"b1 one", "b3 salt", "b2 two"}, blocks{"b1 one", "b2 sugar", "b3 two"},
			"b1 one, b3 salt, b4 sugar, b2 two", ""},
		"both inserted the same at one place: it is there once": {
			blocks{"b1 one", "b2 two"}, blocks{"b1 one", "b7 salt", "b2 two", "b8 end"}, blocks{"b1 one", "b2 salt", "b3 two"},
			"b1 one, b7 salt, b2 two, b8 end", ""},
		"what theirs deleted and ours left alone goes": {
			blocks{"b1 one", "b2 two"}, blocks{"b1 one", "b2 two", "b3 new"}, blocks{"b1 two"}, "b2 two, b3 new", ""},
		"what theirs deleted and ours edited stays": {
			blocks{"b1 one", "b2 two"}, blocks{"b1 one more", "b2 two"}, blocks{"b1 two"},
			"b1 one more, b2 two", "/blocks/0 block b1 (paragraph): one more | (deleted)"},
		"what ours deleted and theirs left alone stays away": {
			blocks{"b1 one", "b2 two"}, blocks{"b2 two"}, blocks{"b1 one", "b2 two", "b3 three"}, "b2 two, b3 three", ""},
		"what ours deleted and theirs edited stays away, with a conflict": {
			blocks{"b1 one thing", "b2 two"}, blocks{"b2 two"}, blocks{"b1 one thing more", "b2 two"},
			"b2 two", "/blocks block b1 (paragraph): (deleted) | one thing more"},
		"a move of theirs and an edit of ours": {
			blocks{"b1 one", "b2 two", "b3 three"}, blocks{"b1 one more", "b2 two", "b3 three"}, blocks{"b1 two", "b2 three", "b3 one"},
			"b2 two, b3 three, b1 one more", ""},
		"theirs put a box around what ours edited": {
			blocks{"b1 one", "b2 two"}, blocks{"b1 one more", "b2 two"}, blocks{box("b1", "b2 one"), "b3 two"},
			"b3[b1 one more], b2 two", ""},
		"each moved a box into the other's": {
			blocks{`{"id":"b1","kind":"quote","blocks":[],"attribution":"Ann"}`, box("b2", "b3 x")},
			blocks{`{"id":"b1","kind":"quote","blocks":[` + box("b2", "b3 x") + `],"attribution":"Ann"}`},
			blocks{`{"id":"b2","kind":"box","box":"info","title":"Flour","blocks":[{"id":"b3","kind":"paragraph","text":"x"},{"id":"b1","kind":"quote","blocks":[],"attribution":"Ann"}]}`},
			"b1[b2[b3 x]]", "/blocks/0 block b1 (quote): at the top | in block b2"},
		"different blocks of one box": {
			blocks{box("b1", "b2 sift the fine flour", "b3 add some water")}, blocks{box("b1", "b2 sift the white flour", "b3 add some water")},
			blocks{box("b1", "b2 sift the fine flour", "b3 add more water")}, "b1[b2 sift the white flour, b3 add more water]", ""},
		"theirs deleted a box in which ours edited: all of it stays": {
			blocks{box("b1", "b2 sift", "b3 add"), "b4 end"}, blocks{box("b1", "b2 sift well", "b3 add"), "b4 end"}, blocks{"b1 end"},
			"b1[b2 sift well, b3 add], b4 end", "/blocks/0 block b1 (box): Flour | (deleted)"},
		"ours deleted a box into which theirs inserted": {
			blocks{box("b1", "b2 sift"), "b3 end"}, blocks{"b3 end"}, blocks{box("b1", "b2 sift", "b3 weigh"), "b4 end"},
			"b3 end", "/blocks block b1 (box): (deleted) | Flour"},
		"items of a list": {
			blocks{list("a ripe pear", "a red apple")}, blocks{list("a ripe pear", "a red apple", "figs")}, blocks{list("a green pear ripe", "a red apple")},
			"b1(a green pear ripe; a red apple; figs)", ""},
		"a list never becomes empty": {
			blocks{list("pear", "apple")}, blocks{list("pear")}, blocks{list("apple")},
			"b1(pear)", "/blocks/0/items/0 block b1 (list): pear | (deleted)"},
	} {
		t.Run(name, func(t *testing.T) {
			merged, conflicts, err := Three(section(t, tt.base...), section(t, tt.ours...), section(t, tt.theirs...))
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(merged.(*models.Section).Blocks); got != tt.want {
				t.Errorf("merged\n%s, want\n%s", got, tt.want)
			}
			if got := brief(conflicts); got != tt.conflicts {
				t.Errorf("conflicts\n%s, want\n%s", got, tt.conflicts)
			}
		})
	}
}

func citationOf(id int, label, written string) models.Citation {
	return models.Citation{ID: models.ID(fmt.Sprintf("0190c5a0-0000-7000-8000-%012d", id)), Label: label, Written: models.Text(written)}
}

func TestCitations(t *testing.T) {
	type cites = []models.Citation
	one := citationOf(1, "1", "Ann, Bread")
	for name, tt := range map[string]struct {
		base, ours, theirs cites
		want               cites
		conflicts          string
	}{
		"found by label, the id stays":           {cites{one}, cites{one}, cites{citationOf(9, "1", "Ann, Breads")}, cites{citationOf(1, "1", "Ann, Breads")}, ""},
		"found by what is written, the id stays": {cites{one}, cites{one}, cites{citationOf(9, "2", "Ann, Bread")}, cites{citationOf(1, "2", "Ann, Bread")}, ""},
		"both made the same new one":             {cites{}, cites{one}, cites{citationOf(9, "1", "Ann, Bread")}, cites{one}, ""},
		"both made another one with one label":   {cites{}, cites{one}, cites{citationOf(9, "1", "Bob, Cake")}, cites{one}, "/citations citation 1: another citation 1 | Bob, Cake"},
		"theirs gave one the label of one of ours": {cites{one}, cites{one, citationOf(2, "2", "Eve, Pies")}, cites{citationOf(9, "2", "Ann, Bread")},
			cites{one, citationOf(2, "2", "Eve, Pies")}, "/citations/0/label citation 1: 1 | 2"},
	} {
		t.Run(name, func(t *testing.T) {
			b, o, th := section(t), section(t), section(t)
			b.Citations, o.Citations, th.Citations = tt.base, tt.ours, tt.theirs
			merged, conflicts, err := Three(b, o, th)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, merged.(*models.Section).Citations); d != "" {
				t.Error(d)
			}
			if got := brief(conflicts); got != tt.conflicts {
				t.Errorf("conflicts %s, want %s", got, tt.conflicts)
			}
		})
	}
}

// What an editor takes out and puts in again is compared with what it was.
func TestWhatOursPutInAgain(t *testing.T) {
	notes := func(s *models.Section, notes ...models.EditorNote) *models.Section { s.EditorNotes = notes; return s }
	cites := func(s *models.Section, page string, id models.ID) *models.Section {
		s.Citations = []models.Citation{{ID: id, Label: "1", Written: "Green 2001", Locator: &models.Locator{Label: "page", Value: page}}}
		return s
	}
	page := func() *models.Section { return section(t, "b1 one", "b2 two") }
	milk, egg := models.EditorNote{ID: "n1", After: "b1", Text: "Milk?"}, models.EditorNote{ID: "n2", After: "b2", Text: "Eggs?"}
	again := models.EditorNote{ID: "n9", After: "b2", Text: "Milk?"}
	for name, tt := range map[string]struct {
		base, ours, theirs, want *models.Section
		conflicts                string
	}{
		"a note, elsewhere": {
			notes(page(), milk, egg), notes(page(), egg, again), notes(page(), milk, egg), notes(page(), egg, again), "",
		},
		"a note as it was, and theirs put it elsewhere": {
			notes(page(), milk), notes(page(), models.EditorNote{ID: "n9", After: "b1", Text: "Milk?"}),
			notes(page(), models.EditorNote{ID: "n1", After: "b2", Text: "Milk?"}), notes(page(), again), "",
		},
		"a citation of another page": {cites(page(), "5", citationID), cites(page(), "6", moduleID), cites(page(), "5", citationID), cites(page(), "6", moduleID), ""},
		"a citation of another page than theirs": {
			cites(page(), "5", citationID), cites(page(), "6", moduleID), cites(page(), "7", citationID), cites(page(), "6", moduleID),
			`/citations/0/locator citation 1: {"label":"page","value":"6"} | {"label":"page","value":"7"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, conflicts, err := Three(tt.base, tt.ours, tt.theirs)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(jsonOf(t, tt.want), jsonOf(t, got)); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.conflicts, brief(conflicts)); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldsOfAModule(t *testing.T) {
	base := &models.Module{Meta: models.Meta{ID: moduleID, Version: 3}, CourseID: moduleID, Position: 1, Slug: "bread", Title: "Bread",
		Keywords: []string{"flour", "oven"}}
	ours, theirs := models.Clone(base), models.Clone(base)
	ours.Title, theirs.Title = "Our bread", "Their bread"
	theirs.Summary = "Baking at home."
	ours.Position, theirs.Position = 4, 7
	ours.Keywords, theirs.Keywords = []string{"salt", "flour", "oven"}, []string{"flour", "yeast"}
	ours.Extra = models.Extra{"a": []byte("1")}
	theirs.Extra = models.Extra{"b/c": []byte("2")}
	theirs.UpdatedAt = time.UnixMilli(5)
	merged, conflicts, err := Three(base, ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	want := models.Clone(ours)
	want.Summary = "Baking at home."
	want.Keywords = []string{"salt", "flour", "yeast"}
	want.Extra = models.Extra{"a": []byte("1"), "b/c": []byte("2")}
	if d := cmp.Diff(want, merged); d != "" {
		t.Error(d)
	}
	if got := brief(conflicts); got != "/title title: Our bread | Their bread" {
		t.Errorf("conflicts %s", got)
	}
}

func TestReferencesFollowTheIds(t *testing.T) {
	base, next := section(t, "b1 one", "b2 two"), section(t, "b1 zero", "b2 one", "b3 two")
	base.EditorNotes = []models.EditorNote{{ID: "n1", After: "b2", Text: "check this"}}
	next.EditorNotes = []models.EditorNote{{ID: "n1", After: "b1", Text: "new here"}, {ID: "n2", After: "b3", Text: "check this"}}
	Align(base, next)
	if got := outline(next.Blocks); got != "b3 zero, b1 one, b2 two" {
		t.Error(got)
	}
	want := []models.EditorNote{{ID: "n2", After: "b3", Text: "new here"}, {ID: "n1", After: "b2", Text: "check this"}}
	if d := cmp.Diff(want, next.EditorNotes); d != "" {
		t.Error(d)
	}
}

func TestAnswersBelongToTheirPrompts(t *testing.T) {
	sheet := func(prompts string, key ...models.Answer) *models.Worksheet {
		w := &models.Worksheet{Meta: models.Meta{ID: sectionID}, ModuleID: moduleID, Slug: "w", Word: models.WordQuiz, AnswerKey: key}
		if err := models.Decode([]byte(prompts), &w.Prompts); err != nil {
			t.Fatal(err)
		}
		return w
	}
	q := func(id, text string) string { return fmt.Sprintf(`{"id":%q,"kind":"question","text":%q}`, id, text) }
	base := sheet("["+q("p1", "How warm?")+"]", models.Answer{Prompt: "p1"})
	theirs := sheet("["+q("p1", "Which flour?")+","+q("p2", "How warm?")+"]", models.Answer{Prompt: "p1"}, models.Answer{Prompt: "p2"})
	ours := sheet("["+q("p1", "How warm?")+","+q("p2", "How long?")+"]", models.Answer{Prompt: "p1"}, models.Answer{Prompt: "p2"})
	merged, conflicts, err := Three(base, ours, theirs)
	if err != nil || len(conflicts) > 0 {
		t.Fatal(err, conflicts)
	}
	w := merged.(*models.Worksheet)
	var got []string
	for _, p := range w.Prompts {
		got = append(got, p.PromptFields().ID+" "+string(p.PromptFields().Text))
	}
	if d := cmp.Diff([]string{"p3 Which flour?", "p1 How warm?", "p2 How long?"}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]models.Answer{{Prompt: "p3"}, {Prompt: "p1"}, {Prompt: "p2"}}, w.AnswerKey); d != "" {
		t.Error(d)
	}
}

func TestBeyondALimitOursIsKept(t *testing.T) {
	many := func(word string) *models.Module {
		m := &models.Module{Meta: models.Meta{ID: moduleID}, CourseID: moduleID, Slug: "bread", Title: "Bread"}
		for i := range 30 {
			m.Subjects = append(m.Subjects, fmt.Sprint(word, i))
		}
		return m
	}
	base, ours, theirs := many(""), many("salt"), many("rye")
	base.Subjects = nil
	merged, conflicts, err := Three(base, ours, theirs)
	if err != nil || len(conflicts) != 1 || conflicts[0].Pointer != "" {
		t.Fatal(conflicts, err)
	}
	if d := cmp.Diff(models.Record(ours), merged); d != "" {
		t.Error(d)
	}
}

func TestRecordsOfTwoKindsAreRefused(t *testing.T) {
	if _, _, err := Three(section(t), section(t), &models.Module{}); models.KindOf(err) != models.KindMalformed {
		t.Errorf("got %v", err)
	}
}

// Large pages that changed throughout are merged, too, beyond the size up to which every block is compared with every
// other.
func TestLargePagesAreMerged(t *testing.T) {
	const size = 3_000
	page := func(text func(i int) string) *models.Section {
		s := section(t)
		for i := range size {
			s.Blocks = append(s.Blocks, &models.Paragraph{BlockBase: models.BlockBase{ID: fmt.Sprint("b", i+1)}, Text: models.Text(text(i))})
		}
		return s
	}
	old := page(func(i int) string { return fmt.Sprintf("knead piece %d for a while and then turn it", i) })
	for name, next := range map[string]*models.Section{
		"every block rewritten": page(func(i int) string { return fmt.Sprintf("knead piece %d for a time and then turn it", i) }),
		"in the other order":    page(func(i int) string { return string(old.Blocks[size-1-i].(*models.Paragraph).Text) }),
		"all blocks alike":      page(func(int) string { return "knead" }),
	} {
		out, conflicts := three(old, old, next)
		merged := out.(*models.Section)
		if len(conflicts) > 0 {
			t.Errorf("%s: %d conflicts", name, len(conflicts))
		}
		for i, b := range merged.Blocks {
			if want := next.Blocks[i].(*models.Paragraph).Text; len(merged.Blocks) != size || b.(*models.Paragraph).Text != want {
				t.Fatalf("%s: block %d of %d is %q, want %q", name, i, len(merged.Blocks), b.(*models.Paragraph).Text, want)
			}
		}
	}
}
