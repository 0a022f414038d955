package content

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/search"
)

// courseOrModule is the module that a record belongs to, or for records of courses the course.
func courseOrModule(r models.Record) *models.Ref {
	if s, ok := r.(*models.Section); ok {
		return models.NewRef(models.KindModule, s.ModuleID)
	}
	return r.Owner()
}

// document is what an index keeps of a record. What of its module and course tells what it is about is its own.
func document(r models.Record, l *lookup) search.Document {
	d := search.Document{Ref: refOf(r), Title: r.Label(), Body: searchText(r, l), Updated: r.Base().PublishedAt}
	module := moduleAround(r, l)
	if module != nil {
		d.Module, d.Course = module.ID, module.CourseID
		d.ModuleName = lines([]string{module.Title, module.Slug})
	} else if owner := courseOrModule(r); owner.Type == models.KindModule {
		d.Module = owner.ID
	} else {
		d.Course = owner.ID
	}
	course, _ := l.find(models.Ref{Type: models.KindCourse, ID: d.Course}).(*models.Course)
	if course != nil {
		d.Language = course.Language
	}
	d.Values = facetsOf(module, course)
	switch r := r.(type) {
	case *models.Module:
		d.Author = contributors(r.Contributors)
	case *models.Section:
		d.Cited = citedText(r, l)
		d.Values[search.FacetHas] = contentsOf(r, l)
	case *models.Source:
		d.Author = names(append(append([]models.CSLName{}, r.CSL.Author...), r.CSL.Editor...))
		d.Values[search.FacetSourceType] = []string{r.CSL.Type}
		if year := r.CSL.Issued.Year(); year > 0 {
			d.Values[search.FacetYear] = []string{search.Year(year)}
		}
	case *models.Asset:
		if r.License != "" {
			d.Values[search.FacetLicense] = []string{r.License}
		}
	}
	return d
}

// moduleAround is the module that a record is or belongs to, nil for records of courses.
func moduleAround(r models.Record, l *lookup) *models.Module {
	if m, ok := r.(*models.Module); ok {
		return m
	}
	m, _ := l.find(*courseOrModule(r)).(*models.Module)
	return m
}

// facetsOf gives what a module says of all that is in it. A module without a license has its course's.
func facetsOf(m *models.Module, c *models.Course) map[search.Facet][]string {
	values := map[search.Facet][]string{}
	license := ""
	if c != nil {
		license = c.License
	}
	if m != nil {
		values[search.FacetSubject], values[search.FacetKeyword] = m.Subjects, m.Keywords
		values[search.FacetAudience], values[search.FacetLevel] = m.Audience, m.Level
		if m.License != "" {
			license = m.License
		}
	}
	if license != "" {
		values[search.FacetLicense] = []string{license}
	}
	return values
}

// contentsOf tells what a section has beside text, in itself and in the shared content that it shows.
func contentsOf(s *models.Section, l *lookup) []string {
	has := map[string]bool{"citations": len(s.Citations) > 0}
	look := func(blocks models.Blocks) {
		blocks.Walk(func(b models.Block, _ int) bool {
			switch b := b.(type) {
			case *models.Video:
				has["video"] = true
			case *models.Download:
				has["download"] = true
			case *models.WorksheetUse:
				has["worksheet"] = has["worksheet"] || b.Worksheet != nil && l.find(*b.Worksheet) != nil
			}
			return true
		})
	}
	look(s.Blocks)
	for _, ref := range fragmentsOf(s) {
		if f, ok := l.find(ref).(*models.Fragment); ok {
			look(f.Blocks)
		}
	}
	var all []string
	for _, name := range []string{"citations", "worksheet", "video", "download"} {
		if has[name] {
			all = append(all, name)
		}
	}
	return all
}

// citedText is what a section cites, a citation a line: as written, and what is known of its source.
func citedText(s *models.Section, l *lookup) string {
	var out []string
	for _, c := range s.Citations {
		out = append(out, strings.ReplaceAll(render.Plain(c.Written), "\n", " "))
		if c.Source == nil {
			continue
		}
		if source, ok := l.find(*c.Source).(*models.Source); ok {
			out = append(out, source.CSL.Title, strings.ReplaceAll(sourceText(source), "\n", " "))
		}
	}
	return lines(out)
}

func contributors(cs []models.Contributor) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = strings.Join(strings.Fields(c.Given+" "+c.Family+" "+c.Literal), " ")
	}
	return lines(out)
}

func names(ns []models.CSLName) string {
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = strings.Join(strings.Fields(n.Given+" "+n.NonDroppingParticle+" "+n.Family+" "+n.Literal), " ")
	}
	return lines(out)
}

// searchText is what a record can be found by beside its title.
func searchText(r models.Record, l *lookup) string {
	switch r := r.(type) {
	case *models.Section:
		text, _ := sectionText(r, l)
		return text + lines([]string{"", render.Plain(r.Summary)})
	case *models.Module:
		parts := []string{render.Plain(r.Summary)}
		for _, o := range r.Objectives {
			parts = append(parts, render.Plain(o.Text))
		}
		return lines(append(append(parts, r.Subjects...), r.Keywords...))
	case *models.Worksheet:
		return render.WorksheetText(r, l.find)
	case *models.Source:
		return sourceText(r)
	case *models.Asset:
		return lines([]string{r.Alt, render.Plain(r.Caption), render.Plain(r.Credit), render.Plain(r.Transcript)})
	}
	return ""
}

// sectionText is the text of a section with the places of its blocks. Worksheets are documents of their own.
func sectionText(s *models.Section, l *lookup) (string, []render.Span) {
	return render.Text(s.Blocks, func(ref models.Ref) models.Record {
		if ref.Type == models.KindFragment {
			return l.find(ref)
		}
		return nil
	})
}

func sourceText(s *models.Source) string {
	c := s.CSL
	parts := []string{render.Plain(s.Written), strings.TrimSpace(names(append(append([]models.CSLName{}, c.Author...), c.Editor...)))}
	if year := c.Issued.Year(); year != 0 {
		parts = append(parts, fmt.Sprint(year))
	}
	return lines(append(parts, c.ContainerTitle, c.Publisher, c.DOI, c.ISBN))
}

func lines(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if p != "" {
			b.WriteString(p + "\n")
		}
	}
	return b.String()
}
