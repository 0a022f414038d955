package render

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// blockStart matches what begins another kind of block than a paragraph at the start of a line, up to the character
// to be escaped: a heading, quote, list, rule, table, fence or definition of a link or note.
var blockStart = regexp.MustCompile("^(?:" +
	`[-#>+=|:]|` +
	`\*(?:[ \t]|$)|[*_](?:[ \t]*[*_]){2,}[ \t]*$|` +
	"~~~|```[^`]*$|" +
	`\d{1,9}[.)](?:[ \t]|$)|` +
	`\[[^\]]*\]:)`)

// guard writes a text as a paragraph of its own: no line of it begins another kind of block.
func guard(t models.Text) string {
	lines := strings.Split(string(t), "\n")
	for i, line := range lines {
		lines[i] = guardLine(strings.TrimLeft(line, " \t"))
	}
	return strings.Join(lines, "\n")
}

func guardLine(s string) string {
	start := blockStart.FindString(s)
	if start == "" {
		return s
	}
	at := 0
	switch start[0] {
	case '[':
		at = len(start) - 1
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		at = strings.IndexAny(start, ".)")
	}
	return s[:at] + `\` + s[at:]
}

// oneLine writes a text where a line break would end what holds it: in a heading or a cell.
func oneLine(t models.Text) string {
	s := strings.ReplaceAll(strings.TrimSpace(string(t)), "\\\n", "<br>")
	return strings.ReplaceAll(s, "\n", " ")
}

// headingText is a text in which a number sign at the end does not close the heading.
func headingText(t models.Text) string {
	s := oneLine(t)
	if strings.HasSuffix(s, "#") && !strings.HasSuffix(s, `\#`) {
		return s[:len(s)-1] + `\#`
	}
	return s
}

// destination writes a link's address so that no character of it ends the link.
func destination(s string) string {
	if strings.ContainsAny(s, " ()<>\t\r\n") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\t", "", "\r", "", "\n", "").Replace(s) + ">"
	}
	return s
}
