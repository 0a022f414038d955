package cite

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// reader goes through a line from left to right and keeps what it found. Methods that read move pos over what they
// took and say whether they took anything; a method that says no leaves the reader as it was.
type reader struct {
	line
	pos     int
	csl     models.CSL
	locator *models.Locator
	titleAt span   // the title, when it has a style
	kind    string // the type of the work, when its description says it
	within  bool   // the container was told by "in"
	doubt   bool   // something is left over, or odd
}

func newReader(l line) *reader {
	r := &reader{line: l}
	for _, d := range described {
		if d.words.FindString(l.said) == l.said && l.said != "" {
			r.kind = d.kind
			r.describe(l.said)
			break
		}
	}
	return r
}

// separators stand between the parts of a reference and mean nothing by themselves.
const separators = " ,.;:()[]_*–—-|"

const openingQuotes = `"“'‘`

// rest is what hasn't been read.
func (r *reader) rest() string { return r.text[r.pos:] }

// skip moves over separators.
func (r *reader) skip() {
	r.pos = len(r.text) - len(strings.TrimLeft(r.rest(), separators))
}

// done tells whether only separators are left.
func (r *reader) done() bool { return strings.Trim(r.rest(), separators) == "" }

// take reads what an expression that begins with ^ matches, and gives its groups.
func (r *reader) take(re *regexp.Regexp) ([]string, bool) {
	m := re.FindStringSubmatch(r.rest())
	if m == nil {
		return nil, false
	}
	r.pos += len(m[0])
	return m, true
}

// takes is take for expressions without groups of interest.
func (r *reader) takes(re *regexp.Regexp) bool {
	_, ok := r.take(re)
	return ok
}

// spanHere gives the span of a style that begins at the next word.
func (r *reader) spanHere(s style) (span, bool) {
	for _, sp := range r.spans {
		if sp.style == s && sp.from >= r.pos {
			return sp, strings.Trim(r.text[r.pos:sp.from], separators+openingQuotes) == ""
		}
	}
	return span{}, false
}

// nextSpan gives the place where the next span of a style begins, or the end of the text.
func (r *reader) nextSpan(s style) int {
	for _, sp := range r.spans {
		if sp.style == s && sp.from >= r.pos {
			return sp.from
		}
	}
	return len(r.text)
}

// setTitle takes the text of a span as the title and goes on after it.
func (r *reader) setTitle(sp span) bool {
	r.csl.Title = cleanTitle(r.text[sp.from:sp.to])
	r.titleAt = sp
	r.pos = sp.to
	for _, q := range r.spans {
		if q.style == quoted && sp.style == linked && q.from <= sp.from && q.to >= sp.to && strings.Trim(r.text[sp.to:q.to], separators) == "" {
			r.pos = q.to
			r.takes(closingQuote)
		}
	}
	if sp.style == quoted {
		r.takes(closingQuote)
		r.doubt = r.doubt || r.takes(closingQuote)
	}
	r.doubt = r.doubt || editorsInTitle.MatchString(r.csl.Title) || sp.style == italic && sentences(r.csl.Title) > 1
	return r.csl.Title != ""
}

// editorsInTitle finds editors of a container that ran into a title.
var editorsInTitle = regexp.MustCompile(`\((?:[Ee]ds?|[Ee]ditors?)\.?\)`)

var closingQuote = regexp.MustCompile(`^["”’']`)

// leave gives up on the part that begins here: a span as a whole, or the words before the next date, span or end of a
// sentence, at least one.
func (r *reader) leave() {
	r.doubt = true
	for _, s := range []style{linked, italic} {
		if at, ok := r.spanHere(s); ok {
			r.pos = at.to
			return
		}
	}
	if end := r.partEnd(); end > 0 {
		r.pos += end
		return
	}
	_, after, _ := strings.Cut(r.rest(), " ")
	r.pos = len(r.text) - len(after)
}

// result is what the reader holds once a recogniser has said yes.
func (r *reader) result(name string) Result {
	r.settleURL()
	if r.kind != "" {
		r.csl.Type = r.kind
	}
	state := models.ParseParsed
	if r.doubt || r.torn || r.used || vague(r.csl.Issued) || r.csl.Title == "" || r.csl.Type == typeDocument {
		state = models.ParsePartial
	}
	return Result{CSL: r.csl, Parse: state, Recogniser: name, Locator: r.locator}
}

// settleURL fills the URL: that of the title, or the only one of the line. A DOI in an address counts as well.
func (r *reader) settleURL() {
	urls := r.urls()
	switch {
	case r.titleURL() != "":
		r.csl.URL = r.titleURL()
	case len(urls) == 1:
		r.csl.URL = urls[0]
	}
	r.doubt = r.doubt || len(urls) > 1
	if doi := doiOfURL(r.csl.URL); doi != "" && r.csl.DOI == "" {
		r.csl.DOI = doi
	}
}

// titleURL is where the title links to.
func (r *reader) titleURL() string {
	for _, sp := range r.spans {
		if sp.style == linked && sp.from < r.titleAt.to && sp.to > r.titleAt.from && len(sp.url) <= maxURL {
			return sp.url
		}
	}
	return ""
}
