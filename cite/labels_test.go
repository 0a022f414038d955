package cite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

// labelled is what a person read in one reference of the corpora. A field is empty where the reference doesn't say it.
type labelled struct {
	Corpus         string           `json:"corpus"`
	Path           string           `json:"path"`
	Label          string           `json:"label"` // the visible number
	Kind           string           `json:"kind"`  // an item type of CSL
	Title          string           `json:"title"`
	ContainerTitle string           `json:"container-title"`
	Authors        []models.CSLName `json:"authors"`
	Editors        []models.CSLName `json:"editors"`
	Year           int              `json:"year"`
	URL            string           `json:"URL"`
	DOI            string           `json:"DOI"`
	Publisher      string           `json:"publisher"`
	PublisherPlace string           `json:"publisher-place"`
	Volume         string           `json:"volume"`
	Issue          string           `json:"issue"`
	Page           string           `json:"page"`
	Locator        *models.Locator  `json:"locator"`
}

// name says which reference was labelled.
func (l *labelled) name() string { return filepath.Join(l.Corpus, l.Path) + " #" + l.Label }

// field is one field of a reference as two texts: as labelled and as read. The bar is the share that must be right of
// all values that either of them has; 0 for a field that is only reported.
type field struct {
	name      string
	want, got string
	bar       float64
}

// compare puts the labels of a reference beside what was read from it.
func compare(l *labelled, got cite.Result) []field {
	c := got.CSL
	return []field{
		{"title", l.Title, c.Title, .95},
		{"URL", l.URL, c.URL, .95},
		{"year", yearText(l.Year), yearText(c.Issued.Year()), .95},
		{"locator", locatorText(l.Locator), locatorText(got.Locator), .95},
		{"authors", namesText(l.Authors), namesText(c.Author), .90},
		{"kind", l.Kind, c.Type, .85},
		{"container", l.ContainerTitle, c.ContainerTitle, 0},
		{"editors", namesText(l.Editors), namesText(c.Editor), 0},
		{"publisher", l.Publisher, c.Publisher, 0},
		{"place", l.PublisherPlace, c.PublisherPlace, 0},
		{"volume", l.Volume, c.Volume, 0},
		{"issue", l.Issue, c.Issue, 0},
		{"page", l.Page, c.Page, 0},
		{"DOI", l.DOI, c.DOI, 0},
	}
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func locatorText(l *models.Locator) string {
	if l == nil {
		return ""
	}
	return l.Label + " " + l.Value
}

// namesText writes names with all their parts apart, so that each must be right.
func namesText(names []models.CSLName) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%s|%s|%s|%s|%s|%s", n.Given, n.DroppingParticle, n.NonDroppingParticle, n.Family, n.Suffix, n.Literal))
	}
	return strings.Join(out, "; ")
}

// typography is what a person who labels and a program may write differently.
var typography = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", " - ", "-")

func (f field) right() bool { return typography.Replace(f.want) == typography.Replace(f.got) }

// score counts the values of one field.
type score struct {
	right, all int
	bar        float64
}

func (s score) share() float64 { return float64(s.right) / float64(max(1, s.all)) }

func readLabels(t *testing.T) []labelled {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels []labelled
	if err := models.Decode(data, &labels); err != nil {
		t.Fatal(err)
	}
	return labels
}

// written finds a labelled reference as the importer gives it to Parse.
func (l *labelled) written(t *testing.T, dir string) models.Text {
	t.Helper()
	for _, n := range notesOf(t, filepath.Join(dir, "corpora", l.Corpus, l.Path)) {
		if n.Label == l.Label {
			return n.Written
		}
	}
	t.Fatalf("%s is not on its page", l.name())
	return ""
}

// The labels were made by hand from the pages, before the parser was tried on them.
func TestLabels(t *testing.T) {
	dir := shared(t)
	labels := readLabels(t)
	if len(labels) < 60 {
		t.Fatalf("%d labels, want 60 or more", len(labels))
	}
	var order []string
	scores := map[string]score{}
	for _, l := range labels {
		got := cite.Parse(l.written(t, dir))
		for _, f := range compare(&l, got) {
			s, known := scores[f.name]
			if !known {
				order = append(order, f.name)
			}
			scores[f.name] = s.count(t, &l, f, got)
		}
	}
	for _, name := range order {
		s := scores[name]
		t.Logf("%-9s %3d of %3d = %.3f", name, s.right, s.all, s.share())
		if s.share() < s.bar {
			t.Errorf("%s: %.3f, want %.2f", name, s.share(), s.bar)
		}
	}
}

// count adds one field of one reference. A miss in a reference that is called parsed is an error by itself.
func (s score) count(t *testing.T, l *labelled, f field, got cite.Result) score {
	t.Helper()
	s.bar = f.bar
	if f.want == "" && f.got == "" {
		return s
	}
	s.all++
	if f.right() {
		s.right++
		return s
	}
	t.Logf("%s (%s by %q): %s %q, labelled %q", l.name(), got.Parse, got.Recogniser, f.name, f.got, f.want)
	if got.Parse == models.ParseParsed {
		t.Errorf("%s is called parsed, but its %s is wrong", l.name(), f.name)
	}
	return s
}
