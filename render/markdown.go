package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Markdown renders a section as CommonMark with GFM tables and footnotes ([^label]). It is a reading form for front
// ends and people: what Markdown has no word for (boxes, videos, worksheets) becomes what reads best, so it is not
// the way to carry records elsewhere.
func Markdown(s *models.Section, find Lookup) string {
	m := markdown{find: find}
	m.blocks(s.Blocks)
	for _, c := range s.Citations {
		m.para("[^" + c.Label + "]: " + guard(c.Written))
	}
	return m.out.String()
}

// WorksheetMarkdown renders a worksheet alone.
func WorksheetMarkdown(ws *models.Worksheet, find Lookup) string {
	m := markdown{find: find.withoutWorksheets()}
	m.worksheet(ws)
	return m.out.String()
}

type markdown struct {
	out  strings.Builder
	find Lookup
}

func (m *markdown) blocks(bs models.Blocks) {
	for _, b := range bs {
		m.block(b)
	}
}

// para writes one block of Markdown with a blank line before it, or nothing for an empty one.
func (m *markdown) para(s string) {
	if s = strings.Trim(s, "\n"); s == "" {
		return
	}
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	m.out.WriteString(s)
	m.out.WriteByte('\n')
}

// inside renders blocks on their own and gives each line a prefix.
func (m *markdown) inside(prefix string, write func(*markdown)) string {
	inner := markdown{find: m.find}
	write(&inner)
	lines := strings.Split(strings.Trim(inner.out.String(), "\n"), "\n")
	for i, line := range lines {
		lines[i] = prefix + line
		if line == "" {
			lines[i] = strings.TrimRight(prefix, " ")
		}
	}
	return strings.Join(lines, "\n")
}

func (m *markdown) quoted(write func(*markdown)) {
	m.para(m.inside("> ", write))
}

func (m *markdown) block(b models.Block) {
	switch b := b.(type) {
	case *models.Heading:
		m.para(strings.Repeat("#", min(max(b.Level, 2), 6)) + " " + headingText(b.Text))
	case *models.Paragraph:
		m.para(guard(b.Text))
	case *models.List:
		m.list(b)
	case *models.Quote:
		m.quoted(func(in *markdown) {
			in.blocks(b.Blocks)
			if b.Attribution != "" {
				in.para("— " + guard(b.Attribution))
			}
		})
	case *models.Definition:
		m.para(guard(b.Text))
	case *models.Box:
		m.titled(b.Title, b.Blocks)
	case *models.Disclosure:
		m.titled(b.Label, b.Blocks)
	case *models.Table:
		m.table(b)
	case *models.Code:
		fence := "```"
		for strings.Contains(b.Code, fence) {
			fence += "`"
		}
		m.para(fence + b.Language + "\n" + strings.TrimSuffix(b.Code, "\n") + "\n" + fence)
	case *models.Rule:
		m.para("---")
	case *models.RawHTML:
		m.para(Sanitise(b.HTML))
	case *models.WorksheetUse:
		if b.Worksheet == nil {
			return
		}
		if ws, ok := m.find(b.Worksheet.Key()).(*models.Worksheet); ok {
			m.quoted(func(in *markdown) { in.out.WriteString(WorksheetMarkdown(ws, m.find)) })
		}
	case *models.FragmentUse:
		if b.Fragment == nil {
			return
		}
		if f, ok := m.find(b.Fragment.Key()).(*models.Fragment); ok {
			m.blocks(f.Blocks)
		}
	default:
		m.media(b)
	}
}

func (m *markdown) titled(title models.Text, blocks models.Blocks) {
	m.quoted(func(in *markdown) {
		if title != "" {
			in.para("**" + strings.TrimSpace(guard(title)) + "**")
		}
		in.blocks(blocks)
	})
}

func (m *markdown) list(b *models.List) {
	items := make([]string, len(b.Items))
	for i, item := range b.Items {
		bullet := "- "
		if b.Ordered {
			bullet = strconv.Itoa(b.Start+i) + ". "
		}
		indent := strings.Repeat(" ", len(bullet))
		body := m.inside(indent, func(in *markdown) {
			in.para(guard(item.Text))
			in.blocks(item.Blocks)
		})
		items[i] = bullet + strings.TrimPrefix(body, indent)
	}
	m.para(strings.Join(items, "\n"))
}

func (m *markdown) bullets(texts []models.Text) {
	list := models.List{}
	for _, t := range texts {
		list.Items = append(list.Items, models.ListItem{Text: t})
	}
	m.list(&list)
}

// table writes a GFM table: spans are lost, blocks in cells become their text on one line.
func (m *markdown) table(b *models.Table) {
	m.para(guard(b.Caption))
	width := 0
	rows := append(append([][]models.Cell{}, b.Head...), b.Rows...)
	for _, row := range rows {
		width = max(width, len(row))
	}
	if width == 0 {
		return
	}
	if len(b.Head) == 0 {
		rows = append([][]models.Cell{make([]models.Cell, width)}, rows...)
	}
	var out strings.Builder
	for i, row := range rows {
		out.WriteString("|")
		for c := range width {
			text := ""
			if c < len(row) {
				text = m.cell(row[c])
			}
			out.WriteString(" " + text + " |")
		}
		out.WriteString("\n")
		if i == 0 {
			out.WriteString("|" + strings.Repeat(" --- |", width) + "\n")
		}
	}
	m.para(out.String())
}

func (m *markdown) cell(c models.Cell) string {
	text := oneLine(c.Text)
	if len(c.Blocks) > 0 {
		inner, _ := Text(c.Blocks, m.find)
		text = strings.TrimSpace(text + " " + oneLine(plainToText(inner)))
	}
	return strings.ReplaceAll(text, "|", `\|`)
}

// fileURL is the address of an asset's file, or the one that is written where there is no such asset.
func (m *markdown) fileURL(asset *models.Ref, written string) string {
	if asset != nil && m.find(asset.Key()) != nil {
		return models.FileHref(asset.ID)
	}
	return written
}

func (m *markdown) media(b models.Block) {
	switch b := b.(type) {
	case *models.Image:
		m.para("![" + string(plainToText(b.Alt)) + "](" + destination(m.fileURL(b.Asset, b.URL)) + ")")
		m.para(guard(b.Caption))
	case *models.Video:
		title := b.Title
		if title == "" {
			title = "Video"
		}
		m.para("[" + string(plainToText(title)) + "](" + destination(b.URL) + ")")
		m.para(guard(b.Credit))
		m.para(guard(b.Caption))
		if b.Duration != nil {
			m.para(Clock(*b.Duration))
		}
	case *models.Embed:
		m.para("[" + string(plainToText(embedTitle(b))) + "](" + destination(b.URL) + ")")
	case *models.Download:
		address := m.fileURL(b.Asset, b.URL)
		label := b.Label
		if label == "" {
			label = plainToText(address)
		}
		m.para("[" + oneLine(label) + "](" + destination(address) + ")")
	}
}

func (m *markdown) worksheet(ws *models.Worksheet) {
	m.para("**" + string(plainToText(ws.Label())) + "**")
	m.blocks(ws.Instructions)
	for _, p := range ws.Prompts {
		m.prompt(p)
	}
	if d := ws.Document; d != nil {
		label := string(d.Label)
		if label == "" {
			label = "Document"
		}
		if address := m.fileURL(d.Asset, d.URL); address != "" {
			m.para(fmt.Sprintf("[%s](%s)", label, destination(address)))
		}
	}
}
