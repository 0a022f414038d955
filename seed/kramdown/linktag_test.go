package kramdown

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestTagsOfLinks(t *testing.T) {
	for name, tt := range map[string]struct {
		body, want string // the address, or the text where there is no link
		problem    string
	}{
		"a page":                 {"[a]({% link modules/b.md %})", "/modules/b.md", ""},
		"a page, with a slash":   {"[a]({% link /modules/b.md %})", "/modules/b.md", ""},
		"a page in quotes":       {"[a]({% link \"modules/b.md\" %})", "/modules/b.md", ""},
		"a space in the name":    {"[a]({% link modules/b c.md %}#d)", "/modules/b%20c.md#d", ""},
		"trimmed":                {"[a]({%- link modules/b.md -%})", "/modules/b.md", ""},
		"in HTML":                {"<a href=\"{% link modules/b.md %}\">a</a>", "/modules/b.md", ""},
		"a post":                 {"[a]({% post_url 2001-01-01-b %})", "/_posts/2001-01-01-b.md", ""},
		"after the address":      {"[a]({{ site.baseurl }}{% post_url 2001-01-01-b %})", "/_posts/2001-01-01-b.md", ""},
		"a post that is not":     {"[a]({% post_url 1999-01-01-b %}x)", "x", "the Liquid tag {% post_url 1999-01-01-b %} was taken out"},
		"nothing":                {"[a]({% link %}x)", "x", "the Liquid tag {% link %} was taken out"},
		"a variable":             {"[a]({% link {{ page.b }} %}x)", "x", "was taken out"},
		"in code, as it is":      {"`{% link b.md %}`", "{% link b.md %}", ""},
		"a filter":               {"[a]({{ '/b' | relative_url }})", "/b", ""},
		"filters":                {"[a]({{ \"/b\" | prepend: site.baseurl | prepend: site.url }})", "/b", ""},
		"a filter of a variable": {"[a]({{ page.c | absolute_url }})", "/c", ""},
		"another filter":         {"[a]({{ '/b' | relative_url | upcase }})", "/b", `the Liquid filter "relative_url | upcase" was not applied`},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Parse(Body{
				Text: tt.body, FirstLine: 1,
				Variable: func(name string) (string, bool) {
					v, ok := map[string]string{"site.baseurl": "", "page.c": "/c"}[name]
					return v, ok
				},
				Post: func(name string) (string, bool) { return "_posts/" + name + ".md", strings.HasPrefix(name, "2001") },
			})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for n := range doc.Root.Descendants() {
				switch {
				case n.Type == html.ElementNode && n.Data == "a":
					got = Attr(n, "href")
				case n.Type == html.TextNode && got == "":
					got = strings.TrimSpace(n.Data)
				}
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			said := ""
			for _, p := range doc.Problems {
				said += p.Message
			}
			if tt.problem == "" && said != "" || !strings.Contains(said, tt.problem) {
				t.Errorf("problems %q, want %q", said, tt.problem)
			}
		})
	}
}
