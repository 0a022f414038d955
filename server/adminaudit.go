package server

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// maxExport bounds the entries of one answer that is no JSON: some megabytes.
const maxExport = 10_000

// maxAction bounds the beginning of an action to look for, which is two words.
const maxAction = 100

// auditFormats are the values of format=.
var auditFormats = []string{"json", "jsonl", "csv"}

// audit answers with entries of the audit log, the newest first: a part of the list, or a file of it.
func (s *Server) audit(c *fiber.Ctx) error {
	p := query(c, "actor", "action", "kind", "record", "course", "since", "until", "limit", "after", "format")
	format := "json"
	if names := p.names("format", auditFormats); len(names) == 1 {
		format = names[0]
	} else if len(names) > 1 {
		p.fail("format", "takes one value")
	}
	q := store.AuditQuery{
		Actor: p.id("actor"), Action: p.values["action"], Kind: models.Kind(p.values["kind"]), Record: p.id("record"), Course: p.id("course"),
		Since: p.time("since"), Until: p.time("until"), Before: p.id("after"),
	}
	if len(q.Action) > maxAction {
		p.fail("action", fmt.Sprintf("must have at most %d bytes", maxAction))
	}
	limit := 0
	if format == "json" {
		limit = p.limit()
	} else {
		limit = int(p.whole("limit", maxExport, 1, maxExport))
	}
	if err := p.err(); err != nil {
		return err
	}
	q.Limit = limit + 1
	entries, err := s.Accounts.Audit(c.UserContext(), subject(c), q)
	if err != nil {
		return err
	}
	if format == "json" {
		return sendPart(c, entries, limit, func(e accounts.AuditEntry) models.ID { return e.ID })
	}
	return sendExport(c, format, entries, limit)
}

// time reads a moment, or a date, which begins at midnight UTC.
func (p *params) time(name string) time.Time {
	if !p.has(name) {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, p.values[name]); err == nil {
			return t.UTC()
		}
	}
	p.fail(name, "must be a time such as 2026-02-03T14:06:10Z, or a date")
	return time.Time{}
}

// sendExport answers with a file of entries. Where it goes on is in the header Link (RFC 8288).
func sendExport(c *fiber.Ctx, format string, entries []accounts.AuditEntry, limit int) error {
	if len(entries) > limit {
		entries = entries[:limit]
		next := &content.Place{Param: "after", Value: string(entries[limit-1].ID)}
		c.Set(fiber.HeaderLink, fmt.Sprintf("<%s>; rel=\"next\"", *linkTo(c, next)))
	}
	write, mediaType := writeJSONLines, "application/jsonl"
	if format == "csv" {
		write, mediaType = writeCSV, "text/csv; charset=utf-8"
	}
	body, err := write(entries)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", "audit."+format))
	return c.Send(body)
}

// writeJSONLines writes each entry as a line of JSON.
func writeJSONLines(entries []accounts.AuditEntry) ([]byte, error) {
	var out bytes.Buffer
	for _, e := range entries {
		line, err := models.Encode(e)
		if err != nil {
			return nil, err
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// auditColumns are the columns of the CSV.
var auditColumns = []string{
	"id", "at", "actor_id", "actor", "token_id", "address", "request_id", "action", "kind", "record_id", "course_id", "version", "detail",
}

// writeCSV writes entries as CSV (RFC 4180).
func writeCSV(entries []accounts.AuditEntry) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{auditColumns}
	for _, e := range entries {
		detail, err := models.Encode(e.Detail)
		if err != nil {
			return nil, err
		}
		version := ""
		if e.Version != nil {
			version = strconv.FormatInt(*e.Version, 10)
		}
		rows = append(rows, []string{
			string(e.ID), e.At.Format(time.RFC3339Nano), text(e.ActorID), inert(e.Actor), text(e.TokenID), inert(e.Address), inert(e.RequestID),
			inert(e.Action), inert(string(e.Kind)), text(e.RecordID), text(e.CourseID), version, inert(string(detail)),
		})
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

func text(id *models.ID) string {
	if id == nil {
		return ""
	}
	return string(*id)
}

// inert makes a text do nothing in a spreadsheet: what begins like a formula gets an apostrophe before it, behind white
// space as well (OWASP, CSV Injection).
func inert(s string) string {
	if first := strings.TrimLeftFunc(s, unicode.IsSpace); first != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}
