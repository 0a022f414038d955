package cite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

// definition is a numbered reference of a page. References that are crammed under each other are one per line.
var definition = regexp.MustCompile(`(?m)^[ \t]*(?:<p>)?<a [^>]*name="?[^>]*>[0-9]+</a>[ \t]*:?[ \t]*(.+)$`)

// htmlLink is what the importer turns into Markdown before references are parsed.
var htmlLink = regexp.MustCompile(`<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>`)

// shared is the folder of the corpora.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LECTERN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpora")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the corpora are needed in CI: %v", err)
		}
		t.Skipf("SKIPPED, NOTHING WAS CHECKED: no corpora (set LECTERN_SHARED): %v", err)
	}
	return dir
}

// definitions lists the different references of the pages below a folder, in lexical order.
func definitions(t *testing.T, dir string) []models.Text {
	t.Helper()
	var out []models.Text
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".md", ".txt", ".html"}, filepath.Ext(path)) {
			return err
		}
		page, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range definition.FindAllStringSubmatch(string(page), -1) {
			if strings.Contains(m[0], "<sup>") {
				continue
			}
			out = append(out, models.Text(strings.TrimSpace(htmlLink.ReplaceAllString(m[1], "[$2]($1)"))))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCorpus(t *testing.T) {
	dir := shared(t)
	refs := append(definitions(t, filepath.Join(dir, "corpora")), definitions(t, filepath.Join(dir, "seeds"))...)
	slices.Sort(refs)
	refs = slices.Compact(refs)
	if len(refs) < 100 {
		t.Fatalf("found %d references; the expression that finds them must be wrong", len(refs))
	}
	recognisers, states, types := map[string]int{}, map[models.ParseState]int{}, map[string]int{}
	for _, ref := range refs {
		got := cite.Parse(ref)
		recognisers[got.Recogniser]++
		states[got.Parse]++
		types[got.CSL.Type]++
		checkSane(t, ref, got)
		checkAccounted(t, ref, got)
		if testing.Verbose() {
			out, err := models.Encode(got.CSL)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s\n\t%s, %s, %+v\n\t%s", ref, got.Parse, got.Recogniser, got.Locator, out)
		}
	}
	t.Logf("%d references\nrecognisers: %v\nstates: %v\ntypes: %v", len(refs), recognisers, states, types)
	if got := states[models.ParseUnparsed]; got*10 > len(refs) {
		t.Errorf("%d of %d references are unparsed", got, len(refs))
	}
}

func TestSeed000(t *testing.T) {
	dir := shared(t)
	page, err := os.ReadFile(filepath.Join(dir, "seeds", "000_3dd39bd42721b412.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var refs []models.Text
	for _, m := range definition.FindAllStringSubmatch(string(page), -1) {
		refs = append(refs, models.Text(m[1]))
	}
	want := []string{
		"article-journal", "article-journal", "article-journal", "webpage", "report", "report", "interview", "report",
	}
	if len(refs) != len(want) {
		t.Fatalf("found %d references, want %d", len(refs), len(want))
	}
	for i, ref := range refs {
		got := cite.Parse(ref)
		if got.CSL.Type != want[i] || got.CSL.Title == "" || got.Parse != models.ParseParsed {
			t.Errorf("Parse(%q) = %s %q (%s), want a parsed %s with a title", ref, got.CSL.Type, got.CSL.Title, got.Parse, want[i])
		}
	}
	checkFirstOfSeed000(t, refs[0])
}

// checkFirstOfSeed000 takes the words it expects from the reference itself.
func checkFirstOfSeed000(t *testing.T, ref models.Text) {
	t.Helper()
	form := regexp.MustCompile(`^(\w+), (A\.), (\w+), (K\.), & (\w+), (L\.) \(2016\)\. (.+)\. _(.+), 63_, 58-66\.`)
	m := form.FindStringSubmatch(string(ref))
	if m == nil {
		t.Fatalf("the first reference has another form: %q", ref)
	}
	want := models.CSL{
		Type:           "article-journal",
		Title:          m[7],
		Author:         []models.CSLName{{Family: m[1], Given: m[2]}, {Family: m[3], Given: m[4]}, {Family: m[5], Given: m[6]}},
		Issued:         &models.CSLDate{DateParts: [][]int{{2016}}},
		ContainerTitle: m[8],
		Volume:         "63",
		Page:           "58-66",
	}
	if diff := cmp.Diff(want, cite.Parse(ref).CSL); diff != "" {
		t.Errorf("Parse(%q): (-want +got)\n%s", ref, diff)
	}
}
