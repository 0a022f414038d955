package blocks

import (
	"regexp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/inline"
)

// definitionLead is what begins a definition; defined finds its term where that is plain.
var (
	definitionLead = regexp.MustCompile(`^Definition(?: \d+)?:\s*`)
	defined        = regexp.MustCompile(`^((?:\S+\s+){0,5}?\S+?),?\s+(?:is|are|means|refers to|can be defined as)\s`)
)

// definition adds a paragraph that begins "Definition:", if it says what it defines.
func (f *flow) definition(nodes []inline.Node) bool {
	text := inline.Write(nodes)
	term, ok := DefinedTerm(render.Plain(text))
	if ok {
		f.add(&models.Definition{Term: inline.Write([]inline.Node{{Kind: inline.Text, Value: term}}), Text: text})
	}
	return ok
}

// DefinedTerm finds what a paragraph such as "Definition: Bread is …" defines.
func DefinedTerm(paragraph string) (string, bool) {
	lead := definitionLead.FindString(paragraph)
	if lead == "" {
		return "", false
	}
	m := defined.FindStringSubmatch(paragraph[len(lead):])
	if m == nil {
		return "", false
	}
	return m[1], true
}
