package directive

import (
	"github.com/yuin/goldmark/ast"

	"github.com/lectern-cms/lectern/models"
)

// ParseSection reads the body of a section or fragment that begins on a line of its file. Its errors are of type
// *Error.
func ParseSection(s string, firstLine int) (*Section, error) {
	return ParseSectionWith(s, firstLine, nil)
}

// ParseSectionWith is ParseSection for a text that may call records by name.
func ParseSectionWith(s string, firstLine int, names Names) (*Section, error) {
	return parseSection(s, firstLine, 1, names)
}

// parseSection reads blocks of which the first has a number.
func parseSection(s string, firstLine, number int, names Names) (*Section, error) {
	r, root, err := newReader(s, firstLine)
	if err != nil {
		return nil, err
	}
	r.names = names
	blocks, err := r.blocks(root, nothingElse)
	if err != nil {
		return nil, err
	}
	n := r.numberer(number)
	if err := n.take(blocks); err != nil {
		return nil, err
	}
	out := &Section{Blocks: n.blocks(blocks), Definitions: r.definitions, Warnings: r.warnings}
	if out.Notes, err = n.finishNotes(); err != nil {
		return nil, err
	}
	return out, nil
}

// ParseWorksheet reads the body of a worksheet that begins on a line of its file. Its errors are of type *Error.
func ParseWorksheet(s string, firstLine int) (*Worksheet, error) {
	return ParseWorksheetWith(s, firstLine, nil)
}

// ParseWorksheetWith is ParseWorksheet for a text that may call records by name.
func ParseWorksheetWith(s string, firstLine int, names Names) (*Worksheet, error) {
	return parseWorksheet(s, firstLine, 1, names)
}

// parseWorksheet reads prompts of which the first has a number.
func parseWorksheet(s string, firstLine, number int, names Names) (*Worksheet, error) {
	r, root, err := newReader(s, firstLine)
	if err != nil {
		return nil, err
	}
	r.noComments, r.names = true, names
	w := &Worksheet{}
	parts := worksheetParts{r: r, w: w}
	if w.Instructions, err = r.blocks(root, parts.take); err != nil {
		return nil, err
	}
	if err := parts.check(); err != nil {
		return nil, err
	}
	if err := r.numberWorksheet(w, number); err != nil {
		return nil, err
	}
	w.Warnings = r.warnings
	return w, nil
}

// worksheetParts takes the prompts and the answers of a worksheet from among its blocks, and checks that they come in
// that order.
type worksheetParts struct {
	r        *reader
	w        *Worksheet
	began    bool
	promptAt int
}

func (p *worksheetParts) take(n ast.Node) (bool, error) {
	if f, ok := n.(*fence); ok && f.name == answersName {
		p.begin(f.at)
		return true, p.answer(f)
	}
	prompt, err := p.r.prompt(n)
	if prompt == nil || err != nil {
		return prompt != nil, err
	}
	at := p.r.position(n)
	p.begin(at)
	if len(p.w.Answers) > 0 {
		return true, p.r.fail(at, "prompts stand before the answers")
	}
	p.w.Prompts = append(p.w.Prompts, prompt)
	return true, nil
}

func (p *worksheetParts) begin(at int) {
	if !p.began {
		p.began, p.promptAt = true, at
	}
}

// check finds instructions that don't stand first.
func (p *worksheetParts) check() error {
	for _, b := range p.w.Instructions {
		if at := p.r.at[b]; p.began && at > p.promptAt {
			return p.r.fail(at, "the blocks of a worksheet stand before its prompts, or in an answer")
		}
	}
	if len(p.r.definitions) > 0 {
		return &Error{p.r.definitions[0].Line, "a worksheet has no definitions of marks"}
	}
	return nil
}

func (p *worksheetParts) answer(f *fence) error {
	if err := p.r.sound(f); err != nil {
		return err
	}
	var a models.Answer
	if err := p.r.fill(f, answerShape(&a)); err != nil {
		return err
	}
	p.w.Answers = append(p.w.Answers, a)
	return nil
}

// answerShape describes the answer to a prompt, or without one to the whole worksheet.
func answerShape(a *models.Answer) shape {
	return shape{name: answersName, fields: []field{word("prompt", &a.Prompt)}, body: body{blocks: &a.Blocks}}
}

// numberWorksheet numbers the blocks of a worksheet, those of its answers too, and its prompts.
func (r *reader) numberWorksheet(w *Worksheet, firstPrompt int) error {
	n := r.numberer(1)
	if err := n.take(w.Instructions); err != nil {
		return err
	}
	for _, a := range w.Answers {
		if err := n.take(a.Blocks); err != nil {
			return err
		}
	}
	w.Instructions = n.blocks(w.Instructions)
	for i := range w.Answers {
		w.Answers[i].Blocks = n.blocks(w.Answers[i].Blocks)
	}
	if len(n.notes) > 0 {
		return &Error{r.firstLine, "a worksheet has no place for notes"}
	}
	return r.numberPrompts(w.Prompts, firstPrompt)
}
