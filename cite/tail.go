package cite

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// tail reads what follows the title in whatever order it stands, until nothing is left. What no field takes is a
// doubt.
func (r *reader) tail() {
	parts := []func() bool{
		r.accessed, r.address, r.identifier, r.edition, r.duration, r.description, r.format,
		r.presented, r.dated, r.undated, r.numbersHere, r.place, r.barePlace, r.volumeHere, r.editedBy, r.translatedBy, r.byline,
		r.inside, r.container, r.plainJournal, r.authorsHere, r.placeAndPublisher, r.publishedBy, r.linkedPublisher, r.publisher,
	}
	for r.skip(); !r.done(); r.skip() {
		if !oneOf(parts) {
			r.leave()
		}
	}
}

// oneOf tells whether one of the parts read something.
func oneOf(parts []func() bool) bool {
	for _, part := range parts {
		if part() {
			return true
		}
	}
	return false
}

var accessedMark = regexp.MustCompile(`^(?:Last )?(?:[Rr]etrieved|[Aa]ccessed|[Vv]iewed)(?: on)?:? `)

// accessed reads "Retrieved May 3, 2017, from": when somebody looked, which says nothing of when the work appeared.
func (r *reader) accessed() bool {
	start := r.pos
	if !r.takes(accessedMark) {
		return false
	}
	d, n := dateAt(r.rest())
	if n == 0 {
		r.pos = start
		return false
	}
	r.pos += n
	r.takes(accessedFrom)
	if vague(&d) {
		r.doubt = true
		return true
	}
	r.setOther("accessed", d)
	return true
}

// setOther fills a variable of CSL that has no field, once.
func (r *reader) setOther(name string, value any) {
	encoded, err := models.Encode(value)
	if _, again := r.csl.Other[name]; again || err != nil {
		r.doubt = true
		return
	}
	if r.csl.Other == nil {
		r.csl.Other = map[string]jsontext.Value{}
	}
	r.csl.Other[name] = encoded
}

var accessedFrom = regexp.MustCompile(`^,? from:?\b`)

var retrieved = regexp.MustCompile(`^(?:Retrieved|Available|Accessed)(?: from| at| online)?:? ?`)

// wayTo is the text of a link that says no more than that it leads to the work.
var wayTo = regexp.MustCompile(`(?i)^(?:archived? ?(?:copy|version|page)?|link|pdf|here|online|web ?site|web ?page|source|full (?:text|report|article|video)|download|available (?:here|online)|view|watch(?: here| online)?|read (?:more|here|online)|doi)$`)

// address reads an address that stands in the text as such, with "Retrieved from" before it, or a link to the work.
func (r *reader) address() bool {
	start := r.pos
	r.takes(retrieved)
	if at, ok := r.spanHere(linked); ok && (isAddress(r.text[at.from:at.to]) || wayTo.MatchString(r.text[at.from:at.to])) {
		r.pos = at.to
		return true
	}
	r.pos = start
	return false
}

var editionForm = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th) [Ee]d(?:ition|n)?\b|^([Rr]ev(?:ised|\.)) [Ee]d(?:ition|n)?\b`)

// edition reads "2nd ed.".
func (r *reader) edition() bool {
	if r.csl.Edition != "" {
		return false
	}
	m, ok := r.take(editionForm)
	if ok {
		r.csl.Edition = m[1] + m[2]
	}
	return ok
}

// dated reads a date, once.
func (r *reader) dated() bool {
	if r.csl.Issued != nil {
		return false
	}
	d, n := dateAt(r.rest())
	if n == 0 {
		return false
	}
	r.csl.Issued = &d
	r.pos += n
	return true
}

var (
	undatedForm = regexp.MustCompile(`^n\.? ?d\b\.?|^no date\b`)
	formatForm  = regexp.MustCompile(`^(?i:pdf|docx?|pptx?|epub|html|online|web|print)\b`)
)

// undated reads "n.d.", which says that no date is known.
func (r *reader) undated() bool { return r.csl.Issued == nil && r.takes(undatedForm) }

// format reads "(PDF)".
func (r *reader) format() bool {
	if r.csl.Medium != "" || !strings.HasSuffix(r.text[:r.pos], "[") && !strings.HasSuffix(r.text[:r.pos], "(") {
		return false
	}
	m, ok := r.take(formatForm)
	if ok {
		r.csl.Medium = m[0]
	}
	return ok
}

// numbersHere reads the pages of a work whose container is known. A number alone is not enough.
func (r *reader) numbersHere() bool {
	return r.csl.ContainerTitle != "" && r.ownPages()
}

var editedByMark = regexp.MustCompile(`^(?i:edited by|eds?\.) `)

// editedBy reads "Edited by A B and C D".
func (r *reader) editedBy() bool {
	return len(r.csl.Editor) == 0 && r.takes(editedByMark) && r.namesTo(&r.csl.Editor)
}

var byMark = regexp.MustCompile(`^(?:[Ww]ritten by|[Bb]y) `)

// byline reads "by A B, C D, and E F".
func (r *reader) byline() bool {
	return len(r.csl.Author) == 0 && r.takes(byMark) && (r.linkedNames() || r.saidNames() || r.namesTo(&r.csl.Author))
}

// linkedNames reads names that are a link, to a page about them.
func (r *reader) linkedNames() bool {
	at, ok := r.spanHere(linked)
	if !ok || at.from != r.pos {
		return false
	}
	list, sure, ok := people(r.text[at.from:at.to])
	if ok {
		r.csl.Author = list
		r.doubt = r.doubt || !sure
		r.pos = at.to
	}
	return ok
}

// saidNames reads persons after "by", up to a part that is none: who published the work is named there too, in the
// same list.
func (r *reader) saidNames() bool {
	end := r.pos + r.partEnd()
	part := r.text[r.pos:end]
	persons, after := straightPersons(part)
	if after == 0 {
		return false
	}
	r.csl.Author = persons
	r.doubt = r.doubt || !certainNames(persons, conjunction.MatchString(part[:after]), false)
	r.pos += after
	return true
}

// namesTo reads names up to the end of the sentence, or to the date, parenthesis or styled text before that. Words
// there that are no names go into no field.
func (r *reader) namesTo(list *[]models.CSLName) bool {
	end := r.pos + r.partEnd()
	names, sure, ok := people(r.text[r.pos:end])
	if !ok {
		sure = false
		names = hesitant(r.text[r.pos:end])
	}
	*list = names
	r.doubt = r.doubt || !sure
	r.pos = end
	return true
}

var (
	affiliation = regexp.MustCompile(` (?:for|at|of|from|with) \p{Lu}?`)
	oneWord     = regexp.MustCompile(`^\p{Lu}[\p{L}’'-]{2,40}$`)
)

// hesitant reads what is probably names: persons before those they wrote for, or one word that may be a body.
func hesitant(s string) []models.CSLName {
	s = strings.Trim(s, " ,;.")
	if oneWord.MatchString(s) {
		return []models.CSLName{{Literal: s}}
	}
	if at := affiliation.FindStringIndex(s); at != nil {
		if list, _, ok := people(s[:at[0]]); ok && arePersons(list) {
			return list
		}
	}
	return nil
}

var partStop = regexp.MustCompile(`,? [(\[|]|[)\]]|, [Ii]n | [Ii]n $|, \d{1,4} ?[-–—] ?\d{1,4}\b|, [Ee]d(?:s?\.|ited by) |, n\.d\b|, \d{1,2}:\d{2}| via |,? published by |,? (?:` + seasonName + ` |` + monthName + ` )?(?:\d{1,2}, )?\d{4,}\b|, (?:pp?|pgs?|pages?)\b`)

// partEnd is the length of the part that begins here: names or a publisher.
func (r *reader) partEnd() int {
	end := min(sentenceEnd(r.rest()), r.nextSpan(italic)-r.pos, r.nextSpan(linked)-r.pos)
	if at := partStop.FindStringIndex(r.rest()[:end]); at != nil {
		return at[0]
	}
	return end
}

var (
	inMark     = regexp.MustCompile(`^[Ii]n:? `)
	editorList = regexp.MustCompile(`^([^()]{3,300}?),? \((?:[Ee]ds?|[Ee]ditors?)\.?\)[,.:]? ?`)
)

// inside reads "In A. Editor (Ed.), _Container_", with editors or without. A container without italics ends before
// its pages.
func (r *reader) inside() bool {
	start := r.pos
	if r.csl.ContainerTitle != "" || !r.takes(inMark) {
		return false
	}
	if m, ok := r.take(editorList); ok && !r.editors(m[1]) {
		r.pos = start
		return false
	}
	if r.container() || r.plainContainer() {
		r.within = true
		return true
	}
	r.pos = start
	return false
}

// editors reads the names of the editors of the container.
func (r *reader) editors(s string) bool {
	names, sure, ok := people(s)
	if ok {
		r.csl.Editor = names
		r.doubt = r.doubt || !sure
	}
	return ok
}

var plainContainerForm = regexp.MustCompile(`^(\p{Lu}[^()"“”_]{3,300}?),? \(?(?:pp?\. ?)?(\d{1,5} ?[-–—] ?\d{1,5})\b`)

// plainContainer reads "Title of the Book, 65-92".
func (r *reader) plainContainer() bool {
	m, ok := r.take(plainContainerForm)
	if ok {
		r.csl.ContainerTitle = cleanTitle(m[1])
		r.csl.Page = plainHyphen(m[2])
	}
	return ok
}

// authorsHere reads authors who follow the title without "by": at least two persons joined by a conjunction, or with a
// doubt a single one with a known name.
func (r *reader) authorsHere() bool {
	if len(r.csl.Author) > 0 || r.csl.ContainerTitle != "" {
		return false
	}
	end := r.pos + r.partEnd()
	part := r.text[r.pos:end]
	if persons, after := straightPersons(part); after > 0 && certainNames(persons, true, false) && isCertain(persons[0]) {
		r.csl.Author = persons
		r.doubt = true
		r.pos += after
		return true
	}
	list, sure, ok := people(part)
	joined := len(list) > 1 && conjunction.MatchString(part)
	if !ok || !sure && (!joined || !titleOfPerson.MatchString(part)) || len(list) > 1 && !joined {
		return false
	}
	literals := 0
	for _, name := range list {
		if name.Literal != "" {
			literals++
		}
	}
	if literals > 0 && (sure || literals == len(list)) {
		return false
	}
	r.csl.Author = list
	r.doubt = r.doubt || !sure || !joined
	r.pos = end
	return true
}
