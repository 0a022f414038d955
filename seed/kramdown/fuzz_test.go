package kramdown

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// FuzzParse wants of any body: a limit or a DOM; elements and problems on lines of the body; and every comment and
// include in one place at most.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		"a *b* <sup><a name=\"1\" href=\"#fn1\">1</a></sup>\n\n<hr/>\n<a name=\"fn1\">1</a>: Rye.\n",
		"{% include a.html x=\"1\" y=page.flour %}\n\n* b {%- include_relative c.md -%}\n    {% include no.html %}\n",
		"{{ site.baker }} {% raw %}{{ a }}{% endraw %} {% highlight go %}x{% endhighlight %}",
		"<div markdown=\"1\">\n## a {#b}\n<!-- c\nd --> `<!-- e -->`\n</div>\n</li>",
		"| a | b |\n|---||\n| c |\n\n[^1]: d\n    e\n\n{:toc}\n[f](g){:target=“_blank”}",
		"&#xFDD0;0&#xFDD1; &#64978;0&#64979;",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		body := bakery(text)
		doc, err := Parse(body)
		if err != nil {
			if _, ok := errors.AsType[*LimitError](err); !ok {
				t.Fatalf("not a limit: %v", err)
			}
			return
		}
		last := body.FirstLine + strings.Count(text, "\n")
		for _, p := range doc.Problems {
			if p.Line < body.FirstLine || p.Line > last {
				t.Errorf("a problem on line %d of %d to %d: %s", p.Line, body.FirstLine, last, p.Message)
			}
		}
		comments, includes := map[string]int{}, map[string]int{}
		var visit func(*html.Node)
		visit = func(n *html.Node) {
			for _, m := range Placeholder.FindAllStringSubmatch(n.Data, -1) {
				comments[m[1]]++
			}
			for _, m := range IncludePlaceholder.FindAllStringSubmatch(n.Data, -1) {
				includes[m[1]]++
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				visit(c)
			}
		}
		visit(doc.Root)
		once(t, "comment", comments, len(doc.Comments))
		once(t, "include", includes, len(doc.Includes))
	})
}

func once(t *testing.T, what string, places map[string]int, known int) {
	t.Helper()
	for index, n := range places {
		if i, err := strconv.Atoi(index); err != nil || i >= known || n > 1 {
			t.Errorf("%s %s of %d stands in %d places", what, index, known, n)
		}
	}
}
