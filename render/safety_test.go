package render

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

// attacks are pieces of which hostile texts are made.
var attacks = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<style>*{}</style>", "</section>",
	"</p></div>", "<form action=x>", "<object data=x>", "<iframe src=javascript:alert(1)>", "<a href=javascript:alert(1)>x</a>",
	"[x](/y)", "[x <http://y>](/z)", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#x09;script:alert(1))", "[x](&#106;avascript&colon;alert(1))",
	"![x](data:text/html,x)", "<vbscript:x>", "<javascript:alert(1)>", "[x]( <java\tscript:a> )", "javascript:alert(1)", "\x01javascript:a",
	"data:text/html;base64,x", " vbscript:x", `" onmouseover="alert(1)`, `' onmouseover='alert(1)`, `"><script>`, "-->", "<!--", "]]>", "<![CDATA[",
	"<!--lectern:worksheet/" + string(idA) + "-->", `x--><script>alert(1)</script>`, ` href="lectern:section/` + string(idA) + `"`,
	`<b title=' href="lectern:section/` + string(idA) + `"'>x</b>`, "<plaintext>", "<textarea><!--", "<title></title><script>",
	"<noscript><p title=\"</noscript><script>\">", "<math><mi><table><mglyph><style><!--</style><img onerror=a>",
	"<table><tr><td><div></table>", "<sup>*a</sup>*", "**", "`", "[^1]", "~~", "<u>", "</u>", "\\", "&lt;script&gt;", "&#60;script>", "\n", "\x00", "é",
}

// unsafe tells what is wrong with HTML of ours, or "".
func unsafe(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return "leaves open " + strings.Join(open, " ")
			}
			return unsafeTree(page)
		case html.CommentToken:
			kind, id, _ := strings.Cut(strings.TrimPrefix(string(z.Text()), recordScheme), "/")
			if !models.Kind(kind).Valid() || !models.ID(id).Valid() {
				return "has the comment " + string(z.Raw())
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains([]string{"br", "hr", "img", "wbr", "col", "area", "input"}, string(name)) {
				if string(name) == "a" && slices.Contains(open, "a") {
					return "has a link in a link"
				}
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "closes " + string(name) + " within " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		case html.DoctypeToken:
			return "has a doctype"
		}
	}
}

// unsafeTree looks at HTML as a browser understands it.
func unsafeTree(page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "style", "object", "embed", "form", "base", "link", "meta", "svg", "math"}, n.Data) && n.Parent.Data != "head" {
			return "has the element " + n.Data
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				return "has the attribute " + a.Key
			}
			if slices.Contains([]string{"href", "src", "cite", "action"}, a.Key) && runs(a.Val) {
				return "has the address " + a.Val
			}
		}
	}
	return ""
}

// runs tells whether a browser would run an address or read a page from it.
func runs(address string) bool {
	address = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' }))
	return slices.ContainsFunc([]string{"javascript:", "data:", "vbscript:"}, func(scheme string) bool {
		return strings.HasPrefix(address, scheme)
	})
}

// pages renders each record that a page is made of, with the same texts in every field.
func pages(next func() string) map[string]string {
	section := record[models.Section](next)
	return map[string]string{
		"Section":    Section(section, models.NumberAsWritten),
		"renumbered": Section(section, models.NumberFirstUse),
		"Fragment":   Fragment(record[models.Fragment](next)),
		"Worksheet":  Worksheet(record[models.Worksheet](next)),
		"InlineHTML": InlineHTML(models.Text(next())),
		"Sanitise":   Sanitise(next()),
	}
}

func checkSafe(t interface{ Errorf(string, ...any) }, next func() string) {
	for name, page := range pages(next) {
		if what := unsafe(page); what != "" {
			t.Errorf("%s %s:\n%s", name, what, page)
		}
	}
}

func TestEveryAttackIsHarmlessInEveryField(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack, func(t *testing.T) { checkSafe(t, func() string { return attack }) })
	}
}

func TestHTMLIsSafeWhateverTheTexts(t *testing.T) {
	text := rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(attacks), rapid.String()), 0, 4),
		func(parts []string) string { return strings.Join(parts, "") })
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(text, 1, 5).Draw(t, "texts")
		i := 0
		checkSafe(t, func() string { i++; return some[i%len(some)] })
	})
}

// A text that looks like a placeholder is a text.
func TestNoTextBecomesAPlaceholder(t *testing.T) {
	for _, text := range attacks {
		if !strings.Contains(text, recordScheme) {
			continue
		}
		for name, page := range pages(func() string { return text }) {
			if shown, linked := Placeholders(page); len(shown)+len(linked) > 0 {
				t.Errorf("%s of %q has the placeholders %v, %v", name, text, shown, linked)
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack)
	}
	f.Fuzz(func(t *testing.T, text string) { checkSafe(t, func() string { return text }) })
}

// hasAddress tells whether HTML leads to or loads anything.
func hasAddress(page string) bool {
	return strings.Contains(page, " href=") || strings.Contains(page, " src=")
}
