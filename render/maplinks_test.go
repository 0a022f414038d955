package render_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

func TestMapLinks(t *testing.T) {
	const to = "lectern:section/0190a1b2-0000-7000-8000-000000000001?as=x"
	for name, tt := range map[string]struct{ text, want string }{
		"a link":                            {"See [it](x.html).", "See [it](" + to + ")."},
		"two of one address":                {"[a](x.html) [b](x.html)", "[a](" + to + ") [b](" + to + ")"},
		"another stays":                     {"[a](y.html) [b](x.html)", "[a](y.html) [b](" + to + ")"},
		"a title stays":                     {`[a](x.html "Title")`, `[a](` + to + ` "Title")`},
		"angle brackets":                    {"[a](<x.html>)", "[a](" + to + ")"},
		"spaces in angle brackets":          {"[a](<my page.html>)", "[a](" + to + ")"},
		"markup in the text":                {"*[**a** `b`](x.html)* c", "*[**a** `b`](" + to + ")* c"},
		"an image is no link":               {"![a](x.html)", "![a](x.html)"},
		"a linked image":                    {"[![a](x.html)](x.html)", "[![a](x.html)](" + to + ")"},
		"code is no link":                   {"`[a](x.html)`", "`[a](x.html)`"},
		"an address by itself stays":        {"<https://example.org/x.html>", "<https://example.org/x.html>"},
		"an escaped one":                    {`[a](x\_y.html)`, "[a](" + to + ")"},
		"on the second line":                {"one\n[a](x.html)", "one\n[a](" + to + ")"},
		"nothing to change":                 {"[a](z)", "[a](z)"},
		"an empty address is left as it is": {"[a]()", "[a]()"},
	} {
		t.Run(name, func(t *testing.T) {
			got := render.MapLinks(models.Text(tt.text), func(url string) string {
				switch url {
				case "x.html", "my page.html", "x_y.html":
					return to
				}
				return ""
			})
			if string(got) != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Whatever the text, the addresses are changed and nothing else that a reader sees.
func TestMapLinksChangesOnlyAddresses(t *testing.T) {
	part := rapid.SampledFrom([]string{"[a](b)", "[", "]", "(", ")", "<x>", "*", "`", "\\", "[^1]", "![i](j)", "[c](<d e>)", " ", "\n", "word", "é", "[f](g(h))"})
	rapid.Check(t, func(t *rapid.T) {
		text := models.Text(strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "text"), ""))
		got := render.MapLinks(text, func(url string) string { return "m:" + hexed(url) })
		before, after := render.Links(text), render.Links(got)
		if len(before) != len(after) || render.Plain(text) != render.Plain(got) {
			t.Fatalf("%q became %q", text, got)
		}
		for i, l := range before {
			if want := "m:" + hexed(l.URL); after[i].URL != want && after[i].URL != l.URL {
				t.Errorf("%q: address %q became %q", text, l.URL, after[i].URL)
			}
		}
	})
}

func hexed(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}
