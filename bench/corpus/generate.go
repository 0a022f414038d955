package corpus

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/bench/prose"
)

// The shape of generated content.
const (
	SectionsOfModule = 40
	ModulesOfCourse  = 50 // so a course has 2,000 sections, and is restored in one transaction
	CitationsOfEach  = 5
	SectionsPerSheet = 4 // every fourth section has a worksheet

	MaxSections = 1_000_000 // slugs have six digits
)

var levels = []string{"basic", "intermediate", "advanced"}

// Generated is content of so many sections. A record is made of its number alone, so that nothing is kept in memory and
// any one can be asked for.
type Generated struct{ sections int }

// Generate gives content of so many sections, the same ones each time; more sections begin with those of fewer.
func Generate(sections int) (Generated, error) {
	if sections < 1 || sections > MaxSections {
		return Generated{}, fmt.Errorf("%d sections: must be from 1 to %d", sections, MaxSections)
	}
	return Generated{sections}, nil
}

// Sections is how many sections there are.
func (g Generated) Sections() int { return g.sections }

// ModuleCount is how many modules there are.
func (g Generated) ModuleCount() int { return ceil(g.sections, SectionsOfModule) }

// Courses is how many courses the modules make up.
func (g Generated) Courses() int { return ceil(g.ModuleCount(), ModulesOfCourse) }

func ceil(a, b int) int { return (a + b - 1) / b }

// CourseOf is the course of a module, from 0.
func CourseOf(module int) int { return (module - 1) / ModulesOfCourse }

// Kinds of seeds, so that no two records have the same text.
const (
	seedModule = iota + 1
	seedSection
	seedSource
	seedWorksheet
)

func seeded(kind, n int) *prose.Prose { return prose.New(uint64(kind)<<32 | uint64(n)) }

// Module gives the module of a number from 1.
func (g Generated) Module(n int) Module {
	p := seeded(seedModule, n)
	return Module{ID: n, Slug: fmt.Sprintf("module-%05d", n), Title: p.Title(4), Level: levels[p.IntN(len(levels))], Description: p.Sentences(60)}
}

// Source gives the source of a number from 1. There are as many as sections.
func (g Generated) Source(n int) Source {
	p := seeded(seedSource, n)
	text := fmt.Sprintf("%s, %s. (%d). %s. *%s*, %d(%d), %d–%d.", p.Title(1), p.Title(1)[:1], 1960+p.IntN(65), p.Title(6), p.Title(3),
		1+p.IntN(40), 1+p.IntN(4), 10+p.IntN(90), 100+p.IntN(90))
	return Source{ID: n, Key: fmt.Sprintf("source-%06d", n), Text: text, URL: fmt.Sprintf("https://example.org/works/%d", n)}
}

// Lesson gives the section of a number from 1, with what belongs to it.
func (g Generated) Lesson(n int) Lesson {
	p := seeded(seedSection, n)
	at := (n - 1) % SectionsOfModule
	first := n - at // of the module
	l := Lesson{Section: Section{
		ID: n, Slug: Slug(n), Title: p.Title(5), Ordinal: at + 1, Summary: p.Sentences(30), Body: body(p), Module: (n-1)/SectionsOfModule + 1,
	}}
	size := min(SectionsOfModule, g.sections-first+1)
	for i := range CitationsOfEach {
		s := g.Source(first + (at+i*i)%size) // works are cited by several sections of their module
		l.Citations = append(l.Citations, Citation{
			ID: (n-1)*CitationsOfEach + i + 1, Key: fmt.Sprintf("cit-%06d-%d", n, i+1), Text: s.Text, URL: s.URL,
			Position: i + 1, Section: n, Source: s.ID,
		})
	}
	if at%SectionsPerSheet == 0 {
		id := ceil(n, SectionsPerSheet)
		w := seeded(seedWorksheet, id)
		l.Worksheets = append(l.Worksheets, Worksheet{ID: id, Slug: fmt.Sprintf("worksheet-%06d", id), Title: w.Title(4), Body: task(w), Section: n})
	}
	return l
}

// Slug is the slug of a section.
func Slug(n int) string { return fmt.Sprintf("section-%06d", n) }

// items is how many items lists have.
const items = 5

// body is about 500 words of Markdown, in the blocks that training pages are made of.
func body(p *prose.Prose) string {
	return strings.Join([]string{
		"## " + p.Title(4),
		p.Sentences(80) + "[^1]",
		p.Sentences(80) + "[^2]",
		"### " + p.Title(4),
		list(p, 16, func(int) string { return "-" }),
		p.Sentences(80) + "[^3] **" + p.Words(2) + "** " + p.Sentences(10) + "[^4]",
		"### " + p.Title(4),
		"> " + p.Sentences(40),
		list(p, 14, func(i int) string { return fmt.Sprintf("%d.", i+1) }),
		p.Sentences(50) + "[^5]",
	}, "\n\n")
}

// task is about 100 words of Markdown.
func task(p *prose.Prose) string {
	return p.Sentences(40) + "\n\n" + list(p, 12, func(i int) string { return fmt.Sprintf("%d.", i+1) })
}

func list(p *prose.Prose, words int, mark func(i int) string) string {
	var out []string
	for i := range items {
		out = append(out, mark(i)+" "+p.Title(words)+".")
	}
	return strings.Join(out, "\n")
}

// Modules visits the modules of a course.
func (g Generated) Modules(course int, visit func(Module) error) error {
	return between(course*ModulesOfCourse, min((course+1)*ModulesOfCourse, g.ModuleCount()), func(n int) error { return visit(g.Module(n)) })
}

// Sources visits the sources of a course.
func (g Generated) Sources(course int, visit func(Source) error) error {
	return g.ofCourse(course, func(n int) error { return visit(g.Source(n)) })
}

// Lessons visits the sections of a course.
func (g Generated) Lessons(course int, visit func(Lesson) error) error {
	return g.ofCourse(course, func(n int) error { return visit(g.Lesson(n)) })
}

func (g Generated) ofCourse(course int, visit func(n int) error) error {
	const all = ModulesOfCourse * SectionsOfModule
	return between(course*all, min((course+1)*all, g.sections), visit)
}

// between visits the numbers above from, to the last one.
func between(from, last int, visit func(n int) error) error {
	for n := from + 1; n <= last; n++ {
		if err := visit(n); err != nil {
			return err
		}
	}
	return nil
}
