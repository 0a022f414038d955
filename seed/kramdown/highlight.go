package kramdown

import (
	"fmt"
	"strings"
	"unicode"
)

// highlight makes an element of a block of program text: one line, with every character that means anything to
// Markdown or HTML as a reference, so that it is the same in a box, a list item or a paragraph.
func (t *taker) highlight(i, end int, language string) int {
	text := t.src.text
	stop := t.ending("highlight", end)
	if !stop.ok {
		t.doc.problem(t.src.lineAt(i), "a highlight tag has no endhighlight")
		t.edit(i, end, "")
		return end
	}
	language, _, _ = strings.Cut(language, " ")
	element := "<pre><code"
	if language != "" {
		element += ` class="language-` + references(language) + `"`
	}
	element += ">" + references(dedent(text[end:stop.start])) + "</code></pre>"
	indent := text[t.src.lineStart(i):i]
	switch {
	case strings.TrimSpace(indent) != "":
	case indent == "":
		element = "\n\n" + element + "\n\n"
	default: // in a list item, which a line that begins with a block of HTML would end
		element = "\n\n" + indent + "<span></span>" + element + "\n\n" + indent
	}
	t.edit(i, stop.end, element)
	return stop.end
}

// references writes all but letters, digits and single spaces as character references.
func references(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "&#%d;", r)
	}
	return b.String()
}

// dedent takes blank lines around a text off, and the white space that all of its lines begin with.
func dedent(s string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	common := -1
	for _, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, " \t"))
		if strings.TrimSpace(l) != "" && (common < 0 || indent < common) {
			common = indent
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(common, 0), len(l)):]
	}
	return strings.Join(lines, "\n")
}
