package models

import (
	"fmt"
	"maps"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/go-json-experiment/json/jsontext"
)

// MergePatch applies a merge patch (RFC 7396) to v, a pointer to a struct that has only fields which may be changed. The
// result is read as strictly as Decode reads: unknown members and wrong types are errors of KindMalformed. A member
// that is null takes its zero value. When it fails v is as it was.
func MergePatch[V any](v *V, patch []byte) error {
	var members map[string]jsontext.Value
	if err := Decode(patch, &members); err != nil {
		return err
	}
	document, err := Encode(v)
	if err != nil {
		return fmt.Errorf("apply a merge patch: %w", err)
	}
	if err := onlyMembersOf(document, members); err != nil {
		return err
	}
	merged, err := jsonpatch.MergePatch(document, patch)
	if err != nil {
		return fmt.Errorf("apply a merge patch: %w", err)
	}
	var out V
	if err := Decode(merged, &out); err != nil {
		return err
	}
	*v = out
	return nil
}

// onlyMembersOf refuses members that a document has not. Merging would drop one that is null in silence.
func onlyMembersOf(document []byte, members map[string]jsontext.Value) error {
	var known map[string]jsontext.Value
	if err := Decode(document, &known); err != nil {
		return err
	}
	var fields []FieldError
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, ok := known[name]; !ok {
			fields = append(fields, FieldError{Pointer: string(jsontext.Pointer("").AppendToken(name)), Detail: "unknown field"})
		}
	}
	if len(fields) > 0 {
		return &Error{Kind: KindMalformed, Message: "the JSON could not be read", Fields: fields}
	}
	return nil
}
