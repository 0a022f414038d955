package directive

import (
	"regexp"
	"strings"
)

// A text goes into a document as it is. Three rules protect what would be read as something else; each is undone
// exactly, because what looks protected already is protected once more.
//
//  1. A line that would begin a block gets a backslash: before its first character, or in "1." before the dot.
//  2. A space or tab at the beginning of a line becomes &#32; or &#9;.
//  3. So does one at the very end of a text.

var (
	// numberStart finds the beginning of an ordered list, protected or not.
	numberStart = regexp.MustCompile(`^([0-9]{1,9})(\\*)([.)])(?:[ \t]|$)`)

	// blockStart finds all other beginnings of blocks.
	blockStart = regexp.MustCompile(`^(?:` + strings.Join([]string{
		`#{1,6}(?:[ \t]|$)`,
		`>`,
		`[-+*](?:[ \t]|$)`,
		`(?:\*[ \t]*){3,}$`, `(?:-[ \t]*){3,}$`, `(?:_[ \t]*){3,}$`,
		`-+[ \t]*$`, `=+[ \t]*$`, // the underlines of headings
		"```", `~~~`,
		`::[A-Za-z]`, `:::`,
		`\[[^\]]+\]:`,
		`<!--`,
		`&#(?:32|9);`,
	}, "|") + `)`)

	// delimiterRow finds the line between the head and the rows of a table.
	delimiterRow = regexp.MustCompile(`^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)

	// imageAlone finds an image that is all of a line.
	imageAlone = regexp.MustCompile(`^!\[((?:[^\[\]\\]|\\.)*)\]\(([^\s()<>\\]*)\)$`)
)

func startsBlock(line string) bool {
	return blockStart.MatchString(line) || isDelimiterRow(line) || isAttributeLine(line)
}

func isDelimiterRow(line string) bool {
	return strings.Contains(line, "|") && delimiterRow.MatchString(line)
}

// isAttributeLine tells whether a line is nothing but attributes with values: {#b3}, {start=4}. Words in braces are
// text.
func isAttributeLine(line string) bool {
	if !strings.HasPrefix(line, "{") {
		return false
	}
	as, err := parseAttributes(line)
	for _, a := range as {
		if a.flag {
			return false
		}
	}
	return err == nil && len(as) > 0
}

// protect gives a text as lines that are read back as a paragraph of that text.
func protect(text string) []string {
	lines := strings.Split(text, "\n")
	last := len(lines) - 1
	lines[last] = protectEnd(lines[last])
	for i, l := range lines {
		lines[i] = protectNumber(protectStart(l, startsBlock))
	}
	return lines
}

// unprotect is the text of a paragraph's lines.
func unprotect(lines []string) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		l = strings.TrimLeft(l, " \t")
		last := i == len(lines)-1
		if last {
			l = strings.TrimRight(l, " \t")
		}
		if l = unprotectStart(unprotectNumber(l), startsBlock); last {
			l = unprotectEnd(l)
		}
		out[i] = l
	}
	return strings.Join(out, "\n")
}

// protectLine is protect for a text of one line in a place where no block can begin: a heading, brackets, a cell.
func protectLine(text string) string { return protectStart(protectEnd(text), startsEntity) }

func unprotectLine(line string) string {
	return unprotectEnd(unprotectStart(strings.Trim(line, " \t"), startsEntity))
}

func startsEntity(s string) bool {
	return strings.HasPrefix(s, spaceEntity) || strings.HasPrefix(s, tabEntity)
}

// protectImage is for a paragraph that is nothing but an image in its line, and no image block.
func protectImage(lines []string) []string {
	if len(lines) == 1 && imageAlone.MatchString(strings.TrimLeft(lines[0], `\`)) {
		lines[0] = `\` + lines[0]
	}
	return lines
}

func unprotectImage(lines []string) []string {
	if len(lines) != 1 {
		return lines
	}
	line := strings.Trim(lines[0], " \t")
	if bare := strings.TrimLeft(line, `\`); bare != line && imageAlone.MatchString(bare) {
		return []string{line[1:]}
	}
	return lines
}

const (
	spaceEntity = "&#32;"
	tabEntity   = "&#9;"
)

func protectStart(line string, starts func(string) bool) string {
	switch {
	case strings.HasPrefix(line, " "):
		return spaceEntity + line[1:]
	case strings.HasPrefix(line, "\t"):
		return tabEntity + line[1:]
	case starts(strings.TrimLeft(line, `\`)):
		return `\` + line
	}
	return line
}

func unprotectStart(line string, starts func(string) bool) string {
	bare := strings.TrimLeft(line, `\`)
	switch {
	case bare != line && starts(bare):
		return line[1:]
	case strings.HasPrefix(line, spaceEntity):
		return " " + line[len(spaceEntity):]
	case strings.HasPrefix(line, tabEntity):
		return "\t" + line[len(tabEntity):]
	}
	return line
}

func protectNumber(line string) string {
	if m := numberStart.FindStringSubmatchIndex(line); m != nil {
		return line[:m[4]] + `\` + line[m[4]:]
	}
	return line
}

func unprotectNumber(line string) string {
	if m := numberStart.FindStringSubmatchIndex(line); m != nil && m[4] < m[5] {
		return line[:m[4]] + line[m[4]+1:]
	}
	return line
}

// protectEnd also doubles the backslashes before the last character, and adds one before what looks like an entity
// of ours: so an even number stands before those that are spaces.
func protectEnd(s string) string {
	for _, end := range []struct{ space, entity string }{{" ", spaceEntity}, {"\t", tabEntity}} {
		if before, ok := strings.CutSuffix(s, end.space); ok {
			return before + s[len(s)-1-backslashes(before):len(s)-1] + end.entity
		}
		if before, ok := strings.CutSuffix(s, end.entity); ok {
			return before + strings.Repeat(`\`, backslashes(before)+1) + end.entity
		}
	}
	return s
}

func unprotectEnd(s string) string {
	for _, end := range []struct{ space, entity string }{{" ", spaceEntity}, {"\t", tabEntity}} {
		before, ok := strings.CutSuffix(s, end.entity)
		if !ok {
			continue
		}
		n := backslashes(before)
		if n%2 == 1 {
			return before[:len(before)-(n+1)/2] + end.entity
		}
		return before[:len(before)-n/2] + end.space
	}
	return s
}

// backslashes counts those at the end of s.
func backslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }
