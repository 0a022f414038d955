package models

import (
	"bytes"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// refBegins is how a reference begins in canonical JSON of blocks and citations, and nothing else: no other object of theirs
// begins with its type, and within a string the quotes would have backslashes before them.
const refBegins = `{"type":"`

// RefsIn finds the references in canonical JSON of blocks or citations, as Encode writes it, where it stands: each with the
// offsets where it begins and ends. It stops at the first that can't be read, which canonical JSON has none of.
func RefsIn(stored string) iter.Seq2[Ref, [2]int] {
	return func(yield func(Ref, [2]int) bool) {
		for at := 0; ; {
			i := strings.Index(stored[at:], refBegins)
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
func readRef(data string) (ref Ref, err error) {
	kind, rest, _ := strings.Cut(data[len(refBegins):], `","id":"`)
	if id, ok := strings.CutSuffix(rest, `"}`); ok && !strings.ContainsAny(data[1:], `\{`) && !strings.Contains(id, `"`) {
		return Ref{Type: Kind(kind), ID: ID(id)}, nil
	}
	return ref, json.Unmarshal([]byte(data), &ref, strict)
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
	// The encoder writes where the rest is: one that gave bytes of its own would be small most of the time, and let the buffers
	// go that whole answers need.
	out := bytes.NewBuffer(make([]byte, 0, len(stored)+strings.Count(stored, refBegins)*resolvedBytes))
	done := 0
	for ref, at := range RefsIn(stored) {
		out.WriteString(stored[done:at[0]])
		if err := json.MarshalWrite(out, resolve(ref), canonical); err != nil {
			return nil, err
		}
		done = at[1]
	}
	out.WriteString(stored[done:])
	return out.Bytes(), nil
}
