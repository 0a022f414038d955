package seed

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

func TestOutline(t *testing.T) {
	for name, tt := range map[string]struct{ page, want string }{
		"ordered":             {"1. Mix\n2. Knead\nwell\n\n3. Bake", "ol1(Mix|Knead well|Bake)"},
		"letters":             {"a) Mix\nb) Knead\n\nEnd.", "ol1(Mix|Knead) p:End."},
		"ordered in bullets":  {"• Mix\n  1) rye\n  2) oats\n• Bake", "ul0(Mix[ol1(rye|oats)]|Bake)"},
		"two lists":           {"1. Mix\n2. Knead\n1. Rest\n2. Bake", "ol1(Mix|Knead) ol1(Rest|Bake)"},
		"one number":          {"1. Mix it all.\n\nThen rest.", "p:1. Mix it all. p:Then rest."},
		"numbered headings":   {"1. Mixing\n\nMix it.\n\n2. Baking\n\nBake it.", "h:1. Mixing p:Mix it. h:2. Baking p:Bake it."},
		"definitions":         {"Definition: Rye is a grass.\nDefinition: Dough is a mass.", "d:Definition: Rye is a grass. d:Definition: Dough is a mass."},
		"capitals":            {"It is baked.\nHOW TO KNEAD\nPress it.", "p:It is baked. h:HOW TO KNEAD p:Press it."},
		"capitals in a row":   {"DO NOT OPEN\nTHE OVEN DOOR\nPress it.", "p:DO NOT OPEN h:THE OVEN DOOR p:Press it."},
		"other bullets":       {"\uF0B7 Mix\n■ Knead\n➢ Rest\no\tBake", "ul0(Mix|Knead|Rest|Bake)"},
		"question as heading": {"What Is Bread?\n\nA loaf.", "h:What Is Bread? p:A loaf."},
		"one endless word":    {strings.Repeat("x", 2000) + "\n\nA loaf.", "p:" + strings.Repeat("x", 2000) + " p:A loaf."},
		"question":            {"What is it?\n\nA loaf.", "p:What is it? p:A loaf."},
	} {
		t.Run(name, func(t *testing.T) {
			_, bs, err := parseOutline("Title\n\n" + tt.page)
			if err != nil {
				t.Fatal(err)
			}
			if got := shortOutline(bs); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func shortOutline(bs models.Blocks) string {
	var out []string
	for _, b := range bs {
		switch b := b.(type) {
		case *models.Heading:
			out = append(out, "h:"+string(b.Text))
		case *models.Paragraph:
			out = append(out, "p:"+strings.ReplaceAll(string(b.Text), "\\", ""))
		case *models.Definition:
			out = append(out, "d:"+string(b.Text))
		case *models.List:
			kind := "ul"
			if b.Ordered {
				kind = "ol"
			}
			var items []string
			for _, item := range b.Items {
				inner := ""
				if len(item.Blocks) > 0 {
					inner = "[" + shortOutline(item.Blocks) + "]"
				}
				items = append(items, string(item.Text)+inner)
			}
			out = append(out, kind+string(rune('0'+b.Start))+"("+strings.Join(items, "|")+")")
		}
	}
	return strings.Join(out, " ")
}
