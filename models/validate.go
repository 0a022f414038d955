package models

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
)

// Limits of what a record may hold. They keep one answer readable and bounded; a real page has a tenth of them.
const (
	MaxSlugLength  = 100
	maxBlocks      = 5000 // in one aggregate, nested ones counted
	maxBlockDepth  = 24   // lists in lists in boxes in tables …
	maxPrompts     = 1000 // in one worksheet, grouped ones counted
	maxPromptDepth = 4
	maxRecordBytes = 4 << 20 // of JSON
)

var slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidSlug tells whether s can be the slug of a record: lower-case ASCII letters, digits and single hyphens, at most
// MaxSlugLength, and not shaped like a UUID, so that a path segment is never both an id and a slug.
func ValidSlug(s string) bool {
	return len(s) <= MaxSlugLength && slugPattern.MatchString(s) && uuid.Validate(s) != nil
}

var orcidPattern = regexp.MustCompile(`^(\d{4}-){3}\d{3}[\dX]$`)

// shapes is the validator of single fields. Rules across fields are Go, below.
var shapes = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	for tag, ok := range map[string]func(string) bool{
		"slug":  ValidSlug,
		"orcid": orcidPattern.MatchString,
	} {
		rule := func(fl validator.FieldLevel) bool { return ok(fl.Field().String()) }
		if err := v.RegisterValidation(tag, rule); err != nil {
			panic(err) // the tags are constants
		}
	}
	return v
})

// Validate lists every broken rule of a record at once, each with a JSON Pointer. It is nil for a sound record.
func Validate(r Record) error {
	fields := shape(r)
	if !r.Base().ID.Valid() {
		fields = append(fields, FieldError{Pointer: "/id", Detail: "must be a UUID"})
	}
	switch r := r.(type) {
	case *Module:
		fields = append(fields, checkIDs("/objectives", r.Objectives, func(o Objective) string { return o.ID })...)
	case *Section:
		fields = append(fields, checkBlocks("/blocks", r.Blocks, map[string]bool{}, false)...)
		fields = append(fields, checkCitations(r.Citations)...)
		fields = append(fields, checkIDs("/editor_notes", r.EditorNotes, func(n EditorNote) string { return n.ID })...)
	case *Fragment:
		fields = append(fields, checkBlocks("/blocks", r.Blocks, map[string]bool{}, true)...)
	case *Worksheet:
		seen := map[string]bool{}
		fields = append(fields, checkBlocks("/instructions", r.Instructions, seen, false)...)
		for i, a := range r.AnswerKey {
			fields = append(fields, checkBlocks(fmt.Sprintf("/answer_key/%d/blocks", i), a.Blocks, seen, false)...)
		}
		fields = append(fields, checkPrompts(r.Prompts)...)
	case *Source:
		fields = append(fields, r.CSL.check()...)
	}
	fields = append(fields, checkTexts(r)...)
	if len(fields) == 0 {
		fields = checkSize(r)
	}
	return Invalid(fmt.Sprintf("the %s breaks rules", r.Kind()), fields)
}

// shape runs the rules of single fields.
func shape(v any) []FieldError {
	err := shapes().Struct(v)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return nil
	}
	fields := make([]FieldError, len(broken))
	for i, e := range broken {
		fields[i] = FieldError{Pointer: pointer(e.Namespace()), Detail: rule(e)}
	}
	return fields
}

var indexPattern = regexp.MustCompile(`\[(\d+)\]`)

// pointer turns the validator's "Section.blocks[3].BlockBase.id" into "/blocks/3/id".
func pointer(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	path = indexPattern.ReplaceAllString(path, ".$1")
	var b strings.Builder
	for part := range strings.SplitSeq(path, ".") {
		switch part {
		case "BlockBase", "PromptBase", "Meta":
		default:
			b.WriteString("/" + part)
		}
	}
	return b.String()
}

// rule says a broken rule in words.
func rule(e validator.FieldError) string {
	size := "at most"
	if e.Tag() == "min" {
		size = "at least"
	}
	switch e.Tag() {
	case "required", "required_without":
		return "is required"
	case "slug":
		return fmt.Sprintf("must be lower-case letters, digits and single hyphens, at most %d, and no UUID", MaxSlugLength)
	case "oneof":
		return "must be one of " + strings.ReplaceAll(e.Param(), " ", ", ")
	case "bcp47_language_tag":
		return "must be a language tag (BCP 47)"
	case "uuid":
		return "must be a UUID"
	case "orcid":
		return "must be an ORCID iD such as 0000-0002-1825-0097"
	case "printascii":
		return "must be of printable ASCII characters"
	case "hexadecimal":
		return "must be hexadecimal"
	case "lowercase":
		return "must be in lower case"
	case "len":
		return fmt.Sprintf("must have %s characters", e.Param())
	case "gtefield":
		return "must not be less than " + strings.ToLower(e.Param())
	case "min", "max":
		switch e.Kind() {
		case reflect.String:
			return fmt.Sprintf("must have %s %s characters", size, e.Param())
		case reflect.Slice, reflect.Map:
			return fmt.Sprintf("must have %s %s entries", size, e.Param())
		}
		return fmt.Sprintf("must be %s %s", size, e.Param())
	}
	return strings.TrimSpace(fmt.Sprintf("breaks the rule %s %s", e.Tag(), e.Param()))
}

// blankLine ends a paragraph, and an inline text is a part of one.
var blankLine = regexp.MustCompile(`\n[ \t]*\n`)

func checkTexts(r Record) []FieldError {
	var fields []FieldError
	EachText(r, func(pointer string, t *Text) {
		if blankLine.MatchString(string(*t)) {
			fields = append(fields, FieldError{Pointer: pointer, Detail: "is inline text and can't hold a blank line"})
		}
	})
	return fields
}

// checkBlocks looks at what single blocks can't know: ids twice, depth, number, fragments within fragments. Seen
// holds the ids that the aggregate has used.
func checkBlocks(at string, bs Blocks, seen map[string]bool, inFragment bool) []FieldError {
	var fields []FieldError
	count, tooDeep := 0, false
	bs.Walk(func(b Block, depth int) bool {
		count++
		id := b.Base().ID
		if seen[id] {
			fields = append(fields, FieldError{Pointer: at, Detail: fmt.Sprintf("two blocks have the id %q", id)})
		}
		seen[id] = true
		if _, ok := b.(*FragmentUse); ok && inFragment {
			fields = append(fields, FieldError{Pointer: at, Detail: fmt.Sprintf("block %q: a fragment can't include a fragment", id)})
		}
		tooDeep = tooDeep || depth >= maxBlockDepth
		return depth < maxBlockDepth
	})
	if tooDeep {
		fields = append(fields, FieldError{Pointer: at, Detail: fmt.Sprintf("blocks are nested more than %d deep", maxBlockDepth)})
	}
	if count > maxBlocks {
		fields = append(fields, FieldError{Pointer: at, Detail: fmt.Sprintf("has %d blocks, at most %d are allowed", count, maxBlocks)})
	}
	return fields
}

func checkCitations(cs []Citation) []FieldError {
	var fields []FieldError
	seen, ids := map[string]bool{}, map[ID]bool{}
	for i, c := range cs {
		if ids[c.ID] {
			fields = append(fields, FieldError{Pointer: fmt.Sprintf("/citations/%d/id", i),
				Detail: fmt.Sprintf("another citation of the section has the id %q", c.ID)})
		}
		ids[c.ID] = true
		if seen[c.Label] {
			fields = append(fields, FieldError{Pointer: fmt.Sprintf("/citations/%d/label", i),
				Detail: fmt.Sprintf("another citation of the section is labelled %q", c.Label)})
		}
		seen[c.Label] = true
	}
	return fields
}

// checkIDs finds ids twice in a list.
func checkIDs[E any](at string, list []E, id func(E) string) []FieldError {
	var fields []FieldError
	seen := map[string]bool{}
	for i, e := range list {
		if seen[id(e)] {
			fields = append(fields, FieldError{Pointer: fmt.Sprintf("%s/%d/id", at, i), Detail: fmt.Sprintf("another one has the id %q", id(e))})
		}
		seen[id(e)] = true
	}
	return fields
}

func checkPrompts(ps Prompts) []FieldError {
	var fields []FieldError
	seen := map[string]bool{}
	count := 0
	ps.Walk(func(p Prompt, depth int) {
		count++
		id := p.PromptFields().ID
		if seen[id] {
			fields = append(fields, FieldError{Pointer: "/prompts", Detail: fmt.Sprintf("two prompts have the id %q", id)})
		}
		seen[id] = true
		if depth >= maxPromptDepth {
			fields = append(fields, FieldError{Pointer: "/prompts", Detail: fmt.Sprintf("prompt %q is nested more than %d deep", id, maxPromptDepth)})
		}
	})
	if count > maxPrompts {
		fields = append(fields, FieldError{Pointer: "/prompts", Detail: fmt.Sprintf("has %d prompts, at most %d are allowed", count, maxPrompts)})
	}
	return fields
}

// checkSize bounds the record as a whole, which bounds of single fields can't.
func checkSize(r Record) []FieldError {
	data, err := Encode(r)
	switch {
	case err != nil:
		return []FieldError{{Detail: "can't be written as JSON: " + err.Error()}}
	case len(data) > maxRecordBytes:
		return []FieldError{{Detail: fmt.Sprintf("has %d bytes of JSON, at most %d are allowed", len(data), maxRecordBytes)}}
	}
	return checkNUL(data)
}

// checkNUL finds texts with U+0000, which PostgreSQL can't keep and no page can show.
func checkNUL(data []byte) []FieldError {
	if !bytes.Contains(data, []byte(`\u0000`)) {
		return nil
	}
	var fields []FieldError
	for dec := jsontext.NewDecoder(bytes.NewReader(data)); ; {
		token, err := dec.ReadToken()
		if err != nil {
			return fields
		}
		if token.Kind() == '"' && strings.ContainsRune(token.String(), 0) {
			fields = append(fields, FieldError{Pointer: string(dec.StackPointer()), Detail: "holds the character U+0000"})
		}
	}
}
