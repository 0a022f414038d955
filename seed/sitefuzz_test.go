package seed

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// fuzzSite checks what is true of every site, whatever is in one of its files: it is read in time, or it is malformed;
// no page is lost, none is there twice; and what its pages say is what they say without that file.
func fuzzSite(f *testing.F, base fstest.MapFS, file string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	plain, err := Survey(context.Background(), Source{FS: base, Pages: pagesIn(base)})
	if err != nil {
		f.Fatal(err)
	}
	want := len(plain.Names())
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		site := mayBeRead(t, with(base, fstest.MapFS{file: {Data: []byte(text)}}))
		if took := time.Since(start); took > tooLong {
			t.Errorf("took %v", took)
		}
		if site == nil {
			return
		}
		seen := map[string]bool{}
		for _, name := range site.Names() {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
		if len(seen) != want {
			t.Errorf("%d pages, want %d", len(seen), want)
		}
		for _, tree := range site.Trees {
			checkTree(t, tree)
			if err := models.Validate(tree.record()); err != nil {
				t.Errorf("the course: %v", err)
			}
			for n, m := range tree.Modules {
				m.Record.CourseID = tree.record().ID
				if err := models.Validate(m.Record); err != nil || m.Record.Position != n {
					t.Errorf("module %d stands at %d: %v", n, m.Record.Position, err)
				}
			}
		}
	})
}

func pagesIn(fsys fs.FS) []string {
	pages, err := FindPages(fsys)
	if err != nil {
		panic(err) // the limits are far away
	}
	return pages
}

// mayBeRead reads a site; nil when it is malformed.
func mayBeRead(t *testing.T, pages fstest.MapFS) *Site {
	t.Helper()
	site, err := Survey(t.Context(), Source{FS: pages, Pages: pagesIn(pages)})
	if err != nil {
		mustBeMalformed(t, err)
		return nil
	}
	for _, tree := range site.Trees {
		for _, m := range tree.Modules {
			if err := m.walk(func(s, _ *Section) error { return s.load(t.Context()) }); err != nil {
				mustBeMalformed(t, err)
				return nil
			}
		}
	}
	return site
}

func mustBeMalformed(t *testing.T, err error) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) || e.Kind != models.KindMalformed {
		t.Fatalf("a site that can't be read is malformed, not: %v", err)
	}
}

func FuzzMenu(f *testing.F) {
	fuzzSite(f, folder(plots), "_includes/soil_nav.html",
		string(folder(plots)["_includes/soil_nav.html"].Data),
		"<a href=section-1-1.html>1.1 Clay<a href='?x'>b", "<A HREF=\"/modules/soil/\">&amp;\x00</A>", "{{ site.url }}<a href=\"{{", "<a href=\"//\">",
		"<a href=\"section-1-2.html\">"+strings.Repeat("long ", 200)+"</a>")
}

func FuzzCourseData(f *testing.F) {
	fuzzSite(f, folder(boxes), "_data/course.yml",
		"title: Gardening\nmodules:\n  - roses\n  - orchids\n  - herbs\n", "modules: [/roses/, ../herbs, \"\"]\n", "name: &a x\ndescription: *a\n", "- a\n", "modules: {a: b}\n", "title: \"\\0\"\n")
}

func FuzzCoursesData(f *testing.F) {
	fuzzSite(f, folder(school), "_data/courses.yml",
		"- id: web\n  title: The Web\n  modules: [html, css]\n- id: radio\n", "web:\n  title: A\nradio: {}\n", "- url: /courses/web/\n- permalink: ../radio\n", "1: 2\n", "- - a\n", "? [a]\n: b\n", "! 000")
}

func FuzzSettings(f *testing.F) {
	fuzzSite(f, folder(boxes), configFile,
		string(folder(boxes)[configFile].Data), "permalink: /:categories/:title/\n", "url: https://a.example.org\nbaseurl: /b\n", "permalink: ../../:year\nlang: x-y\n", "title: [\n", "baseurl: /\nurl: \"%zz\"\n")
}

// FuzzInclude wants of any file that a page includes that the page is read with it.
func FuzzInclude(f *testing.F) {
	fuzzSite(f, folder(kitchen), "_includes/tip.html",
		"<p>{{ include.text }}</p>", "{% include tip.html text=include.text %}", "{% include deep/outer.html %}\n<!-- a -->\n1<sup>1</sup>\n\n[^1]: b",
		"<div class=\"reflection\"><p>a</p><ul><li>b</li></ul>{% include licence.html %}</div>", "{% link modules/bread/index.md %} {% post_url x %}", "</div>\n| a | {% raw %}")
}

// FuzzLink wants of any address that a link keeps it as it is written, wherever it leads, and that links to records lead
// to records of the site.
func FuzzLink(f *testing.F) {
	const page = "modules/ponds/_posts/2001-01-09-links.md"
	for _, s := range []string{"../ice/", "/kit/modules/ponds/ice/#a", "//garden.example.org/kit/a", "a b?c=d&e#f", "%zz", "mailto:a@b", "..", "#", "{{site.url}}/x", "/img/My%20pond.png", "a(b)c", "\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if strings.ContainsAny(address, "\"'<>\n\r{}&\\`\x00\uFFFD") || !validAddress(address) {
			t.Skip("not an address as attributes have them")
		}
		site := mayBeRead(t, with(folder(paths), fstest.MapFS{page: {Data: []byte("---\ntitle: Links\n---\n<p>See <a href=\"" + address + "\">this</a>.</p>\n")}}))
		if site == nil {
			return
		}
		s, names := site.sectionAt(t, page), site.namesOf()
		checkTree(t, site.Trees[0])
		found := 0
		models.EachText(s.Record, func(_ string, text *models.Text) {
			for _, l := range render.Links(*text) {
				found++
				written := l.URL
				if to, ok := render.ParseRecordLink(l.URL); ok {
					written = to.Written
					if names[to.To.ID] == "" {
						t.Errorf("%q leads to a record that is not there", address)
					}
				}
				if written != strings.TrimSpace(address) {
					t.Errorf("%q is kept as %q", address, written)
				}
			}
		})
		if found == 0 && strings.TrimSpace(address) != "" && !strings.Contains(alerts(site), "leads nowhere") {
			t.Errorf("the link to %q is lost: %s", address, alerts(site))
		}
	})
}

// validAddress tells whether an address holds nothing that readers change: white space inside, other control
// characters.
func validAddress(s string) bool {
	return !strings.ContainsFunc(strings.TrimSpace(s), func(r rune) bool { return r < ' ' || r == 0x7f || r == '\t' })
}
