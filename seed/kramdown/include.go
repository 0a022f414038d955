package kramdown

import (
	"regexp"
	"strconv"
	"strings"
)

// The characters around the number of an include in the text, as commentOpen and commentClose are around a comment's.
const (
	includeOpen  = '\uFDD2'
	includeClose = '\uFDD3'
)

// IncludePlaceholder finds includes in text: its first group is the index in Document.Includes.
var IncludePlaceholder = regexp.MustCompile(`\x{FDD2}(\d+)\x{FDD3}`)

// Include is the place of a file that Jekyll puts into the page.
type Include struct {
	Name     string // of the file, as the tag gives it
	Relative bool   // to the page, as include_relative says; else to the folder of includes
	Args     []Arg  // in the order of the tag
	Line     int
}

// Arg is what an include is told: the file knows it as include.Key.
type Arg struct{ Key, Value string }

var (
	includeTag  = regexp.MustCompile(`^\{%-?\s*(include|include_relative)\s+((?:\{\{[^{}]*\}\}|[^\s{}%])+)([\s\S]*)$`)
	includeArg  = regexp.MustCompile(`([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([\w.-]+))`)
	includeName = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

	liquidNumber = regexp.MustCompile(`^-?\d+(?:\.\d+)?$`)
	unescape     = strings.NewReplacer(`\"`, `"`, `\'`, `'`)
)

// include puts a placeholder where an include stands, and gives the position after it. It is false for a tag that is
// no include, and when nobody wants to know of them.
func (t *taker) include(start, end int) (int, bool) {
	m := includeTag.FindStringSubmatch(strings.TrimSuffix(strings.TrimSuffix(t.src.text[start:end], "%}"), "-"))
	if m == nil {
		return 0, false
	}
	t.doc.IncludeTags++
	if t.wanted == nil {
		return 0, false
	}
	use := Include{Relative: m[1] == "include_relative", Line: t.src.lineAt(start)}
	use.Name = includeName.ReplaceAllStringFunc(m[2], func(v string) string {
		return t.value(includeName.FindStringSubmatch(v)[1], use.Line)
	})
	for _, a := range includeArg.FindAllStringSubmatch(m[3], -1) {
		value := unescape.Replace(a[2] + a[3])
		if a[4] != "" {
			value = t.value(a[4], use.Line)
		}
		use.Args = append(use.Args, Arg{a[1], value})
	}
	if !t.wanted(use) {
		t.doc.problem(use.Line, "the include %q is not in the source: its tag was taken out", use.Name)
		t.edit(start, end, "")
		return end, true
	}
	with := string(includeOpen) + strconv.Itoa(len(t.doc.Includes)) + string(includeClose)
	t.doc.Includes = append(t.doc.Includes, use)
	if indent := t.src.text[t.src.lineStart(start):start]; isIndent(indent) && len(indent) < codeIndent && t.endsLine(end) {
		with = "\n" + indent + with + "\n\n" + indent
	}
	t.edit(start, end, with)
	return end, true
}

// codeIndent is how far a line is indented that can be code.
const codeIndent = 4

func isIndent(s string) bool { return strings.Trim(s, " ") == "" }

// endsLine tells whether nothing but white space follows a position in its line.
func (t *taker) endsLine(i int) bool {
	rest, _, _ := strings.Cut(t.src.text[i:min(len(t.src.text), i+maxLiquid)], "\n")
	return strings.TrimSpace(rest) == ""
}

// value gives what a Liquid variable or a literal without quotation marks stands for.
func (t *taker) value(name string, line int) string {
	switch {
	case name == "true" || name == "false" || liquidNumber.MatchString(name):
		return name
	case name == "nil" || name == "null":
		return ""
	}
	v, ok := t.variable(name)
	if !ok {
		t.doc.problem(line, "the Liquid variable %q is not known: it is empty", name)
	}
	return v
}
