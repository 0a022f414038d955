package seed

import (
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// tooLong is what no page of the size that fuzzing makes may take, even with coverage counted.
const tooLong = time.Minute

// fuzzPage checks that a reader gives a sound tree or says what is wrong, whatever the page.
func fuzzPage(f *testing.F, name string, pages ...string) {
	for _, p := range pages {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, page string) {
		start := time.Now()
		tree, err := readOne(name, page)
		if took := time.Since(start); took > tooLong {
			t.Errorf("took %v", took)
		}
		if err != nil {
			if models.KindOf(err) != models.KindMalformed {
				t.Fatalf("a page that can't be read is malformed, not: %v", err)
			}
			return
		}
		checkTree(t, tree)
	})
}

func FuzzPageModuleSite(f *testing.F) {
	fuzzPage(f, "modules/bread/section-2-1.md",
		siteHead+"## Flour\n\nRye<sup>[1](#fn1)</sup> or wheat.<sup>1, 2</sup>\n\n<hr/>\n\n<a name=\"fn1\" href=\"#1\">1</a>: Miller, A. (2010). _Rye_.\n",
		siteHead+"<div class=\"reflection\"><p>Title</p><table class=\"worksheet\"><tr><th>a</th></tr><tr><td></td></tr></table></div>",
		siteHead+"> “Bread.”<br/><br/>— A baker\n\n{% include x.html %} {{ page.title }} <!-- note -->\n",
	)
}

func FuzzPageCourseInABox(f *testing.F) {
	const head = "---\ntitle: Ovens\ntags: ['sectionHead']\n---\n"
	fuzzPage(f, "modules/bread/_posts/2001-01-01-ovens.md",
		head+"<div class=\"callout activity\" markdown=\"1\">\n\n## [Worksheet #1: Heat](http://example.org){:target=\"_blank\"}\n\nTry:\n\n* It was...\n* Why?\n\n</div>\n",
		head+"<iframe src=\"https://www.youtube.com/embed/x?start=4\"></iframe>\n<div class=\"videotime\">1:02 | clip</div>\n",
		head+"| a | b |\n|---||\n| c |\n\n<details><summary>References</summary>\n1. One\n2. Two\n</details>\n",
	)
}

func FuzzPageOutline(f *testing.F) {
	fuzzPage(f, "bread.txt", "Bread\n\nDefinition: Bread is baked dough.\n\nKinds:\n\n • Rye\n   • dark\n\n • Wheat\n\nThat is all.\n", "\u00a0\n-\n")
}
