package server

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// exportLimit is how many hits a file has: as many as a person looks through, and an answer of a few hundred KB.
const exportLimit = 500

// exportSearch gives the hits of a search as a file.
func (s *Server) exportSearch(c *fiber.Ctx) error {
	p := query(c, append([]string{"format", "sort"}, queryParams...)...)
	q := p.searchQuery()
	q.Limit, q.Order = exportLimit, search.Order(p.choice("sort", orderNames()...))
	if !p.has("format") {
		p.fail("format", "is required: csv or jsonl")
	}
	format := p.choice("format", "csv", "jsonl")
	if err := p.err(); err != nil {
		return err
	}
	answer, err := s.Content.Search(c.UserContext(), s.Index, q)
	if err != nil {
		return err
	}
	write, mediaType := hitsAsCSV, "text/csv; charset=utf-8"
	if format == "jsonl" {
		write, mediaType = hitsAsLines, "application/jsonl"
	}
	body, err := write(answer.Hits)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="search.`+format+`"`)
	c.Set(headerCacheTag, allTag)
	return sendCacheable(c, body)
}

func hitsAsLines(hits []content.SearchHit) ([]byte, error) {
	var out bytes.Buffer
	for _, h := range hits {
		line, err := models.Encode(h)
		if err != nil {
			return nil, err
		}
		out.Write(bytes.TrimSpace(line))
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

var csvColumns = []string{"type", "id", "title", "course", "module", "within", "path", "href", "score", "matched", "missing", "passage"}

func hitsAsCSV(hits []content.SearchHit) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{csvColumns}
	for _, h := range hits {
		rows = append(rows, []string{
			string(h.Type), string(h.ID), orEmpty(h.Title), titleOf(h.Course), titleOf(h.Module), titlesAbove(h), orEmpty(h.Path), placeOf(h), strconv.FormatFloat(h.Score, 'f', 4, 64),
			strings.Join(h.Matched, ", "), strings.Join(h.Missing, ", "), withoutMarks(h.Snippet),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = noFormula(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write hits as CSV: %w", err)
	}
	return out.Bytes(), nil
}

// noFormula keeps spreadsheets from running a text: they take one that begins so for a formula.
func noFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// withoutMarks undoes the HTML of titles and snippets, which is text and mark.
func withoutMarks(markup string) string {
	return html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(markup))
}

func orEmpty[S ~string](s *S) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

func titleOf(ref *models.Ref) string {
	if ref == nil {
		return ""
	}
	return orEmpty(ref.Title)
}

// titlesAbove are those of what a hit stands in, outermost first.
func titlesAbove(h content.SearchHit) string {
	titles := make([]string, len(h.Breadcrumbs))
	for i := range h.Breadcrumbs {
		titles[i] = titleOf(&h.Breadcrumbs[i])
	}
	return strings.Join(titles, " › ")
}

// placeOf is the address of a hit, with the heading above the passage.
func placeOf(h content.SearchHit) string {
	if h.Anchor == nil {
		return orEmpty(h.Href)
	}
	return orEmpty(h.Href) + "#" + *h.Anchor
}
