package patch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// shape writes blocks as ids, those within in brackets: "b1 b2(b3) b4".
func shape(bs models.Blocks) string {
	var out []string
	for _, b := range bs {
		s := b.Base().ID
		for _, in := range models.Children(b) {
			if s += "()"; len(*in) > 0 {
				s = strings.TrimSuffix(s, "()") + "(" + shape(*in) + ")"
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func ops(t testing.TB, doc string) []patch.Op {
	t.Helper()
	var out []patch.Op
	if err := models.Decode([]byte(doc), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func withList() *models.Section {
	s := section()
	s.Blocks = append(s.Blocks, &models.List{
		BlockBase: models.BlockBase{ID: "b6"},
		Items:     []models.ListItem{{Text: "one"}, {Text: "two", Blocks: models.Blocks{words("b7", "deep")}}},
	})
	return s
}

func TestOperationsOnBlocks(t *testing.T) {
	const para = `"block": {"kind": "paragraph", "text": "New."}`
	for name, tt := range map[string]struct{ ops, want string }{
		"none":                    {`[]`, "b1 b2(b3) b4 b6()(b7)"},
		"insert behind":           {`[{"op": "insert", ` + para + `, "after": "b1"}]`, "b1 b8 b2(b3) b4 b6()(b7)"},
		"insert behind, within":   {`[{"op": "insert", ` + para + `, "after": "b3"}]`, "b1 b2(b3 b8) b4 b6()(b7)"},
		"insert in front":         {`[{"op": "insert", ` + para + `, "before": "b3"}]`, "b1 b2(b8 b3) b4 b6()(b7)"},
		"insert at the beginning": {`[{"op": "insert", ` + para + `, "after": null}]`, "b8 b1 b2(b3) b4 b6()(b7)"},
		"insert at the end":       {`[{"op": "insert", ` + para + `, "before": null}]`, "b1 b2(b3) b4 b6()(b7) b8"},
		"insert into":             {`[{"op": "insert", ` + para + `, "into": "b2"}]`, "b1 b2(b3 b8) b4 b6()(b7)"},
		"insert into a slot":      {`[{"op": "insert", ` + para + `, "into": "b6", "slot": 1}]`, "b1 b2(b3) b4 b6()(b7 b8)"},
		"what was inserted can be named": {
			`[{"op": "insert", "block": {"kind": "box", "box": "tip", "id": "mine"}, "after": null}, {"op": "move", "id": "b4", "into": "mine"}]`,
			"mine(b4) b1 b2(b3) b6()(b7)",
		},
		"replace":             {`[{"op": "replace", "id": "b3", ` + para + `}]`, "b1 b2(b3) b4 b6()(b7)"},
		"replace a container": {`[{"op": "replace", "id": "b2", ` + para + `}]`, "b1 b2 b4 b6()(b7)"},
		"replace with what was within": {
			`[{"op": "replace", "id": "b2", "block": {"kind": "disclosure", "blocks": [{"kind": "paragraph", "id": "b3", "text": "Warm."}, {"kind": "rule"}]}}]`,
			"b1 b2(b3 b8) b4 b6()(b7)",
		},
		"move out and in":                            {`[{"op": "move", "id": "b3", "after": "b4"}, {"op": "move", "id": "b1", "into": "b2"}]`, "b2(b1) b4 b3 b6()(b7)"},
		"move with all within":                       {`[{"op": "move", "id": "b2", "before": "b7"}]`, "b1 b4 b6()(b2(b3) b7)"},
		"move to where it is":                        {`[{"op": "move", "id": "b2", "after": "b1"}]`, "b1 b2(b3) b4 b6()(b7)"},
		"delete with all within":                     {`[{"op": "delete", "id": "b2"}]`, "b1 b4 b6()(b7)"},
		"the id of a deleted one is not given again": {`[{"op": "delete", "id": "b7"}, {"op": "insert", ` + para + `, "before": null}]`, "b1 b2(b3) b4 b6()() b8"},
	} {
		t.Run(name, func(t *testing.T) {
			s := withList()
			if err := patch.Blocks(s, "blocks", ops(t, tt.ops)); err != nil {
				t.Fatal(err)
			}
			if got := shape(s.Blocks); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if err := models.Validate(s); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOperationsThatAreRefused(t *testing.T) {
	const rule = `"block": {"kind": "rule"}`
	for name, tt := range map[string]struct {
		ops  string
		kind models.ErrorKind
		want string
	}{
		"an unknown one": {`[{"op": "swap"}]`, models.KindMalformed, "/0/op must be one of insert, replace, move, delete"},
		"what is missing or too much, all": {
			`[{"op": "insert", "id": "b1"}, {"op": "delete", "after": "b1"}, {"op": "move", "id": "b1", "after": "b2", "into": "b2", ` + rule + `}, {"op": "insert", ` + rule + `, "after": null, "slot": 2}]`,
			models.KindMalformed,
			"/0/id does not belong here\n/0/block is required\n/0 needs one of after, before, into\n/1/id is required\n/1/after does not belong here\n" +
				"/2/block does not belong here\n/2 needs one of after, before, into\n/3/slot does not belong here",
		},
		"blocks that can't be read": {
			`[{"op": "insert", "block": {"kind": "cake"}, "after": null}, {"op": "insert", "block": {"kind": "box", "box": "tip", "blocks": [{"kind": "rule", "size": 1}]}, "after": null}, {"op": "insert", "block": null, "after": null}]`,
			models.KindMalformed, "/0/block/kind unknown kind of block \"cake\"\n/1/block/blocks/0/size unknown field\n/2/block a block needs a kind",
		},
		"blocks that break rules": {
			`[{"op": "insert", "block": {"kind": "paragraph"}, "after": null}, {"op": "replace", "id": "b2", "block": {"kind": "box", "box": "tip", "blocks": [{"kind": "heading", "level": 1, "text": "T"}]}}]`,
			models.KindInvalid, "/0/block/text is required\n/1/block/blocks/0/level must be at least 2",
		},
		"an unknown anchor":      {`[{"op": "delete", "id": "b1"}, {"op": "insert", ` + rule + `, "after": "b1"}]`, models.KindInvalid, `/1/after there is no block "b1"`},
		"an unknown block":       {`[{"op": "move", "id": "b9", "after": null}]`, models.KindInvalid, `/0/id there is no block "b9"`},
		"an unknown container":   {`[{"op": "insert", ` + rule + `, "into": "b9"}]`, models.KindInvalid, `/0/into there is no block "b9"`},
		"a new block in itself":  {`[{"op": "insert", "block": {"kind": "box", "box": "tip", "id": "x"}, "into": "x"}]`, models.KindInvalid, `/0/into there is no block "x"`},
		"what is no container":   {`[{"op": "insert", ` + rule + `, "into": "b1"}]`, models.KindInvalid, `/0/into the block "b1" holds no blocks`},
		"a slot too far":         {`[{"op": "insert", ` + rule + `, "into": "b6", "slot": 2}]`, models.KindInvalid, "/0/slot must be from 0 to 1"},
		"a slot below":           {`[{"op": "insert", ` + rule + `, "into": "b6", "slot": -1}]`, models.KindInvalid, "/0/slot must be from 0 to 1"},
		"a block into itself":    {`[{"op": "move", "id": "b2", "into": "b2"}]`, models.KindInvalid, "/0/into a block can't be moved into or next to itself"},
		"a block deep in itself": {`[{"op": "move", "id": "b2", "before": "b3"}]`, models.KindInvalid, "/0/before a block can't be moved into or next to itself"},
		"a taken id":             {`[{"op": "insert", "block": {"kind": "rule", "id": "b7"}, "after": null}]`, models.KindInvalid, `/0/block the id "b7" is taken`},
		"an id twice in one":     {`[{"op": "insert", "block": {"kind": "box", "box": "tip", "id": "x", "blocks": [{"kind": "rule", "id": "x"}]}, "after": null}]`, models.KindInvalid, `/0/block the id "x" is taken`},
		"another id":             {`[{"op": "replace", "id": "b1", "block": {"kind": "rule", "id": "b9"}}]`, models.KindInvalid, `/0/block/id must be "b1" or absent`},
	} {
		t.Run(name, func(t *testing.T) {
			s := withList()
			before := encode(t, s)
			err := patch.Blocks(s, "blocks", ops(t, tt.ops))
			if diff := cmp.Diff(tt.want, broken(t, err, tt.kind)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if encode(t, s) != before {
				t.Error("the record has changed")
			}
		})
	}
}

func TestRulesOfTheWholeHaveNoPointer(t *testing.T) {
	f := &models.Fragment{Meta: models.Meta{ID: idA}, CourseID: idA, Slug: "f"}
	err := patch.Blocks(f, "blocks", ops(t, `[{"op": "insert", "block": {"kind": "fragment", "id": "b1"}, "after": null}]`))
	if got := broken(t, err, models.KindInvalid); got != `block "b1": a fragment can't include a fragment` {
		t.Error(got)
	}
	var many []patch.Op
	for range patch.MaxOps + 1 {
		many = append(many, patch.Op{Op: patch.OpDelete, ID: "b1"})
	}
	if got := broken(t, patch.Blocks(f, "blocks", many), models.KindMalformed); got != "has 1001 operations, at most 1000 are allowed" {
		t.Error(got)
	}
	for _, r := range []models.Record{f, &models.Course{}, section(), &models.Worksheet{}} {
		if err := patch.Blocks(r, "cakes", nil); err == nil || !strings.Contains(err.Error(), `has no list "cakes"`) {
			t.Error(err)
		}
	}
}

func TestNotesStayWhereTheyWere(t *testing.T) {
	for doc, want := range map[string]string{
		`[{"op": "delete", "id": "b3"}]`: "b2", `[{"op": "delete", "id": "b2"}]`: "b1", `[{"op": "move", "id": "b3", "after": null}]`: "b3",
		`[{"op": "delete", "id": "b2"}, {"op": "delete", "id": "b1"}]`: "",
	} {
		s := section()
		if err := patch.Blocks(s, "blocks", ops(t, doc)); err != nil {
			t.Fatal(err)
		}
		if got := s.EditorNotes[0].After; got != want {
			t.Errorf("%s: the note follows %q, want %q", doc, got, want)
		}
	}
}

func worksheet() *models.Worksheet {
	question := func(id string) models.Prompt {
		p := models.NewPrompt(models.PromptQuestion)
		p.PromptFields().ID, p.PromptFields().Text = id, "Why?"
		return p
	}
	group := models.NewPrompt(models.PromptGroup).(*models.Group)
	group.ID, group.Prompts = "p2", models.Prompts{question("p3")}
	return &models.Worksheet{
		Meta: models.Meta{ID: idA}, ModuleID: idA, Slug: "w", Word: models.WordQuiz,
		Instructions: models.Blocks{words("b1", "Write.")}, Prompts: models.Prompts{question("p1"), group},
		AnswerKey: []models.Answer{{Prompt: "p1", Blocks: models.Blocks{words("b2", "Because.")}}},
	}
}

func TestOperationsOnPrompts(t *testing.T) {
	w := worksheet()
	err := patch.Blocks(w, "prompts", ops(t, `[
		{"op": "insert", "prompt": {"kind": "free_space", "lines": 4}, "into": "p2"},
		{"op": "move", "id": "p1", "before": "p3"},
		{"op": "delete", "id": "p3"}]`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	w.Prompts.Walk(func(p models.Prompt, depth int) { got = append(got, fmt.Sprint(depth, p.PromptFields().ID)) })
	if diff := cmp.Diff([]string{"0p2", "1p1", "1p4"}, got); diff != "" {
		t.Errorf("prompts (-want +got):\n%s", diff)
	}
	err = patch.Blocks(w, "prompts", ops(t, `[{"op": "insert", "block": {"kind": "rule"}, "after": null}, {"op": "insert", "prompt": {"kind": "choice_one"}, "after": null}]`))
	if got := broken(t, err, models.KindMalformed); got != "/0/block does not belong here\n/0/prompt is required" {
		t.Error(got)
	}
	err = patch.Blocks(w, "prompts", ops(t, `[{"op": "insert", "prompt": {"kind": "choice_one"}, "after": null}]`))
	if got := broken(t, err, models.KindInvalid); got != "/0/prompt/options must have at least 1 entries" {
		t.Error(got)
	}
}

func TestInstructionsDontTakeIDsOfAnswers(t *testing.T) {
	w := worksheet()
	err := patch.Blocks(w, "instructions", ops(t, `[{"op": "insert", "block": {"kind": "rule", "id": "b2"}, "after": null}]`))
	if got := broken(t, err, models.KindInvalid); got != `/0/block the id "b2" is taken` {
		t.Error(got)
	}
	err = patch.Blocks(w, "instructions", ops(t, `[{"op": "delete", "id": "b2"}]`))
	if got := broken(t, err, models.KindInvalid); got != `/0/id there is no block "b2"` {
		t.Error(got)
	}
	if err := patch.Blocks(w, "instructions", ops(t, `[{"op": "insert", "block": {"kind": "rule"}, "after": null}]`)); err != nil {
		t.Fatal(err)
	}
	if got := shape(w.Instructions); got != "b3 b1" {
		t.Error(got)
	}
}

func TestOpsAreReadStrictly(t *testing.T) {
	for doc, want := range map[string]string{
		`[{"op": "move", "id": "b1", "after": 5}]`:  "/0/after must be an id or null",
		`[{"op": "move", "id": "b1", "after": ""}]`: "/0/after must be an id or null",
		`[{"op": "move", "to": "b1"}]`:              "/0/to unknown field",
	} {
		var got []patch.Op
		if got := broken(t, models.Decode([]byte(doc), &got), models.KindMalformed); got != want {
			t.Errorf("%s: %s", doc, got)
		}
	}
	all := ops(t, `[{"op":"insert","block":{"kind":"rule"},"after":null},{"op":"move","id":"b1","before":"b2"},{"op":"move","id":"b1","into":"b5","slot":2}]`)
	if diff := cmp.Diff(all, ops(t, encode(t, all))); diff != "" {
		t.Error(diff)
	}
}
