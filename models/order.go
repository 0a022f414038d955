package models

// ReadingOrder lists a tree of sections as one reads it: each before those below it, siblings in the given order. Those whose
// parent is not among the sections stand at the top.
func ReadingOrder(sequence []ID, parents map[ID]*ID) []ID {
	below := map[ID][]ID{}
	for _, id := range sequence {
		parent := ID("")
		if p := parents[id]; p != nil {
			if _, ok := parents[*p]; ok {
				parent = *p
			}
		}
		below[parent] = append(below[parent], id)
	}
	out := make([]ID, 0, len(sequence))
	var visit func(ID)
	visit = func(parent ID) {
		for _, id := range below[parent] {
			out = append(out, id)
			visit(id)
		}
	}
	visit("")
	return out
}
