package cite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

var interviewMark = regexp.MustCompile(`^(?:\p{Lu}\p{Ll}+ )?[Ii]nterview with `)

// interview reads "Personal interview with A B, April 7, 2017." In CSL the one who answers is the author. An
// interview has no title of its own, so the words that name it are its title.
func interview(r *reader) bool {
	if !r.takes(interviewMark) {
		return conversation(r)
	}
	from, end := r.pos, r.pos+r.partEnd()
	if comma := strings.IndexByte(r.text[from:end], ','); comma >= 0 {
		end = from + comma
	}
	list, sure, ok := people(r.text[from:end])
	r.csl = models.CSL{Type: typeInterview, Title: cleanTitle(r.text[:end]), Author: list}
	r.doubt = !ok || !sure && !arePersons(list)
	r.pos = end
	r.dateAlone()
	return true
}

// dateAlone reads a date to the end of the text. Other words are a doubt.
func (r *reader) dateAlone() {
	for r.skip(); !r.done(); r.skip() {
		if !r.dated() {
			r.leave()
		}
	}
}

// arePersons tells whether a list is of persons: with people one talks, not with bodies.
func arePersons(list []models.CSLName) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(n models.CSLName) bool { return n.Literal != "" })
}

var (
	conversationForm = regexp.MustCompile(`^([^\d()]{3,120}?)[,.] \(?((?:[Pp]ersonal|[Tt]elephone|[Pp]hone|[Ee]-?mail) (?:communication|interview|conversation|correspondence)|[Ii]nterview(?:ed)? (?:by|with) [^,.\d]{3,60}),? `)
	interviewTitle   = regexp.MustCompile(`^(?:(?:Personal|Telephone|Phone|E-?mail|Video) )?[Ii]nterview(?: with [\p{L}.' ’-]{3,80})?$`)
)

// conversation reads "A B, personal communication, May 3, 2016", after which nothing stands but the date.
func conversation(r *reader) bool {
	m, ok := r.take(conversationForm)
	if !ok || len(r.spans) > 0 {
		return false
	}
	list, sure, ok := people(m[1])
	if !ok {
		return false
	}
	r.csl = models.CSL{Type: typePersonal, Title: m[2], Author: list}
	if strings.Contains(strings.ToLower(m[2]), "interview") {
		r.csl.Type = typeInterview
	}
	r.doubt = !sure
	r.dateAlone()
	return true
}

var (
	stubForm   = regexp.MustCompile(`^([^\d()]{2,120}?),? \(?(\d{4})[a-z]?\)?(?:, (.*))?$`)
	familyOnly = regexp.MustCompile(`^(?:\p{Lu}[\p{L}'’-]+)(?: (?:\p{Lu}[\p{L}'’-]+))?$`)
)

// stub reads "A et al., 2017": a hint at a work that is described elsewhere, and so never more than partial.
func stub(r *reader) bool {
	m := stubForm.FindStringSubmatch(strings.TrimRight(unparenthesised(r.text), ". "))
	if m == nil || len(r.spans) > 0 {
		return false
	}
	d, ok := date(m[2])
	if !ok {
		return false
	}
	for _, name := range nameParts(etAl.ReplaceAllString(m[1], "")) {
		if !familyOnly.MatchString(name) {
			return false
		}
		if whole, ok := straightName(name); ok && isCertain(whole) {
			return false // a whole name, and so the others may be anything
		}
		r.csl.Author = append(r.csl.Author, models.CSLName{Family: name})
	}
	r.csl.Type = typeDocument
	r.csl.Issued = &d
	if m[3] != "" {
		r.pos = strings.LastIndex(r.text, m[3])
		r.place()
	}
	r.doubt = true
	return len(r.csl.Author) > 0
}

// unparenthesised takes off parentheses around all of a text.
func unparenthesised(s string) string {
	inner, ok := strings.CutPrefix(s, "(")
	body, closed := strings.CutSuffix(strings.TrimRight(inner, ". "), ")")
	if !ok || !closed || strings.ContainsAny(body, "()") {
		return s
	}
	return body
}

var (
	durationForm = regexp.MustCompile(`^(?i:(?:video|running time|duration|length)[,:]? )?(\d{1,2}:\d{2}(?::\d{2})?)(?i: ?(?:min(?:utes|\.)?|hours?))?`)
	durationWord = regexp.MustCompile(`(?i:video|running time|duration|length|min|hours?)`)
	durationHere = regexp.MustCompile(`(?i:\((?:video, )?\d{1,2}:\d{2}(?::\d{2})?\)|(?:video|running time|duration|length)[,:]? \d{1,2}:\d{2}|\d{1,2}:\d{2} ?min)`)
)

// video reads a film: its address is that of a film, or the reference tells how long it runs.
func video(r *reader) bool {
	urls := r.urls()
	if !durationHere.MatchString(r.text) && !(len(urls) == 1 && isVideoURL(urls[0])) {
		return false
	}
	r.signature()
	if !r.styledTitle(linked) && !r.styledTitle(quoted) && !r.styledTitle(italic) {
		return false
	}
	r.tail()
	r.csl.Type = typeVideo
	return true
}

// duration reads how long a film runs: "(7:44)", "Video, 7:44", "7:44 min". A time code without such a word or
// parentheses is a place in the film.
func (r *reader) duration() bool {
	m := durationForm.FindStringSubmatch(r.rest())
	if m == nil || r.csl.Dimensions != "" {
		return false
	}
	after := r.rest()[len(m[0]):]
	before := strings.TrimRight(r.text[:r.pos], " ")
	enclosed := (strings.HasSuffix(before, "(") || strings.HasSuffix(before, ",")) && strings.HasPrefix(after, ")")
	if !enclosed && !durationWord.MatchString(m[0]) {
		return false
	}
	r.csl.Dimensions = m[1]
	r.pos += len(m[0])
	return true
}
