package seed

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// folder makes a file system of a text in which each file begins with a line of its path: "-- modules/a.md --".
func folder(text string) fstest.MapFS {
	out := fstest.MapFS{}
	var file *fstest.MapFile
	for line := range strings.Lines(text) {
		name, begins := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		name, ends := strings.CutSuffix(name, " --")
		switch {
		case begins && ends:
			file = &fstest.MapFile{}
			out[name] = file
		case file != nil:
			file.Data = append(file.Data, line...)
		}
	}
	return out
}

// with is the file system with other files in it, or in the place of its own.
func with(base, other fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for _, from := range []fstest.MapFS{base, other} {
		for name, file := range from {
			out[name] = file
		}
	}
	return out
}

// without is the file system without some files.
func without(base fstest.MapFS, names ...string) fstest.MapFS {
	out := with(base, nil)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// sourceOfFS makes a source of all pages of a file system.
func sourceOfFS(t *testing.T, pages fstest.MapFS) Source {
	t.Helper()
	src, err := sourceOf(pages, "the site")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// surveyed surveys a file system.
func surveyed(t *testing.T, pages fstest.MapFS) *Site {
	t.Helper()
	site, err := Survey(t.Context(), sourceOfFS(t, pages))
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// readSite surveys a file system and reads all its pages.
func readSite(t *testing.T, pages fstest.MapFS) *Site {
	t.Helper()
	site := surveyed(t, pages)
	for _, tree := range site.Trees {
		for _, m := range tree.Modules {
			if err := m.walk(func(s, _ *Section) error { return s.load(context.Background()) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	return site
}

// sectionAt is the section of a page.
func (s *Site) sectionAt(t *testing.T, path string) *Section {
	t.Helper()
	for _, tree := range s.Trees {
		if found := sections(tree)[path]; found != nil {
			return found
		}
	}
	t.Fatalf("there is no page %s", path)
	return nil
}

// sketch draws the courses, modules and sections of a site, a line each, in order.
func sketch(s *Site) string {
	var b strings.Builder
	for _, tree := range s.Trees {
		if len(tree.Modules) == 0 {
			continue
		}
		r := tree.record()
		fmt.Fprintf(&b, "COURSE %s /%s\n", r.Title, r.Slug)
		for _, m := range tree.Modules {
			fmt.Fprintf(&b, " MODULE %s: %s%s\n", m.Key, m.Record.Title, outOfMenu(m.Record.InMenu))
			sketchSections(&b, m.Sections, "  ")
		}
	}
	return b.String()
}

func sketchSections(b *strings.Builder, list []*Section, indent string) {
	for _, s := range list {
		r := s.Record
		line := indent + joinNumber(r.Number, r.Title) + " /" + r.Slug
		if r.MenuLabel != "" {
			line += fmt.Sprintf(" [%s]", r.MenuLabel)
		}
		if r.Origin == nil {
			line += " (no page)"
		}
		if s.Draft {
			line += " (draft)"
		}
		b.WriteString(line + outOfMenu(r.InMenu) + "\n")
		sketchSections(b, s.Children, indent+" ")
	}
}

func outOfMenu(in bool) string {
	if in {
		return ""
	}
	return " (in no menu)"
}

// alerts lists the warnings of a site in order, a line each: "path:line: message".
func alerts(s *Site) string {
	var b strings.Builder
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "%s: %s\n", w.place(), w.Message)
	}
	return b.String()
}

func same(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(strings.Trim(want, "\n"), "\n"), strings.Split(strings.Trim(got, "\n"), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// namesOf gives records of a site by id the names that tests call them by: the path of a page or file, the key of a
// module.
func (s *Site) namesOf() map[models.ID]string {
	out := map[models.ID]string{}
	for _, tree := range s.Trees {
		for _, m := range tree.Modules {
			out[m.Record.ID] = m.Key
			_ = m.walk(func(sec, _ *Section) error {
				out[sec.Record.ID] = sec.Key
				return nil
			})
		}
		for _, a := range tree.Assets {
			out[a.Record.ID] = a.Key
		}
	}
	return out
}

// links lists the links of a page's blocks in order: the address as written, and the record that it leads to if any.
func (s *Site) links(sec *Section) string {
	names := s.namesOf()
	var b strings.Builder
	models.EachText(sec.Record, func(_ string, text *models.Text) {
		for _, l := range render.Links(*text) {
			if to, ok := render.ParseRecordLink(l.URL); ok {
				fmt.Fprintf(&b, "%s -> %s %s\n", to.Written, to.To.Type, names[to.To.ID])
				continue
			}
			b.WriteString(l.URL + "\n")
		}
	})
	return b.String()
}

// kindsOf lists a page's blocks: "paragraph, fragment".
func kindsOf(bs models.Blocks) string {
	var out []string
	bs.Walk(func(b models.Block, _ int) bool {
		out = append(out, string(b.Base().Kind))
		return true
	})
	return strings.Join(out, ", ")
}
