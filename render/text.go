package render

import (
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Lookup finds the worksheets and fragments that blocks refer to; nil for ones that aren't there (or not live).
type Lookup func(ref models.Ref) models.Record

// withoutWorksheets finds no worksheets: one that showed worksheets could show itself.
func (find Lookup) withoutWorksheets() Lookup {
	return func(ref models.Ref) models.Record {
		if ref.Type == models.KindWorksheet {
			return nil
		}
		return find(ref)
	}
}

// NoLookup finds nothing: references are left out.
func NoLookup(models.Ref) models.Record { return nil }

// Span says which block a part of a plain text comes from.
type Span struct {
	Start   int    // byte offset in the text; the part ends where the next one begins
	BlockID string // of the innermost block with text of its own
	Anchor  string // of the nearest heading before it; "" above the first
}

// Text gives what a reader reads of blocks, one line for each paragraph, item, cell or title, with nothing but words
// of the author's: marks of citations and alternative texts are left out. Worksheets and fragments are read out where
// they stand. Spans lead from a place in the text to its block: for those, to their place in bs, which is what a
// reader finds.
func Text(bs models.Blocks, find Lookup) (string, []Span) {
	w := textWriter{find: find, anchors: anchors{}}
	w.blocks(bs)
	return w.out.String(), w.spans
}

// WorksheetText reads out a worksheet: its label, instructions and prompts.
func WorksheetText(ws *models.Worksheet, find Lookup) string {
	w := textWriter{find: find.withoutWorksheets(), anchors: anchors{}}
	w.worksheet(ws)
	return w.out.String()
}

type textWriter struct {
	out     strings.Builder
	spans   []Span
	find    Lookup
	block   string
	anchor  string
	anchors anchors
}

func (w *textWriter) blocks(bs models.Blocks) {
	for _, b := range bs {
		w.one(b)
	}
}

func (w *textWriter) line(s string) {
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	if n := len(w.spans); n == 0 || w.spans[n-1].BlockID != w.block || w.spans[n-1].Anchor != w.anchor {
		w.spans = append(w.spans, Span{Start: w.out.Len(), BlockID: w.block, Anchor: w.anchor})
	}
	w.out.WriteString(s)
	w.out.WriteByte('\n')
}

func (w *textWriter) text(t models.Text) {
	if t != "" {
		w.line(Plain(t))
	}
}

func (w *textWriter) one(b models.Block) {
	outer := w.block
	w.block = b.Base().ID
	defer func() { w.block = outer }()
	switch b := b.(type) {
	case *models.Heading:
		w.anchor = w.anchors.take(Anchor(b))
		w.text(b.Text)
	case *models.Quote:
		w.blocks(b.Blocks)
		w.text(b.Attribution)
	case *models.List:
		for i := range b.Items {
			w.text(b.Items[i].Text)
			w.blocks(b.Items[i].Blocks)
		}
	case *models.Table:
		w.text(b.Caption)
		w.rows(b.Head)
		w.rows(b.Rows)
	case *models.Box, *models.Disclosure:
		w.texts(b)
		for _, children := range models.Children(b) {
			w.blocks(*children)
		}
	case *models.Video:
		w.texts(b)
		if b.Duration != nil {
			w.line(Clock(*b.Duration))
		}
	case *models.Code:
		w.line(b.Code)
	case *models.RawHTML:
		w.line(htmlText(b.HTML))
	case *models.WorksheetUse:
		if b.Worksheet == nil {
			return
		}
		if ws, ok := w.find(b.Worksheet.Key()).(*models.Worksheet); ok {
			w.line(WorksheetText(ws, w.find))
		}
	case *models.FragmentUse:
		if b.Fragment == nil {
			return
		}
		if f, ok := w.find(b.Fragment.Key()).(*models.Fragment); ok {
			text, _ := Text(f.Blocks, w.find)
			w.line(text)
		}
	default:
		w.texts(b)
	}
}

func (w *textWriter) texts(b models.Block) {
	for _, t := range models.Texts(b) {
		w.text(*t)
	}
}

func (w *textWriter) rows(rows [][]models.Cell) {
	for _, row := range rows {
		for i := range row {
			w.text(row[i].Text)
			w.blocks(row[i].Blocks)
		}
	}
}

func (w *textWriter) worksheet(ws *models.Worksheet) {
	w.line(ws.Label())
	w.blocks(ws.Instructions)
	ws.Prompts.Walk(func(p models.Prompt, _ int) {
		for _, t := range models.PromptTexts(p) {
			w.text(*t)
		}
	})
}
