package content

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// CourseSettings are what a course asks of its records.
type CourseSettings struct {
	Version int64                          `json:"version"`
	Rules   map[Rule]Severity              `json:"rules"`   // of all rules that can be set
	Schemas map[models.Kind]jsontext.Value `json:"schemas"` // JSON Schemas of extra, for the kinds that have one
	Broken  map[models.Kind]int            `json:"broken"`  // by how many drafts, for the same kinds
}

// CourseSettingsEdit are settings as they are sent: what is left out is as by default.
type CourseSettingsEdit struct {
	Rules   map[Rule]Severity              `json:"rules"`
	Schemas map[models.Kind]jsontext.Value `json:"schemas"`
}

// Check lists all that is wrong with settings: it fails with Invalid.
func (s CourseSettingsEdit) Check() error {
	var wrong []models.FieldError
	for _, rule := range slices.Sorted(maps.Keys(s.Rules)) {
		at := string(jsontext.Pointer("/rules").AppendToken(string(rule)))
		switch severity := s.Rules[rule]; {
		case !slices.Contains(Rules(), rule) && ValidRule(rule):
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "always keeps a record from going live"})
		case !slices.Contains(Rules(), rule):
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "no such rule: choose from " + joined(Rules())})
		case !slices.Contains(Severities(), severity):
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: fmt.Sprintf("%q is none of %s", severity, joined(Severities()))})
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Schemas)) {
		at := string(jsontext.Pointer("/schemas").AppendToken(string(kind)))
		if !slices.Contains(models.StoredKinds(), kind) {
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "no such kind: choose from " + joined(models.StoredKinds())})
		} else if _, err := compileSchema(s.Schemas[kind]); err != nil {
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: err.Error()})
		}
	}
	return models.Invalid("the settings break rules", wrong)
}

func joined[S ~string](names []S) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return strings.Join(out, ", ")
}

// settingsOf reads the settings of a course. Version 1 are those that nobody has changed: all rules warn.
func settingsOf(tx *store.Tx, course models.ID) (*CourseSettings, error) {
	s := &CourseSettings{Version: 1, Rules: map[Rule]Severity{}, Schemas: map[models.Kind]jsontext.Value{}}
	for _, rule := range Rules() {
		s.Rules[rule] = SeverityWarning
	}
	row, err := tx.CourseSettings(course)
	if err != nil || row == nil {
		return s, err
	}
	s.Version, s.Schemas = row.Version, row.Schemas
	maps.Copy(s.Rules, rulesOf(row))
	return s, nil
}

// rulesOf are the rules that are not as by default.
func rulesOf(row *store.CourseSettings) map[Rule]Severity {
	out := map[Rule]Severity{}
	for rule, severity := range row.Rules {
		out[Rule(rule)] = Severity(severity)
	}
	return out
}

// row is how settings are kept.
func (s CourseSettingsEdit) row(course models.ID, at time.Time) *store.CourseSettings {
	row := &store.CourseSettings{CourseID: course, Rules: map[string]string{}, Schemas: s.Schemas, UpdatedAt: at}
	for rule, severity := range s.Rules {
		row.Rules[string(rule)] = string(severity)
	}
	return row
}

// CourseSettings reads the settings of a course.
func (e *Editor) CourseSettings(ctx context.Context, course models.ID) (s *CourseSettings, err error) {
	err = e.look(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, models.Ref{Type: models.KindCourse, ID: course}); err != nil {
			return err
		}
		s, err = w.settings(course)
		return err
	})
	return s, err
}

// settings are those of a course, with what breaks them.
func (w *work) settings(course models.ID) (*CourseSettings, error) {
	s, err := settingsOf(w.tx, course)
	if err == nil {
		s.Broken, err = breaking(w.tx, course, s.Schemas)
	}
	return s, err
}

// SetCourseSettings changes the settings of a course, for a subject that may publish it. It fails with Stale when they
// are not in the version that the caller has read.
func (e *Editor) SetCourseSettings(ctx context.Context, course models.ID, read int64, edit CourseSettingsEdit) (s *CourseSettings, err error) {
	err = e.change(ctx, func(w *work) error {
		r, err := w.draft(access.Publish, models.Ref{Type: models.KindCourse, ID: course})
		if err != nil {
			return err
		}
		if err := edit.Check(); err != nil {
			return err
		}
		was, err := settingsOf(w.tx, course)
		if err != nil {
			return err
		}
		if was.Version != read {
			return models.Stale(fmt.Sprintf("the settings are in version %d by now, and not in version %d", was.Version, read))
		}
		row := edit.row(course, w.s.now())
		if err := w.tx.PutCourseSettings(row, read); err != nil {
			return err
		}
		if s, err = w.settings(course); err != nil {
			return err
		}
		return w.did("settings", r, map[string]any{"rules": row.Rules, "schemas": slices.Sorted(maps.Keys(edit.Schemas)), "settings_version": row.Version})
	})
	return s, err
}
