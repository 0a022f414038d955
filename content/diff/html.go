package diff

import (
	_ "embed" // the template
	"html/template"
	"strings"
)

//go:embed diff.html
var source string

// fragment escapes all that comes from records.
var fragment = template.Must(template.New("diff").Funcs(template.FuncMap{"label": label}).Parse(source))

// HTML shows a diff as a fragment of HTML: a heading for each field of the record and for each element, what was taken
// out in <del> and what was put in in <ins>. Texts stand in elements of the class diff-text to the last character:
// without <ins> the older, without <del> the newer one. The fragment brings no styles and no scripts, and none of its
// markup comes from the record.
func HTML(d Diff) string {
	var b strings.Builder
	if err := fragment.Execute(&b, d); err != nil {
		panic(err) // the template is ours, and a Builder takes everything
	}
	return b.String()
}

// label names a member for people: "menu label", "locator value".
func label(pointer string) string {
	return strings.TrimSpace(strings.NewReplacer("/", " ", "_", " ", "~1", "/", "~0", "~").Replace(pointer))
}
