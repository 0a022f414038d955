package content

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// maxSchemaBytes bounds one schema: a hundred described fields are a third of it, and each save reads it again.
const maxSchemaBytes = 64 << 10

// schemaURL is where a schema stands for the references within it. It leads nowhere.
const schemaURL = "lectern:extra"

// compileSchema reads a JSON Schema of draft 2020-12. What it refers to must stand in it: nothing is fetched.
func compileSchema(raw jsontext.Value) (*jsonschema.Schema, error) {
	if len(raw) > maxSchemaBytes {
		return nil, fmt.Errorf("has %d bytes, at most %d are allowed", len(raw), maxSchemaBytes)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("is no JSON: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(nothingElse{})
	if err := c.AddResource(schemaURL, doc); err != nil {
		return nil, fmt.Errorf("is no JSON Schema: %w", err)
	}
	schema, err := c.Compile(schemaURL)
	if err != nil {
		return nil, fmt.Errorf("is no JSON Schema of draft 2020-12: %w", err)
	}
	return schema, nil
}

// nothingElse loads no schemas.
type nothingElse struct{}

// Load fails.
func (nothingElse) Load(string) (any, error) {
	return nil, errors.New("schemas refer only to what stands in them")
}

// checkExtra lists what is wrong with the extra of a record, by the schema for its kind.
func checkExtra(schema *jsonschema.Schema, extra models.Extra) ([]models.FieldError, error) {
	data, err := models.Encode(extra)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read extra: %w", err)
	}
	err = schema.Validate(doc)
	if err == nil {
		return nil, nil
	}
	broken, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil, fmt.Errorf("check extra: %w", err)
	}
	var out []models.FieldError
	addLeaves(&out, broken)
	// The library walks members in an order of chance.
	slices.SortFunc(out, func(a, b models.FieldError) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Detail, b.Detail))
	})
	return out, nil
}

var inEnglish = message.NewPrinter(language.English)

// addLeaves adds the errors that have no further cause.
func addLeaves(out *[]models.FieldError, e *jsonschema.ValidationError) {
	if len(e.Causes) == 0 {
		at := jsontext.Pointer("/extra")
		for _, token := range e.InstanceLocation {
			at = at.AppendToken(token)
		}
		*out = append(*out, models.FieldError{Pointer: string(at), Detail: e.ErrorKind.LocalizedString(inEnglish)})
	}
	for _, cause := range e.Causes {
		addLeaves(out, cause)
	}
}

// extraFits fails with Invalid when the extra of a record breaks the schema that its course has for its kind.
func (w *work) extraFits(r models.Record) error {
	at, err := w.placeOf(r)
	if err != nil {
		return err
	}
	row, err := w.tx.CourseSettings(at.Course)
	if err != nil || row == nil || row.Schemas[r.Kind()] == nil {
		return err
	}
	schema, err := compileSchema(row.Schemas[r.Kind()])
	if err != nil {
		return fmt.Errorf("the schema of %s: %w", r.Kind().Plural(), err)
	}
	extra := r.Base().Extra
	if extra == nil {
		extra = models.Extra{}
	}
	wrong, err := checkExtra(schema, extra)
	if err != nil {
		return err
	}
	return models.Invalid("extra breaks the schema of its course", wrong)
}

// extraChangedFits is extraFits for a change: an extra that stays as it is may be older than the schema.
func (w *work) extraChangedFits(next, was models.Record) error {
	same := func(a, b jsontext.Value) bool { return bytes.Equal(a, b) }
	if maps.EqualFunc(next.Base().Extra, was.Base().Extra, same) {
		return nil
	}
	return w.extraFits(next)
}

// breaking counts the drafts of a course, by kind, whose extra breaks a schema.
func breaking(tx *store.Tx, course models.ID, schemas map[models.Kind]jsontext.Value) (map[models.Kind]int, error) {
	out := map[models.Kind]int{}
	for _, kind := range slices.Sorted(maps.Keys(schemas)) {
		schema, err := compileSchema(schemas[kind])
		if err != nil {
			return nil, err
		}
		out[kind] = 0
		err = eachDraftOf(tx, course, kind, func(r models.Record) error {
			wrong, err := checkExtra(schema, r.Base().Extra)
			if len(wrong) > 0 {
				out[kind]++
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// eachDraftOf visits the drafts of a kind in a course that are not in the trash, without their bodies.
func eachDraftOf(tx *store.Tx, course models.ID, kind models.Kind, visit func(models.Record) error) error {
	queries := []store.Query{{Kind: kind, Course: course}}
	switch kind {
	case models.KindCourse:
		queries = []store.Query{{Kind: kind, IDs: []models.ID{course}}}
	case models.KindWorksheet:
		modules, err := tx.Draft.List(store.Query{Kind: models.KindModule, Course: course})
		if err != nil {
			return err
		}
		queries = nil
		for _, m := range modules {
			queries = append(queries, store.Query{Kind: kind, Module: m.Base().ID})
		}
	}
	for _, q := range queries {
		rs, err := tx.Draft.List(q)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if err := visit(r); err != nil {
				return err
			}
		}
	}
	return nil
}
