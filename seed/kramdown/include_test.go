package kramdown

import (
	"fmt"
	"strings"
	"testing"
)

// bakery knows some variables, and one include.
func bakery(text string) Body {
	values := map[string]string{"page.flour": "rye", "site.baker": "Ada", "include.crust": "thick"}
	return Body{
		Text: text, FirstLine: 5,
		Variable: func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Include:  func(use Include) bool { return !strings.HasPrefix(use.Name, "no") },
	}
}

func TestIncludes(t *testing.T) {
	for name, tt := range map[string]struct {
		tag, want string
		problems  int
	}{
		"name alone":             {`{% include a.html %}`, `a.html`, 0},
		"without spaces":         {`{%-include a/b.html-%}`, `a/b.html`, 0},
		"relative":               {`{% include_relative a.md %}`, `relative a.md`, 0},
		"quoted strings":         {`{% include a.html x="1 = 'one'" y='2' %}`, `a.html x=1 = 'one' y=2`, 0},
		"escaped quotes":         {`{% include a.html x="say \"rye\"" %}`, `a.html x=say "rye"`, 0},
		"variables":              {`{% include a.html x=page.flour y=site.baker z=include.crust %}`, `a.html x=rye y=Ada z=thick`, 0},
		"literals":               {`{% include a.html x=3 y=true z=nil %}`, `a.html x=3 y=true z=`, 0},
		"on several lines":       {"{% include a.html\n  x=\"1\"\n  y=\"2\"\n%}", `a.html x=1 y=2`, 0},
		"white space in strings": {"{% include a.html x=\"1\n  2\" %}", "a.html x=1\n  2", 0},
		"order of arguments":     {`{% include a.html z="1" a="2" %}`, `a.html z=1 a=2`, 0},
		"unknown variable":       {`{% include a.html x=page.salt %}`, `a.html x=`, 1},
		"name from a variable":   {`{% include {{ page.flour }}.html %}`, `rye.html`, 0},
		"not there":              {`{% include no.html %}`, ``, 1},
		"without a name":         {`{% include %}`, ``, 1},
		"another tag":            {`{% included a.html %}`, ``, 1},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Parse(bakery("Bread\n\n" + tt.tag + "\n\nis baked."))
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for _, use := range doc.Includes {
				if use.Relative {
					got += "relative "
				}
				got += use.Name
				for _, a := range use.Args {
					got += fmt.Sprintf(" %s=%s", a.Key, a.Value)
				}
				if use.Line != 7 {
					t.Errorf("line %d, want 7", use.Line)
				}
			}
			if got != tt.want {
				t.Errorf("includes %q, want %q", got, tt.want)
			}
			if len(doc.Problems) != tt.problems {
				t.Errorf("%d problems, want %d: %v", len(doc.Problems), tt.problems, doc.Problems)
			}
			text := IncludePlaceholder.ReplaceAllString(outline(t, doc.Root), "")
			if want := "<p>Bread</p><p></p><p>is baked.</p>"; strings.ReplaceAll(text, "<p></p>", "") != strings.ReplaceAll(want, "<p></p>", "") {
				t.Errorf("the page is %s", text)
			}
		})
	}
}

func TestUnwantedIncludesAreTakenOut(t *testing.T) {
	body := bakery("a {% include x.html %} b")
	body.Include = nil
	doc, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Includes) != 0 || doc.IncludeTags != 1 || outline(t, doc.Root) != "<p>a b</p>" {
		t.Errorf("%d includes, %d tags, page %s", len(doc.Includes), doc.IncludeTags, outline(t, doc.Root))
	}
}

// A fragment's own text asks for what it was told.
func TestVariablesOfIncludes(t *testing.T) {
	doc, err := Parse(bakery("A {{ include.crust }} crust of {{page.flour}}.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := outline(t, doc.Root); got != "<p>A thick crust of rye.</p>" || len(doc.Problems) > 0 {
		t.Errorf("page %s, problems %v", got, doc.Problems)
	}
}
