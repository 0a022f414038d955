package seed

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/coverage"
)

// cover finds what of a page is in no record and in no warning. That becomes warnings, so that nothing is dropped in
// silence; what is only looks is listed in the report.
func (s *Site) cover(m *Module, parent, sec *Section, text string) (looks []Piece) {
	warned := map[int][]string{}
	for _, w := range s.Warnings[sec.warnings:] {
		if w.Path == sec.Key {
			warned[w.Line] = append(warned[w.Line], w.Message)
		}
	}
	for _, p := range coverage.Uncovered(coverage.Page{Source: text, Held: held(m, parent, sec), Warned: warned}) {
		if p.Presentation {
			looks = append(looks, Piece{p.Line, strings.Clone(p.Text)}) // the page's text is not kept for a few bytes of it
			continue
		}
		s.Warn(sec.Key, p.Line, fmt.Sprintf("no record holds %q", p.Text))
	}
	return looks
}

// held gathers what the records of a page hold of its source, each thing once: what is made of another field (slugs,
// ids of videos, the fields of works) is left out.
func held(m *Module, parent, s *Section) []string {
	h := holder{}
	h.add(joinNumber(s.Record.Number, s.Record.Title))
	for key, value := range s.said {
		switch key { // what these say is in fields of records
		case "module_name":
			h.add(m.Key)
		case "module_full_name":
			h.add(m.Record.Title)
		case "section":
			if parent != nil {
				h.add(joinNumber(parent.Record.Number, parent.Record.Title))
			}
		case "title":
		default:
			h.add(value)
		}
	}
	h.add(s.includes...)
	for key, value := range s.Record.Extra {
		h.add(key)
		h.json(value)
	}
	h.blocks(s.Record.Blocks)
	for _, c := range s.Record.Citations {
		h.add(c.Label)
		h.text(c.Written)
	}
	for _, n := range s.Record.EditorNotes {
		h.add(n.Text)
	}
	for _, w := range s.Worksheets {
		h.worksheet(w)
	}
	return h.out
}

type holder struct{ out []string }

func (h *holder) add(texts ...string) { h.out = append(h.out, texts...) }

// text adds a text, with the addresses of links as they were written.
func (h *holder) text(t models.Text) {
	h.add(string(render.MapLinks(t, func(url string) string {
		if l, ok := render.ParseRecordLink(url); ok {
			return l.Written
		}
		return ""
	})))
}

// json adds the strings and numbers of a value, and the keys.
func (h *holder) json(raw []byte) {
	for dec := jsontext.NewDecoder(bytes.NewReader(raw)); ; {
		token, err := dec.ReadToken()
		if err != nil {
			return
		}
		switch token.Kind() {
		case '"', '0', 't', 'f':
			h.add(token.String())
		}
	}
}

func (h *holder) blocks(bs models.Blocks) {
	bs.Walk(func(b models.Block, _ int) bool {
		for _, text := range models.Texts(b) {
			h.text(*text)
		}
		h.block(b)
		return true
	})
}

// block adds what a block has besides its texts.
func (h *holder) block(b models.Block) {
	switch b := b.(type) {
	case *models.Heading:
		h.add(b.Anchor)
	case *models.Box:
		h.add(b.OriginClass)
	case *models.Table:
		for _, row := range slices.Concat(b.Head, b.Rows) {
			for _, c := range row {
				h.number(c.Colspan, 1)
				h.number(c.Rowspan, 1)
			}
		}
	case *models.List:
		if b.Ordered {
			h.number(b.Start, 1)
		}
	case *models.Image:
		h.add(b.URL, b.Alt, b.Link)
	case *models.Video:
		h.add(b.URL, b.Title)
		if b.Duration != nil {
			h.add(clock(*b.Duration))
		}
	case *models.Embed:
		h.add(b.URL, b.Title)
	case *models.Download:
		h.add(b.URL)
	case *models.Code:
		h.add(b.Language, b.Code)
	case *models.RawHTML:
		h.add(b.HTML)
	}
}

// number adds a number that is not the usual one.
func (h *holder) number(n, usual int) {
	if n != usual {
		h.add(strconv.Itoa(n))
	}
}

func (h *holder) worksheet(w *models.Worksheet) {
	if w.Title != "" || w.Number != "" {
		h.add(w.Label())
	}
	if w.Document != nil {
		h.add(w.Document.URL)
		h.text(w.Document.Label)
	}
	h.blocks(w.Instructions)
	w.Prompts.Walk(func(p models.Prompt, _ int) {
		for _, text := range models.PromptTexts(p) {
			h.text(*text)
		}
	})
	for _, a := range w.AnswerKey {
		h.blocks(a.Blocks)
	}
}

// clock writes a running time as pages have it: 7:44, or 1:02:03.
func clock(seconds int) string {
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}
