package seed

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// Kinds of private text.
const (
	aComment    = "comment"
	aCode       = "interview code"
	anAnswer    = "answer in an answer key"
	aHiddenText = "answer hidden in the source"
)

// secret is a text that readers may not see.
type secret struct {
	kind, page, text string

	words string   // of it
	parts []string // words of its paragraphs and lines, but for those that are short or public elsewhere
}

// newSecret makes one of a text of a page.
func newSecret(kind, page, text string) secret {
	s := secret{kind: kind, page: page, text: text, words: spaced(sourceText(text))}
	for _, part := range reLines.Split(reBlockTag.ReplaceAllString(text, "\n"), -1) {
		if words := spaced(sourceText(part)); len(words) > leastPart {
			s.parts = append(s.parts, words)
		}
	}
	return s
}

// reLines parts a text into lines.
var reLines = regexp.MustCompile(`\s*\n\s*`)

// What is private in the source is found by regular expressions, which share nothing with the readers.
var (
	reCode         = regexp.MustCompile(`\b[A-Z]{3,5}[ _-]?\d{2,4}\b`)
	reHiddenLabel  = regexp.MustCompile(`(?is)<label[^>]*>\s*answers?\s*</label>(.*?)</div>`)
	reHiddenReveal = regexp.MustCompile(`(?is)<summary[^>]*>\s*answers?\s*</summary>(.*?)</details>`)
)

// secretsOf finds the private texts of a page's source, and gives the source without them.
func secretsOf(page, text string) (out []secret, public string) {
	text = reFrontMatter.ReplaceAllString(text, "")
	for _, c := range reComment.FindAllString(text, -1) {
		out = append(out, newSecret(aComment, page, strings.TrimSuffix(strings.TrimPrefix(c, "<!--"), "-->")))
		for _, code := range reCode.FindAllString(c, -1) {
			out = append(out, newSecret(aCode, page, code))
		}
	}
	text = reComment.ReplaceAllString(text, " ")
	for _, re := range []*regexp.Regexp{reHiddenLabel, reHiddenReveal} {
		for _, m := range re.FindAllStringSubmatch(text, -1) {
			out = append(out, newSecret(aHiddenText, page, m[1]))
		}
		text = re.ReplaceAllString(text, " ")
	}
	return out, text
}

// TestNothingPrivateLeaks imports and publishes both corpora, and looks for each private text of theirs in all that
// readers can get: every answer of the content API, searches for the very text, the index and the public export.
func TestNothingPrivateLeaks(t *testing.T) {
	dir := shared(t)
	c, files := lectern(t)
	var secrets []secret
	var public strings.Builder
	for _, corpus := range []string{"connectedlib-site", "connectedlib-toolkit"} {
		root := filepath.Join(dir, "corpora", corpus)
		found, shown := importCorpus(t, c, Options{Publish: true, Files: files}, root)
		secrets = append(secrets, found...)
		public.WriteString(shown)
	}
	bring(t, c, files, garden(t)) // the corpora have no files
	drafts, answers := draftTexts(t, c)
	secrets = telling(t, append(secrets, answers...), public.String())
	mustBeIn(t, secrets, drafts)

	api := newPublicReader(t, c, files)
	api.readAll()
	for _, s := range secrets {
		api.searchFor(s.text)
	}
	publicExports(t, c, api)
	indexed(t, c, api)
	t.Logf("%d private texts looked for in %d public ones, from %d answers", len(secrets), len(api.texts), api.answers)
	mustNotBeIn(t, secrets, api.texts)
}

// importCorpus imports a folder, and gives its private texts, and the words of all else.
func importCorpus(t *testing.T, c *content.Service, o Options, root string) (secrets []secret, public string) {
	t.Helper()
	src, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	site, err := Survey(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Import(t.Context(), c, site, o)
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Totals.Blockers; n > 0 {
		t.Fatalf("%d blockers", n)
	}
	var b strings.Builder
	for _, page := range src.Pages {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		found, shown := secretsOf(page, string(data))
		secrets = append(secrets, found...)
		b.WriteString(spaced(sourceText(shown)))
	}
	return secrets, b.String()
}

// draftTexts gives all texts of all drafts, and the answers in answer keys.
func draftTexts(t *testing.T, c *content.Service) (texts map[string]string, answers []secret) {
	t.Helper()
	texts = map[string]string{}
	eachCourse(t, c, false, func(r models.Record) {
		eachString(t, encode(r), func(s string) { texts[spaced(sourceText(s))] = string(r.Base().ID) })
		w, ok := r.(*models.Worksheet)
		if !ok {
			return
		}
		for _, a := range w.AnswerKey {
			a.Blocks.Walk(func(b models.Block, _ int) bool {
				for _, text := range models.Texts(b) {
					answers = append(answers, newSecret(anAnswer, w.Label(), string(*text)))
				}
				return true
			})
		}
	})
	return texts, answers
}

// eachCourse visits the records of all courses.
func eachCourse(t *testing.T, c *content.Service, public bool, visit func(models.Record)) {
	t.Helper()
	courses, err := c.Courses(t.Context(), content.ListRequest{Limit: 100})
	if err != nil || len(courses.Items) < 2 {
		t.Fatalf("%d courses, %v", len(courses.Items), err)
	}
	for _, course := range courses.Items {
		err := c.Export(t.Context(), content.ExportRequest{Course: course.ID, Public: public}, func(e content.Exported) error {
			visit(e.Record)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func publicExports(t *testing.T, c *content.Service, to *publicReader) {
	t.Helper()
	eachCourse(t, c, true, func(r models.Record) {
		to.take("public export of the "+string(r.Kind())+" "+r.Label(), encode(r))
	})
}

func indexed(t *testing.T, c *content.Service, to *publicReader) {
	t.Helper()
	_, err := c.EachDocument(t.Context(), func(d search.Document) error {
		to.text("index: "+d.Title, d.Title+"\n"+d.Body)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Texts that can't tell: those with hardly any words, and those that public text of the corpora has as well.
const (
	leastLetters = 6
	leastPart    = 30  // bytes of a part of a text: public text would not have it by chance
	mostLeftOut  = 0.1 // of the private texts
)

// telling leaves out the texts that can't tell whether they leak.
func telling(t *testing.T, all []secret, public string) []secret {
	t.Helper()
	counts, left := map[string]int{}, map[string]int{}
	var out []secret
	for _, s := range all {
		counts[s.kind]++
		if len(strings.ReplaceAll(s.words, " ", "")) < leastLetters || strings.Contains(public, s.words) {
			left[s.kind]++
			continue
		}
		s.parts = slices.DeleteFunc(s.parts, func(part string) bool { return strings.Contains(public, part) })
		out = append(out, s)
	}
	for _, kind := range []string{aComment, aCode, anAnswer, aHiddenText} {
		t.Logf("%s: %d, of which %d are too short or public elsewhere", kind, counts[kind], left[kind])
		if counts[kind] == left[kind] {
			t.Errorf("no %s can tell", kind)
		}
	}
	if len(all)-len(out) > int(mostLeftOut*float64(len(all))) {
		t.Errorf("%d of %d private texts can't tell", len(all)-len(out), len(all))
	}
	return out
}

// mustBeIn guards against a test that finds nothing because it looks for the wrong thing: editors do see all of it.
func mustBeIn(t *testing.T, secrets []secret, drafts map[string]string) {
	t.Helper()
	var all strings.Builder
	for words := range drafts {
		all.WriteString(words)
	}
	for _, s := range secrets {
		wanted := []string{s.words}
		if s.kind == aHiddenText { // its paragraphs are texts of their own in drafts
			wanted = s.parts
		}
		for _, words := range wanted {
			if !strings.Contains(all.String(), words) {
				t.Errorf("%s of %s is in no draft: %q", s.kind, s.page, words)
			}
		}
	}
}

// mustNotBeIn looks for whole texts, for their longer parts, and for codes as they are written.
func mustNotBeIn(t *testing.T, secrets []secret, texts map[string]string) {
	t.Helper()
	for raw, where := range texts {
		words := spaced(sourceText(raw))
		for _, s := range secrets {
			if s.leaksIn(raw, words) {
				t.Errorf("%s of %s is in %s", s.kind, s.page, where)
			}
		}
	}
}

// leaksIn tells whether a text, or a part of it, is in a public one, whose words are given too.
func (s secret) leaksIn(raw, words string) bool {
	return s.kind == aCode && strings.Contains(raw, s.text) || strings.Contains(words, s.words) ||
		slices.ContainsFunc(s.parts, func(part string) bool { return strings.Contains(words, part) })
}

// spaced are words as a text in which whole words can be looked for.
func spaced(words []string) string { return " " + strings.Join(words, " ") + " " }

// eachString visits the strings of a JSON value, keys and values.
func eachString(t *testing.T, data []byte, visit func(string)) {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v: %.200s", err, data)
	}
	var down func(any)
	down = func(v any) {
		switch v := v.(type) {
		case string:
			visit(v)
		case []any:
			for _, item := range v {
				down(item)
			}
		case map[string]any:
			for key, item := range v {
				visit(key)
				down(item)
			}
		}
	}
	down(value)
}

// The test above finds leaks: each private text that is put where readers see it is found.
func TestLeaksAreFound(t *testing.T) {
	const page = "---\ntitle: A\n---\nDough rises.<!-- quote from ABCD_012 -->\n\n<label class=\"x\">Answer</label>\n<div><ul><li>It is the yeast that makes the dough rise.</li></ul></div>\n"
	secrets, public := secretsOf("a.md", page)
	var kinds []string
	for _, s := range secrets {
		kinds = append(kinds, s.kind)
	}
	if want := []string{aComment, aCode, aHiddenText}; !slices.Equal(kinds, want) || strings.Contains(public, "yeast") || strings.Contains(public, "quote") {
		t.Fatalf("found %v, left %q", kinds, public)
	}
	for _, leak := range []string{
		"see ABCD_012", "<p>Quote from <b>ABCD_012</b></p>", "(It is the *yeast* that makes the dough rise.)", "<li>It is the yeast that makes the dough rise</li>",
	} {
		found := 0
		for _, s := range secrets {
			if s.leaksIn(leak, spaced(sourceText(leak))) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("nothing was found in %q", leak)
		}
	}
	for _, fine := range []string{"Dough rises.", "It is the yeast.", "A quote from the baker"} {
		for _, s := range secrets {
			if s.leaksIn(fine, spaced(sourceText(fine))) {
				t.Errorf("%q is taken for a leak of the %s", fine, s.kind)
			}
		}
	}
}
