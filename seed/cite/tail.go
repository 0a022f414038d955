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
		r.accessed, r.address, r.identifier, r.edition, r.duration, r.medium, r.dated, r.numbersHere, r.place, r.editedBy,
		r.byline, r.inside, r.container, r.authorsHere, r.placeAndPublisher, r.publisher,
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
	value, err := models.Encode(d)
	if _, again := r.csl.Other["accessed"]; again || err != nil || vague(&d) {
		r.doubt = true
		return true
	}
	r.csl.Other = map[string]jsontext.Value{"accessed": value}
	return true
}

var accessedFrom = regexp.MustCompile(`^,? from:?\b`)

var retrieved = regexp.MustCompile(`^(?:Retrieved|Available|Accessed)(?: from| at| online)?:? ?`)

// address reads an address that stands in the text as such, with "Retrieved from" before it.
func (r *reader) address() bool {
	start := r.pos
	r.takes(retrieved)
	if at, ok := r.spanHere(linked); ok && strings.Contains(r.text[at.from:at.to], "://") {
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
	return len(r.csl.Author) == 0 && r.takes(byMark) && (r.saidNames() || r.namesTo(&r.csl.Author))
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
	r.pos += after
	return true
}

// namesTo reads names up to the end of the sentence, or to the date, parenthesis or styled text before that. Words
// there that are no names go into no field.
func (r *reader) namesTo(list *[]models.CSLName) bool {
	end := r.pos + r.partEnd()
	names, all, ok := people(r.text[r.pos:end])
	*list = names
	r.doubt = r.doubt || !all || !ok
	r.pos = end
	return true
}

var partStop = regexp.MustCompile(`,? \(|, [Ii]n | [Ii]n $|,? (?:` + seasonName + ` |` + monthName + ` )?(?:\d{1,2}, )?\d{4,}\b|, (?:pp?|pgs?|pages?)\b`)

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
		return true
	}
	r.pos = start
	return false
}

// editors reads the names of the editors of the container.
func (r *reader) editors(s string) bool {
	names, all, ok := people(s)
	if ok {
		r.csl.Editor = names
		r.doubt = r.doubt || !all
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

// authorsHere reads authors who follow the title without "by": at least two persons joined by a conjunction.
func (r *reader) authorsHere() bool {
	if len(r.csl.Author) > 0 || r.csl.ContainerTitle != "" {
		return false
	}
	end := r.pos + r.partEnd()
	part := r.text[r.pos:end]
	list, all, ok := people(part)
	if !ok || !all || len(list) < 2 || !conjunction.MatchString(part) {
		return false
	}
	for _, name := range list {
		if name.Literal != "" {
			return false
		}
	}
	r.csl.Author = list
	r.pos = end
	return true
}

var placeForm = regexp.MustCompile(`^(\p{Lu}[\p{L} .'’-]{1,50}(?:, \p{Lu}[\p{L} .]{1,30}){0,2}): `)

// placeAndPublisher reads "Hershey, PA: IGI Global".
func (r *reader) placeAndPublisher() bool {
	if r.csl.Publisher != "" {
		return false
	}
	start := r.pos
	m, ok := r.take(placeForm)
	if ok && r.publisher() {
		r.csl.PublisherPlace = m[1]
		return true
	}
	r.pos = start
	return false
}

var (
	publisherForm = regexp.MustCompile(`^\p{N}*[\p{L}][\p{L}\p{N} &'’./-]*(?:,? (?:Inc|Ltd|LLC|Co)\b\.?)?$`)
	honorific     = regexp.MustCompile(`\b(?:Dr|Prof|Mr|Mrs|Ms)\. `) // persons don't publish
)

// maxPublisherWords keeps remarks from being taken for publishers.
const maxPublisherWords = 10

// publisher reads the name of who published the work, up to the end of the sentence or the date.
func (r *reader) publisher() bool {
	if r.csl.Publisher != "" {
		return false
	}
	end := r.pos + r.partEnd()
	name := strings.TrimRight(r.text[r.pos:end], " ,;")
	if !publisherForm.MatchString(name) || !capitalised(name) || honorific.MatchString(name) || len(strings.Fields(name)) > maxPublisherWords {
		return false
	}
	r.csl.Publisher = name
	r.pos = end
	return true
}

// capitalised tells whether a text reads like a name: at most half of its words are small, and its first word isn't.
func capitalised(s string) bool {
	words := strings.Fields(s)
	small := 0
	for _, word := range words {
		if smallWord.MatchString(word) {
			small++
		}
	}
	return 2*small <= len(words) && !smallWord.MatchString(words[0])
}

var smallWord = regexp.MustCompile(`^[\p{Ll}&'’-]+$`)
