package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// byteOrderMark is what some editors put before a text.
var byteOrderMark = []byte("\ufeff")

// unixLines gives a text the line ends of Unix. Those that are a part of a value are escaped, so nothing else is lost.
func unixLines(data []byte) []byte {
	data = bytes.TrimPrefix(data, byteOrderMark)
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
}

// parts are a page with its front matter read.
type parts struct {
	head     *node
	body     string
	bodyLine int
}

// split reads the front matter of a page.
func split(data []byte) (*parts, error) {
	text := string(data)
	if !utf8.ValidString(text) {
		return nil, &parseError{1 + strings.Count(text[:invalidAt(text)], "\n"), "is not UTF-8"}
	}
	if !frontmatter.Has(text) {
		return nil, &parseError{1, "the page does not begin with front matter, keys and values between two lines of three hyphens"}
	}
	yaml, line, body, bodyLine := frontmatter.Split(text)
	head, err := parseYAML(yaml+"\n", line) // the last line has its end
	if err != nil {
		return nil, err
	}
	rest := strings.TrimLeft(body, "\n")
	return &parts{head, rest, bodyLine + len(body) - len(rest)}, nil
}

// invalidAt is where a text is no UTF-8 any more.
func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return i
		}
	}
	return len(s)
}

// inFile says in which file an error is.
func inFile(path string, err error) error {
	if e, ok := errors.AsType[*parseError](err); ok {
		return problem(path, e.line, "", e.message)
	}
	if e, ok := errors.AsType[*badField](err); ok {
		return problem(path, e.line, e.field, e.message)
	}
	if e, ok := errors.AsType[*directive.Error](err); ok {
		return problem(path, e.Line, "", e.Message)
	}
	if _, ok := errors.AsType[*models.Error](err); ok { // it says where it is
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// sound checks the rules of a record. A broken one is told with the line of its field, or of the body.
func sound(r models.Record, path string, head *node, bodyLine int) error {
	err := models.Validate(r)
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) == 0 {
		return inFile(path, err)
	}
	f := e.Fields[0]
	line := head.find(f.Pointer)
	if name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/"); head.get(name) == nil && inBody[name] {
		line = bodyLine
	}
	return problem(path, line, dotted(f.Pointer), f.Detail)
}

// inBody are the fields that bodies hold.
var inBody = map[string]bool{
	"blocks": true, "editor_notes": true, "instructions": true, "prompts": true, "answer_key": true, summaryKey: true,
}
