package directive

import (
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// writer writes blocks as lines of Markdown.
type writer struct {
	numbers     map[any]int                    // of blocks, and of prompts, in reading order, from 1
	notes       map[string][]models.EditorNote // by the block that they follow
	noteNumbers map[string]int                 // of the notes in their order, by id
	json        map[any][]string               // what is written as JSON, because it would not be read back exactly
}

// newWriter makes a writer of blocks and prompts that belong together.
func newWriter(parts []models.Blocks, ps models.Prompts, notes []models.EditorNote) *writer {
	w := &writer{numbers: map[any]int{}, json: map[any][]string{}}
	count := 0
	for _, bs := range parts {
		bs.Walk(func(b models.Block, _ int) bool {
			count++
			w.numbers[b] = count
			return true
		})
	}
	count = 0
	ps.Walk(func(p models.Prompt, _ int) {
		count++
		w.numbers[p] = count
	})
	w.take(notes)
	return w
}

// take makes comments of notes.
func (w *writer) take(notes []models.EditorNote) {
	w.notes, w.noteNumbers = map[string][]models.EditorNote{}, map[string]int{}
	for i, n := range notes {
		w.notes[n.After] = append(w.notes[n.After], n)
		w.noteNumbers[n.ID] = i + 1
	}
}

// Markers of lists. Two lists next to each other have different ones, or they would be one.
const (
	bullet, otherBullet = "-", "*"
	point, otherPoint   = ".", ")"
)

// blocks writes blocks with blank lines between them. Marker is that of the list in whose item they stand, if they
// begin there; forced tells that the first block has no text of the item before it, so that it needs attributes not to
// be read as that.
func (w *writer) blocks(bs models.Blocks, marker string, forced bool) []string {
	var out []string
	for _, lines := range w.each(bs, marker, forced) {
		out = append(spaced(out), lines...)
	}
	return out
}

// each writes blocks one by one, each with the notes that follow it.
func (w *writer) each(bs models.Blocks, marker string, forced bool) [][]string {
	out := make([][]string, len(bs))
	last := ""
	for i, b := range bs {
		l, isList := b.(*models.List)
		switch {
		case w.json[b] != nil:
			out[i], last = w.json[b], ""
		case isList:
			last = otherMarker(l, last)
			out[i] = w.list(l, last)
		default:
			out[i], last = w.block(b, marker, forced && i == 0), ""
		}
		if !hasBlocks(b) {
			out[i] = w.comments(out[i], b.Base().ID)
		}
	}
	return out
}

// spaced ends lines with a blank one, if there are any.
func spaced(lines []string) []string {
	if len(lines) > 0 {
		return append(lines, "")
	}
	return lines
}

// otherMarker is the marker for a list behind one with another.
func otherMarker(l *models.List, last string) string {
	markers := [2]string{bullet, otherBullet}
	if l.Ordered {
		markers = [2]string{point, otherPoint}
	}
	if last == markers[0] {
		return markers[1]
	}
	return markers[0]
}

// hasBlocks tells whether a block holds blocks: notes that follow it then stand before those.
func hasBlocks(b models.Block) bool {
	for _, inner := range models.Children(b) {
		if len(*inner) > 0 {
			return true
		}
	}
	return false
}

// comments writes the notes that follow a block.
func (w *writer) comments(out []string, after string) []string {
	for _, n := range w.notes[after] {
		lines := w.comment(n)
		if back, err := ParseSection(ended(lines), 1); err != nil || len(back.Notes) != 1 || back.Notes[0].Text != n.Text {
			lines = noteAsJSON(n)
		}
		out = append(spaced(out), lines...)
	}
	return out
}

// comment writes a note; its id stands before its text if it is not the one of its place.
func (w *writer) comment(n models.EditorNote) []string {
	text := n.Text
	if n.ID != "n"+strconv.Itoa(w.noteNumbers[n.ID]) || strings.HasPrefix(text, "{#") {
		text = braces([]attribute{{name: idAttribute, value: n.ID}}) + " " + text
	}
	if !strings.Contains(text, "\n") {
		return []string{commentOpen + " " + text + " " + commentClose}
	}
	out := append([]string{commentOpen}, strings.Split(text, "\n")...)
	return append(out, commentClose)
}

// noteAsJSON writes a note that can be no comment. A note that can't be JSON either is found out when all is read
// back.
func noteAsJSON(n models.EditorNote) []string {
	lines, _ := asJSON(jsonNote{kindNoteJSON, n})
	return lines
}

// inside writes the blocks in a block; the notes that follow the block itself stand before the first of them.
func (w *writer) inside(owner models.Block, bs *models.Blocks, marker string, forced bool) []string {
	if len(*bs) == 0 {
		return nil
	}
	var out []string
	for _, inner := range models.Children(owner) {
		if len(*inner) == 0 {
			continue
		}
		if inner == bs {
			out = w.comments(nil, owner.Base().ID)
		}
		break
	}
	if len(out) > 0 {
		marker = ""
	}
	blocks := w.blocks(*bs, marker, forced)
	return append(spaced(out), blocks...)
}

// idOf gives a block's id as an attribute, if reading would not give it by itself.
func (w *writer) idOf(b models.Block, forced bool) []attribute {
	id := b.Base().ID
	if id == "b"+strconv.Itoa(w.numbers[b]) && !forced {
		return nil
	}
	return []attribute{{name: idAttribute, value: id}}
}

// plain puts attributes before a block of plain Markdown.
func plain(as []attribute, lines ...string) []string {
	if len(as) == 0 {
		return lines
	}
	return append([]string{braces(as)}, lines...)
}

// block writes a block that is no list.
func (w *writer) block(b models.Block, marker string, forced bool) []string {
	id := w.idOf(b, false)
	switch b := b.(type) {
	case *models.Paragraph:
		return plain(w.idOf(b, forced), protectImage(protect(string(b.Text)))...)
	case *models.Heading:
		if !strings.Contains(string(b.Text), "\n") {
			return plain(id, heading(b))
		}
	case *models.Quote:
		return plain(append(id, values([]field{reference(sourceAttribute, &b.Source, models.KindSource)})...), w.quote(b)...)
	case *models.Code:
		return plain(id, fenced(b.Language, b.Code)...)
	case *models.RawHTML:
		return plain(id, fenced(htmlInfo, b.HTML)...)
	case *models.Rule:
		if marker == bullet {
			return plain(id, "***") // "- ---" would be one rule, and no list
		}
		return plain(id, "---")
	case *models.Image:
		if plainImage(b) {
			return plain(w.idOf(b, forced), "!["+b.Alt+"]("+b.URL+")")
		}
	case *models.Table:
		if rows, ok := simpleTable(b); ok && b.Caption == "" {
			return plain(id, pipeTable(rows)...)
		}
	}
	return w.directive(shapeOf(b), id, b)
}

func pipeTable(rows [][]models.Text) []string {
	out := []string{pipeRow(rows[0]), delimiters(len(rows[0]))}
	for _, row := range rows[1:] {
		out = append(out, pipeRow(row))
	}
	return out
}

// plainImage tells whether an image is no more than an address with words for those who don't see it.
func plainImage(b *models.Image) bool {
	return b.Asset == nil && !b.Decorative && b.Caption == "" && b.Link == "" &&
		!strings.ContainsAny(b.Alt, "\\&[]\n") && !strings.ContainsAny(b.URL, "\\& \t\n()<>")
}

// heading writes a heading. Its text is followed by a closing sequence where its end would be read as something else.
func heading(h *models.Heading) string {
	line := strings.Repeat("#", h.Level) + " " + protectLine(string(h.Text))
	if last := line[len(line)-1]; last == '#' || last == '}' {
		line += " " + strings.Repeat("#", h.Level)
	}
	if h.Anchor == "" {
		return line
	}
	if plainID.MatchString(h.Anchor) {
		return line + " {#" + h.Anchor + "}"
	}
	return line + " " + braces([]attribute{{name: anchorAttribute, value: h.Anchor}})
}

// fenced writes code between fences that are longer than any in it.
func fenced(info, code string) []string {
	mark := "`"
	if strings.Contains(info, mark) {
		mark = "~"
	}
	fence := strings.Repeat(mark, 3)
	for strings.Contains(code, fence) {
		fence += mark
	}
	out := []string{fence + info}
	if code != "" {
		out = append(out, strings.Split(code, "\n")...)
	}
	return append(out, fence)
}

func (w *writer) quote(q *models.Quote) []string {
	inner := w.inside(q, &q.Blocks, "", false)
	if q.Attribution != "" {
		inner = append(spaced(inner), writeText(namedText{attributionName, &q.Attribution})...)
	}
	if len(inner) == 0 {
		return []string{">"}
	}
	return prefixed(inner, "> ", "> ")
}

// prefixed puts something before each line, without spaces at the end of blank ones.
func prefixed(lines []string, first, others string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		prefix := others
		if i == 0 {
			prefix = first
		}
		if l == "" {
			prefix = strings.TrimRight(prefix, " ")
		}
		out[i] = prefix + l
	}
	return out
}

// list writes a list with a marker.
func (w *writer) list(l *models.List, marker string) []string {
	as := w.idOf(l, false)
	start := 0
	if !l.Ordered {
		as = append(as, values([]field{number(startAttribute, &l.Start)})...)
	} else {
		start = l.Start
	}
	items := make([][]string, len(l.Items))
	loose := false
	for i := range l.Items {
		items[i] = w.item(l, &l.Items[i], marker)
		for _, line := range items[i] {
			loose = loose || line == ""
		}
	}
	var out []string
	for i, lines := range items {
		if loose {
			out = spaced(out)
		}
		mark := marker
		if l.Ordered {
			mark = strconv.Itoa(start+i) + marker
		}
		if len(lines) == 0 {
			out = append(out, mark)
			continue
		}
		out = append(out, prefixed(lines, mark+" ", strings.Repeat(" ", len(mark)+1))...)
	}
	return plain(as, out...)
}

// item writes an item: its text, and below it its blocks. A list follows a text directly, as people write it.
func (w *writer) item(l *models.List, item *models.ListItem, marker string) []string {
	if item.Text == "" {
		return w.inside(l, &item.Blocks, marker, true)
	}
	out := protect(string(item.Text))
	blocks := w.inside(l, &item.Blocks, "", false)
	if len(blocks) > 0 && !startsList(blocks[0]) {
		out = append(out, "")
	}
	return append(out, blocks...)
}

// startsList tells whether a line begins a list that can follow a paragraph without a blank line.
func startsList(line string) bool {
	return strings.HasPrefix(line, bullet+" ") || strings.HasPrefix(line, "1"+point+" ")
}
