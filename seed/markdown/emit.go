package markdown

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// yaml writes an object as YAML: one way for each value, so that the same values are the same bytes. Texts are not left
// to the encoder of the YAML library: what it writes for some of them (tabs, carriage returns, ".inf") is not read as
// the same by its own parser. Here that parser is asked.
func (n *node) yaml() string {
	var b strings.Builder
	emitMembers(&b, n, 0)
	return b.String()
}

// item writes an object as an entry of a list that is the whole of a file.
func (n *node) item() string {
	var b strings.Builder
	emitItem(&b, n, 0)
	return b.String()
}

// indentation is how many spaces what is in something stands further in.
const indentation = 2

func emitMembers(b *strings.Builder, n *node, indent int) {
	for i, item := range n.items {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", indent))
		}
		b.WriteString(scalar(n.keys[i]) + ":")
		emitValue(b, item, indent)
	}
}

// emitValue writes what stands behind a key. The entries of a list stand below the key, not further in.
func emitValue(b *strings.Builder, n *node, indent int) {
	switch {
	case len(n.items) == 0:
		b.WriteString(" " + n.inline(indent) + "\n")
	case n.kind == object:
		b.WriteString("\n" + strings.Repeat(" ", indent+indentation))
		emitMembers(b, n, indent+indentation)
	case n.allNumbers():
		b.WriteString(" " + n.flow() + "\n")
	default:
		b.WriteString("\n")
		for _, item := range n.items {
			b.WriteString(strings.Repeat(" ", indent))
			emitItem(b, item, indent)
		}
	}
}

// emitItem writes an entry of a list.
func emitItem(b *strings.Builder, n *node, indent int) {
	switch {
	case len(n.items) == 0:
		b.WriteString("- " + n.inline(indent) + "\n")
	case n.kind == object:
		b.WriteString("- ")
		emitMembers(b, n, indent+indentation)
	case n.allNumbers():
		b.WriteString("- " + n.flow() + "\n")
	default:
		b.WriteString("-")
		for i, item := range n.items {
			b.WriteString(strings.Repeat(" ", 1+min(i, 1)*(indent+indentation-1)))
			emitItem(b, item, indent+indentation)
		}
	}
}

// inline writes a value with nothing in it.
func (n *node) inline(indent int) string {
	switch n.kind {
	case list:
		return "[]"
	case object:
		return "{}"
	case literal:
		return n.text
	}
	if block, ok := blockScalar(n.text, indent+indentation); ok {
		return block
	}
	return scalar(n.text)
}

// allNumbers tells whether a list holds numbers alone, and lists of such: dates for instance. It is written on a line.
func (n *node) allNumbers() bool {
	for _, item := range n.items {
		if item.kind == list && !item.allNumbers() || item.kind != list && (item.kind != literal || !isDigit(item.text)) {
			return false
		}
	}
	return n.kind == list
}

func isDigit(s string) bool { return s[0] == '-' || s[0] >= '0' && s[0] <= '9' }

func (n *node) flow() string {
	parts := make([]string, len(n.items))
	for i, item := range n.items {
		if parts[i] = item.text; item.kind == list {
			parts[i] = item.flow()
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// maxPlain is how long a text without quotation marks may be in bytes, so that asking the parser costs little.
const maxPlain = 300

// scalar writes a text on one line: without quotation marks where that is read as the same text.
func scalar(s string) string {
	if len(s) > 0 && len(s) <= maxPlain && mayBePlain(s) && isRead(s, s) {
		return s
	}
	return quote(s)
}

// mayBePlain is a rough look at a text: words without characters that mean something in YAML. In doubt it is quoted.
func mayBePlain(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) && first != '_' || last == ':' || last == ' ' {
		return false
	}
	if reserved[strings.ToLower(s)] || dateOrTime.MatchString(s) {
		return false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" _-./()+'’“”–—,;=?", r):
		case strings.ContainsRune("&*!%@", r) && i > 0 && s[i-1] != ' ':
		case r == ':' && i+1 < len(s) && s[i+1] != ' ':
		default:
			return false
		}
	}
	return true
}

// dateOrTime begins like what YAML parsers of other languages take for a date, or for a number of minutes.
var dateOrTime = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]|^[0-9]+:[0-9]`)

// reserved are words that some YAML parser or other takes for something else than text.
var reserved = map[string]bool{
	"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "null": true, "nan": true, "inf": true,
}

// isRead tells whether a piece of YAML behind a key is read as a text.
func isRead(piece, s string) bool {
	n, err := parseYAML("k: "+piece+"\n", 1)
	return err == nil && len(n.items) == 1 && n.items[0].kind == text && n.items[0].text == s && n.items[0].plain == ""
}

// maxBlock is how long a text in lines may be in bytes. Longer ones are for programs, and stand on one line.
const maxBlock = 16 << 10

// blockScalar writes a text of several lines as lines, where that is read as the same. Blank lines cost the parser time.
func blockScalar(s string, indent int) (string, bool) {
	if !strings.Contains(strings.TrimRight(s, "\n"), "\n") || strings.Contains(s, "\n\n") || s[0] == ' ' || s[0] == '\n' || len(s) > maxBlock {
		return "", false
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
		return "", false
	}
	head, body := "|-", s
	if strings.HasSuffix(s, "\n") {
		head, body = "|", strings.TrimSuffix(s, "\n")
	}
	margin := strings.Repeat(" ", indent)
	out := head
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimSpace(line) == "" {
			return "", false
		}
		out += "\n" + margin + line
	}
	return out, isRead(strings.ReplaceAll(out, "\n"+margin, "\n  "), s)
}

// quote writes a text between quotation marks.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == ' ' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
