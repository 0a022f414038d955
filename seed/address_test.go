package seed

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

func TestNormalPath(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"/":                          "",
		"/index.html":                "",
		"index.md":                   "",
		"/modules/ponds/":            "modules/ponds",
		"modules/ponds/index.html":   "modules/ponds",
		"modules/ponds/index":        "modules/ponds",
		"/modules//ponds/./a.HTML":   "modules/ponds/a",
		"/modules/roses/../ponds/a":  "modules/ponds/a",
		"/../../etc/passwd":          "etc/passwd",
		"/a%20b%26c.html":            "a b&c",
		"/a b&c.htm":                 "a b&c",
		"/cafe\u0301.md":             "caf\u00e9",
		"/caf%C3%A9/":                "caf\u00e9",
		"/100%":                      "100%",
		"/section-1.2":               "section-1.2",
		"/plan.docx":                 "plan.docx",
		"/windex.html":               "windex",
		"/modules/ponds/a.html/":     "modules/ponds/a",
		"/modules/ponds/a.markdown/": "modules/ponds/a",
	} {
		if got := normalPath(in); got != want {
			t.Errorf("normalPath(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestAddressesAreLenientWithLetterCase(t *testing.T) {
	a := newAddresses()
	upper, lower := models.Ref{Type: models.KindSection, ID: models.NewID()}, models.Ref{Type: models.KindSection, ID: models.NewID()}
	a.add("/Plans.html", upper)
	a.add("/plans.html", lower)
	a.add("/plans", models.Ref{}) // what comes first keeps an address
	for address, want := range map[string]models.Ref{"Plans": upper, "plans/": lower, "PLANS": upper} {
		if got, ok := a.find(address); !ok || got != want {
			t.Errorf("%s leads to %v, %v", address, got, ok)
		}
	}
	if _, ok := a.find("plan"); ok {
		t.Error("a page was found that is not there")
	}
}

// addressesOf gives the addresses of a page in a site with the given settings.
func addressesOf(t *testing.T, settings, path, matter string) []string {
	t.Helper()
	site := surveyed(t, fstest.MapFS{
		"_config.yml": {Data: []byte(settings)},
		path:          {Data: []byte("---\ntitle: A page\n" + matter + "---\nText.\n")},
	})
	return site.sectionAt(t, path).Addresses
}

// The first address is the one that Jekyll publishes the page at.
func TestPermalinks(t *testing.T) {
	const post, page = "modules/ponds/_posts/2001-02-03-water.md", "modules/ponds/section-1-1.md"
	for name, tt := range map[string]struct{ settings, path, matter, want string }{
		"a page":                     {"", page, "", "/modules/ponds/section-1-1.html"},
		"a page, pretty":             {"permalink: pretty\n", page, "", "/modules/ponds/section-1-1/"},
		"a page's own":               {"", page, "permalink: /water/\n", "/water/"},
		"a page's own, bare":         {"", page, "permalink: water\n", "/water"},
		"an index, pretty":           {"permalink: pretty\n", "modules/ponds/index.md", "", "/modules/ponds/"},
		"a post":                     {"", post, "", "/modules/ponds/2001/02/03/water.html"},
		"a post, pretty":             {"permalink: pretty\n", post, "", "/modules/ponds/2001/02/03/water/"},
		"a post without date":        {"permalink: none\n", post, "", "/modules/ponds/water.html"},
		"a post in a style":          {"permalink: /:categories/:title/\n", post, "", "/modules/ponds/water/"},
		"a post's own":               {"permalink: /:categories/:title/\n", post, "permalink: /modules/ponds/\n", "/modules/ponds/"},
		"a post's own with parts":    {"", post, "permalink: /:year/:title:output_ext\n", "/2001/water.html"},
		"a post with a category":     {"permalink: /:categories/:title/\n", post, "categories: Deep Wide\n", "/modules/ponds/deep/wide/water/"},
		"a post at the top":          {"permalink: /:categories/:title/\n", "_posts/2001-02-03-water.md", "", "/water/"},
		"an impossible date":         {"permalink: /:categories/:title/\n", "modules/ponds/_posts/2017-02-31-ice.md", "", "/modules/ponds/ice/"},
		"two hyphens after the date": {"permalink: /:categories/:title/\n", "modules/ponds/_posts/2001-02-03--stuff.md", "", "/modules/ponds/stuff/"},
		"no date, two hyphens":       {"permalink: /:categories/:title/\n", "modules/ponds/_posts/--stuff.md", "", "/modules/ponds/--stuff/"},
		"no date":                    {"permalink: /:categories/:title/\n", "modules/ponds/_posts/grid-based.md", "", "/modules/ponds/grid-based/"},
		"spaces and signs":           {"", "modules/ponds/Ducks & geese é.md", "", "/modules/ponds/Ducks & geese é.html"},
	} {
		t.Run(name, func(t *testing.T) {
			got := addressesOf(t, tt.settings, tt.path, tt.matter)
			if got[0] != tt.want {
				t.Errorf("published at %s, want %s", got[0], tt.want)
			}
			if last := got[len(got)-1]; last != "/"+tt.path {
				t.Errorf("the last address is %s, want the page's file", last)
			}
		})
	}
}

func TestInSite(t *testing.T) {
	const page = "/modules/ponds/water/"
	site := surveyed(t, folder("-- _config.yml --\nurl: https://garden.example.org\nbaseurl: /kit/\n-- a.md --\n---\ntitle: A\n---\n"))
	for address, want := range map[string]string{
		"../ice/":                            "/modules/ponds/ice",
		"../../roses/":                       "/modules/roses",
		"plan.html?x=1#top":                  "/modules/ponds/water/plan.html",
		"/modules/roses/":                    "/modules/roses/",
		"/kit/modules/roses/":                "/modules/roses/",
		"https://garden.example.org/kit/a/":  "/a/",
		"http://Garden.example.org/kit/a":    "/a",
		"//garden.example.org/kit/a":         "/a",
		"\t/a\t":                             "/a",
		"/kit":                               "/",
		"https://garden.example.org/kit/":    "/",
		"a%20b.html":                         "/modules/ponds/water/a b.html",
		"/kitchen/a":                         "/kitchen/a",
		"https://garden.example.org/other/a": "", // another site at the same host
		"https://garden.example.org/kitchen": "",
		"https://example.org/modules/roses/": "",
		"//example.org/a":                    "",
		"mailto:a@example.org":               "",
		"tel:123":                            "",
		"javascript:alert(1)":                "",
		"#top":                               "",
		"?page=2":                            "",
		"":                                   "",
		"%zz":                                "",
		"http://[::1":                        "",
	} {
		got, ok := site.inSite(address, page)
		if got != want || ok != (want != "") {
			t.Errorf("%q is at %q (%v), want %q", address, got, ok, want)
		}
	}
}

func TestPagesAreFoundAtAllTheirAddresses(t *testing.T) {
	site := surveyed(t, folder("-- _config.yml --\npermalink: /:categories/:title/\n"+
		"-- modules/ponds/_posts/2001-01-01-start.md --\n---\ntitle: Start\npermalink: /modules/ponds/\n---\n"+
		"-- modules/ponds/_posts/2001-01-02-ice.md --\n---\ntitle: Ice\n---\n"+
		"-- modules/roses/_posts/2001-01-01-cut.md --\n---\ntitle: Cut\n---\n"))
	names := site.namesOf()
	got := map[string]string{}
	for _, address := range []string{
		"/modules/ponds/", "/modules/ponds/index.html", "/modules/ponds/start/", "/modules/ponds/ice", "/modules/ponds/Ice/",
		"/modules/ponds/_posts/2001-01-02-ice.md", "/modules/roses/", "/courses/roses", "/roses/", "/modules/herbs/",
	} {
		if to, ok := site.addresses.find(address); ok {
			got[address] = string(to.Type) + " " + names[to.ID]
		}
	}
	const start, ice = "section modules/ponds/_posts/2001-01-01-start.md", "section modules/ponds/_posts/2001-01-02-ice.md"
	want := map[string]string{
		"/modules/ponds/": start, "/modules/ponds/index.html": start, "/modules/ponds/start/": start, "/modules/ponds/ice": ice,
		"/modules/ponds/Ice/": ice, "/modules/ponds/_posts/2001-01-02-ice.md": ice,
		"/modules/roses/": "module roses", "/courses/roses": "module roses",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
