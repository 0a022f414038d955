package cite

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

var interviewMark = regexp.MustCompile(`^(?:\p{Lu}\p{Ll}+ )?[Ii]nterview with `)

// interview reads "Personal interview with A B, April 7, 2017." In CSL the one who answers is the author. An
// interview has no title of its own, so the words that name it are its title.
func interview(r *reader) bool {
	if !r.takes(interviewMark) {
		return false
	}
	from, end := r.pos, r.pos+r.partEnd()
	if comma := strings.IndexByte(r.text[from:end], ','); comma >= 0 {
		end = from + comma
	}
	list, all, ok := people(r.text[from:end])
	r.csl = models.CSL{Type: typeInterview, Title: cleanTitle(r.text[:end]), Author: list}
	r.doubt = !ok || !all
	r.pos = end
	for r.skip(); !r.done(); r.skip() {
		if !r.dated() {
			r.leave()
		}
	}
	return true
}

var (
	stubForm   = regexp.MustCompile(`^([^\d()]{2,120}?),? \(?(\d{4})[a-z]?\)?(?:, (.*))?$`)
	familyOnly = regexp.MustCompile(`^(?:\p{Lu}[\p{L}'’-]+)(?: (?:\p{Lu}[\p{L}'’-]+))?$`)
)

// stub reads "A et al., 2017": a hint at a work that is described elsewhere, and so never more than partial.
func stub(r *reader) bool {
	m := stubForm.FindStringSubmatch(strings.TrimRight(r.text, ". "))
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
		r.csl.Author = append(r.csl.Author, models.CSLName{Family: name})
	}
	r.csl.Type = typeDocument
	r.csl.Issued = &d
	r.pos = len(r.text) - len(m[3])
	if m[3] != "" {
		r.place()
	}
	r.doubt = true
	return len(r.csl.Author) > 0
}

var (
	durationForm = regexp.MustCompile(`^(?i:(?:video|running time|duration|length)[,:]? )?(\d{1,2}:\d{2}(?::\d{2})?)(?i: ?(?:min(?:utes|\.)?|hours?))?`)
	durationWord = regexp.MustCompile(`(?i:video|running time|duration|length|min|hours?)`)
	durationHere = regexp.MustCompile(`(?i:\((?:video, )?\d{1,2}:\d{2}(?::\d{2})?\)|(?:video|running time|duration|length)[,:]? \d{1,2}:\d{2}|\d{1,2}:\d{2} ?min)`)
	mediumForm   = regexp.MustCompile(`^(?i:video file|video|film|podcast)\b`)
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
	enclosed := strings.HasSuffix(r.text[:r.pos], "(") && strings.HasPrefix(after, ")")
	if !enclosed && !durationWord.MatchString(m[0]) {
		return false
	}
	r.csl.Dimensions = m[1]
	r.pos += len(m[0])
	return true
}

// medium reads "[Video]".
func (r *reader) medium() bool {
	if r.csl.Medium != "" || !strings.HasSuffix(r.text[:r.pos], "[") && !strings.HasSuffix(r.text[:r.pos], "(") {
		return false
	}
	m, ok := r.take(mediumForm)
	if ok {
		r.csl.Medium = m[0]
	}
	return ok
}
