package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// A database of an older version gets the terms of what is live already, the same that publishing would write.
func TestTermsOfWhatWasLiveBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, d database) {
		s := d.migrated(t)
		course := models.NewID()
		issued := func(parts ...int) *models.CSLDate { return &models.CSLDate{DateParts: [][]int{parts}} }
		source := func(key string, csl models.CSL) models.Record {
			return &models.Source{Meta: models.Meta{ID: models.NewID()}, CourseID: course, Key: key, CSL: csl}
		}
		records := []models.Record{
			&models.Module{
				Meta: models.Meta{ID: models.NewID()}, CourseID: course, Slug: "knots", Title: "Knots",
				Audience: []string{"sailors", "climbers", "sailors"}, Level: []string{"beginner"}, Keywords: []string{"rope, thick", ""},
			},
			&models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course, Slug: "bare", Title: "Bare"},
			source("a", models.CSL{Type: "book", Issued: issued(2019, 4)}), source("b", models.CSL{Issued: issued(87)}),
			source("c", models.CSL{Type: "webpage", Issued: issued(-44)}), source("d", models.CSL{Type: "map", Issued: issued(12019)}),
			source("e", models.CSL{Type: "map", Issued: &models.CSLDate{}}),
			&models.Asset{Meta: models.Meta{ID: models.NewID()}, CourseID: course, File: models.File{Name: "a.png", MediaType: "image/png"}},
		}
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			for _, r := range records {
				if err := tx.Live.Put(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := d.terms(t, "live")
		if len(want) != 11 {
			t.Fatalf("%d terms: %v", len(want), want)
		}
		d.again(t, 3, "DROP TABLE live_terms", "DROP INDEX import_addresses_path")
		if diff := cmp.Diff(want, d.terms(t, "live")); diff != "" {
			t.Error(diff)
		}
	})
}

// A database of an older version gets the terms of drafts, too.
func TestTermsOfDraftsFromBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, d database) {
		s := d.migrated(t)
		m := &models.Module{
			Meta: models.Meta{ID: models.NewID()}, CourseID: models.NewID(), Slug: "knots", Title: "Knots",
			Audience: []string{"sailors", "climbers", "sailors"}, Subjects: []string{"rope"},
		}
		src := &models.Source{Meta: models.Meta{ID: models.NewID()}, CourseID: m.CourseID, Key: "a", CSL: models.CSL{Type: "book", Issued: &models.CSLDate{DateParts: [][]int{{87}}}}}
		err := s.InTx(t.Context(), func(tx *store.Tx) error { return errors.Join(tx.Draft.Insert(m), tx.Draft.Insert(src)) })
		if err != nil {
			t.Fatal(err)
		}
		want := d.terms(t, "draft")
		if len(want) != 5 {
			t.Fatalf("%d terms: %v", len(want), want)
		}
		d.again(t, 5, "DROP TABLE draft_terms", "DROP INDEX draft_sections_parent",
			"ALTER TABLE revisions DROP COLUMN author_id", "ALTER TABLE revisions DROP COLUMN began")
		if diff := cmp.Diff(want, d.terms(t, "draft")); diff != "" {
			t.Error(diff)
		}
	})
}

// again takes back what a migration did and runs it once more.
func (d database) again(t *testing.T, version int, undo ...string) {
	t.Helper()
	for _, statement := range undo {
		d.exec(t, statement)
	}
	d.exec(t, fmt.Sprintf("DELETE FROM schema_compat WHERE version = %d", version))
	statements, err := store.Statements(d.open(t), version)
	if err != nil {
		t.Fatal(err)
	}
	d.exec(t, statements)
}

func (d database) terms(t *testing.T, side string) map[string]bool {
	t.Helper()
	rows, err := d.sql(t).QueryContext(t.Context(), "SELECT kind, field, value, record_id FROM "+side+"_terms")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var kind, field, value, id string
		if err := rows.Scan(&kind, &field, &value, &id); err != nil {
			t.Fatal(err)
		}
		out[kind+" "+field+" "+value+" "+id] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
