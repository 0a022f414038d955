package docs

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/config"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

const contractFile = "../../openapi.yaml"

func readContract(t *testing.T) []byte {
	t.Helper()
	contract, err := os.ReadFile(contractFile)
	check(t, err)
	return contract
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made is a page as a browser sees it.
type made struct {
	ids      map[string]bool
	links    []string
	headings []string // h1 … h6
	elements map[string]int
	text     string
}

// rendered is all pages, made once for all tests.
var rendered = sync.OnceValues(func() (map[string][]byte, error) {
	contract, err := os.ReadFile(contractFile)
	if err != nil {
		return nil, err
	}
	return Pages(contract)
})

func pages(t *testing.T) map[string]made {
	t.Helper()
	all, err := rendered()
	check(t, err)
	out := map[string]made{}
	for name, page := range all {
		out[name] = look(t, name, page)
	}
	return out
}

func look(t *testing.T, name string, page []byte) made {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	check(t, err)
	m := made{ids: map[string]bool{}, elements: map[string]int{}}
	var text strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		m.elements[n.Data]++
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			m.headings = append(m.headings, n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id" && m.ids[a.Val]:
				t.Errorf("%s: two elements have the id %q", name, a.Val)
			case a.Key == "id":
				m.ids[a.Val] = true
			case a.Key == "href" || a.Key == "src":
				m.links = append(m.links, a.Val)
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: a <%s> has %s", name, n.Data, a.Key)
			}
		}
	}
	m.text = text.String()
	return m
}

func TestPagesLoadNothing(t *testing.T) {
	for name, p := range pages(t) {
		for _, element := range []string{"script", "img", "iframe", "video", "object", "embed", "style"} {
			if p.elements[element] > 0 {
				t.Errorf("%s has a <%s>", name, element)
			}
		}
		if p.elements["h1"] != 1 || p.elements["main"] != 1 || p.elements["link"] != 2 {
			t.Errorf("%s has %v", name, p.elements)
		}
	}
}

func TestHeadingsAreInOrder(t *testing.T) {
	for name, p := range pages(t) {
		last := "h1"
		for _, h := range p.headings[1:] {
			if h > last && h[1] != last[1]+1 && last != "h1" {
				t.Errorf("%s: %s after %s", name, h, last)
			}
			last = h
		}
	}
}

// elsewhere is what pages link to that is no page: the style sheet, the icon, the contract, and what samples and texts name.
var elsewhere = []string{"/docs/docs.css", "/docs/icon.svg", "/openapi.yaml", "https://", "/v1/"}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	all := pages(t)
	for name, p := range all {
	links:
		for _, link := range p.links {
			for _, prefix := range elsewhere {
				if strings.HasPrefix(link, prefix) {
					continue links
				}
			}
			path, fragment, _ := strings.Cut(link, "#")
			to, ok := p, path == ""
			if !ok {
				to, ok = all[strings.TrimPrefix(strings.TrimPrefix(path, Root), "/")]
				ok = ok && strings.HasPrefix(path, Root)
			}
			if !ok || fragment != "" && !to.ids[fragment] {
				t.Errorf("%q links to %s", name, link)
			}
		}
	}
}

// What the contract has is on a page, and in the menu.
func TestPagesSayAllThatTheContractSays(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(readContract(t))
	check(t, err)
	all := pages(t)
	for name := range doc.Components.Schemas {
		if !all[schemasPage].ids[schemaAnchor(name)] {
			t.Errorf("there is no schema %s", name)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			for _, tag := range op.Tags {
				if !all[pageName(tag)].ids[op.OperationID] {
					t.Errorf("%s %s is not on the page of %s", method, path, tag)
				}
			}
		}
	}
	for _, tag := range doc.Tags {
		if _, ok := all[pageName(tag.Name)]; !ok {
			t.Errorf("the tag %s is in no group of x-tagGroups", tag.Name)
		}
	}
	for union, page := range map[string]string{"Block": "blocks", "Prompt": "prompts"} {
		for kind := range doc.Components.Schemas[union].Value.Discriminator.Mapping {
			if !all[page].ids[kind] {
				t.Errorf("the examples of %s have no %s", union, kind)
			}
		}
	}
}

func TestPagesSayAllThatTheTablesSay(t *testing.T) {
	all := pages(t)
	for _, kind := range append(models.StoredKinds(), models.KindCitation) {
		own, ok := all[kind.Plural()]
		if !ok {
			t.Fatalf("there is no page of %s", kind.Plural())
		}
		for name := range content.Relations(kind) {
			if !strings.Contains(own.text, name) {
				t.Errorf("the page of %s lacks the relation %s", kind.Plural(), name)
			}
		}
		for _, f := range content.Fields(kind) {
			if !strings.Contains(own.text, f.Name) || !strings.Contains(all["filters"].text, f.Name) {
				t.Errorf("the filter %s of %s is not on both pages", f.Name, kind.Plural())
			}
		}
		if !all["filters"].ids[kind.Plural()] {
			t.Errorf("the filters of %s have no place", kind.Plural())
		}
	}
	for _, s := range config.Settings() {
		if !all["settings"].ids["setting-"+s.Name] || !strings.Contains(all["settings"].text, s.Default) {
			t.Errorf("the page of settings lacks %s", s.Name)
		}
	}
}

func TestRequestsThatWrite(t *testing.T) {
	all, err := rendered()
	check(t, err)
	for page, wants := range map[string][]string{
		"admin-users": {"curl -X PATCH -H &#39;Authorization: Bearer lec_…&#39; -H &#39;If-Match: &#34;7&#34;&#39; -H &#39;Content-Type: application/merge-patch&#43;json&#39; " +
			"-d &#39;{&#34;disabled&#34;:true}&#39; &#39;http://127.0.0.1:8080/v1/admin/users/"},
		"admin-identity": {`The body is <a href="/docs/schemas#schema-Credentials">Credentials</a>`},
		"courses":        {"<code>curl &#39;http://127.0.0.1:8080/v1/courses&#39;</code>"},
	} {
		for _, want := range wants {
			if !bytes.Contains(all[page], []byte(want)) {
				t.Errorf("the page %s lacks %s", page, want)
			}
		}
	}
}

// A text that belongs to no page would never be seen.
func TestEveryTextOfTheGuideHasAPage(t *testing.T) {
	all := pages(t)
	files, err := guide.ReadDir("guide")
	check(t, err)
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".md")
		if _, ok := all[name]; name != "index" && !ok {
			t.Errorf("no page has %s", f.Name())
		}
	}
}

func TestBrokenContractsAreErrors(t *testing.T) {
	for _, contract := range []string{"{", "openapi: 3.1.1\npaths:\n  /a: {get: {tags: [A], parameters: [{name: b}]}}\nx-tagGroups: [{name: G, tags: [A]}]"} {
		if _, err := Pages([]byte(contract)); err == nil || !strings.Contains(err.Error(), "openapi.yaml") {
			t.Errorf("%s: %v", contract, err)
		}
	}
}

// The pages are made by another YAML library than the one of the tests.
func TestBothReadersReadTheSameContract(t *testing.T) {
	n, err := readNode(readContract(t))
	check(t, err)
	ours, err := n.json()
	check(t, err)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(ours))
	check(t, err)
	a, err := doc.MarshalJSON()
	check(t, err)
	doc, err = openapi3.NewLoader().LoadFromData(readContract(t))
	check(t, err)
	b, err := doc.MarshalJSON()
	check(t, err)
	if !bytes.Equal(a, b) {
		t.Error("the two readers of openapi.yaml differ")
	}
}

func TestJSONIsLaidOut(t *testing.T) {
	long := strings.Repeat("x", jsonWidth)
	for in, want := range map[string]string{
		`{"a":1,"b":[true,null]}`:               `{"a": 1, "b": [true, null]}`,
		`[]`:                                    `[]`,
		`{"` + long + `":{}}`:                   "{\n  \"" + long + "\": {}\n}",
		`["` + long + `",{"b":1.50,"a":"<é>"}]`: "[\n  \"" + long + "\",\n  {\"b\": 1.50, \"a\": \"<é>\"}\n]",
	} {
		if got, err := JSON([]byte(in)); err != nil || got != want {
			t.Errorf("%s is laid out as\n%s\n%v", in, got, err)
		}
	}
	if _, err := JSON([]byte(`{"a"`)); err == nil {
		t.Error("half an object is laid out")
	}
}
