package syntax_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/search/syntax"
)

var update = flag.Bool("update", false, "write the syntax into docs/search.md")

const docs = "../../docs/search.md"

// The documentation says what the parser knows.
func TestDocumentationHasTheSyntax(t *testing.T) {
	data, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(data), "-update -->\n")
	got, tail, ok2 := strings.Cut(rest, "<!-- /syntax -->")
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the syntax", docs)
	}
	want := syntaxTables()
	if *update {
		if err := os.WriteFile(docs, []byte(head+"-update -->\n"+want+"<!-- /syntax -->"+tail), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s: the syntax is another one; go test ./search/syntax -update writes it", docs)
	}
}

func syntaxTables() string {
	var b strings.Builder
	b.WriteString("\n| write | finds |\n|---|---|\n")
	for _, o := range syntax.Operators() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.Write, o.Means)
	}
	b.WriteString("\n| field | looks in | such as |\n|---|---|---|\n")
	for _, f := range syntax.Fields() {
		fmt.Fprintf(&b, "| `%s:` | %s | `%s` |\n", f.Field, f.Help, f.Example)
	}
	b.WriteString("\n")
	return b.String()
}

// Examples in the documentation are syntax, not words.
func TestExamplesOfFieldsAreRead(t *testing.T) {
	for _, f := range syntax.Fields() {
		q := syntax.Parse(f.Example)
		if q.Root == nil || q.Root.Field != f.Field || len(q.Notes) > 0 {
			t.Errorf("%s is read as %s", f.Example, q.Sentence(false))
		}
	}
}
