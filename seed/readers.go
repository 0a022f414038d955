package seed

// Readers gives the readers, in the order in which they are asked whether a page is of their kind.
func Readers() []Reader {
	return []Reader{moduleSite{}, courseInABox{}, outline{}}
}
