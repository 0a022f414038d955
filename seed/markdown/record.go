package markdown

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// writtenKey is the field of citations that stands in the body, as the definition of their mark.
const writtenKey = "written"

const citationsKey = "citations"

// summaryKey is the field of modules that is their body, where it can be.
const summaryKey = "summary"

// writePage gives the file of a module, section, fragment or worksheet. It is read back, so that nothing is lost that
// nobody sees.
func writePage(r models.Record, h header) (string, error) {
	head, err := writeHead(r, h)
	if err != nil {
		return "", err
	}
	body, err := writeBody(r, head)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", r.Kind(), r.Base().ID, err)
	}
	out := "---\n" + head.yaml() + "---\n"
	if body != "" {
		out += "\n" + body
	}
	return out, verify(r, h, head.yaml(), body)
}

// errInexact is a fault of this package: what was written would be read as something else.
var errInexact = errors.New("can't be written as a page that is read as the same again")

// verify reads what was written of a record and compares it.
func verify(r models.Record, h header, yaml, body string) error {
	n, err := parseYAML(yaml, 1)
	if err != nil {
		return fmt.Errorf("%s %s: %w: %w", r.Kind(), r.Base().ID, errInexact, err)
	}
	back, again, err := readHead(n, r.Kind())
	if err != nil {
		return fmt.Errorf("%s %s: %w: %w", r.Kind(), r.Base().ID, errInexact, err)
	}
	if s, ok := back.(*models.Section); ok { // directive.WriteSection reads its text back itself
		for i, c := range r.(*models.Section).Citations {
			s.Citations[i].Written = c.Written
		}
	}
	if m, ok := back.(*models.Module); ok && body != "" {
		m.Summary = models.Text(strings.TrimSpace(body))
	}
	want, err := headOf(r)
	have, err2 := headOf(back)
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	if want != have || again.version != h.version || again.draft != h.draft || again.trashed != h.trashed {
		return fmt.Errorf("%s %s: %w", r.Kind(), r.Base().ID, errInexact)
	}
	return nil
}

// headOf is the JSON of what front matter holds of a record.
func headOf(r models.Record) (string, error) {
	n, err := objectOf(r)
	if err != nil {
		return "", err
	}
	for _, key := range append(timeFields, elsewhere[r.Kind()]...) {
		n.take(key)
	}
	data, err := n.json()
	return string(data), err
}

// writeBody gives the body of a record, and takes out of its front matter what stands there.
func writeBody(r models.Record, head *node) (string, error) {
	switch r := r.(type) {
	case *models.Module:
		s := string(r.Summary)
		if s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "\r") {
			return "", nil
		}
		head.take(summaryKey)
		return s + "\n", nil
	case *models.Section:
		s := directive.Section{Blocks: r.Blocks, Notes: r.EditorNotes}
		for i, c := range r.Citations {
			s.Definitions = append(s.Definitions, directive.Definition{Label: c.Label, Text: c.Written})
			head.get(citationsKey).items[i].take(writtenKey)
		}
		return directive.WriteSection(s)
	case *models.Fragment:
		return directive.WriteSection(directive.Section{Blocks: r.Blocks})
	case *models.Worksheet:
		return directive.WriteWorksheet(directive.Worksheet{Instructions: r.Instructions, Prompts: r.Prompts, Answers: r.AnswerKey})
	}
	return "", nil
}

// writeEntry gives the entry of a source or an asset in the list of its kind.
func writeEntry(r models.Record, h header) (string, error) {
	head, err := writeHead(r, h)
	if err != nil {
		return "", err
	}
	if a, ok := r.(*models.Asset); ok {
		setPaths(head, a)
	}
	return head.item(), verify(r, h, head.yaml(), "")
}

// dotted makes "citations[2].label" of "/citations/1/label".
func dotted(pointer string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		var n int
		if _, err := fmt.Sscanf(part, "%d", &n); err == nil && fmt.Sprint(n) == part {
			fmt.Fprintf(&b, "[%d]", n+1)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		if other, ok := renamed[part]; ok {
			part = other
		}
		b.WriteString(part)
	}
	return b.String()
}
