package blocks

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// Limits of what is taken for a prompt.
const (
	maxFieldWords = 14 // a longer bullet without a question is text
	maxGroupDepth = 2  // of lists in lists
)

// filler puts the blocks of an exercise into a worksheet, in order: instructions, then prompts. Text between prompts
// becomes the lead-in of the next ones, text behind the last its help.
type filler struct {
	c       *converter
	w       *models.Worksheet
	pending []models.Text
	last    *models.PromptBase // the prompt read last
	count   int
}

// fillWorksheet gives the blocks that found no place.
func (c *converter) fillWorksheet(w *models.Worksheet, blocks models.Blocks) models.Blocks {
	from, to := c.promptRange(blocks)
	w.Instructions = append(w.Instructions, blocks[:from]...)
	f := filler{c: c, w: w}
	for i, b := range blocks[from:to] {
		var next models.Block
		if from+i+1 < to {
			next = blocks[from+i+1]
		}
		f.block(b, next)
	}
	f.finish()
	return blocks[to:]
}

// promptRange is the part of the blocks that can be prompts with the text between them: behind the last block that is
// neither and has prompts behind it, and before the first such block behind all prompts.
func (c *converter) promptRange(blocks models.Blocks) (from, to int) {
	last := -1
	for i, b := range blocks {
		if c.asks(b) {
			last = i
		}
	}
	if last < 0 {
		return len(blocks), len(blocks)
	}
	to = len(blocks)
	for i, b := range blocks {
		if c.fits(b) {
			continue
		}
		if i < last {
			from = i + 1
			continue
		}
		to = i
		break
	}
	return from, to
}

// fits tells whether a block can stand among prompts.
func (c *converter) fits(b models.Block) bool {
	switch b.(type) {
	case *models.Paragraph, *comment:
		return true
	}
	return c.asks(b) || isAnswers(b)
}

// asks tells whether a block is a prompt or several.
func (c *converter) asks(b models.Block) bool {
	switch b := b.(type) {
	case *models.Paragraph:
		return isQuestion(b.Text) || strings.Contains(render.Plain(b.Text), gap)
	case *models.List:
		return c.facts[b].options && plainItems(b) || isPromptList(b, 0)
	case *models.Table:
		return c.facts[b].fillIn && isGrid(b)
	}
	return false
}

func (f *filler) block(b, next models.Block) {
	switch b := b.(type) {
	case *comment:
		f.w.Instructions = append(f.w.Instructions, b)
	case *models.Paragraph:
		_, paragraph := next.(*models.Paragraph)
		if !f.c.asks(b) || next != nil && !paragraph && f.c.asks(next) {
			f.pending = append(f.pending, b.Text)
			return
		}
		kind := models.PromptQuestion
		if strings.Contains(render.Plain(b.Text), gap) {
			kind = models.PromptBlank
		}
		f.add(f.plain(kind, lines(append(f.leadIn(0), b.Text)...)))
	case *models.List:
		f.list(b, f.offersOptions(b, next))
	case *models.Table:
		f.grid(b)
	case *models.Disclosure:
		f.w.AnswerKey = append(f.w.AnswerKey, models.Answer{Prompt: f.lastID(), Blocks: models.Blocks{b}})
	}
}

// leadIn takes the text that waits for the next prompt. Before the first prompt only the last so many paragraphs
// lead in; the others are instructions.
func (f *filler) leadIn(paragraphs int) []models.Text {
	texts := f.pending
	f.pending = nil
	if f.last != nil {
		return texts
	}
	split := max(0, len(texts)-paragraphs)
	for _, t := range texts[:split] {
		f.w.Instructions = append(f.w.Instructions, &models.Paragraph{Text: t})
	}
	return texts[split:]
}

// finish puts the text behind the last prompt where it is still read last.
func (f *filler) finish() {
	if f.last == nil {
		f.leadIn(0)
		return
	}
	f.last.Help = lines(f.pending...)
	if len(f.w.AnswerKey) == 1 && f.w.AnswerKey[0].Prompt == f.last.ID && f.count > 1 {
		f.w.AnswerKey[0].Prompt = "" // one key to all of them
	}
}

func (f *filler) add(p models.Prompt) { f.w.Prompts = append(f.w.Prompts, p) }

func (f *filler) lastID() string {
	if f.last == nil {
		return ""
	}
	return f.last.ID
}

// base makes what every prompt has, with the next id.
func (f *filler) base(kind models.PromptKind, t models.Text) models.PromptBase {
	f.count++
	return models.PromptBase{ID: "p" + strconv.Itoa(f.count), Kind: kind, Text: t}
}

func (f *filler) plain(kind models.PromptKind, t models.Text) *models.PlainPrompt {
	p := &models.PlainPrompt{PromptBase: f.base(kind, t)}
	f.last = &p.PromptBase
	return p
}

// list adds the prompts of a list: options of one choice, or prompts in a group when text leads in.
func (f *filler) list(l *models.List, options bool) {
	lead := lines(f.leadIn(1)...)
	if options && plainItems(l) {
		choice := &models.Choice{PromptBase: f.base(models.PromptChoiceOne, lead)}
		for _, item := range l.Items {
			choice.Options = append(choice.Options, item.Text)
		}
		f.last = &choice.PromptBase
		f.add(choice)
		return
	}
	if lead == "" {
		f.w.Prompts = append(f.w.Prompts, f.items(l)...)
		return
	}
	f.add(f.group(lead, l))
}

func (f *filler) group(lead models.Text, l *models.List) *models.Group {
	g := &models.Group{PromptBase: f.base(models.PromptGroup, ""), LeadIn: lead}
	g.Prompts = f.items(l)
	return g
}

func (f *filler) items(l *models.List) models.Prompts {
	var out models.Prompts
	for _, item := range l.Items {
		if sub, ok := first(item.Blocks).(*models.List); ok {
			out = append(out, f.group(item.Text, sub))
			continue
		}
		t, _ := flatItem(item)
		out = append(out, f.plain(itemKind(t, l.Ordered), t))
	}
	return out
}

var (
	unfinished = regexp.MustCompile(`(?:\.\.+|…)[”"’)]?$`)
	asking     = regexp.MustCompile(`\?[”"’)]*$`)
	sentences  = regexp.MustCompile(`[^.?!]+[.?!]+`)
)

// itemKind says what a bullet asks for.
func itemKind(t models.Text, ordered bool) models.PromptKind {
	plain := fold(render.Plain(t))
	switch {
	case strings.Contains(plain, gap):
		return models.PromptBlank
	case unfinished.MatchString(plain):
		return models.PromptSentenceStart
	case asking.MatchString(plain):
		return models.PromptQuestion
	case ordered:
		return models.PromptStep
	}
	return models.PromptField
}

// isQuestion tells whether a paragraph asks: it ends in a question, or consists of questions for the most part.
func isQuestion(t models.Text) bool {
	plain := fold(render.Plain(t))
	if asking.MatchString(plain) {
		return true
	}
	all := sentences.FindAllString(plain, -1)
	asked := 0
	for _, s := range all {
		if strings.HasSuffix(s, "?") {
			asked++
		}
	}
	return asked > 0 && asked*2 >= len(all)
}

// isPromptList tells whether every item of a list can be a prompt, and at least one asks for something.
func isPromptList(l *models.List, depth int) bool {
	asked, short := l.Ordered, true
	for _, item := range l.Items {
		if sub, ok := first(item.Blocks).(*models.List); ok && len(item.Blocks) == 1 && item.Text != "" {
			if depth+1 >= maxGroupDepth || !isPromptList(sub, depth+1) {
				return false
			}
			asked = true
			continue
		}
		t, ok := flatItem(item)
		if !ok || t == "" {
			return false
		}
		kind := itemKind(t, false)
		asked = asked || kind != models.PromptField
		short = short && len(strings.Fields(render.Plain(t))) <= maxFieldWords
	}
	return asked || short
}

var matching = regexp.MustCompile(`(?i)\bmatch\b`)

// offersOptions tells whether a list holds answers to choose from: it is marked so, the answer stands behind it, or
// it belongs to a quiz.
func (f *filler) offersOptions(l *models.List, next models.Block) bool {
	if f.c.facts[l].options || next != nil && isAnswers(next) && !l.Ordered && areOptions(l) {
		return true
	}
	lead := lines(f.pending...)
	return f.w.Word == models.WordQuiz && lead != "" && areOptions(l) && !matching.MatchString(render.Plain(lead))
}

// areOptions tells whether the items of a list are answers to choose from, not prompts.
func areOptions(l *models.List) bool {
	for _, item := range l.Items {
		if itemKind(item.Text, false) != models.PromptField {
			return false
		}
	}
	return len(l.Items) > 1
}

func plainItems(l *models.List) bool {
	for _, item := range l.Items {
		if item.Text == "" || len(item.Blocks) > 0 {
			return false
		}
	}
	return true
}

// flatItem gives an item as one text, if it holds nothing but text.
func flatItem(item models.ListItem) (models.Text, bool) {
	rest, ok := flat(item.Blocks)
	return lines(item.Text, rest), ok
}

// flat gives blocks as one text with line breaks, if they are nothing but text.
func flat(blocks models.Blocks) (models.Text, bool) {
	var texts []models.Text
	for _, b := range blocks {
		switch b := b.(type) {
		case *models.Paragraph:
			texts = append(texts, b.Text)
		case *models.List:
			for _, item := range b.Items {
				t, ok := flatItem(item)
				if !ok {
					return "", false
				}
				texts = append(texts, t)
			}
		default:
			return "", false
		}
	}
	return lines(texts...), true
}

// lines joins texts with line breaks.
func lines(texts ...models.Text) models.Text {
	var out models.Text
	for _, t := range texts {
		switch {
		case t == "":
		case out == "":
			out = t
		default:
			out += "\\\n" + t
		}
	}
	return out
}

var answersLabel = regexp.MustCompile(`(?i)^(show |see |check |your )?(the )?(correct )?answers?( key)?\b`)

// isAnswers tells whether a block hides the answers to prompts.
func isAnswers(b models.Block) bool {
	d, ok := b.(*models.Disclosure)
	return ok && answersLabel.MatchString(render.Plain(d.Label))
}
