package seed

// Readers gives the readers, in the order in which they are asked whether a page is of their kind.
func Readers() []Reader {
	return []Reader{moduleSite{}, courseInABox{}, outline{}}
}

// Kinds names the kinds of source.
func Kinds() []string {
	var out []string
	for _, r := range Readers() {
		out = append(out, r.Name())
	}
	return out
}
