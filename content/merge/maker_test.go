package merge

import (
	"strconv"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
)

// maker makes sound records and edits of them.
type maker struct{ modelstest.Maker }

// record makes a sound record with ids as an import numbers them.
func (m *maker) record(kind models.Kind) models.Record {
	r := m.Record(kind)
	renumber(r)
	if err := models.Validate(r); err != nil {
		m.RT.Fatalf("the maker's own record: %v", err)
	}
	return r
}

// renumber gives all ids anew, in reading order, as a reader of a source does.
func renumber(r models.Record) {
	root, count := grow(r), map[string]int{}
	s := newNames()
	root.walk(func(n *node) {
		if c := n.in.class; c.prefix != "" {
			count[c.prefix]++
			s.set(n, c.prefix+strconv.Itoa(count[c.prefix]))
		}
		s.follow(n)
	})
	if section, ok := r.(*models.Section); ok {
		seen := map[string]bool{}
		for i := range section.Citations {
			c := &section.Citations[i]
			if seen[c.Label] {
				c.Label = "z" + strconv.Itoa(i)
			}
			seen[c.Label] = true
		}
	}
}
