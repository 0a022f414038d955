package seed

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

func TestFindPages(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{
		"index.md", "modules/a/section-1.MARKDOWN", "notes/rye & wheat é.txt",
		"README.md", "LICENSE.txt", "logo.png", "_site/index.md", "_includes/a.md", "modules/vendor/b.md", ".git/c.md", "node_modules/d.txt", "_drafts/e.md",
	} {
		fsys[name] = &fstest.MapFile{}
	}
	got, err := FindPages(fsys)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"index.md", "modules/a/section-1.MARKDOWN", "notes/rye & wheat é.txt"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestFindPagesLimits(t *testing.T) {
	deep := strings.Repeat("a/", maxDepth+1) + "b.md"
	_, err := FindPages(fstest.MapFS{deep: {}})
	if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), strings.Repeat("a/", maxDepth)) {
		t.Errorf("error %v", err)
	}
}

func TestUniqueSlugs(t *testing.T) {
	taken := map[string]int{}
	long := strings.Repeat("a", models.MaxSlugLength)
	for _, want := range []string{"rye", "rye-2", "rye-3"} {
		if got := unique("rye", taken); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	unique(long, taken)
	if got := unique(long, taken); !models.ValidSlug(got) || !strings.HasSuffix(got, "-2") {
		t.Errorf("got %q", got)
	}
}

func TestRecognition(t *testing.T) {
	for name, tt := range map[string]struct{ path, page, want string }{
		"module site":          {"a.txt", "---\ntitle: a\nsubsection: one\n---\n", "jekyll-module-site"},
		"module site, Windows": {"a.txt", "\uFEFF---\r\nlayout: module\r\n---\r\n", "jekyll-module-site"},
		"course":               {"a.txt", "---\ntitle: a\ntags: [b]\n---\n", "course-in-a-box"},
		"course, no keys":      {"m/_posts/2001-01-01-a.txt", "Dough", "course-in-a-box"},
		"outline":              {"a.txt", "Dough\n\nsection: none\n", "plain-text-outline"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range Readers() {
				if r.Recognises(tt.path, []byte(tt.page)) {
					if r.Name() != tt.want {
						t.Errorf("read as %s, want %s", r.Name(), tt.want)
					}
					return
				}
			}
			t.Error("no reader recognises the page")
		})
	}
}

func TestOrder(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"section-1-10", "section-1-2", "section-1", "section-10", "section-2-0", "index", "section-1-2-ref"} {
		fsys["modules/bread/"+name+".md"] = &fstest.MapFile{Data: []byte("---\nlayout: module\ntitle: " + name + "\nsection: x\n---\n")}
	}
	pages, err := FindPages(fsys)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Read(t.Context(), Source{FS: fsys, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range tree.Modules[0].Sections {
		got = append(got, s.Record.Title)
		for _, c := range s.Children {
			got = append(got, "- "+c.Record.Title)
		}
	}
	want := []string{"index", "section-1", "- section-1-2", "- section-1-2-ref", "- section-1-10", "section-2-0", "section-10"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}
