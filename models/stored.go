package models

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// refBegins is how a reference begins in canonical JSON of blocks and citations, and nothing else: no other object of theirs
// begins with its type, and within a string the quotes would have backslashes before them.
const refBegins = `{"type":"`

// RefAt is a reference in JSON, with the offsets where it begins and ends.
type RefAt struct {
	Ref
	Begin, End int
}

// RefsIn finds the references in canonical JSON of blocks or citations, as Encode writes it.
func RefsIn(stored string) ([]RefAt, error) {
	var out []RefAt
	for at := 0; ; {
		i := strings.Index(stored[at:], refBegins)
		if i < 0 {
			return out, nil
		}
		begin := at + i
		at = begin + objectEnd(stored[begin:])
		ref, err := readRef(stored[begin:at])
		if err != nil {
			return nil, fmt.Errorf("a stored reference: %w", err)
		}
		out = append(out, RefAt{ref, begin, at})
	}
}

// readRef reads a reference: without JSON's machinery where it has nothing but type and id, as all have that are stored.
func readRef(data string) (ref Ref, err error) {
	kind, rest, _ := strings.Cut(data[len(refBegins):], `","id":"`)
	if id, ok := strings.CutSuffix(rest, `"}`); ok && !strings.ContainsAny(data[1:], `\{`) && !strings.Contains(id, `"`) {
		return Ref{Type: Kind(kind), ID: ID(id)}, nil
	}
	return ref, json.Unmarshal([]byte(data), &ref)
}

// objectEnd is where an object ends that holds no other one.
func objectEnd(data string) int {
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

// resolvedBytes is room for what a reference says more when it is resolved, a slug, a title, an address and a path.
const resolvedBytes = 300

// WithRefs gives canonical JSON of blocks or citations with what resolve gives in the place of each reference, null for nil. The
// JSON is the same one where there are none.
func WithRefs(stored string, resolve func(Ref) *Ref) (jsontext.Value, error) {
	if stored == "" {
		return nil, nil
	}
	refs, err := RefsIn(stored)
	if err != nil {
		return nil, err
	}
	// The encoder writes where the rest is: one that gave bytes of its own would be small most of the time, and let the buffers
	// go that whole answers need.
	out := bytes.NewBuffer(make([]byte, 0, len(stored)+len(refs)*resolvedBytes))
	done := 0
	for _, ref := range refs {
		out.WriteString(stored[done:ref.Begin])
		if err := json.MarshalWrite(out, resolve(ref.Ref), canonical); err != nil {
			return nil, err
		}
		done = ref.End
	}
	out.WriteString(stored[done:])
	return out.Bytes(), nil
}
