package models

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// refBegins is how a reference begins in canonical JSON of blocks and citations, and nothing else: no other object of theirs
// begins with its type, and within a string the quotes would have backslashes before them.
const refBegins = `{"type":"`

// Stored is canonical JSON of blocks or citations, as Encode writes it and the database holds it, with the references in it.
type Stored struct {
	json string
	refs []RefAt
}

// RefAt is a reference in JSON, with the offsets where it begins and ends.
type RefAt struct {
	Ref
	Begin, End int
}

// ReadStored finds the references in stored JSON.
func ReadStored(stored string) (Stored, error) {
	out := Stored{json: stored}
	for at := 0; ; {
		i := strings.Index(stored[at:], refBegins)
		if i < 0 {
			return out, nil
		}
		begin := at + i
		at = begin + objectEnd(stored[begin:])
		ref, err := readRef(stored[begin:at])
		if err != nil {
			return Stored{}, fmt.Errorf("a stored reference: %w", err)
		}
		out.refs = append(out.refs, RefAt{ref, begin, at})
	}
}

// StoredAs is stored JSON in which no references were looked for.
func StoredAs(json string) Stored { return Stored{json: json} }

// Refs are the references in their order.
func (s Stored) Refs() []RefAt { return s.refs }

// Decode reads what is stored into a value of its type; nothing where nothing is stored.
func (s Stored) Decode(to any) error {
	if s.json == "" {
		return nil
	}
	return json.Unmarshal([]byte(s.json), to)
}

// Written gives the JSON with what resolve gives in the place of each reference, null for nil. It is made when it is written.
func (s Stored) Written(resolve func(Ref) *Ref) Written { return Written{s, resolve} }

// WrittenAs is JSON without references to resolve.
func WrittenAs(json string) Written { return Written{Stored: StoredAs(json)} }

// Written is stored JSON as readers get it, null where nothing is stored.
type Written struct {
	Stored
	resolve func(Ref) *Ref
}

// AppendJSON appends the JSON.
func (w Written) AppendJSON(to []byte) (_ []byte, err error) {
	if w.json == "" {
		return append(to, "null"...), nil
	}
	done := 0
	for _, ref := range w.refs {
		to = append(to, w.json[done:ref.Begin]...)
		if shown := w.resolve(ref.Ref); shown == nil {
			to = append(to, "null"...)
		} else if to, err = shown.append(to); err != nil {
			return to, err
		}
		done = ref.End
	}
	return append(to, w.json[done:]...), nil
}

// MarshalJSONTo writes the JSON.
func (w Written) MarshalJSONTo(enc *jsontext.Encoder) error {
	data, err := w.AppendJSON(nil)
	if err != nil {
		return err
	}
	return enc.WriteValue(data)
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
