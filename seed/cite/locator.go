package cite

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// pageRange is at most 16 bytes, and a list of them is cut after eleven, within the limit of models.CSL for pages.
const pageRange = `[A-Za-z]?\d{1,6}(?: ?[-–—] ?[A-Za-z]?\d{1,6})?`

var (
	labelledPages = regexp.MustCompile(`^(?i:pages?|pgs?|pp?)(?:\. ?| ?)(` + pageRange + `(?:, ` + pageRange + `){0,10})\b`)
	barePages     = regexp.MustCompile(`^(\d{1,6}(?: ?[-–—] ?\d{1,6})?|e\d{1,8})\b`)
	timecode      = regexp.MustCompile(`^(?:at )?(\d{1,2}:\d{2}(?::\d{2})?(?: ?[-–—] ?\d{1,2}:\d{2}(?::\d{2})?)?)\b`)
	chapterNumber = regexp.MustCompile(`^(?i:chapter|chap\.|ch\.) ?(\d{1,3})\b`)
)

// The labels of locators, in the terms of CSL.
const (
	labelPage      = "page"
	labelChapter   = "chapter"
	labelTimestamp = "timestamp"
)

// place reads the place in the work that is cited: "p.13", "pp. 3-4", "chapter 2", "at 3:15".
func (r *reader) place() bool {
	if m, ok := r.take(labelledPages); ok {
		return r.locate(labelPage, plainPages(m[1]))
	}
	if m, ok := r.take(chapterNumber); ok {
		return r.locate(labelChapter, m[1])
	}
	if m, ok := r.take(timecode); ok {
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
	if m, ok := r.take(labelledPages); ok {
		r.csl.Page = plainPages(m[1])
		return true
	}
	if m, ok := r.take(barePages); ok {
		r.csl.Page = plainHyphen(m[1])
		return true
	}
	return false
}

// plainPages writes pages with plain hyphens and one space after each comma.
func plainPages(s string) string {
	return strings.ReplaceAll(plainHyphen(s), ",", ", ")
}
