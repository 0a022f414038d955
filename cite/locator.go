package cite

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// pageRange is at most 16 bytes, and a list of them is cut after eleven, within the limit of models.CSL for pages.
const pageRange = `[A-Za-z]?\d{1,6}(?: ?[-–—] ?[A-Za-z]?\d{1,6})?`

var (
	labelledPages = regexp.MustCompile(`^(?:(?i:pages?|pgs?|pp?)(?:\. ?| )|(?:pages?|pgs?|pp?))(` + pageRange + `(?:, ` + pageRange + `){0,10})\b`)
	barePages     = regexp.MustCompile(`^(\d{1,6}(?: ?[-–—] ?\d{1,6})?|e\d{1,8})\b`)
	timecode      = regexp.MustCompile(`^(?:at )?(\d{1,2}:\d{2}(?::\d{2})?(?: ?[-–—] ?\d{1,2}:\d{2}(?::\d{2})?)?)\b`)
	chapterNumber = regexp.MustCompile(`^(?i:chapters?|chap\.|chs?\.) ?(\d{1,3}(?: ?[-–—] ?\d{1,3})?)\b`)
	// otherPlaces are parts of a work that have a number or a letter.
	otherPlaces = []struct {
		form  *regexp.Regexp
		label string
	}{
		{regexp.MustCompile(`^(?:(?i:section|sec\.) ?|§§? ?)(\d{1,3}(?:\.\d{1,3}){0,4}|[A-Z])\b`), "section"},
		{regexp.MustCompile(`^(?:(?i:paragraphs?|paras?\.) ?|¶ ?)(\d{1,3}(?: ?[-–—] ?\d{1,3})?)\b`), "paragraph"},
		{regexp.MustCompile(`^(?i:figure|fig\.) ?(\d{1,3}(?:\.\d{1,3})?[a-z]?)\b`), "figure"},
		{regexp.MustCompile(`^(?i:table) (\d{1,3}(?:\.\d{1,3})?)\b`), "table"},
		{regexp.MustCompile(`^(?i:appendix) (\d{1,3}|[A-Z])\b`), "appendix"},
	}
)

var andMark = regexp.MustCompile(`^(?:and|&) `)

// yearAtEnd is what may be the date after the pages: "pp. 3-9, 2011".
var yearAtEnd = regexp.MustCompile(`, (\d{4})$`)

// The labels of locators, in the terms of CSL.
const (
	labelPage      = "page"
	labelChapter   = "chapter"
	labelTimestamp = "timestamp"
)

// place reads the place in the work that is cited: "p.13", "pp. 3-4", "chapter 2", "at 3:15".
func (r *reader) place() bool {
	start := r.pos
	if r.locator != nil {
		r.takes(andMark)
	}
	if pages, ok := r.labelledPages(); ok {
		return r.locate(labelPage, pages)
	}
	r.pos = start
	if m, ok := r.take(chapterNumber); ok {
		return r.locate(labelChapter, plainHyphen(m[1]))
	}
	for _, p := range otherPlaces {
		if m, ok := r.take(p.form); ok {
			return r.locate(p.label, plainHyphen(m[1]))
		}
	}
	if m, ok := r.take(timecode); ok {
		r.doubt = r.doubt || len(m[0]) == len(m[1]) && !strings.ContainsAny(m[1], "-–—") // how long it runs?
		return r.locate(labelTimestamp, plainHyphen(m[1]))
	}
	return false
}

// locate adds a place to the locator. Places of different kinds don't fit into one: the first stays.
func (r *reader) locate(label, value string) bool {
	switch {
	case r.locator == nil:
		r.locator = &models.Locator{Label: label, Value: value}
	case r.locator.Label == label && len(r.locator.Value) < maxLocator:
		r.locator.Value += ", " + value
	default:
		r.doubt = true
	}
	return true
}

// maxLocator is in bytes and keeps the value within the limit of models.Locator.
const maxLocator = 300

// ownPages reads the pages that a work fills in its container: "58-66", "pp. 1-17", "717".
func (r *reader) ownPages() bool {
	if r.csl.Page != "" {
		return false
	}
	if pages, ok := r.labelledPages(); ok {
		r.csl.Page = pages
		return true
	}
	if m, ok := r.take(barePages); ok {
		r.csl.Page = plainHyphen(m[1])
		return true
	}
	return false
}

// labelledPages reads "pp. 3-4, 7". A year at the end is the date when none is known.
func (r *reader) labelledPages() (string, bool) {
	m, ok := r.take(labelledPages)
	if !ok {
		return "", false
	}
	pages := m[1]
	if at := yearAtEnd.FindStringSubmatchIndex(pages); at != nil && r.csl.Issued == nil {
		if _, isYear := yearOf(pages[at[2]:at[3]]); isYear {
			r.pos -= len(pages) - at[0]
			pages = pages[:at[0]]
		}
	}
	return plainPages(pages), true
}

// plainPages writes pages with plain hyphens and one space after each comma.
func plainPages(s string) string {
	return strings.ReplaceAll(plainHyphen(s), ",", ", ")
}

var bareNumber = regexp.MustCompile(`^(\d{1,4}(?: ?[-–—] ?\d{1,4})?(?:, \d{1,4}(?: ?[-–—] ?\d{1,4})?){0,5})(?:\.|$)`)

// barePlace reads the page at the end of a note ("_Title_ (Ghent: Mill Press, 2010), 45.") or right after the title of a
// work that is in no container: a number after a comma, alone in its sentence.
func (r *reader) barePlace() bool {
	if r.csl.ContainerTitle != "" || r.locator != nil || r.titleAt.style == quoted && r.kind != typeThesis || !strings.HasSuffix(strings.TrimRight(r.text[:r.pos], " "), ",") {
		return false
	}
	m := bareNumber.FindStringSubmatch(r.rest())
	if m == nil {
		return false
	}
	r.pos += len(m[1])
	return r.locate(labelPage, plainPages(m[1]))
}

var volumeMark = regexp.MustCompile(`^[Vv]ol(?:ume)?\.? ?(\d{1,4})\b`)

// volumeHere reads "Vol. 2" where it stands by itself.
func (r *reader) volumeHere() bool {
	if r.csl.Volume != "" {
		return false
	}
	m, ok := r.take(volumeMark)
	if ok {
		r.csl.Volume = m[1]
	}
	return ok
}
