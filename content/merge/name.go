package merge

import "github.com/lectern-cms/lectern/models"

// Name gives ids to the blocks, prompts, objectives, editor notes and citations of a record that have none: numbers as
// an import gives them, above all that the record and the known ones have, and UUIDs for citations.
func Name(r models.Record, known ...models.Record) {
	root := skeleton(r)
	s := newNames(root)
	for _, k := range known {
		skeleton(k).walk(s.note)
	}
	root.walk(func(n *node) {
		switch {
		case !n.name.IsValid() || n.name.String() != "" || n.in.class.noun == "answer": // it has its prompt's id
		case n.in.class.prefix == "":
			n.name.SetString(string(models.NewID()))
		default:
			n.name.SetString(s.fresh(n.in.class))
		}
	})
}
