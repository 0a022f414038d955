package coverage

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestUncovered(t *testing.T) {
	for name, tt := range map[string]struct {
		source string
		held   []string
		want   []Piece
	}{
		"all held":              {"Rye rises slowly.\n", []string{"Rye rises slowly."}, nil},
		"a word dropped":        {"Rye\nrises slowly.\n", []string{"Rye rises"}, []Piece{{2, "slowly", false}}},
		"letter case counts":    {"Rye", []string{"rye"}, []Piece{{1, "Rye", false}}},
		"entities":              {"Caf&eacute;&nbsp;&#58; bread &amp; more", []string{"Café bread & more"}, nil},
		"composed":              {"Cafe\u0301", []string{"Café"}, nil},
		"an address's query":    {"[a](x?b=1&copy=2)", []string{"[a](x?b=1&copy=2)"}, nil},
		"exact text":            {"a\n\nThe **dough**, at 4&nbsp;°C, rests\n", []string{"a"}, []Piece{{3, "The **dough**, at 4&nbsp;°C, rests", false}}},
		"twice, held once":      {"Knead.\n\nBake.\n\nKnead.\n", []string{"Knead.", "Bake."}, []Piece{{5, "Knead", false}}},
		"blame beside":          {"The dough rests.\n\nThe oven glows.\n", []string{"The oven glows."}, []Piece{{1, "The dough rests", false}}},
		"blame beside, later":   {"The dough rests.\n\nThe oven glows.\n", []string{"The dough rests."}, []Piece{{3, "The oven glows", false}}},
		"tags":                  {"<p>Rye</p><br/>", []string{"Rye"}, nil},
		"an unknown tag":        {"<wheat>Rye</wheat>", []string{"Rye"}, []Piece{{1, "wheat", false}, {1, "wheat", false}}},
		"less is no tag":        {"1 < 2 and <3", []string{"1 < 2 and <3"}, nil},
		"an attribute":          {`<img src="rye.png" alt="A loaf" width="300">`, []string{"rye.png"}, []Piece{{1, "A loaf", false}, {1, "300", true}}},
		"a class that is held":  {`<div class="tips"><p class="big">a</p></div>`, []string{"tips", "a"}, []Piece{{1, "big", true}}},
		"looks give way":        {`<p class="rye">Rye rye</p>`, []string{"Rye rye"}, []Piece{{1, "rye", true}}},
		"attributes give way":   {"<a title=\"rye\">rye</a>", []string{"rye"}, []Piece{{1, "rye", false}}},
		"an attribute list":     {`[a](b){:target="_blank"}`, []string{"[a](b)"}, []Piece{{1, `target="_blank`, true}}},
		"a script":              {"<script>\nlet loaf = 1\n</script>Rye", []string{"Rye"}, []Piece{{2, "let loaf = 1", true}}},
		"a comment":             {"Rye <!-- ask the miller -->", []string{"Rye"}, []Piece{{1, "ask the miller", false}}},
		"a comment that is":     {"Rye <!-- ask <b>the</b> miller -->", []string{"Rye", "ask <b>the</b> miller"}, nil},
		"front matter":          {"---\ntitle: Rye\noven: hot # or not\n---\nRye", []string{"Rye", "oven", "hot", "Rye"}, []Piece{{3, "or not", false}}},
		"a key not held":        {"---\ntitle: Rye\noven: hot\n---\n", []string{"Rye", "hot"}, []Piece{{3, "oven", false}}},
		"a Liquid variable":     {"{{ page.title }} and [a]({{site.baseurl}}/b)", []string{"and a /b"}, nil},
		"an unknown variable":   {"{{ loaf.weight }}", nil, []Piece{{1, "loaf.weight", false}}},
		"an address filter":     {`[a]({{ "/b" | relative_url }}) {{ '/c' | prepend: site.baseurl | prepend: site.url }}`, []string{"[a](/b) /c"}, nil},
		"another filter":        {`{{ "b" | upcase }}`, []string{"b"}, []Piece{{1, "upcase", false}}},
		"tags of links":         {"[a]({% link b.md %}) <a href=\"{% post_url 2001-01-01-c %}\">d</a>", []string{"[a](/b.md) [d](2001-01-01-c)"}, nil},
		"a Liquid tag":          {"{% include loaf.html %}", nil, []Piece{{1, "include loaf.html", false}}},
		"code of Liquid":        {"{% highlight html %}\n<b>\n{% endhighlight %}", []string{"html"}, []Piece{{2, "b", false}}},
		"code in a fence":       {"```html\n<b>\n```\n<b>a</b>", []string{"html", "a"}, []Piece{{2, "b", false}}},
		"numbers of items":      {"1. Rye\n2. Oats\n", []string{"Rye", "Oats"}, nil},
		"a note's mark":         {`Rye<sup><a name="1" href="#fn1">1</a></sup>`, []string{"Rye[^1]"}, nil},
		"a note":                {"<a name=\"fn1\" href=\"#1A\">1</a>: Miller\n", []string{"1", "Miller"}, nil},
		"a Markdown mark":       {"Rye<sup>[1](#fn1)</sup>", []string{"Rye[^1]"}, nil},
		"a mark without a note": {`<a href="#fn7">x</a>`, []string{"x"}, []Piece{{1, "fn7", false}}},
		"a place in the page":   {`<a href="#ovens">x</a>`, []string{"[x](#ovens)"}, nil},
		"spans":                 {`<td colspan="2" rowspan="1">x</td>`, []string{"x"}, []Piece{{1, "2", false}}},
		"looks apart":           {`<a title="rye" target="new">x</a>`, []string{"x"}, []Piece{{1, "rye", false}, {1, "new", true}}},
		"other line breaks":     {"\uFEFF---\r\ntitle: Rye\r\n---\r\nOats\r\n", []string{"Rye"}, []Piece{{4, "Oats", false}}},
		"nothing":               {"", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := Uncovered(Page{Source: tt.source, Held: tt.held})
			if diff := cmp.Diff(tt.want, slices.Clip(got)); diff != "" && len(tt.want)+len(got) > 0 {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWarningsAccount(t *testing.T) {
	page := Page{Source: "Rye\n{% include loaf.html %}\n", Held: []string{"Rye"}}
	for message, want := range map[string]int{
		"the Liquid tag {% include loaf.html %} was taken out": 0,
		"a Liquid tag was taken out":                           1,
		"include loaf.htm":                                     1,
	} {
		page.Warned = map[int][]string{2: {message}}
		if got := Uncovered(page); len(got) != want {
			t.Errorf("%q: %v, want %d", message, got, want)
		}
		page.Warned = map[int][]string{1: {message}}
		if got := Uncovered(page); len(got) != 1 {
			t.Errorf("%q on another line: %v", message, got)
		}
	}
}

// TestEveryDropIsSeen drops one sentence of a page: its words, and as many of each, are in the pieces.
func TestEveryDropIsSeen(t *testing.T) {
	words := []string{"rye", "wheat", "oats", "the", "of", "bread", "rises", "1", "Ü"}
	rapid.Check(t, func(t *rapid.T) {
		sentences := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6), 1, 8).Draw(t, "sentences")
		var lines []string
		for _, s := range sentences {
			lines = append(lines, strings.Join(s, rapid.SampledFrom([]string{" ", " **", "<br/>", ", "}).Draw(t, "gap")))
		}
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "dropped")
		held := slices.Delete(slices.Clone(lines), at, at+1)
		for i := range held {
			held[i] = strings.ReplaceAll(held[i], "<br/>", " ")
		}
		var got []string
		for _, p := range Uncovered(Page{Source: strings.Join(lines, "\n\n"), Held: held}) {
			got = append(got, plainWords(strings.ReplaceAll(p.Text, "<br/>", " "))...)
		}
		want := slices.Sorted(slices.Values(sentences[at]))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("dropped %q, found %q", want, got)
		}
	})
}

// TestLongPagesAreQuick has what makes a scanner look for an end again and again.
func TestLongPagesAreQuick(t *testing.T) {
	const quick = time.Minute
	for _, s := range []string{"{% ", "{: ", "{{ ", "{{page.a", "<a \"", "<a b=\"", "<!-- ", "```a\n", "{% highlight x %}\n", "<script>", "](#", "&a", "a b ", "<", "a\n"} {
		start := time.Now()
		Uncovered(Page{Source: strings.Repeat(s, 128<<10/len(s)), Held: []string{"a"}})
		if took := time.Since(start); took > quick {
			t.Errorf("%q took %v", s, took)
		}
	}
}

func FuzzUncovered(f *testing.F) {
	f.Add("---\ntitle: Rye\n---\n<p class=\"a\">Caf&eacute; {{ page.title }}</p> {: .b}\n", "Rye", "Café")
	f.Add("```\na\n```\n{% highlight x %}\n<b\n", "a", "")
	f.Add("&Aacutee; &notice; &semi; &eacute;", "Rye", "é")
	f.Add("<script>x</script><a href=\"#fn1\" b=c>1</a>[1](#fn1)", "1", "b")
	f.Fuzz(func(t *testing.T, source, held, more string) {
		last := 0
		for _, p := range Uncovered(Page{Source: source, Held: []string{held, more}}) {
			lines := strings.Split(source, "\n")
			if p.Line < max(1, last) || p.Line > len(lines) || !strings.Contains(lines[p.Line-1], p.Text) || len(plainWords(p.Text)) == 0 {
				t.Errorf("piece %+v after line %d", p, last)
			}
			last = p.Line
		}
		var all []string
		for _, w := range sourceWords(source, newHoldings(nil)) {
			all = append(all, w.text)
		}
		if got := Uncovered(Page{Source: source, Held: all}); len(got) > 0 && utf8.ValidString(source) {
			t.Errorf("all words are held, and yet %+v", got)
		}
	})
}
