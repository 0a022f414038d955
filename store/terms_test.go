package store_test

import (
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
		want := d.terms(t)
		if len(want) != 11 {
			t.Fatalf("%d terms: %v", len(want), want)
		}
		for _, table := range []string{"live_terms", "idempotency_keys", "one_time_tokens", "tokens", "sessions", "users", "audit_log"} {
			d.exec(t, "DROP TABLE "+table)
		}
		if d.PostgresURL != "" {
			d.exec(t, "DROP FUNCTION audit_log_is_kept")
		}
		d.exec(t, "DROP INDEX import_addresses_path")
		d.exec(t, "DELETE FROM goose_db_version WHERE version_id >= 3")
		d.exec(t, "DELETE FROM schema_compat WHERE version >= 3")
		d.migrated(t)
		if diff := cmp.Diff(want, d.terms(t)); diff != "" {
			t.Error(diff)
		}
	})
}

func (d database) terms(t *testing.T) map[string]bool {
	t.Helper()
	rows, err := d.sql(t).QueryContext(t.Context(), "SELECT kind, field, value, record_id FROM live_terms")
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
