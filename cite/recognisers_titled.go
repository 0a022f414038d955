package cite

import (
	"regexp"
	"strings"
)

// isAddress tells whether the text of a link is its address rather than a title.
func isAddress(s string) bool { return strings.Contains(s, "://") || strings.HasPrefix(s, "www.") }

// styledTitle takes a title of a style that the reference begins with.
func (r *reader) styledTitle(s style) bool {
	at, ok := r.spanHere(s)
	return ok && !isAddress(r.text[at.from:at.to]) && r.setTitle(at)
}

// site reads a link alone.
func site(r *reader) bool {
	at, ok := r.spanHere(linked)
	if !ok || strings.Trim(r.text[at.to:], separators) != "" {
		return false
	}
	if !isAddress(r.text[at.from:at.to]) {
		r.setTitle(at)
		r.doubt = r.doubt || inParentheses.MatchString(r.csl.Title) && looksWhole.MatchString(r.csl.Title)
	}
	r.csl.Type = r.wholeType(typeWebPage)
	return true
}

// linkedTitle reads "[Title](url), by A B, C D, and E F. Publisher, 2013." and "[Title](url), Some Library."
func linkedTitle(r *reader) bool {
	if !r.styledTitle(linked) {
		return false
	}
	r.tail()
	r.csl.Type = r.typed(typeWebPage)
	return true
}

// quotedTitle reads "“Title,” by A B and C D. _Journal_ 33, p. 163–185." A title between quotes is a part of
// something.
func quotedTitle(r *reader) bool {
	if !r.styledTitle(quoted) {
		return false
	}
	r.tail()
	r.intoPeriodical()
	usual := typeDocument
	if len(r.urls()) == 1 {
		usual = typeWebPage
	}
	r.csl.Type = r.typed(usual)
	return true
}

// intoPeriodical makes a container of what stands in the publisher's place after a quoted title, if it is named like
// a newspaper, magazine or journal.
func (r *reader) intoPeriodical() {
	name := r.csl.Publisher
	if r.csl.ContainerTitle != "" || r.csl.PublisherPlace != "" || house.MatchString(name) {
		return
	}
	if newspaper.MatchString(name) || magazine.MatchString(name) || journal.MatchString(name) {
		r.csl.ContainerTitle, r.csl.Publisher = name, ""
	}
}

// italicTitle reads "_Title_, by A B. Place: Publisher, 2007."
func italicTitle(r *reader) bool {
	return r.italicWork()
}

var plainTitleEnd = regexp.MustCompile(`[.,]? (?:[Ww]ritten by|[Bb]y) \p{Lu}|,? pp?\. ?\d`)

// plainTitle reads a title without any style: by who follows it ("Title. By A B."), or where it is ("Title. A B and
// C D, _Journal_", "Title. Retrieved from https://…", with a doubt "Title. https://…"). A sentence with neither is no
// reference.
func plainTitle(r *reader) bool {
	end := min(sentenceEnd(r.text), r.nextSpan(italic), r.nextSpan(linked))
	if at := plainTitleEnd.FindStringIndex(r.text[:end]); at != nil {
		end = at[0]
	}
	if end == len(r.text) || end > maxPlainTitle || !capitalStart(r.text) || !r.plainTitleTo(end) {
		return false
	}
	r.tail()
	if len(r.csl.Author) == 0 && !(len(r.urls()) == 1 && retrievedAnywhere.MatchString(r.text)) {
		if !r.leadsTo() {
			return false
		}
		r.doubt = true
	}
	usual := typeDocument
	if len(r.urls()) == 1 {
		usual = typeWebPage
	}
	r.csl.Type = r.typed(usual)
	return true
}

// leadsTo tells whether the only link is an address, or says no more than that it leads to the work.
func (r *reader) leadsTo() bool {
	links := 0
	for _, sp := range r.spans {
		if sp.style != linked {
			continue
		}
		links++
		if text := r.text[sp.from:sp.to]; !isAddress(text) && !wayTo.MatchString(text) {
			return false
		}
	}
	return links == 1
}

var retrievedAnywhere = regexp.MustCompile(`\b(?:Retrieved|Available|Accessed)\b`)

// maxPlainTitle is in bytes. A longer sentence is a remark.
const maxPlainTitle = 300

var capitalOrDigit = regexp.MustCompile(`^[\p{Lu}\p{N}]`)

func capitalStart(s string) bool { return capitalOrDigit.MatchString(s) }
