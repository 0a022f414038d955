package inline

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

func text(s string) Node                     { return Node{Kind: Text, Value: s} }
func run(kind Kind, children ...Node) Node   { return Node{Kind: kind, Children: children} }
func link(url string, children ...Node) Node { return Node{Kind: Link, URL: url, Children: children} }
func tagged(name string, children ...Node) Node {
	return Node{Kind: Tag, Value: name, Children: children}
}

func TestWrite(t *testing.T) {
	for name, tt := range map[string]struct {
		nodes []Node
		want  models.Text
	}{
		"plain":                    {[]Node{text("Dough  rises\n slowly.")}, "Dough rises slowly."},
		"emphasis":                 {[]Node{text("a "), run(Em, text("warm")), text(" oven")}, "a _warm_ oven"},
		"emphasis in a word":       {[]Node{text("over"), run(Em, text("night"))}, "over*night*"},
		"strong":                   {[]Node{run(Strong, text("Flour:")), text(" 500 g")}, "**Flour:** 500 g"},
		"emphasis in strong":       {[]Node{run(Strong, run(Em, text("never"))), text(" cold")}, "**_never_** cold"},
		"space at the edge":        {[]Node{text("a"), run(Em, text(" warm ")), text("oven")}, "a _warm_ oven"},
		"quotation in emphasis":    {[]Node{text("he said"), run(Strong, text("“no”")), text("twice")}, "he said“**no**”twice"},
		"link":                     {[]Node{link("https://example.org/a_b?c=d&e#f", text("mill"))}, "[mill](https://example.org/a_b?c=d&e#f)"},
		"link with parentheses":    {[]Node{link("https://example.org/a_(b)", text("mill"))}, "[mill](https://example.org/a_(b))"},
		"link with a space":        {[]Node{link("https://example.org/a b", text("mill"))}, "[mill](<https://example.org/a b>)"},
		"link with a title":        {[]Node{{Kind: Link, URL: "/a", Title: `the "old" mill`, Children: []Node{text("mill")}}}, `[mill](/a "the \"old\" mill")`},
		"brackets in a link":       {[]Node{link("/a", text("mill [old]"))}, `[mill \[old\]](/a)`},
		"placeholder":              {[]Node{text("ABOUT [YOUR BAKERY]")}, "ABOUT [YOUR BAKERY]"},
		"break":                    {[]Node{text("one"), {Kind: Break}, text("two")}, "one\\\ntwo"},
		"break at the end":         {[]Node{text("one"), {Kind: Break}}, "one"},
		"marks":                    {[]Node{text("rye"), {Kind: Mark, Value: "3"}, {Kind: Mark, Value: "4"}, text(".")}, "rye[^3][^4]."},
		"emphasis beside marks":    {[]Node{run(Em, text("rye")), {Kind: Mark, Value: "3"}, {Kind: Mark, Value: "4"}}, "_rye_[^3][^4]"},
		"text like a mark":         {[]Node{text("rye[^3]")}, `rye\[^3]`},
		"code":                     {[]Node{{Kind: Code, Value: "a`b"}}, "``a`b``"},
		"raised":                   {[]Node{text("m"), tagged("sup", text("2"))}, "m<sup>2</sup>"},
		"gap to fill":              {[]Node{text("Bake for ________ minutes, 5 * 6.")}, "Bake for ________ minutes, 5 * 6."},
		"snake_case stays":         {[]Node{text("snake_case_word")}, "snake_case_word"},
		"star":                     {[]Node{text("*not emphasis*")}, `\*not emphasis\*`},
		"entity":                   {[]Node{text("R&amp;D and R&D")}, `R\&amp;D and R&D`},
		"tag":                      {[]Node{text("a <b> c")}, `a \<b> c`},
		"begins like a list":       {[]Node{text("1. Flour")}, "1. Flour"},
		"no-break space":           {[]Node{text("10\u00a0g")}, "10\u00a0g"},
		"exclamation before link":  {[]Node{text("Look!"), link("/a", text("here"))}, `Look\![here](/a)`},
		"empty runs":               {[]Node{run(Em), link("/a"), text("")}, ""},
		"emphasis in its own kind": {[]Node{run(Em, text("a "), run(Em, text("b")))}, "_a b_"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Write(tt.nodes); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// nodes draws any structure of runs.
func nodes(depth int) *rapid.Generator[[]Node] {
	return rapid.Custom(func(t *rapid.T) []Node {
		var out []Node
		for range rapid.IntRange(0, 4).Draw(t, "siblings") {
			out = append(out, node(t, depth))
		}
		return out
	})
}

func node(t *rapid.T, depth int) Node {
	last := int(Tag)
	if depth == 0 {
		last = int(Mark)
	}
	n := Node{Kind: Kind(rapid.IntRange(0, last).Draw(t, "kind"))}
	switch n.Kind {
	case Text, Code:
		n.Value = rapid.StringOfN(rapid.RuneFrom([]rune("ab 1*_`[]()<>&;!~\\\"“”—.:#^\u00a0é/\n")), 0, 8, -1).Draw(t, "text")
	case Mark:
		n.Value = rapid.SampledFrom([]string{"1", "12", "x-1"}).Draw(t, "label")
	case Image, Link:
		n.URL = rapid.SampledFrom([]string{"/a", "https://example.org/x_y_(z)?a=1&b=2#c", "a b", "x)"}).Draw(t, "url")
	case Tag:
		n.Value = rapid.SampledFrom([]string{"sup", "sub", "u", "mark"}).Draw(t, "tag")
	}
	if n.Kind.holds() {
		n.Children = nodes(depth-1).Draw(t, "children")
	}
	return n
}

// letters are the words of a text as far as no rule of Markdown can be about them.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// TestWriteKeepsWords: whatever the runs, the text is read back with the same characters, marks and links.
func TestWriteKeepsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := Normal(nodes(3).Draw(t, "nodes"))
		out := Write(in)
		if got, want := letters(render.Plain(out)), letters(Words(in)); got != want {
			t.Fatalf("%q reads %q, want %q", out, got, want)
		}
		if got, want := strings.Join(render.Marks(out), " "), strings.Join(labels(in), " "); got != want {
			t.Fatalf("%q has the marks %q, want %q", out, got, want)
		}
		if got, want := len(render.Links(out)), links(in); got != want {
			t.Fatalf("%q has %d links, want %d", out, got, want)
		}
		if strings.Contains(string(out), "\n\n") {
			t.Fatalf("%q holds a blank line", out)
		}
	})
}

func labels(nodes []Node) []string {
	var out []string
	for _, n := range nodes {
		if n.Kind == Mark {
			out = append(out, n.Value)
		}
		out = append(out, labels(n.Children)...)
	}
	return out
}

func links(nodes []Node) int {
	count := 0
	for _, n := range nodes {
		if n.Kind == Link {
			count++
		}
		count += links(n.Children)
	}
	return count
}

// TestWriteKeepsStructure: runs whose edges are words are read back exactly, whatever is around them.
func TestWriteKeepsStructure(t *testing.T) {
	word := rapid.StringMatching(`[a-z]{1,3}( [a-z*_&<]{1,3} [a-z]{1,3})?`)
	rapid.Check(t, func(t *rapid.T) {
		var in []Node
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			kind := rapid.SampledFrom([]Kind{Text, Em, Strong, Link}).Draw(t, "kind")
			n := run(kind, text(word.Draw(t, "words")))
			if kind == Text {
				n = text(" " + word.Draw(t, "words") + " ")
			}
			n.URL = "/a"
			in = append(in, n, text(" "))
		}
		out := Write(in)
		if got, want := read(out), signature(Normal(in)); got != want {
			t.Fatalf("%q reads %q, want %q", out, got, want)
		}
	})
}

func FuzzInline(f *testing.F) {
	for _, s := range []string{"Warm *dough* rises_", "[^1] and [rye](x)", "a\\", "`", "<b>&amp;", "**_“x”_**y", "\u00a0"} {
		f.Add(s, "oven", uint8(4))
	}
	f.Fuzz(func(t *testing.T, a, b string, kind uint8) {
		if strings.ContainsFunc(a+b, func(r rune) bool { return r < ' ' || r == '\uFFFD' }) {
			t.Skip("readers give no control characters")
		}
		k := Em + Kind(kind)%3
		in := []Node{text(a), run(k, text(b), link("/mill", text(a))), text(b)}
		out := Write(in)
		if got, want := letters(render.Plain(out)), letters(Words(Normal(in))); got != want {
			t.Errorf("%q reads %q, want %q", out, got, want)
		}
	})
}
