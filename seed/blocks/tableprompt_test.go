package blocks

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// TestPromptKinds says what parts of an exercise become. All of each stands below the title "Dough" in a box.
func TestPromptKinds(t *testing.T) {
	const tall = "<td style=\"height:250px\">"
	for name, tt := range map[string]struct{ body, want string }{
		"scale of words":     {"<table><tr><th>Skill</th><th>Never</th><th>Sometimes</th><th>Always</th></tr><tr><td>I knead</td><td></td><td></td><td></td></tr><tr><td>I rest</td><td></td><td></td><td>&nbsp;</td></tr></table>", "rating Skill Never Sometimes Always I knead I rest"},
		"scale of signs":     {"<p>Rate yourself.</p><table><tr><th></th><th>😃</th><th>😐</th></tr><tr><td>I knead</td><td></td><td></td></tr></table>", "rating Rate yourself. 😃 😐 I knead"},
		"scale of numbers":   {"<table><tr><th></th><th>1</th><th>2</th><th>3</th></tr><tr><th>I knead</th><td></td><td></td><td></td></tr></table>", "rating 1 2 3 I knead"},
		"points beside":      {"<table><tr><th></th><th>😃</th><th>😐</th><th>Points</th></tr><tr><td>I knead</td><td></td><td></td><td></td></tr></table>", "grid 😃 😐 Points I knead"},
		"a total below":      {"<table><tr><th></th><th>Yes</th><th>No</th></tr><tr><td>I knead</td><td></td><td></td></tr><tr><td colspan=\"2\">Total</td><td></td></tr></table>", "grid Yes No I knead Total"},
		"no scale":           {"<table><tr><th>Flour</th><th>Price</th><th>Mill</th></tr><tr><td>Rye</td><td></td><td></td></tr></table>", "grid Flour Price Mill Rye"},
		"a filled-in scale":  {"<table><tr><th></th><th>Yes</th><th>No</th></tr><tr><td>I knead</td><td>x</td><td></td></tr><tr><td>I rest</td><td></td><td></td></tr></table>", "grid Yes No I knead x I rest"},
		"two lists":          {"<p>Match breads and countries.</p><ul><li>Naan</li><li>Lavash</li></ul><ol><li>India</li><li>Armenia</li></ol>", "matching Match breads and countries. Naan Lavash India Armenia"},
		"two columns":        {"<p>Match them:</p><table><tr><th>Bread</th><th>Country</th></tr><tr><td><ul><li>Naan</li><li>Lavash</li></ul></td><td><ul><li>India</li><li>Armenia</li></ul></td></tr></table>", "matching Match them:\\/Bread\\/Country Naan Lavash India Armenia"},
		"one list to match":  {"<p>Match each with rye or wheat:</p><ol><li>dark</li><li>light</li></ol>", "group Match each with rye or wheat: | field dark | field light"},
		"lists side by side": {"<p>Plan:</p><ul><li>Naan</li><li>Lavash</li></ul><ol><li>Knead.</li><li>Bake.</li></ol>", "group Plan: | field Naan | field Lavash | step Knead. | step Bake."},
		"a drawing below":    {"<p>Draw your oven.</p><table><tr>" + tall + "</td></tr></table>", "drawing Draw your oven."},
		"a drawing in rows":  {"<table><tr><td>Sketch a loaf.</td></tr><tr>" + tall + "</td></tr><tr><td>Name it.</td></tr><tr>" + tall + "</td></tr></table>", "drawing Sketch a loaf. | free_space Name it."},
		"a drawing's head":   {"<table><tr><th>Draw your oven</th></tr><tr>" + tall + "</td></tr></table>", "drawing Draw your oven"},
		"draw or write":      {"<table><tr>" + tall + "Describe it, or draw it.</td></tr></table>", "free_space Describe it, or draw it."},
		"one cell each":      {"<p>Plan.</p><table><tr><td>What?</td>" + tall + "Why?</td></tr></table>", "free_space Plan.\\/What? | free_space Why?"},
		"choices in cells":   {"<table><tr>" + tall + "What?</td><td>Select all that apply: <ul><li>rye</li><li>____</li></ul></td></tr><tr><td>Pick: <ul><li>a</li><li>b</li></ul></td><td>So?</td></tr></table>", "free_space What? | choice_many Select all that apply: rye ____ | choice_one Pick: a b | free_space So?"},
		"a gap":              {"<p>Bread is baked in an ____.</p>", "blank Bread is baked in an \\_\\_\\_\\_."},
		"sentence starts":    {"<p>Remember:</p><ul><li>I baked...</li><li>It was…</li></ul>", "group Remember: | sentence_start I baked... | sentence_start It was…"},
		"a list of links":    {"<p>Why?</p><p>Read:</p><ul><li><a href=\"https://example.org\">Rye</a></li></ul>", ""},
		"labelled lists":     {"<p>Who needs what?</p><p><b>People:</b></p><ul><li>bakers</li><li>millers</li></ul><p><b>Things:</b></p><ul><li>ovens</li><li>stones</li></ul><details><summary>Answers</summary>All.</details>", "question Who needs what? | group **People:** | field bakers | field millers | group **Things:** | field ovens | field stones | answer to"},
	} {
		t.Run(name, func(t *testing.T) {
			r := convert(t, "<div class=\"activity\"><p>Dough</p>"+tt.body+"</div>")
			got := brief(r)
			_, got, _ = strings.Cut(got, " | = Dough")
			got = strings.TrimSpace(strings.TrimPrefix(got, " | "))
			if tt.want == "" {
				for _, p := range r.Worksheets[0].Prompts {
					if p.PromptFields().Kind == models.PromptField {
						t.Errorf("a link is a prompt: %s", got)
					}
				}
				return
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			for _, w := range r.Worksheets {
				w.ModuleID, w.Slug = models.NewID(), "dough"
				if err := models.Validate(w); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestPromptIDsAreInOrder(t *testing.T) {
	r := convert(t, "<div class=\"activity\"><p>Dough</p><table><tr><td>What?</td><td height=\"200\">Why?</td></tr><tr><td>Pick: <ul><li>a</li><li>b</li></ul></td><td height=\"200\">So?</td></tr></table></div>")
	var got []string
	r.Worksheets[0].Prompts.Walk(func(p models.Prompt, _ int) { got = append(got, p.PromptFields().ID) })
	if strings.Join(got, " ") != "p1 p2 p3 p4" {
		t.Errorf("ids %v", got)
	}
}

func TestScaleSteps(t *testing.T) {
	for step, want := range map[models.Text]bool{
		"Strongly agree": true, "neither agree nor disagree": true, "**Not at all**": true, "A little": true, "Almost always": true,
		"☆☆": true, "1": true, "1–3": true, "N/A": true, "Don’t know": true, "Not applicable": true, "Yes": true,
		"": false, "Flour": false, "2021": false, "Agreed with the baker": false, "Rye 1": false, "What I know": false, "Notes": false, "Points": false,
	} {
		if isScaleStep(step) != want {
			t.Errorf("%q is a step: %v, want %v", step, !want, want)
		}
	}
}
