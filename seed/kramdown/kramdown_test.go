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
		"Markdown off in blocks":   {"<div>\n*a*\n\n## b\n</div>", "<div> *a* ## b </div>"},
		"Markdown on":              {"<div markdown=\"1\">\n*a*\n\n## b\n</div>", "<div><p><em>a</em></p><h2>b</h2></div>"},
		"off inside on":            {"<div markdown='1'>\n<p>*a*</p>\n*b*\n</div>", "<div><p>*a*</p><p><em>b</em></p></div>"},
		"spans begin paragraphs":   {"<b>a</b> *b*", "<p><b>a</b><em>b</em></p>"},
		"break alone on a line":    {"a\n\n<br/>\n*b*", "<p>a</p><p><br></br><em>b</em></p>"},
		"block interrupts":         {"a\n<div>b</div>\nc", "<p>a</p><div>b</div><p>c</p>"},
		"rule with text under it":  {"<hr/>\n*a*", "<hr></hr><p><em>a</em></p>"},
		"list under a paragraph":   {"a:\n* b\n* c", "<p>a:</p><ul><li>b</li><li>c</li></ul>"},
		"attribute list":           {"[a](b){:target=“_blank”}\n{: .x}", "<p><a href=b>a</a></p>"},
		"address as written":       {"[a](b?c=é&d=%20#e)", "<p><a href=b?c=é&d=%20#e>a</a></p>"},
		"touching attributes":      {`a <a href="b"target="c">d</a>`, "<p>a <a href=b target=c>d</a></p>"},
		"not a tag":                {"a <rye> b < c", "<p>a <rye> b < c</p>"},
		"table without a head":     {"| a | b |\n| c | d |", "<table><thead><tr><th></th><th></th></tr></thead><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>"},
		"Liquid":                   {"{{ site.baker }} {% include x.html %}{{ site.none }}b", "<p>Ada b</p>"},
		"raw Liquid":               {"{% raw %}{{ a }} `{% b %}` {% endraw %}{{ site.baker }}", "<p>{{ a }} <code>{% b %}</code> Ada</p>"},
		"Liquid string":            {"{{ \"rye\" | upcase }} b", "<p>rye b</p>"},
		"Liquid in code":           {"`{{ site.baker }}`", "<p><code>{{ site.baker }}</code></p>"},
		"highlight":                {"{% highlight go %}\nx := *p\n{% endhighlight %}", "<pre><code class=language-go>x := *p</code></pre>"},
		"highlight in HTML":        {"<div>\n{% highlight html %}\n<b>*a*</b>\n  <i>\n{% endhighlight %}\n</div>", "<div> <pre><code class=language-html><b>*a*</b> <i></code></pre> </div>"},
		"highlight in a list":      {"- a\n\n  {% highlight go %}\n  x := *p\n    y\n  {% endhighlight %}\n\n- b", "<ul><li><p>a</p><p><span></span><pre><code class=language-go>x := *p y</code></pre></p></li><li><p>b</p></li></ul>"},
		"attribute list in code":   {"`[a](b){:.c}`\n\n```\n{:toc}\n```\n\n    {:d}", "<p><code>[a](b){:.c}</code></p><pre><code>{:toc} </code></pre><pre><code>{:d} </code></pre>"},
		"braces in a heading":      {"## Sets {a=b}\n\n## Sets {.c}", "<h2>Sets {a=b}</h2><h2>Sets {.c}</h2>"},
		"id of a heading":          {"## Rye {#my-id}\n\n### Oats {: #other}", "<h2 id=my-id>Rye</h2><h3 id=other>Oats</h3>"},
		"comment in code":          {"`<!-- a -->` and `<!--`\n\n```html\n<!-- b\n c -->\n```\n\n    <!-- d -->\n    e", "<p><code><!-- a --></code> and <code><!--</code></p><pre><code class=language-html><!-- b c --></code></pre><pre><code><!-- d --> e </code></pre>"},
		"comment tag in code":      {"`{::comment}a{:/comment}` `{% comment %}b{% endcomment %}`", "<p><code>{::comment}a{:/comment}</code><code></code></p>"},
		"tag that prose speaks of": {"Write <title> or <script> here.\n\n<title> too.\n\n*a*", "<p>Write <title> or <script> here.</p><p><title> too.</p><p><em>a</em></p>"},
		"closed frame":             {"a <iframe src=\"b\" /> c\n\n*d*", "<p>a <iframe src=b></iframe> c</p><p><em>d</em></p>"},
		"stray end tags":           {"<div>a</div>\n</div>\nb</sup> c", "<div>a</div><p>b c</p>"},
		"sup without an end":       {"a <sup>1 b\n\nc", "<p>a <sup>1 b</sup></p><p>c</p>"},
		"items without ends":       {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
		"link definition":          {"[a][b]\n\n<p>x</p>\n\n[b]: /c \"d\"", "<p><a href=/c title=d>a</a></p><p>x</p>"},
		"open quotation mark":      {"<div title=\">\na\n\n[b](c)\n</div>\n\n| d |", "<div title=\"> a [b](c) </div><table><thead><tr><th></th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>"},
		"open quotation in a line": {"a <b title='>c</b>\n\n[d](e)", "<p>a <b title='>c</b></p><p><a href=e>d</a></p>"},
		"code with a tag":          {"```\n<div>\n```\n*a*", "<pre><code><div></code></pre><p><em>a</em></p>"},
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
	if len(doc.Comments) != 1 || doc.Comments[0].Text != "one\ntwo" || doc.Comments[0].Line != 7 {
		t.Errorf("comments %+v", doc.Comments)
	}
	if !Placeholder.MatchString(outline(t, doc.Root)) {
		t.Error("the comment has no place in the text")
	}
	if len(doc.Problems) != 1 || !strings.Contains(doc.Problems[0].Message, "</td>") {
		t.Errorf("problems %+v", doc.Problems)
	}
}

func TestTableOfContents(t *testing.T) {
	doc := parse(t, "* Inhalt\n{:toc}\n\n## a")
	if got := outline(t, doc.Root); got != "<h2>a</h2>" || len(doc.Problems) != 1 || !strings.Contains(doc.Problems[0].Message, "Inhalt") {
		t.Errorf("%s, problems %+v", got, doc.Problems)
	}
}

// TestCommentsAreTakenOut wants every comment hidden, and kept in its place for the editor.
func TestCommentsAreTakenOut(t *testing.T) {
	for name, body := range map[string]string{
		"backticks in HTML":    "<p>It`s a <!-- secret --> don`t</p>",
		"backticks in blocks":  "<p>Use ` here</p>\n<!-- all\nsecret -->\n<p>and ` there</p>",
		"over a backtick":      "<p>a ` b <!-- secret ` secret --> c</p>",
		"fence in HTML":        "<div>\n```\n<!-- secret -->\n```\n</div>",
		"code element":         "a <code><!-- secret --></code>",
		"kramdown":             "a {::comment}secret{:/comment} b",
		"kramdown, over lines": "a\n\n{::comment}\nsecret\n\nsecret\n{:/}\n\nb",
		"Liquid":               "a {% comment %}secret{% endcomment %} b",
		"Liquid, over lines":   "a\n\n{%- comment -%}\nsecret\n\nsecret\n{%- endcomment -%}\n\nb",
		"raw Liquid":           "a {% raw %}{{ b }} <!-- secret --> {% c %}{% endraw %} d",
		"attribute":            "<img src=\"a\" alt=\"<!-- secret -->\">",
		"never closed":         "a {::comment} secret",
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, body)
			if got := outline(t, doc.Root); strings.Contains(got, "secret") {
				t.Error(got)
			}
			if len(doc.Comments) != 1 || !strings.Contains(doc.Comments[0].Text, "secret") {
				t.Errorf("comments %+v", doc.Comments)
			}
		})
	}
}
