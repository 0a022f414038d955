package kramdown

import (
	"regexp"
	"strings"
)

// noteAttr marks where the definition of a Markdown note begins, with the note's label.
const noteAttr = "data-note"

// noteMoreAttr marks a further paragraph of the definition above.
const noteMoreAttr = "data-note-more"

var (
	attributeList  = regexp.MustCompile(`\{::?[^}\n]*\}`)
	soundList      = regexp.MustCompile(`^\{::?(?:\s*(?:/?[\w-]+(?:=(?:"[^"]*"|'[^']*'))?|[.#][^\s{}.#]+(?:\.[^\s{}.#]+)*|[\w-]+:)\s*)*/?\}$`)
	codeOrList     = regexp.MustCompile("(`+)[^`]+(`+)|" + attributeList.String())
	headingID      = regexp.MustCompile(`^([ >]{0,9}#{1,6}[ \t].*?)[ \t]*\{:?[ \t]*#([^\s{}.#"]+)[ \t]*\}[ \t]*$`)
	headingBraces  = regexp.MustCompile(`^(.*#{1,6}[ \t].*)(\{[^{}]*\}[ \t#]*)$`)
	tocList        = regexp.MustCompile(`^\s*\{:\s*toc\b[^}]*\}\s*$`)
	listItem       = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s+(.*)$`)
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
// that is nothing else does not divide a paragraph. Only the id of a heading stays.
func (m *markdown) attributeLists(lines []line) []line {
	var out []line
	in := codeTracker{}
	for _, l := range lines {
		if in.code(l.text) {
			out = append(out, l)
			continue
		}
		if tocList.MatchString(l.text) && len(out) > 0 {
			out = m.dropTOC(out)
			continue
		}
		text := m.dropLists(headingAnchor(l.text), l.no)
		if text != l.text && strings.TrimSpace(text) == "" {
			continue
		}
		out = append(out, line{text, l.no})
	}
	return out
}

// headingAnchor writes the id at the end of a heading as goldmark reads it. Anything else in braces there is text.
func headingAnchor(text string) string {
	if headingID.MatchString(text) {
		return headingID.ReplaceAllString(text, "$1 {#$2}")
	}
	if strings.Contains(text, "{:") {
		return text
	}
	return headingBraces.ReplaceAllString(text, `$1\$2`)
}

// dropTOC drops the list item in whose place kramdown puts a table of contents.
func (m *markdown) dropTOC(lines []line) []line {
	last := lines[len(lines)-1]
	item := listItem.FindStringSubmatch(last.text)
	if item == nil {
		return lines
	}
	m.doc.problem(last.no, "the table of contents in the place of %q was left out", item[1])
	return lines[:len(lines)-1]
}

// dropLists takes attribute lists out of a line, but not out of code. It reports those that kramdown can't read.
func (m *markdown) dropLists(text string, no int) string {
	return codeOrList.ReplaceAllStringFunc(text, func(found string) string {
		if n := runLength(found, '`'); n > 0 && strings.HasSuffix(found, found[:n]) {
			return found
		}
		return attributeList.ReplaceAllStringFunc(found, func(list string) string {
			if !soundList.MatchString(list) {
				m.doc.problem(no, "the attribute list %s is malformed: it was left out", list)
			}
			return ""
		})
	})
}

// codeTracker knows which lines are code, by fences or by their indentation.
type codeTracker struct {
	fence      string
	text, list bool // the last line was text; the last line that was not indented began a list item
}

func (c *codeTracker) code(text string) bool {
	was := c.fence
	if c.fence = fenceAfter(was, text); c.fence != "" || was != "" {
		return true
	}
	if strings.TrimSpace(text) == "" {
		c.text = false
		return false
	}
	deep := strings.HasPrefix(text, "    ") || strings.HasPrefix(text, "\t")
	if deep && !c.text && !c.list {
		return true
	}
	c.text = true
	if text[0] != ' ' && text[0] != '\t' {
		c.list = listItem.MatchString(text)
	}
	return false
}

// noteDefinitions makes a paragraph of each definition of a Markdown note, its label in an attribute. Lines that
// belong to it by their indentation are its own, further paragraphs too.
func noteDefinitions(lines []line) []line {
	inside, gap := false, false
	return mapText(lines, func(l line) []line {
		if m := noteDefinition.FindStringSubmatch(l.text); m != nil {
			inside, gap = true, false
			return []line{{"", l.no}, {`<a ` + noteAttr + `="` + attrValue([]byte(m[1])) + `"></a>` + m[2], l.no}}
		}
		blank := strings.TrimSpace(l.text) == ""
		indented := !blank && (strings.HasPrefix(l.text, "    ") || strings.HasPrefix(l.text, "\t"))
		after := gap
		inside, gap = inside && (indented || blank), blank
		if !inside || blank {
			return []line{l}
		}
		text := strings.TrimSpace(l.text)
		if after {
			text = `<a ` + noteMoreAttr + `="1"></a>` + text
		}
		return []line{{text, l.no}}
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
