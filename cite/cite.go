// Package cite reads bibliographic references as authors write them. A reference goes through small recognisers,
// most exact first; each knows one form and says no to the rest. What is sure goes into fields, what is not stays
// empty, and any doubt is told by the state of the result.
package cite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// maxReference is in bytes of text without markup. What is longer is an essay, and every field fits its limit in
// models.CSL.
const maxReference = 2000

// maxWritten is the limit of models.Source for a reference with its markup, in bytes.
const maxWritten = 20000

// Result is what was read from one reference.
type Result struct {
	CSL        models.CSL
	Parse      models.ParseState // parsed, partial or unparsed; confirming is for people
	Recogniser string            // empty when unparsed
	Locator    *models.Locator   // the place in the work that is cited; nil when the whole is
}

// recogniser reads one form of reference. It fills the reader and says yes, or says no and the reader is thrown away.
type recogniser struct {
	name string
	read func(*reader) bool
}

// recognisers are tried in this order. A signed reference begins with names, a titled one with a linked, quoted or
// italic title.
var recognisers = []recogniser{
	{"interview", interview},
	{"author-year stub", stub},
	{"video", video},
	{"abbreviated journal article", vancouver},
	{"chapter", signedChapter},
	{"journal article", signedArticle},
	{"periodical", signedPeriodical},
	{"edited book", editedBook},
	{"book", signedBook},
	{"signed web page", signedPage},
	{"signed document", signedDocument},
	{"site", site},
	{"linked title", linkedTitle},
	{"quoted title", quotedTitle},
	{"italic title", italicTitle},
	{"plain title", plainTitle},
}

// Parse reads one reference in inline Markdown. The result is parsed only when every word of the text went into a
// field, the kind of work is known and nothing looked odd; with a doubt it is partial; and when no recogniser knew the
// form, it is a document of which at most the URL is known. A locator is the place that is cited, and no field of the
// work: the pages that a work fills in its container are. Parse takes any text at all.
func Parse(written models.Text) Result {
	if len(written) > maxWritten {
		return Result{CSL: models.CSL{Type: typeDocument}, Parse: models.ParseUnparsed}
	}
	// As CommonMark has it (2.3): U+0000 is no character of a text.
	l := parseLine(models.Text(strings.ReplaceAll(string(written), "\x00", "\uFFFD")))
	if len(l.text) <= maxReference {
		if got, ok := linkedWhole(l); ok {
			return got
		}
		for _, rec := range recognisers {
			r := newReader(l)
			if rec.read(r) {
				return r.result(rec.name)
			}
		}
	}
	csl := models.CSL{Type: typeDocument}
	if urls := l.urls(); len(urls) == 1 {
		csl.URL = urls[0]
	}
	return Result{CSL: csl, Parse: models.ParseUnparsed}
}

// looksWhole finds in the text of a link what titles seldom have: a year or a byline.
var looksWhole = regexp.MustCompile(`\(\d{4}[^()]{0,20}\)|\b\d{4}\.?$|,? [Bb]y \p{Lu}`)

// linkedWhole reads a reference all of which is one link. It says no when the link is rather a title.
func linkedWhole(l line) (Result, bool) {
	at := slices.IndexFunc(l.spans, func(sp span) bool {
		return sp.style == linked && strings.Trim(l.text[:sp.from]+l.text[sp.to:], separators) == ""
	})
	if at < 0 || !looksWhole.MatchString(l.text) {
		return Result{}, false
	}
	address := l.spans[at].url
	l.spans = slices.Delete(slices.Clone(l.spans), at, at+1)
	l.spans = append(l.spans, span{style: linked, from: len(l.text), to: len(l.text), url: address}) // as if it came last
	for _, rec := range recognisers {
		r := newReader(l)
		if !rec.read(r) {
			continue
		}
		got := r.result(rec.name)
		unsure := got.Parse != models.ParseParsed && rec.name == "plain title"
		if got.CSL.Title == "" || len(got.CSL.Author) == 0 || len(address) > maxURL || unsure {
			return Result{}, false
		}
		if got.CSL.Type == typeDocument {
			got.CSL.Type = typeWebPage
		}
		return got, true
	}
	return Result{}, false
}
