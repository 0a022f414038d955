package server

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"unicode"
)

// csvOf writes rows as CSV (RFC 4180). No cell does anything in a spreadsheet.
func csvOf(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, row := range rows {
		for i := range row {
			row[i] = inert(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return out.Bytes(), nil
}

// inert makes a text do nothing in a spreadsheet: what begins like a formula gets an apostrophe before it, behind white
// space as well (OWASP, CSV Injection).
func inert(s string) string {
	if first := strings.TrimLeftFunc(s, unicode.IsSpace); first != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}

// text is a text that may be absent.
func text[S ~string](s *S) string {
	if s == nil {
		return ""
	}
	return string(*s)
}
