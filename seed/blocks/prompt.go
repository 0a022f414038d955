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
	taken   models.Block // the right one of two lists, when the left one took it along
}

// fillWorksheet gives the blocks that found no place.
func (c *converter) fillWorksheet(w *models.Worksheet, blocks models.Blocks) models.Blocks {
	c.findMatching(blocks)
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

// promptRange is the part of the blocks that can be prompts with the text between them: of the runs that nothing else
// interrupts the one with the most prompts, and of equal ones the last.
func (c *converter) promptRange(blocks models.Blocks) (from, to int) {
	from, to = len(blocks), len(blocks)
	most, start, asked := 1, 0, 0
	for i := 0; i <= len(blocks); i++ {
		if i < len(blocks) && c.fits(blocks[i]) {
			asked += c.prompts(blocks[i])
			continue
		}
		if asked >= most {
			from, to, most = start, i, asked
		}
		start, asked = i+1, 0
	}
	return from, to
}

// prompts counts the prompts that a block becomes.
func (c *converter) prompts(b models.Block) int {
	if !c.asks(b) {
		return 0
	}
	if l, ok := b.(*models.List); ok && !c.facts[l].options && !checkBoxes(l) {
		return len(l.Items)
	}
	return 1
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
		return (c.facts[b].options || checkBoxes(b)) && plainItems(b) || c.facts[b].joined || isPromptList(b, 0)
	case *models.Table:
		return c.facts[b].fillIn && isGrid(b) || c.facts[b].joined
	}
	return false
}

func (f *filler) block(b, next models.Block) {
	if f.taken == b {
		return
	}
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
		if right, ok := next.(*models.List); ok && f.c.facts[b].joined {
			f.matching(lines(f.leadIn(1)...), b, right)
			f.taken = right
			return
		}
		f.list(b, f.offersOptions(b, next))
	case *models.Table:
		f.table(b)
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
		kind := models.PromptChoiceOne
		if checkBoxes(l) {
			kind = models.PromptChoiceMany
		}
		choice := &models.Choice{PromptBase: f.base(kind, lead)}
		for _, item := range l.Items {
			choice.Options = append(choice.Options, models.Text(checkBox.ReplaceAllString(string(item.Text), "")))
		}
		f.last = &choice.PromptBase
		f.add(choice)
		return
	}
	if lead == "" {
		f.w.Prompts = append(f.w.Prompts, f.items(l, l.Ordered)...)
		return
	}
	f.add(f.group(lead, l))
}

func (f *filler) group(lead models.Text, l *models.List) *models.Group {
	g := &models.Group{PromptBase: f.base(models.PromptGroup, ""), LeadIn: lead}
	g.Prompts = f.items(l, l.Ordered && !matching.MatchString(render.Plain(lead)))
	return g
}

// items makes prompts of the items of a list. They are steps when their order counts.
func (f *filler) items(l *models.List, steps bool) models.Prompts {
	var out models.Prompts
	for _, item := range l.Items {
		if sub, ok := first(item.Blocks).(*models.List); ok {
			out = append(out, f.group(item.Text, sub))
			continue
		}
		t, _ := flatItem(item)
		out = append(out, f.plain(itemKind(t, steps), t))
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
		if !ok || t == "" || isLink(t) {
			return false
		}
		kind := itemKind(t, false)
		asked = asked || kind != models.PromptField
		short = short && len(strings.Fields(render.Plain(t))) <= maxFieldWords
	}
	return asked || short
}

// isLink tells whether a text is nothing but a link.
func isLink(t models.Text) bool {
	links := render.Links(t)
	return len(links) == 1 && fold(links[0].Text) == fold(render.Plain(t))
}

// label is a lead-in that only names the list below it.
var label = regexp.MustCompile(`^\*\*[^*?]+\*\*$`)

// offersOptions tells whether a list holds answers to choose from: it is marked so, the answer stands behind it, or
// it belongs to a quiz.
func (f *filler) offersOptions(l *models.List, next models.Block) bool {
	lead := lines(f.pending...)
	answered := next != nil && isAnswers(next) && !l.Ordered && areOptions(l) && !label.MatchString(string(lead))
	if f.c.facts[l].options || checkBoxes(l) || answered {
		return true
	}
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

// checkBox finds a box to tick that begins an item.
var checkBox = regexp.MustCompile(`^\\?\[[ \x{00A0}]\\?\]\s+`)

// checkBoxes tells whether every item of a list has a box to tick.
func checkBoxes(l *models.List) bool {
	for _, item := range l.Items {
		if !checkBox.MatchString(string(item.Text)) {
			return false
		}
	}
	return len(l.Items) > 0
}

func plainItems(l *models.List) bool {
	for _, item := range l.Items {
		if item.Text == "" || len(item.Blocks) > 0 {
			return false
		}
	}
	return true
}
