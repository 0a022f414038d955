package cite

import (
	"regexp"
	"strings"
)

var (
	// volumeCut finds where a container's title ends and its numbers begin: "Review, 63", "Annals Vol. 3".
	volumeCut  = regexp.MustCompile(`, ?(?:[Vv]ol(?:ume|s)?\.? ?)?\d{1,4}(?:[,(]|\.?$)|,? [Vv]ol(?:ume)?\.? ?\d|, \d{1,2}(?:st|nd|rd|th) [Ee]d`)
	seasonEnd  = regexp.MustCompile(`^(.+?),? (` + seasonName + `)$`)
	volumeForm = regexp.MustCompile(`^[ ,.]*(?:\(?([Vv]ol(?:ume)?\.? ?))?(\d{1,4})\b`)
	issueForm  = regexp.MustCompile(`^ ?\((\d{1,4}(?:[-–/]\d{1,4})?|` + seasonName + `|` + monthName + `|[Ss]uppl\.? ?\d*|[Ss]pecial [Ii]ssue)\)|^,? ?(?:[Nn]o\.?|[Ii]ssue) ?(\d{1,4})\b`)
	pagesAhead = regexp.MustCompile(`^[ ,.:(]*((?i:pages?|pgs?|pp?)\.? ?)?` + `[A-Za-z]?\d`)
	rangeAhead = regexp.MustCompile(`^ ?[-–—] ?\d`)
)

// container reads an italic container and its numbers: "_Review, 63_(2), 58-66".
func (r *reader) container() bool {
	at, ok := r.spanHere(italic)
	if !ok || r.csl.ContainerTitle != "" || at.from == r.titleAt.from && r.titleAt.to > 0 {
		return false
	}
	name := r.text[at.from:at.to]
	r.pos = at.to
	if cut := volumeCut.FindStringIndex(name); cut != nil && cut[0] > 0 {
		r.pos = at.from + cut[0]
		name = name[:cut[0]]
	}
	season := ""
	if m := seasonEnd.FindStringSubmatch(name); m != nil {
		name, season = m[1], m[2]
	}
	r.csl.ContainerTitle = cleanTitle(name)
	r.doubt = r.doubt || sentences(r.csl.ContainerTitle) > 1
	r.numbers()
	if season != "" {
		r.settle(&r.csl.Issue, season, true)
	}
	return true
}

var plainJournalForm = regexp.MustCompile(`^(\p{Lu}[^.()"“”\d]{2,150}?),? (?:[Vv]ol\. ?)?(\d{1,4})(?: ?\((\d{1,4}(?:[-–/]\d{1,4})?|` + seasonName + `)\)|, ?[Nn]o\. ?(\d{1,4}))?[,:] ?(?:pp?\. ?)?([A-Za-z]?\d{1,6}(?: ?[-–—] ?[A-Za-z]?\d{1,6})?)\b`)

var (
	monthAtEnd = regexp.MustCompile(`\b` + monthName + `$`)
	timeAtEnd  = regexp.MustCompile(`[ ,]\d{1,2}:\d{2}$`)
)

// plainJournal reads "Journal, 3(4), 12-19" without italics: what has a volume and pages is a journal.
func (r *reader) plainJournal() bool {
	start := r.pos
	if r.csl.ContainerTitle != "" || r.csl.Publisher != "" {
		return false
	}
	m, ok := r.take(plainJournalForm)
	if !ok {
		return false
	}
	_, volumeIsYear := yearOf(m[2])
	_, pageIsYear := yearOf(m[5])
	isDate := (volumeIsYear || pageIsYear) && r.csl.Issued == nil || monthAtEnd.MatchString(m[1])
	if isDate || timeAtEnd.MatchString(m[0]) || r.nextSpanFrom(start) < r.pos {
		r.pos = start
		return false
	}
	r.csl.ContainerTitle, r.csl.Volume, r.csl.Issue, r.csl.Page = cleanTitle(m[1]), m[2], plainHyphen(m[3]+m[4]), plainHyphen(m[5])
	return true
}

// nextSpanFrom gives the place where the next link or italic text begins after a place.
func (r *reader) nextSpanFrom(at int) int {
	for _, sp := range r.spans {
		if (sp.style == italic || sp.style == linked) && sp.from >= at {
			return sp.from
		}
	}
	return len(r.text)
}

// numbers reads volume, issue and pages, as far as they are there.
func (r *reader) numbers() {
	r.volume()
	r.issue()
	start := r.pos
	if pagesAhead.MatchString(r.rest()) {
		r.pos = len(r.text) - len(strings.TrimLeft(r.rest(), " ,.:("))
		if _, n := dateAt(r.rest()); n > 0 && r.csl.Issued == nil || !r.ownPages() {
			r.pos = start
		}
	}
}

// volume reads the number after a container's title. A year there is the date when none is known, unless an issue
// follows; the beginning of a range is pages.
func (r *reader) volume() {
	start := r.pos
	m, ok := r.take(volumeForm)
	if !ok {
		return
	}
	_, isYear := yearOf(m[2])
	hasIssue := issueForm.MatchString(r.rest())
	_, dateLength := dateAt(strings.TrimLeft(r.text[start:], " ,."))
	isDate := (isYear || dateLength > 4) && r.csl.Issued == nil && !hasIssue
	if rangeAhead.MatchString(r.rest()) || m[1] == "" && isDate {
		r.pos = start
		return
	}
	r.csl.Volume = m[2]
	if isYear && r.csl.Issued == nil {
		d, _ := dateAt(m[2])
		r.csl.Issued = &d
	}
}

// issue reads the number or name of an issue. A year in its place is the date when none is known.
func (r *reader) issue() {
	start := r.pos
	m, ok := r.take(issueForm)
	if !ok {
		return
	}
	if _, isYear := yearOf(m[1]); isYear && r.csl.Issued == nil {
		r.pos = start
		return
	}
	r.csl.Issue = plainHyphen(m[1] + m[2])
}
