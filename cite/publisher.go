package cite

import (
	"regexp"
	"strings"
)

var (
	placeForm = regexp.MustCompile(`^(\p{Lu}[\p{L} .'’-]{1,50}(?:, \p{Lu}[\p{L} .]{1,30}){0,2}): `)
	// placeBeforeHouse is a place that only a comma divides from a publisher.
	placeBeforeHouse = regexp.MustCompile(`^(\p{Lu}[\p{L} '’-]{1,50}(?:, \p{Lu}{2})?), `)
)

// placeAndPublisher reads "Hershey, PA: IGI Global".
func (r *reader) placeAndPublisher() bool {
	if r.csl.Publisher != "" {
		return false
	}
	start := r.pos
	for _, form := range []*regexp.Regexp{placeForm, placeBeforeHouse} {
		m, ok := r.take(form)
		if ok && r.publisher() {
			if form == placeForm || house.MatchString(r.csl.Publisher) {
				r.csl.PublisherPlace = m[1]
				return true
			}
			r.csl.Publisher = ""
		}
		r.pos = start
	}
	return false
}

var (
	publisherForm = regexp.MustCompile(`^\p{N}*[\p{L}][\p{L}\p{N} &'’./-]*(?:,? (?:Inc|Ltd|LLC|Co)\b\.?)?$`)
	companyDot    = regexp.MustCompile(`\b(?:Inc|Ltd|Co|Corp)$`)
	oddEnd        = regexp.MustCompile(`^[\p{Ll}&'’-]+$|^\d+$`) // no name ends so: what goes on is left out, or a number is
	sameAsAuthor  = regexp.MustCompile(`^Authors?$`)
	honorific     = regexp.MustCompile(`\b(?:Dr|Prof|Mr|Mrs|Ms)\. `) // persons don't publish
)

// What is longer than this, in words or bytes, is a remark rather than the name of a publisher.
const (
	maxPublisherWords = 10
	maxPublisher      = 300
)

// isPublisher tells whether a text reads like the name of who publishes.
func isPublisher(s string) bool {
	return len(s) <= maxPublisher && publisherForm.MatchString(s) && capitalised(s) && !honorific.MatchString(s) && len(strings.Fields(s)) <= maxPublisherWords
}

// publisher reads the name of who published the work, up to the end of the sentence or the date.
func (r *reader) publisher() bool {
	if r.csl.Publisher != "" {
		return false
	}
	end := r.pos + r.partEnd()
	name := strings.TrimRight(r.text[r.pos:end], " ,;")
	if !isPublisher(name) {
		return false
	}
	r.pos = end
	if companyDot.MatchString(name) && strings.HasPrefix(r.rest(), ".") {
		name += "."
	}
	if sameAsAuthor.MatchString(name) && len(r.csl.Author) == 1 && r.csl.Author[0].Literal != "" {
		name = r.csl.Author[0].Literal
	}
	words := strings.Fields(name)
	r.doubt = r.doubt || oddEnd.MatchString(words[len(words)-1]) || len(r.csl.Author)+len(r.csl.Editor) == 0 && mayBePerson(name)
	r.csl.Publisher = name
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

var fromMark = regexp.MustCompile(`^(?:[Ff]rom|[Pp]ublished by|[Vv]ia|[Cc]ourtesy of) (?:the )?`)

// publishedBy reads "from the Mill Hub" and "published by Mill Hub".
func (r *reader) publishedBy() bool {
	start := r.pos
	if r.takes(fromMark) && r.publisher() {
		return true
	}
	r.pos = start
	return false
}

// linkedPublisher reads the name of who published the work where it is a link of its own.
func (r *reader) linkedPublisher() bool {
	at, ok := r.spanHere(linked)
	if !ok || r.csl.Title == "" || r.csl.Publisher != "" || !isPublisher(r.text[at.from:at.to]) {
		return false
	}
	r.csl.Publisher = r.text[at.from:at.to]
	r.pos = at.to
	r.doubt = true
	return true
}
