package merge

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

// checkPointers looks for a value at each conflict's pointer. Entries that are deleted have only what is around them.
func checkPointers(rt rapid.TB, r models.Record, conflicts []Conflict) {
	data := jsonOf(rt, r)
	for _, c := range conflicts {
		at := c.Pointer
		if strings.Contains(at, "/extra/") || strings.Contains(at, "/csl/") {
			at = at[:strings.LastIndex(at, "/")]
		}
		if !points(data, at) {
			rt.Fatalf("nothing at %q: %v", at, c)
		}
	}
}

func points(data, at string) bool {
	for dec := jsontext.NewDecoder(strings.NewReader(data)); ; {
		if _, err := dec.ReadToken(); err != nil {
			return false
		}
		if string(dec.StackPointer()) == at {
			return true
		}
	}
}
