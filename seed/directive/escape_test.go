package directive_test

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// TestTextsAreProtected says how texts stand in a paragraph.
func TestTextsAreProtected(t *testing.T) {
	for text, want := range map[models.Text]string{
		"plain":          "plain",
		"**bold** first": "**bold** first",
		"_em_ first":     "_em_ first",
		"[^1] first":     "[^1] first",
		"<br>first":      "<br>first",
		"#hashtag":       "#hashtag",
		"-5 degrees":     "-5 degrees",
		"3.14 is pi":     "3.14 is pi",
		"a | b":          "a | b",
		":: two colons":  ":: two colons",
		"# a":            "\\# a",
		"\\# a":          "\\\\# a",
		"- a":            "\\- a",
		"+":              "\\+",
		"> a":            "\\> a",
		"1. a":           "1\\. a",
		"1\\. a":         "1\\\\. a",
		"12) a":          "12\\) a",
		"```":            "\\```",
		"~~~ a":          "\\~~~ a",
		"~~a~~":          "~~a~~",
		"* * *":          "\\* * *",
		"---":            "\\---",
		"a\n===":         "a\n\\===",
		"a\n|---|":       "a\n\\|---|",
		"::video{url=a}": "\\::video{url=a}",
		":::":            "\\:::",
		"{#b1}":          "\\{#b1}",
		"{b}":            "{b}",
		"[^1]: a":        "\\[^1]: a",
		"[a]: b":         "\\[a]: b",
		"<!-- a -->":     "\\<!-- a -->",
		" a":             "&#32;a",
		"\ta":            "&#9;a",
		"&#32;a":         "\\&#32;a",
		"a ":             "a&#32;",
		"a&#32;":         "a\\&#32;",
		"a\\ ":           "a\\\\&#32;",
		"a\\&#32;":       "a\\\\\\&#32;",
		"a  \nb":         "a  \nb",
		"a\\\nb":         "a\\\nb",
		"a\n  b":         "a\n&#32; b",
		"\u00a0a\u00a0":  "\u00a0a\u00a0",
		"![a](b)":        "\\![a](b)",
		"\\![a](b)":      "\\\\![a](b)",
		"![a](b)\nc":     "![a](b)\nc",
	} {
		t.Run(string(text), func(t *testing.T) {
			have := roundTrip(t, directive.Section{Blocks: models.Blocks{para("b1", text)}})
			if have != want+"\n" {
				t.Errorf("%q is written %q, want %q", text, have, want)
			}
		})
	}
}
