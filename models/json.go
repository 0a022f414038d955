package models

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Extra holds what has no field of its own (front matter, custom fields), each value exactly as it came. Keys that
// begin with "_" are private and never go live.
type Extra map[string]jsontext.Value

// Public is a copy without the private keys.
func (e Extra) Public() Extra {
	out := make(Extra, len(e))
	for k, v := range e {
		if !strings.HasPrefix(k, "_") {
			out[k] = v
		}
	}
	return out
}

// strict is how JSON of ours is read: unknown members, duplicate names, invalid UTF-8 and names in other letter case
// are errors.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(false))

// canonical is how JSON of ours is written: the same value gives the same bytes. Lists are never null. That an object has no name
// twice is seen to when it is read: to look again in all that was stored takes as long as to write it.
var canonical = json.JoinOptions(json.Deterministic(true), jsontext.AllowDuplicateNames(true))

// Encode writes v as canonical JSON.
func Encode(v any) ([]byte, error) {
	return json.Marshal(v, canonical)
}

// Decode reads one JSON value strictly. Unknown members and kinds, wrong types and a second value are errors of
// KindMalformed whose field error points at the place (RFC 6901).
func Decode(data []byte, v any) error {
	if at, deep := tooDeep(data); deep {
		return &Error{Kind: KindMalformed, Message: "the JSON could not be read",
			Fields: []FieldError{{Pointer: at, Detail: fmt.Sprintf("is nested more than %d deep", maxJSONDepth)}}}
	}
	err := json.Unmarshal(data, v, strict)
	if err == nil {
		return nil
	}
	f := FieldError{Pointer: "", Detail: err.Error()}
	var semantic *json.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		f.Pointer = deepPointer(semantic)
		f.Detail = semanticDetail(innermost(semantic))
	case errors.As(err, &syntax):
		f.Pointer = string(syntax.JSONPointer)
		f.Detail = fmt.Sprintf("%v (byte %d)", syntax.Err, syntax.ByteOffset)
	}
	return &Error{Kind: KindMalformed, Message: "the JSON could not be read", Fields: []FieldError{f}}
}

// maxJSONDepth bounds the time that decoding takes, because a union is read once more for each union around it. The
// deepest sound record, tables in tables, has five levels for each of maxBlockDepth.
const maxJSONDepth = 150

// tooDeep finds the first value beyond maxJSONDepth. Errors of syntax are left to the decoder proper.
func tooDeep(data []byte) (at string, deep bool) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
	for {
		if _, err := dec.ReadToken(); err != nil {
			return "", false
		}
		if dec.StackDepth() > maxJSONDepth {
			return string(dec.StackPointer()), true
		}
	}
}

// deepPointer joins the pointers of nested errors: a union (Block, Prompt) is decoded in two steps, each of which
// knows only its own part of the way.
func deepPointer(err *json.SemanticError) string {
	p := string(err.JSONPointer)
	var inner *json.SemanticError
	if errors.As(err.Err, &inner) {
		return p + deepPointer(inner)
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err.Err, &syntax) {
		return p + string(syntax.JSONPointer)
	}
	return p
}

func innermost(err *json.SemanticError) *json.SemanticError {
	var inner *json.SemanticError
	if errors.As(err.Err, &inner) {
		return innermost(inner)
	}
	return err
}

func semanticDetail(err *json.SemanticError) string {
	switch {
	case errors.Is(err.Err, json.ErrUnknownName):
		return "unknown field"
	case err.Err != nil:
		return err.Err.Error()
	case err.GoType != nil:
		return fmt.Sprintf("a JSON %v does not fit here", err.JSONKind)
	}
	return err.Error()
}

// union reads the members of a tagged union: kind names the Go type that take returns to be filled.
func union(dec *jsontext.Decoder, what string, take func(kind string) any) (any, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	fail := func(at jsontext.Pointer, err error) error {
		return &json.SemanticError{JSONPointer: at, Err: err}
	}
	kind, ok := firstKind(raw)
	if !ok {
		var tag struct {
			Kind *string        `json:"kind"`
			Rest jsontext.Value `json:",embed"`
		}
		if err := json.Unmarshal(raw, &tag); err != nil {
			return nil, fail(dec.StackPointer(), err)
		}
		if tag.Kind == nil {
			return nil, fail(dec.StackPointer(), fmt.Errorf("a %s needs a kind", what))
		}
		kind = *tag.Kind
	}
	v := take(kind)
	if v == nil {
		return nil, fail(dec.StackPointer()+"/kind", fmt.Errorf("unknown kind of %s %q", what, kind))
	}
	if err := json.Unmarshal(raw, v, strict); err != nil {
		return nil, fail(dec.StackPointer(), err)
	}
	return v, nil
}

// firstKind reads the kind of an object whose first member it is, as in all JSON of ours: the object need not be read for it then.
func firstKind(object jsontext.Value) (string, bool) {
	rest, ok := bytes.CutPrefix(object, []byte(`{"kind":"`))
	end := bytes.IndexAny(rest, `"\\`)
	if !ok || end < 0 || rest[end] != '"' {
		return "", false
	}
	return string(rest[:end]), true
}

// readArray reads a JSON array (or null as the empty one) element by element.
func readArray(dec *jsontext.Decoder, element func() error) error {
	t, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if t.Kind() == 'n' {
		return nil
	}
	if t.Kind() != '[' {
		return &json.SemanticError{JSONPointer: dec.StackPointer(), JSONKind: t.Kind(), Err: errors.New("must be a list")}
	}
	for dec.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}
