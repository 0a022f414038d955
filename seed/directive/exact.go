package directive

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// WriteSection gives the body of a section as Markdown. Reading it gives the same section again, but for the lines of
// its definitions and for warnings. It fails where no text can do that: two blocks with one id, or what can't be JSON.
func WriteSection(s Section) (string, error) {
	w := newWriter([]models.Blocks{s.Blocks}, nil, s.Notes)
	for _, b := range s.Blocks {
		if err := w.ensure(b); err != nil {
			return "", err
		}
	}
	tail, err := definitions(s.Definitions)
	if err != nil {
		return "", err
	}
	want, err := exact(s.Blocks, s.Notes)
	if err != nil {
		return "", err
	}
	out := w.section(s.Blocks, tail)
	if w.gives(out, want, s.Definitions) == nil {
		return out, nil
	}
	return w.saferSection(s, tail, want)
}

// saferSection writes the notes as JSON, and then the blocks too.
func (w *writer) saferSection(s Section, tail []string, want string) (string, error) {
	w.take(nil)
	var notes []string
	for _, n := range s.Notes {
		notes = append(spaced(notes), noteAsJSON(n)...)
	}
	tail = append(spaced(notes), tail...)
	out := w.section(s.Blocks, tail)
	if w.gives(out, want, s.Definitions) == nil {
		return out, nil
	}
	for _, b := range s.Blocks {
		var err error
		if w.json[b], err = asJSON(b); err != nil {
			return "", err
		}
	}
	out = w.section(s.Blocks, tail)
	return out, w.gives(out, want, s.Definitions)
}

// section puts the parts of a section together.
func (w *writer) section(bs models.Blocks, tail []string) string {
	lines := w.comments(nil, "")
	lines = append(spaced(lines), w.blocks(bs, "", false)...)
	lines = append(spaced(unspaced(lines)), tail...)
	return ended(unspaced(lines))
}

func ended(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// gives tells whether a text is read as what was to be written.
func (w *writer) gives(s, want string, definitions []Definition) error {
	back, err := ParseSection(s, 1)
	if err != nil {
		return fmt.Errorf("can't be written as Markdown: %w", err)
	}
	have, err := exact(back.Blocks, back.Notes)
	if err != nil || have != want || !sameDefinitions(back.Definitions, definitions) {
		return errors.Join(errInexact, err)
	}
	return nil
}

var errInexact = errors.New("can't be written as Markdown that is read as the same again")

// exact is a form of values in which the same ones are the same text.
func exact(values ...any) (string, error) {
	var b strings.Builder
	for _, v := range values {
		data, err := models.Encode(v)
		if err != nil {
			return "", err
		}
		b.Write(data)
	}
	return b.String(), nil
}

func sameDefinitions(a, b []Definition) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Label != b[i].Label || a[i].Text != b[i].Text {
			return false
		}
	}
	return true
}

// ensure sees to it that a block is read back as it is: what in it is not, or else the whole block, becomes JSON.
func (w *writer) ensure(b models.Block) error {
	if w.faithful(b) {
		return nil
	}
	for _, inner := range models.Children(b) {
		for _, child := range *inner {
			if err := w.ensure(child); err != nil {
				return err
			}
		}
	}
	if w.faithful(b) {
		return nil
	}
	var err error
	w.json[b], err = asJSON(b)
	return err
}

// faithful tells whether a block alone is read back as it is.
func (w *writer) faithful(b models.Block) bool {
	back, err := parseSection(ended(w.blocks(models.Blocks{b}, "", false)), 1, w.numbers[b], nil)
	if err != nil {
		return false
	}
	have, err := exact(back.Blocks)
	want, wantErr := exact(models.Blocks{b})
	return err == nil && wantErr == nil && have == want
}

// ensurePrompt is ensure for a prompt.
func (w *writer) ensurePrompt(p models.Prompt) error {
	if w.faithfulPrompt(p) {
		return nil
	}
	if g, ok := p.(*models.Group); ok {
		for _, inner := range g.Prompts {
			if err := w.ensurePrompt(inner); err != nil {
				return err
			}
		}
		if w.faithfulPrompt(p) {
			return nil
		}
	}
	var err error
	w.json[p], err = asJSON(p)
	return err
}

func (w *writer) faithfulPrompt(p models.Prompt) bool {
	back, err := parseWorksheet(ended(w.prompts(models.Prompts{p})), 1, w.numbers[p], nil)
	if err != nil {
		return false
	}
	have, err := exact(back.Prompts)
	want, wantErr := exact(models.Prompts{p})
	return err == nil && wantErr == nil && have == want
}

// definitions writes what marks stand for.
func definitions(ds []Definition) ([]string, error) {
	var out []string
	for _, d := range ds {
		lines := prefixed(protect(string(d.Text)), "[^"+d.Label+"]: ", strings.Repeat(" ", definitionIndent))
		if d.Text == "" {
			lines = []string{"[^" + d.Label + "]:"}
		}
		back, err := ParseSection(ended(lines), 1)
		if err != nil || !sameDefinitions(back.Definitions, []Definition{d}) {
			if lines, err = asJSON(jsonDefinition{kindDefinitionJSON, d.Label, d.Text}); err != nil {
				return nil, err
			}
		}
		out = append(out, lines...)
	}
	return out, nil
}

// WriteWorksheet gives the body of a worksheet as Markdown, of which the same is true as of WriteSection's.
func WriteWorksheet(ws Worksheet) (string, error) {
	parts := []models.Blocks{ws.Instructions}
	for _, a := range ws.Answers {
		parts = append(parts, a.Blocks)
	}
	w := newWriter(parts, ws.Prompts, nil)
	for _, bs := range parts {
		for _, b := range bs {
			if err := w.ensure(b); err != nil {
				return "", err
			}
		}
	}
	for _, p := range ws.Prompts {
		if err := w.ensurePrompt(p); err != nil {
			return "", err
		}
	}
	out := w.worksheet(ws)
	return out, w.givesWorksheet(out, ws)
}

func (w *writer) worksheet(ws Worksheet) string {
	lines := w.blocks(ws.Instructions, "", false)
	lines = append(spaced(lines), w.prompts(ws.Prompts)...)
	for i := range ws.Answers {
		a := &ws.Answers[i]
		s := answerShape(a)
		lines = append(spaced(unspaced(lines)), container(s.name, "", values(s.fields), w.blocks(a.Blocks, "", false))...)
	}
	return ended(unspaced(lines))
}

func (w *writer) givesWorksheet(s string, ws Worksheet) error {
	back, err := ParseWorksheet(s, 1)
	if err != nil {
		return fmt.Errorf("can't be written as Markdown: %w", err)
	}
	have, err := exact(back.Instructions, back.Prompts, back.Answers)
	want, wantErr := exact(ws.Instructions, ws.Prompts, ws.Answers)
	if err := errors.Join(err, wantErr); err != nil {
		return err
	}
	if have != want {
		return errInexact
	}
	return nil
}
