package kramdown

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func parse(t *testing.T, body string) *Document {
	t.Helper()
	doc, err := Parse(Body{Text: body, FirstLine: 5, Variable: func(name string) (string, bool) {
		return "Ada", name == "site.baker"
	}})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// outline writes a DOM without lines and white space between blocks.
func outline(t *testing.T, root *html.Node) string {
	t.Helper()
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
			return
		}
		b.WriteString("<" + n.Data)
		for _, a := range n.Attr {
			if !strings.HasPrefix(a.Key, "data-") {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
		}
		b.WriteString(">")
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
		b.WriteString("</" + n.Data + ">")
	}
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		visit(c)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "> <", "><")), " ")
}

func TestParse(t *testing.T) {
	for name, tt := range map[string]struct{ body, want string }{
		"Markdown off in blocks":  {"<div>\n*a*\n\n## b\n</div>", "<div> *a* ## b </div>"},
		"Markdown on":             {"<div markdown=\"1\">\n*a*\n\n## b\n</div>", "<div><p><em>a</em></p><h2>b</h2></div>"},
		"off inside on":           {"<div markdown='1'>\n<p>*a*</p>\n*b*\n</div>", "<div><p>*a*</p><p><em>b</em></p></div>"},
		"spans begin paragraphs":  {"<b>a</b> *b*", "<p><b>a</b><em>b</em></p>"},
		"break alone on a line":   {"a\n\n<br/>\n*b*", "<p>a</p><p><br></br><em>b</em></p>"},
		"block interrupts":        {"a\n<div>b</div>\nc", "<p>a</p><div>b</div><p>c</p>"},
		"rule with text under it": {"<hr/>\n*a*", "<hr></hr><p><em>a</em></p>"},
		"list under a paragraph":  {"a:\n* b\n* c", "<p>a:</p><ul><li>b</li><li>c</li></ul>"},
		"attribute list":          {"[a](b){:target=“_blank”}\n{: .x}", "<p><a href=b>a</a></p>"},
		"address as written":      {"[a](b?c=é&d=%20#e)", "<p><a href=b?c=é&d=%20#e>a</a></p>"},
		"touching attributes":     {`a <a href="b"target="c">d</a>`, "<p>a <a href=b target=c>d</a></p>"},
		"not a tag":               {"a <rye> b < c", "<p>a <rye> b < c</p>"},
		"table without a head":    {"| a | b |\n| c | d |", "<table><thead><tr><th></th><th></th></tr></thead><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>"},
		"Liquid":                  {"{{ site.baker }} {% include x.html %}{{ site.none }}b", "<p>Ada b</p>"},
		"Liquid in code":          {"`{{ site.baker }}`", "<p><code>{{ site.baker }}</code></p>"},
		"highlight":               {"{% highlight go %}\nx := *p\n{% endhighlight %}", "<pre><code class=language-go> x := *p </code></pre>"},
		"stray end tags":          {"<div>a</div>\n</div>\nb</sup> c", "<div>a</div><p>b c</p>"},
		"sup without an end":      {"a <sup>1 b\n\nc", "<p>a <sup>1 b</sup></p><p>c</p>"},
		"items without ends":      {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
		"link definition":         {"[a][b]\n\n<p>x</p>\n\n[b]: /c \"d\"", "<p><a href=/c title=d>a</a></p><p>x</p>"},
		"code with a tag":         {"```\n<div>\n```\n*a*", "<pre><code><div></code></pre><p><em>a</em></p>"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(t, parse(t, tt.body).Root); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	doc := parse(t, "a\n\n<!-- one\ntwo -->\n\n<div markdown=\"1\">\n\n## b\n\n</div>\n\n</p></td>\n")
	var heading *html.Node
	var find func(*html.Node)
	find = func(n *html.Node) {
		if n.Data == "h2" {
			heading = n
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			find(c)
		}
	}
	find(doc.Root)
	if Line(heading) != 12 {
		t.Errorf("the heading is on line %d, want 12", Line(heading))
	}
	if len(doc.Comments) != 1 || doc.Comments[0] != (Comment{"one\ntwo", 7}) {
		t.Errorf("comments %+v", doc.Comments)
	}
	if !Placeholder.MatchString(outline(t, doc.Root)) {
		t.Error("the comment has no place in the text")
	}
	if len(doc.Problems) != 1 || !strings.Contains(doc.Problems[0].Message, "</td>") {
		t.Errorf("problems %+v", doc.Problems)
	}
}
