package kramdown

import (
	"regexp"
	"strings"
)

// noteAttr marks where the definition of a Markdown note begins, with the note's label.
const noteAttr = "data-note"

var (
	attributeList  = regexp.MustCompile(`\{::?[^}\n]*\}`)
	noteDefinition = regexp.MustCompile(`^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$`)
	delimiterRow   = regexp.MustCompile(`^\s*\|?[\s|:+=-]*-[\s|:+=-]*$`)
)

// mapText rewrites the lines that are not code.
func mapText(lines []line, rewrite func(line) []line) []line {
	var out []line
	fence := ""
	for _, l := range lines {
		was := fence
		if fence = fenceAfter(fence, l.text); fence != "" || was != "" {
			out = append(out, l)
			continue
		}
		out = append(out, rewrite(l)...)
	}
	return out
}

// attributeLists drops kramdown's attribute lists: what they say, Lectern's blocks say otherwise or not at all. A line
// that is nothing else does not divide a paragraph.
func attributeLists(lines []line) []line {
	return mapText(lines, func(l line) []line {
		text := attributeList.ReplaceAllString(l.text, "")
		if text != l.text && strings.TrimSpace(text) == "" {
			return nil
		}
		return []line{{text, l.no}}
	})
}

// noteDefinitions makes a paragraph of each definition of a Markdown note, its label in an attribute. Lines that
// belong to it by their indentation are its own.
func noteDefinitions(lines []line) []line {
	inside := false
	return mapText(lines, func(l line) []line {
		if m := noteDefinition.FindStringSubmatch(l.text); m != nil {
			inside = true
			return []line{{"", l.no}, {`<a ` + noteAttr + `="` + attrValue([]byte(m[1])) + `"></a>` + m[2], l.no}}
		}
		indented := strings.HasPrefix(l.text, "    ") || strings.HasPrefix(l.text, "\t")
		inside = inside && (indented || strings.TrimSpace(l.text) == "")
		if inside && indented {
			return []line{{strings.TrimSpace(l.text), l.no}}
		}
		return []line{l}
	})
}

// pipeTables brings kramdown's tables into the form that GFM knows: a head, and a delimiter row as wide as the head.
func pipeTables(lines []line) []line {
	inside := false // after the head of a table
	var out []line
	for i, l := range lines {
		row := strings.HasPrefix(strings.TrimSpace(l.text), "|")
		switch {
		case !row:
			inside = false
		case !inside:
			inside = true
			next := ""
			if i+1 < len(lines) {
				next = lines[i+1].text
			}
			if !delimiterRow.MatchString(next) {
				width := columns(l.text)
				out = append(out, line{strings.Repeat("| ", width) + "|", l.no}, line{delimiters(width), l.no})
			}
		case delimiterRow.MatchString(l.text):
			l.text = delimiters(columns(lines[i-1].text))
		}
		out = append(out, l)
	}
	return out
}

// columns counts the cells of a row of a table.
func columns(row string) int {
	row = strings.ReplaceAll(strings.TrimSpace(row), `\|`, "")
	row = strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
	return strings.Count(row, "|") + 1
}

func delimiters(width int) string {
	return strings.Repeat("|---", width) + "|"
}
