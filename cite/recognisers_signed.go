package cite

import (
	"regexp"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

var (
	inParentheses = regexp.MustCompile(`\(([^()]{4,40})\)`)
	bareYear      = regexp.MustCompile(`[.,]? (\d{4})[.,] `)
	editorMark    = regexp.MustCompile(`,?\s*\(?\b(?:[Ee]ds?|[Ee]ditors?)\b\.?\)?[.,]?$`)
	initialList   = regexp.MustCompile(`^\p{Lu}[\p{L}'’ -]{1,40}, (?:\p{Lu}\. ?)+(?:(?:,|,? &|,? and) \p{Lu}[\p{L}'’ -]{1,40}, (?:\p{Lu}\. ?)+)*`)
	noDate        = regexp.MustCompile(`^\(n\.d\.\)`)
	notYet        = regexp.MustCompile(`^(?:in press|forthcoming|in preparation)$`)
)

// signature reads what a signed reference begins with: names, then the date in parentheses, or a bare year, or no
// date at all. Names that are marked as such are editors.
func (r *reader) signature() bool {
	signed, dated := r.signedWithDate()
	return signed || !dated && (r.signedWithBareYear() || r.signedWithoutDate())
}

// signedWithDate tells as well whether there is a date in parentheses before any styled text: then the words before
// it that are no names are none that another form could read.
func (r *reader) signedWithDate() (signed, dated bool) {
	styled := min(r.nextSpan(linked), r.nextSpan(italic), r.nextSpan(quoted))
	for _, at := range inParentheses.FindAllStringSubmatchIndex(r.text, -1) {
		d, ok := date(r.text[at[2]:at[3]])
		if notYet.MatchString(r.text[at[2]:at[3]]) {
			d, ok = models.CSLDate{Literal: r.text[at[2]:at[3]]}, true
		}
		undated := noDate.MatchString(r.text[at[0]:])
		if !ok && !undated {
			continue
		}
		if at[0] > styled || !r.signedBy(at[0]) {
			return false, at[0] < styled
		}
		if ok {
			r.csl.Issued = &d
		}
		r.pos = at[1]
		return true, true
	}
	return false, false
}

func (r *reader) signedWithBareYear() bool {
	at := bareYear.FindStringSubmatchIndex(r.text)
	if at == nil {
		return false
	}
	d, ok := date(r.text[at[2]:at[3]])
	if !ok || !r.signedBy(at[2]) {
		return false
	}
	r.csl.Issued = &d
	r.pos = at[1]
	return true
}

// signedWithoutDate reads names with initials, or names right before a title with a style.
func (r *reader) signedWithoutDate() bool {
	end := min(r.nextSpan(linked), r.nextSpan(italic), r.nextSpan(quoted))
	if end < len(r.text) && r.signedBy(end) {
		r.pos = len(strings.TrimRight(r.text[:end], openingQuotes))
		return true
	}
	if end = len(initialList.FindString(r.text)); end > 0 && r.signedBy(end) {
		r.pos = end
		return true
	}
	return false
}

// signedBy reads the names before a place in the text. No other part may begin before it.
func (r *reader) signedBy(end int) bool {
	if min(r.nextSpan(linked), r.nextSpan(italic), r.nextSpan(quoted)) < end {
		return false
	}
	names := strings.TrimRight(r.text[:end], " ,"+openingQuotes)
	field := &r.csl.Author
	whole := names
	names = ownAcronym.ReplaceAllString(roles.ReplaceAllString(names, ""), "")
	lost := names != whole
	if unmarked := editorMark.ReplaceAllString(names, ""); unmarked != names {
		names = unmarked
		field = &r.csl.Editor
	}
	list, sure, ok := people(names)
	if ok {
		*field = list
		r.doubt = r.doubt || !sure || lost
	}
	return ok
}

var (
	// ownAcronym stands after the name of a body that it abbreviates.
	ownAcronym      = regexp.MustCompile(` \(\p{Lu}{2,10}\)\.?$`)
	placeAfterTitle = regexp.MustCompile(`,? \(?(?:pp?|pgs?)\. ?\d[\d ,–-]*\)?[.,]? ?$`)
)

// containerStart finds the italic container that a plain title ends before: the first italic text after the end of
// a sentence or of a quotation.
func (r *reader) containerStart() (int, bool) {
	for _, sp := range r.spans {
		if sp.style != italic || sp.from < r.pos {
			continue
		}
		title := strings.TrimRight(r.text[r.pos:sp.from], " _*")
		if strings.Trim(title, separators) != "" && strings.ContainsRune(`.?!"”`, lastRune(title)) {
			return sp.from, true
		}
	}
	return 0, false
}

func lastRune(s string) rune {
	runes := []rune(s)
	return runes[len(runes)-1]
}

// plainTitleTo takes the text up to a place as the title.
func (r *reader) plainTitleTo(end int) bool {
	from := r.pos + len(r.rest()) - len(strings.TrimLeft(r.rest(), " .,"))
	if from < end && strings.ContainsRune("(&", rune(r.text[from])) {
		return false // a date or names that could not be read
	}
	if from < end {
		for _, form := range []*regexp.Regexp{afterTitle, placeAfterTitle} {
			if at := form.FindStringIndex(r.text[from:end]); at != nil {
				end = from + at[0]
			}
		}
	}
	if from >= end || !r.setTitle(span{style: plain, from: from, to: end}) {
		return false
	}
	r.descriptions()
	return true
}

// titleBeforeContainer takes the title that ends before the container, and reads the container.
func (r *reader) titleBeforeContainer() bool {
	end, ok := r.containerStart()
	return ok && r.plainTitleTo(end) && r.container()
}

// signedArticle reads "Names (year). Title. _Journal, 63_(2), 58-66."
func signedArticle(r *reader) bool {
	if !r.signature() || !r.titleBeforeContainer() || r.csl.Volume+r.csl.Issue+r.csl.Page == "" {
		return false
	}
	r.tail()
	r.csl.Type = r.containedType()
	return true
}

// signedPeriodical reads "Names (2016, April 27). Title. _Newspaper_."
func signedPeriodical(r *reader) bool {
	if !r.signature() || !r.titleBeforeContainer() {
		return false
	}
	r.tail()
	if r.titleURL() != "" {
		r.csl.Type = r.typed(typeWebPage)
		return true
	}
	r.csl.Type = r.containedType()
	return true
}

var chapterMark = regexp.MustCompile(`[.?!"”,] [Ii]n (?:[^()]{3,300} \((?:[Ee]ds?|[Ee]ditors?)\.?\)|$)`)

// signedChapter reads "Names (year). Title. In A. Ed (Ed.), _Book_ (pp. 1-17). Place: Publisher."
func signedChapter(r *reader) bool {
	if !r.signature() {
		return false
	}
	italics := r.nextSpan(italic)
	if italics == len(r.text) {
		return false
	}
	at := chapterMark.FindStringIndex(r.text[r.pos:italics])
	if at == nil || !r.plainTitleTo(r.pos+at[0]+1) {
		return false
	}
	r.skip()
	if !r.inside() {
		return false
	}
	r.tail()
	r.csl.Type = typeChapter
	if t := r.containedType(); t == typeEncyclopedia || t == typePaper {
		r.csl.Type = t
	}
	return true
}

// editedBook reads "Names (Eds.). (year). _Title_. Place: Publisher."
func editedBook(r *reader) bool {
	return r.signature() && len(r.csl.Editor) > 0 && r.italicWork()
}

// signedBook reads "Names (year). _Title_. Place: Publisher.", reports of bodies too.
func signedBook(r *reader) bool {
	return r.signature() && r.italicWork()
}

// italicWork reads an italic title and what follows it.
func (r *reader) italicWork() bool {
	at, ok := r.spanHere(italic)
	if !ok || !r.setTitle(at) {
		return false
	}
	r.splitTitle()
	r.tail()
	r.csl.Type = r.typed(r.online(typeBook))
	return true
}

var runIn = regexp.MustCompile(`^(.{5,}?)[.?!] [Ii]n ([^()]{3,200}?),? \((?:[Ee]ds?|[Ee]ditors?)\.?\)[,.:]? ?(\p{Lu}.+)$`)

// splitTitle mends italics that reach from the title of a chapter to the end of that of its book.
func (r *reader) splitTitle() {
	m := runIn.FindStringSubmatch(r.csl.Title)
	if m == nil || len(r.csl.Editor) > 0 {
		return
	}
	if editors, _, ok := people(m[2]); ok {
		r.csl.Title, r.csl.ContainerTitle, r.csl.Editor = cleanTitle(m[1]), cleanTitle(m[3]), editors
		r.doubt = true
	}
}

// online is the usual type of a signed work whose address is told: without a publisher, or dated to the day, it is a
// page of the web. A DOI tells nothing.
func (r *reader) online(usual string) string {
	urls := r.urls()
	if len(urls) != 1 || r.csl.DOI != "" || doiOfURL(urls[0]) != "" || r.csl.ISBN != "" || house.MatchString(r.csl.Publisher) {
		return usual
	}
	if r.titleAt.style == quoted || r.csl.Publisher == "" || r.csl.Issued == nil || len(r.csl.Issued.DateParts) == 1 && len(r.csl.Issued.DateParts[0]) == 3 {
		return typeWebPage
	}
	return usual
}

// signedPage reads "Names (year). [Title](url). Site."
func signedPage(r *reader) bool {
	if !r.signature() {
		return false
	}
	at, ok := r.spanHere(linked)
	if !ok || isAddress(r.text[at.from:at.to]) || !r.setTitle(at) {
		return false
	}
	r.tail()
	r.csl.Type = r.typed(typeWebPage)
	return true
}

// signedDocument reads "Names (year). Title. Place: Publisher." without any italics: a book if it has a publisher.
func signedDocument(r *reader) bool {
	if !r.signature() {
		return false
	}
	if at, ok := r.spanHere(quoted); !ok || !r.setTitle(at) {
		r.pos = len(r.text) - len(strings.TrimLeft(r.rest(), " .,"))
		if r.done() || !r.plainTitleTo(r.pos+min(sentenceEnd(r.rest()), r.nextSpan(linked)-r.pos)) {
			return false
		}
	}
	r.tail()
	usual := typeDocument
	switch {
	case interviewTitle.MatchString(r.csl.Title):
		usual = typeInterview
	case r.titleAt.style == quoted:
		r.intoPeriodical()
	case r.csl.Publisher != "":
		usual = typeBook
	}
	r.csl.Type = r.typed(r.online(usual))
	return true
}
