package models

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// refBegins is how a reference begins in canonical JSON of blocks and citations, and nothing else: no other object of theirs
// begins with its type, and within a string the quotes would have backslashes before them.
var refBegins = []byte(`{"type":"`)

// RefsIn finds the references in canonical JSON of blocks or citations, as Encode writes it, where it stands: each with the
// offsets where it begins and ends. It stops at the first that can't be read, which canonical JSON has none of.
func RefsIn(stored jsontext.Value) iter.Seq2[Ref, [2]int] {
	return func(yield func(Ref, [2]int) bool) {
		for at := 0; ; {
			i := bytes.Index(stored[at:], refBegins)
			if i < 0 {
				return
			}
			begin := at + i
			at = begin + objectEnd(stored[begin:])
			ref, err := readRef(stored[begin:at])
			if err != nil || !yield(ref, [2]int{begin, at}) {
				return
			}
		}
	}
}

// readRef reads a reference: without JSON's machinery where it has nothing but type and id, as all have that are stored.
func readRef(data []byte) (ref Ref, err error) {
	kind, rest, _ := bytes.Cut(data[len(refBegins):], []byte(`","id":"`))
	if id, ok := bytes.CutSuffix(rest, []byte(`"}`)); ok && !bytes.ContainsAny(data[1:], `\{`) && bytes.Count(rest, []byte(`"`)) == 1 {
		return Ref{Type: Kind(kind), ID: ID(id)}, nil
	}
	return ref, json.Unmarshal(data, &ref, strict)
}

// objectEnd is where an object ends that holds no other one.
func objectEnd(data []byte) int {
	quoted := false
	for i := 0; i < len(data); i++ {
		switch {
		case quoted && data[i] == '\\':
			i++
		case data[i] == '"':
			quoted = !quoted
		case !quoted && data[i] == '}':
			return i + 1
		}
	}
	return len(data)
}

// WithRefs gives canonical JSON of blocks or citations with what resolve gives in the place of each reference, null for nil. The
// JSON is the same one where there are none.
func WithRefs(stored jsontext.Value, resolve func(Ref) *Ref) (jsontext.Value, error) {
	var out jsontext.Value
	done := 0
	for ref, at := range RefsIn(stored) {
		written, err := Encode(resolve(ref))
		if err != nil {
			return nil, err
		}
		out = append(append(out, stored[done:at[0]]...), written...)
		done = at[1]
	}
	if done == 0 {
		return stored, nil
	}
	return append(out, stored[done:]...), nil
}
