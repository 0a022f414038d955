package blocks

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// table adds the prompts that a table is made of: a scale for statements, a space to write or draw in for each cell,
// two lists to be joined, and else a grid.
func (f *filler) table(t *models.Table) {
	f.c.out.Problems = append(f.c.out.Problems, f.c.facts[t].spans...)
	lead := f.leadIn(1)
	if t.Caption != "" {
		lead = append(lead, t.Caption)
	}
	switch {
	case f.c.facts[t].joined:
		f.matching(lines(append(lead, headTexts(t)...)...), listOf(t.Rows[0][0]), listOf(t.Rows[0][1]))
	case isRating(t):
		f.rating(t, lead)
	case f.c.facts[t].height > 0 && asksToDraw(t):
		f.add(f.plain(models.PromptDrawing, lines(append(lead, headTexts(t)...)...)))
	case f.c.facts[t].height > 0 && len(t.Head) == 0 && (oneColumn(t) || !hasBlank(t)):
		f.cells(t, lines(lead...))
	default:
		f.grid(t, lead)
	}
}

// scaleWord is what the steps of a scale are called; signs and numbers are steps too.
var scaleWord = regexp.MustCompile(`(?i)^(?:(?:strongly|mostly|somewhat|partly|fully|slightly|completely|almost|neither|very|not|a|at|no|yes|so|too) )*` +
	`(?:agree|disagree|agree (?:n?or) disagree|neutral|undecided|never|rarely|seldom|sometimes|often|usually|always|most of the time|` +
	`yes|no|maybe|sure|unsure|true|false|poor|fair|good|excellent|bad|low|medium|moderate|high|none|little|some|lot|much|well|all|` +
	`likely|unlikely|important|unimportant|confident|satisfied|dissatisfied|beginner|intermediate|advanced|n/a|applicable|don[’']t know)$`)

// large are numbers that no scale goes up to: years for instance.
var large = regexp.MustCompile(`\d{3}`)

func isScaleStep(t models.Text) bool {
	s := fold(render.Plain(t))
	sign := !strings.ContainsFunc(s, unicode.IsLetter) && !large.MatchString(s)
	return s != "" && (sign || scaleWord.MatchString(s))
}

// minScale is the fewest steps of a scale.
const minScale = 2

// isRating tells whether a table places statements on a scale: one head row of which all but the first cell are steps,
// and rows of a statement and blank cells.
func isRating(t *models.Table) bool {
	if len(t.Head) != 1 || len(t.Head[0]) < minScale+1 || spans(t) {
		return false
	}
	for _, step := range flatCells(t.Head[0])[1:] {
		if !isScaleStep(step) {
			return false
		}
	}
	for _, row := range t.Rows {
		cells := flatCells(row)
		if len(cells) != len(t.Head[0]) || blank(cells[0]) {
			return false
		}
		for _, cell := range cells[1:] {
			if !blank(cell) {
				return false
			}
		}
	}
	return true
}

// spans tells whether a cell takes the place of several.
func spans(t *models.Table) bool {
	for _, rows := range [][][]models.Cell{t.Head, t.Rows} {
		for _, row := range rows {
			for _, c := range row {
				if c.Colspan > 1 || c.Rowspan > 1 {
					return true
				}
			}
		}
	}
	return false
}

// rating adds statements on a scale. What the column of the statements is called leads in.
func (f *filler) rating(t *models.Table, lead []models.Text) {
	head := flatCells(t.Head[0])
	r := &models.Rating{PromptBase: f.base(models.PromptRating, lines(append(lead, head[0])...)), Scale: head[1:]}
	for _, row := range t.Rows {
		r.Statements = append(r.Statements, flatCells(row)[0])
	}
	f.last = &r.PromptBase
	f.add(r)
}

// headTexts gives the texts of the head of a table.
func headTexts(t *models.Table) []models.Text {
	var out []models.Text
	for _, row := range t.Head {
		out = append(out, flatCells(row)...)
	}
	return out
}

// drawn begins what asks for a drawing. "Describe it, or draw it" leaves the choice, and a space to write holds both.
var drawn = regexp.MustCompile(`(?i)(?:^|[.!?:]\s+)(?:please\s+|now\s+)?(?:draw|sketch)\b`)

// asksToDraw tells whether a table is one blank cell whose head asks for a drawing.
func asksToDraw(t *models.Table) bool {
	return len(t.Head) == 1 && len(t.Head[0]) == 1 && len(t.Rows) == 1 && oneColumn(t) && blank(flatCells(t.Rows[0])[0]) &&
		drawn.MatchString(fold(render.Plain(flatCells(t.Head[0])[0])))
}

// cells adds a prompt for every cell of a table: a choice where the cell offers one, else room to draw or write. A
// blank cell is the room for the text before it, and what leads in belongs to the first.
func (f *filler) cells(t *models.Table, lead models.Text) {
	text, led := lead, true // led: nothing but the lead-in waits
	flush := func() {
		if text != "" && !led {
			f.space(text, f.c.facts[t].height)
			text = ""
		}
		led = false
	}
	for _, row := range t.Rows {
		for _, cell := range row {
			here, _ := flatCell(cell)
			asked, l := choiceIn(cell)
			switch {
			case blank(here):
				f.space(text, f.c.facts[t].height)
				text, led = "", false
			case l != nil:
				flush()
				f.choice(lines(text, asked), l)
				text = ""
			default:
				flush()
				text = lines(text, here)
			}
		}
	}
	flush()
}

// space adds room to write or to draw in.
func (f *filler) space(text models.Text, height int) {
	if drawn.MatchString(fold(render.Plain(text))) {
		f.add(f.plain(models.PromptDrawing, text))
		return
	}
	p := &models.FreeSpace{PromptBase: f.base(models.PromptFreeSpace, text), Height: &height}
	f.last = &p.PromptBase
	f.add(p)
}

// choosing finds what asks to choose from a list.
var choosing = regexp.MustCompile(`(?i)\b(?:select|choose|check|tick|mark|circle|pick)\b`)

// several says that more than one may be chosen.
var several = regexp.MustCompile(`(?i)\b(?:all|any|several|as many)\b`)

// choiceIn gives the list to choose from that a cell holds, with the words that say so; nil for any other cell.
func choiceIn(cell models.Cell) (models.Text, *models.List) {
	if len(cell.Blocks) != 2 {
		return "", nil
	}
	asked, isText := cell.Blocks[0].(*models.Paragraph)
	l, isList := cell.Blocks[1].(*models.List)
	if !isText || !isList || !choosing.MatchString(render.Plain(asked.Text)) || !plainItems(l) {
		return "", nil
	}
	return asked.Text, l
}

func (f *filler) choice(asked models.Text, l *models.List) {
	kind := models.PromptChoiceOne
	if several.MatchString(render.Plain(asked)) {
		kind = models.PromptChoiceMany
	}
	choice := &models.Choice{PromptBase: f.base(kind, asked), Options: itemTexts(l)}
	f.last = &choice.PromptBase
	f.add(choice)
}

func itemTexts(l *models.List) []models.Text {
	out := make([]models.Text, len(l.Items))
	for i, item := range l.Items {
		out[i], _ = flatItem(item) // who asks has seen that they are flat
	}
	return out
}

func hasBlank(t *models.Table) bool {
	for _, row := range t.Rows {
		for _, cell := range flatCells(row) {
			if blank(cell) {
				return true
			}
		}
	}
	return false
}
