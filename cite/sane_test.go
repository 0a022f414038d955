package cite_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// checkSane checks what holds for the result of any reference.
func checkSane(t rapid.TB, ref models.Text, got cite.Result) {
	csl := got.CSL
	if got.Parse == models.ParseParsed && csl.Title == "" {
		t.Errorf("Parse(%q) is parsed without a title", ref)
	}
	if (got.Parse == models.ParseUnparsed) != (got.Recogniser == "") {
		t.Errorf("Parse(%q) is %s by %q", ref, got.Parse, got.Recogniser)
	}
	if strings.Contains(csl.Title, "](") && !strings.Contains(render.Plain(ref), "](") {
		t.Errorf("Parse(%q): markup in the title %q", ref, csl.Title)
	}
	if csl.Issued != nil {
		for _, part := range csl.Issued.DateParts {
			if part[0] < 1000 || part[0] > 9999 {
				t.Errorf("Parse(%q): year %d", ref, part[0])
			}
		}
	}
	source := models.Source{Meta: models.Meta{ID: models.NewID()}, CourseID: models.NewID(), Key: "key", CSL: csl, Parse: got.Parse, Recogniser: got.Recogniser}
	if err := models.Validate(&source); err != nil {
		t.Errorf("Parse(%q) is no valid source: %v", ref, err)
	}
}

// checkAccounted checks that a parsed result has every word of the reference.
func checkAccounted(t rapid.TB, ref models.Text, got cite.Result) {
	if got.Parse == models.ParseParsed {
		for _, word := range unaccounted(ref, got) {
			t.Errorf("Parse(%q) is parsed, but no field has the word %q", ref, word)
		}
	}
}

var (
	words = regexp.MustCompile(`\p{L}+|\p{N}+`)

	// connectives are words that say which field comes next.
	connectives = strings.Fields(`a accessed and at author available by ch chap chapter doi duration ed edited edition editor
		editors eds fig from hour hours https http in isbn issn issue length min minutes n d nd no on online p page pages paper
		pg pgs pp presented published rd retrieved running section source st th the time trans version via video vol volume
		vols with written`)
	monthWord = regexp.MustCompile(`^(?i:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)`)
)

// unaccounted lists the words of a reference that no field has. It knows nothing of how references are parsed.
func unaccounted(ref models.Text, got cite.Result) []string {
	var taken []string
	add := func(texts ...string) {
		for _, text := range texts {
			taken = append(taken, words.FindAllString(strings.ToLower(text), -1)...)
		}
	}
	c := got.CSL
	add(c.Title, c.Edition, c.ContainerTitle, c.Volume, c.Issue, c.Page, c.Publisher, c.PublisherPlace, c.URL, c.DOI,
		c.ISBN, c.ISSN, c.Dimensions, c.Medium, c.Genre)
	for _, value := range c.Other {
		add(string(value))
	}
	for _, n := range slices.Concat(c.Author, c.Editor) {
		add(n.Family, n.Given, n.DroppingParticle, n.NonDroppingParticle, n.Suffix, n.Literal)
	}
	if c.Issued != nil {
		add(c.Issued.Literal)
		for _, part := range slices.Concat(c.Issued.DateParts...) {
			add(strconv.Itoa(part), "0"+strconv.Itoa(part))
		}
	}
	if got.Locator != nil {
		add(got.Locator.Value)
	}
	var left []string
	for _, word := range words.FindAllString(strings.ToLower(render.Plain(ref)), -1) {
		if !slices.Contains(taken, word) && !slices.Contains(connectives, word) && !monthWord.MatchString(word) {
			left = append(left, word)
		}
	}
	return left
}
