package render

import (
	"slices"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

func TestInlineHTML(t *testing.T) {
	for name, tt := range map[string]struct {
		text  models.Text
		html  string
		plain string
	}{
		"words":                         {"bread & butter", "bread &amp; butter", "bread & butter"},
		"nothing":                       {"", "", ""},
		"emphasis":                      {"*a* _b_ **c** __d__", "<em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong>", "a b c d"},
		"nested emphasis":               {"***a** b*", "<em><strong>a</strong> b</em>", "a b"},
		"strikethrough":                 {"~~a~~", "<del>a</del>", "a"},
		"code":                          {"`a *b* &amp; <u>`", "<code>a *b* &amp;amp; &lt;u&gt;</code>", "a *b* &amp; <u>"},
		"a soft break":                  {"a\nb", "a\nb", "a b"},
		"a hard break of spaces":        {"a  \nb", "a<br>\nb", "a\nb"},
		"a hard break of a backslash":   {"a\\\nb", "a<br>\nb", "a\nb"},
		"a blank line":                  {"a\n\nb", "a<br>\nb", "a\nb"},
		"a number sign":                 {"# a", "# a", "# a"},
		"a number":                      {"1. a", "1. a", "1. a"},
		"a bullet":                      {"- a", "- a", "- a"},
		"a greater-than":                {"> a", "&gt; a", "> a"},
		"a line of hyphens":             {"a\n---", "a\n---", "a ---"},
		"a fence":                       {"~~~ a", "~~~ a", "~~~ a"},
		"indentation":                   {"    a", "a", "a"},
		"a definition of a link":        {"[a]: /b", "[a]: /b", "[a]: /b"},
		"entities":                      {"&copy; &#169; &nope;", "© © &amp;nope;", "© © &nope;"},
		"an entity resolved only once":  {"&#38;lt; &amp;lt;", "&amp;lt; &amp;lt;", "&lt; &lt;"},
		"an entity that is escaped":     {`\&amp;`, "&amp;amp;", "&amp;"},
		"an entity that is a backslash": {`&#92;\*`, `\*`, `\*`},
		"escapes":                       {`\*a\* \\ \q`, `*a* \ \q`, `*a* \ \q`},
		"a mark":                        {"a[^1]", `a<sup class="note-mark unresolved">[1]</sup>`, "a"},
		"marks side by side":            {"a[^1][^b]", `a<sup class="note-mark unresolved">[1]</sup><sup class="note-mark">, </sup><sup class="note-mark unresolved">[b]</sup>`, "a"},
		"a mark with markup":            {"[^<b>]", `<sup class="note-mark unresolved">[&lt;b&gt;]</sup>`, ""},
		"what is nearly a mark":         {"[^] [^a b] [^a", "[^] [^a b] [^a", "[^] [^a b] [^a"},

		"a link":                   {`[a *b*](/c "d")`, `<a href="/c" title="d">a <em>b</em></a>`, "a b"},
		"a link with entities":     {`[a](/?b=1&amp;c=2 "&quot;\*")`, `<a href="/?b=1&amp;c=2" title="&#34;*">a</a>`, "a"},
		"a link with an escape":    {`[a](/b\_c)`, `<a href="/b_c">a</a>`, "a"},
		"a link with a percent":    {"[a](http://b/100%)", `<a href="http://b/100%">a</a>`, "a"},
		"a mark in a link":         {"[a[^1]](/b)", `<a href="/b">a<sup class="note-mark unresolved">[1]</sup></a>`, "a"},
		"a link in a link":         {"[a <http://b>](/c)", `<a href="/c">a http://b</a>`, "a http://b"},
		"a link to nothing":        {"[a]()", "<a>a</a>", "a"},
		"addresses in brackets":    {"<http://a> <a@b.c>", `<a href="http://a">http://a</a> <a href="mailto:a@b.c">a@b.c</a>`, "http://a a@b.c"},
		"an address without":       {"http://a", "http://a", "http://a"},
		"a link to a record":       {"[a](lectern:section/" + models.Text(idA) + ")", `<a href="lectern:section/` + string(idA) + `">a</a>`, "a"},
		"a link to no record":      {"[a](lectern:section/1)", "<a>a</a>", "a"},
		"a link to a kind of none": {"[a](lectern:page/" + models.Text(idA) + ")", "<a>a</a>", "a"},
		"an image":                 {`![a *b*](/c.png)`, `<img src="/c.png" alt="a b">`, ""},
		"an image with an escape":  {`![a](/b&amp;c)`, `<img src="/b&amp;c" alt="a">`, ""},

		"raw tags":                     {"H<sub>2</sub>O <KBD>x</KBD>", "H<sub>2</sub>O <kbd>x</kbd>", "H2O x"},
		"raw tags with attributes":     {`<u onclick="x" style='y'>a</u>`, "<u>a</u>", "a"},
		"raw breaks":                   {"a<br/>b<wbr>c", "a<br>b<wbr>c", "a\nbc"},
		"raw tags that are dropped":    {"<div>a</div><script>b</script>", "ab", "ab"},
		"a comment":                    {"a<!-- b -->c", "ac", "ac"},
		"a raw tag left open":          {"<sup>a", "<sup>a</sup>", "a"},
		"a raw tag closed twice":       {"<sup>a</sup></sup>", "<sup>a</sup>", "a"},
		"raw tags across each other":   {"<sup>a<u>b</sup>c</u>", "<sup>a<u>bc</u></sup>", "abc"},
		"a raw tag across emphasis":    {"<sup>*a</sup>*", "<sup><em>a</em></sup>", "a"},
		"a raw tag opened in emphasis": {"*<sup>a*</sup>", "<em><sup>a</sup></em>", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, "InlineHTML", InlineHTML(tt.text), tt.html)
			same(t, "Plain", Plain(tt.text), tt.plain)
		})
	}
}

func TestDangerousAddressesNeverReachTheHTML(t *testing.T) {
	for _, address := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", "jAvAsCrIpT&colon;alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)",
		"java&#9;script:alert(1)", "java&Tab;script:alert(1)", "java&NewLine;script:alert(1)", "&#1;javascript:alert(1)",
		`javascript\:alert(1)`, "data:text/html,x", "DATA:image/svg+xml,x", "vbscript:x", "feed:javascript:x", "file:///etc/passwd",
		"view-source:x", "blob:x", "&#160;javascript:x", "x:y",
	} {
		for form, text := range map[string]models.Text{
			"link":           models.Text("[a](" + address + ")"),
			"bracketed link": models.Text("[a](<" + address + ">)"),
			"image":          models.Text("![a](" + address + ")"),
			"autolink":       models.Text("<" + address + ">"),
			"reference":      models.Text("[a]\n\n[a]: " + address),
		} {
			if html := InlineHTML(text); hasAddress(html) {
				t.Errorf("%s %q gives %s", form, text, html)
			}
		}
	}
}

func TestSafeURL(t *testing.T) {
	for address, want := range map[string]bool{
		"http://a": true, "HTTPS://a": true, "/a": true, "a": true, "//a": true, "?a:b": true, "#a:b": true, "a/b:c": true, "mailto:a@b": true,
		"": false, " ": false, "a:b": false, "javascript:a": false, " javascript:a": false, "java\tscript:a": false, "\x00http://a": false, "/a\tb": false, ":a": false,
	} {
		if got := safeURL(address, "http", "https", "mailto"); got != want {
			t.Errorf("safeURL(%q) = %t, want %t", address, got, want)
		}
	}
}

func TestMarksAndLinks(t *testing.T) {
	const text = "a[^1] *b[^x]* `[^no]` [c[^1]](/d&amp;e) <http://f> \\[^no]"
	if got, want := Marks(text), []string{"1", "x", "1"}; !slices.Equal(got, want) {
		t.Errorf("Marks = %q, want %q", got, want)
	}
	if got, want := Links(text), []Link{{"/d&e", "c"}, {"http://f", "http://f"}}; !slices.Equal(got, want) {
		t.Errorf("Links = %q, want %q", got, want)
	}
}

func TestRecordLinksRoundTrip(t *testing.T) {
	for name, link := range map[string]RecordLink{
		"made in Lectern": {To: models.Ref{Type: models.KindSection, ID: idA}},
		"as written":      {To: models.Ref{Type: models.KindModule, ID: idA}, Written: `../a b/c.md?d=e&f#g"(h)<i>`},
		"with a fragment": {To: models.Ref{Type: models.KindAsset, ID: idB}, Fragment: "a b/ü#?"},
		"with both":       {To: models.Ref{Type: models.KindWorksheet, ID: idB}, Written: "/x", Fragment: "y"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := ParseRecordLink(link.String()); !ok || got != link {
				t.Errorf("%q is read as %+v, want %+v", link, got, link)
			}
			text := models.Text("see [it](" + link.String() + ")")
			if got := RecordLinks(text); len(got) != 1 || got[0] != link.To {
				t.Errorf("RecordLinks(%q) = %v, want %v", text, got, link.To)
			}
		})
	}
	for _, address := range []string{"", "lectern:", "lectern:section", "lectern:section/", "lectern:section/x", "lectern:page/" + string(idA), "http://a", "lectern://section/" + string(idA), "%"} {
		if l, ok := ParseRecordLink(address); ok {
			t.Errorf("%q is read as %+v", address, l)
		}
	}
}

func TestWithoutComments(t *testing.T) {
	for name, tt := range map[string]struct{ text, want models.Text }{
		"none":            {"a *b* c", "a *b* c"},
		"one":             {"a<!-- b -->c", "ac"},
		"two":             {"<!--x-->a [b<!--y-->](c)", "a [b](c)"},
		"over lines":      {"a <!-- b\nc --> d", "a  d"},
		"in code":         {"`<!-- a -->`", "`<!-- a -->`"},
		"escaped":         {`\<!-- a -->`, `\<!-- a -->`},
		"one that is not": {"a <!-- b", "a <!-- b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := WithoutComments(tt.text); got != tt.want {
				t.Errorf("WithoutComments(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
