// Package corpus has the content that servers are measured with: modules of sections with citations, sources and worksheets, as
// plain records that any server can hold. Generate makes it from numbers alone; Export gives it to Lectern, WriteLines to
// others.
package corpus

// Module is a group of sections.
type Module struct {
	ID          int    `json:"id"` // from 1
	Slug        string `json:"slug"`
	Title       string `json:"title"`
	Level       string `json:"level"` // one of levels
	Description string `json:"description"`
}

// Section is a page of a module.
type Section struct {
	ID      int    `json:"id"`   // from 1, over all modules
	Slug    string `json:"slug"` // unique over all modules
	Title   string `json:"title"`
	Ordinal int    `json:"ordinal"` // place in the module, from 1
	Summary string `json:"summary"`
	Body    string `json:"body"` // Markdown; citations are marked [^1]
	Module  int    `json:"module"`
}

// Source is a work that citations point to.
type Source struct {
	ID   int    `json:"id"` // from 1
	Key  string `json:"key"`
	Text string `json:"text"` // the reference as written
	URL  string `json:"url"`
}

// Citation is a numbered reference of a section.
type Citation struct {
	ID       int    `json:"id"` // from 1, over all sections
	Key      string `json:"key"`
	Text     string `json:"text"`
	URL      string `json:"url"`
	Position int    `json:"position"` // in the section, from 1
	Section  int    `json:"section"`
	Source   int    `json:"source"` // 0: it is a source by itself
}

// Worksheet is something to do, shown at the end of a section.
type Worksheet struct {
	ID      int    `json:"id"` // from 1
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Body    string `json:"body"` // Markdown
	Section int    `json:"section"`
}

// Lesson is a section with what belongs to it.
type Lesson struct {
	Section
	Citations  []Citation
	Worksheets []Worksheet
}

// Records are all records of a content, visited one after the other, course by course. Visiting fails when visit does.
type Records interface {
	Courses() int
	Modules(course int, visit func(Module) error) error
	Sources(course int, visit func(Source) error) error
	Lessons(course int, visit func(Lesson) error) error
}
