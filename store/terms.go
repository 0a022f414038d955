package store

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// termRow is a row of the index of words that records have several of, or deep in their JSON.
type termRow struct {
	Kind     models.Kind
	RecordID models.ID
	Field    string
	Value    string
}

// terms lists the rows of a record.
func terms(r models.Record) []termRow {
	var out []termRow
	seen := map[string]bool{}
	add := func(field string, values ...string) {
		for _, v := range values {
			if v != "" && !seen[field+" "+v] {
				seen[field+" "+v] = true
				out = append(out, termRow{r.Kind(), r.Base().ID, field, v})
			}
		}
	}
	switch r := r.(type) {
	case *models.Module:
		add("audience", r.Audience...)
		add("level", r.Level...)
		add("subjects", r.Subjects...)
		add("keywords", r.Keywords...)
	case *models.Source:
		add("type", r.CSL.Type)
		if year, ok := yearOf(r.CSL.Issued); ok {
			add("year", year)
		}
	case *models.Asset:
		add("media_type", r.File.MediaType)
	}
	return out
}

// hasTerms tells whether records of a kind are found by terms.
func hasTerms(kind models.Kind) bool {
	return slices.ContainsFunc(fields[kind], func(f Field) bool { return f.Index == termsIndex })
}

// yearOf is the year of a date in four digits, so that years sort as text.
func yearOf(d *models.CSLDate) (string, bool) {
	if d == nil || len(d.DateParts) == 0 || len(d.DateParts[0]) == 0 || d.DateParts[0][0] < 0 || d.DateParts[0][0] > 9999 {
		return "", false
	}
	return fmt.Sprintf("%04d", d.DateParts[0][0]), true
}

// setTerms saves the terms of a record in the place of those that it had.
func (s *Side) setTerms(r models.Record) error {
	if !hasTerms(r.Kind()) {
		return nil
	}
	if err := s.removeTerms(r.Base().ID); err != nil {
		return err
	}
	rows := terms(r)
	if len(rows) == 0 {
		return nil
	}
	if err := s.table("terms").Create(&rows).Error; err != nil {
		return fmt.Errorf("terms of %s %s: %w", r.Kind(), r.Base().ID, err)
	}
	return nil
}

func (s *Side) removeTerms(id models.ID) error {
	if err := s.table("terms").Where("record_id = ?", id).Delete(&termRow{}).Error; err != nil {
		return fmt.Errorf("terms of %s: %w", id, err)
	}
	return nil
}
