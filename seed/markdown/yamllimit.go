package markdown

import (
	"fmt"
	"strings"
)

// Bounds of what the YAML parser is given. Its time grows with the square of some things, none of which front matter has
// many of; texts between quotation marks cost it little, however long they are.
const (
	maxIndent = 8 * maxNesting // eight spaces for each level
	maxKeys   = 10_000         // of one object, 2 s; also entries of one list
	maxCommas = 10_000         // between brackets and braces
	maxQuotes = 2_000          // texts between quotation marks on one line
	maxBlank  = 5_000          // blank lines
	maxOpened = 5_000          // brackets and braces
	maxMarks  = 2_000          // characters that begin anchors, aliases and tags
	maxColons = 1_000          // keys on one line
)

// yamlMeter counts what the parser would have to do.
type yamlMeter struct {
	line           int
	depth          int // of brackets and braces
	opened, commas int
	marks, blank   int
	keys           map[int]int // by how far in they stand, since a line further out
	entries        map[int]int // of lists, likewise
	block          int         // of the block of text whose lines these are: how far in it began; -1: none
}

// checkYAML refuses what would cost the parser too much.
func checkYAML(text string, line int) error {
	if len(text) > maxHeadBytes {
		return &parseError{line, fmt.Sprintf("has more than %d MiB", maxHeadBytes>>20)}
	}
	m := yamlMeter{line: line, keys: map[int]int{}, entries: map[int]int{}, block: -1}
	for l := range strings.SplitSeq(text, "\n") {
		if problem := m.take(l); problem != "" {
			return &parseError{m.line, problem}
		}
		m.line++
	}
	return nil
}

// take looks at a line, and says what is too much.
func (m *yamlMeter) take(line string) string {
	inner := strings.TrimLeft(line, " ")
	if strings.TrimSpace(inner) == "" {
		m.blank++
		return over(m.blank, maxBlank, "blank lines")
	}
	indent := len(line) - len(inner)
	if m.block >= 0 && indent > m.block {
		return over(indent, maxIndent, "spaces at the beginning of a line")
	}
	m.block = -1
	begins, dashes := indent, 0
	for strings.HasPrefix(inner, "- ") || strings.HasPrefix(inner, "? ") {
		rest := strings.TrimLeft(inner[2:], " ")
		indent, inner = indent+len(inner)-len(rest), rest
		dashes++
	}
	m.note(begins, indent, dashes > 0)
	plain, quotes := outsideQuotes(inner)
	if end := strings.TrimRight(plain, "+-0123456789 "); strings.HasSuffix(end, "|") || strings.HasSuffix(end, ">") {
		m.block = begins
	}
	for _, problem := range []string{
		m.count(plain), over(dashes, maxNesting, "values in each other"), over(indent, maxIndent, "spaces at the beginning of a line"),
		over(max(m.keys[indent], m.entries[begins]), maxKeys, "keys of one object, or entries of one list"), over(strings.Count(plain, ": "), maxColons, "keys on one line"),
		over(quotes+strings.Count(plain, "'")/2, maxQuotes, "texts between quotation marks on one line"),
	} {
		if problem != "" {
			return problem
		}
	}
	return ""
}

// note counts a key, and the entry of a list that the line begins with.
func (m *yamlMeter) note(begins, indent int, isEntry bool) {
	for at := range m.keys {
		if at > indent || isEntry && at == indent {
			delete(m.keys, at)
		}
	}
	for at := range m.entries {
		if at > begins {
			delete(m.entries, at)
		}
	}
	m.keys[indent]++
	if isEntry {
		m.entries[begins]++
	}
}

// count counts the characters that mean something.
func (m *yamlMeter) count(plain string) string {
	before := ' '
	for _, r := range plain {
		switch r {
		case '[', '{':
			m.depth++
			m.opened++
		case ']', '}':
			m.depth = max(0, m.depth-1)
		case ',':
			m.commas += min(1, m.depth)
		case '*', '&', '!', '%', '@':
			if strings.ContainsRune(" [{,", before) {
				m.marks++
			}
		}
		if m.depth > maxNesting {
			return over(m.depth, maxNesting, "values in each other")
		}
		before = r
	}
	if problem := over(m.opened, maxOpened, "brackets and braces outside of quotation marks"); problem != "" {
		return problem
	}
	if problem := over(m.commas, maxCommas, "commas between brackets or braces"); problem != "" {
		return problem
	}
	return over(m.marks, maxMarks, "anchors, aliases and tags")
}

func over(count, most int, what string) string {
	if count <= most {
		return ""
	}
	return fmt.Sprintf("there are more than %d %s", most, what)
}

// outsideQuotes is a line without the texts between double quotation marks that end on it, and their number.
func outsideQuotes(line string) (plain string, quotes int) {
	var b strings.Builder
	for {
		open := strings.IndexByte(line, '"')
		if open < 0 {
			break
		}
		end := open + 1
		for end < len(line) && line[end] != '"' {
			if line[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(line) {
			break
		}
		quotes++
		b.WriteString(line[:open])
		line = line[end+1:]
	}
	b.WriteString(line)
	return b.String(), quotes
}
