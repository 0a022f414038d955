package kramdown

import (
	"fmt"
	"regexp"
	"strings"
)

// containerMarks are what may stand at the beginning of a line before its text, each opening a block in the last.
var containerMarks = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))*`)

// deepIndent is the indentation of the deepest list that is read; two columns are the least that nests.
const deepIndent = 2 * maxNesting

// checkNesting refuses Markdown on which a parser would spend its stack or its time.
func checkNesting(lines []line) error {
	brackets, links, size := 0, 0, 0
	for _, l := range lines {
		marks := containerMarks.FindString(l.text)
		if nested := len(strings.Fields(strings.ReplaceAll(marks, ">", " > "))); nested > maxNesting {
			return &LimitError{l.no, fmt.Sprintf("quotes and lists are nested more than %d deep", maxNesting)}
		}
		text := strings.TrimLeft(l.text, " \t")
		if len(l.text)-len(text) > deepIndent && containerMarks.FindString(text) != "" {
			return &LimitError{l.no, fmt.Sprintf("a list is indented by more than %d columns", deepIndent)}
		}
		if text == "" {
			brackets, links, size = 0, 0, 0
			continue
		}
		if links += strings.Count(l.text, "]("); links > maxLinks {
			return &LimitError{l.no, fmt.Sprintf("a paragraph has more than %d links", maxLinks)}
		}
		size += len(l.text)
		if size > maxParagraph {
			return &LimitError{l.no, fmt.Sprintf("a paragraph has more than %d bytes", maxParagraph)}
		}
		var deepest int
		brackets, deepest = bracketDepth(l.text, brackets)
		if deepest > maxBrackets {
			return &LimitError{l.no, fmt.Sprintf("brackets are nested more than %d deep", maxBrackets)}
		}
	}
	return nil
}

// bracketDepth counts the open square brackets after a text, and at its deepest place.
func bracketDepth(text string, open int) (after, deepest int) {
	deepest = open
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			open++
			deepest = max(deepest, open)
		case ']':
			open = max(0, open-1)
		}
	}
	return open, deepest
}
