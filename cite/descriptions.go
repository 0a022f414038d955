package cite

import (
	"regexp"
	"strings"
)

// described are the words that say what a work is, in brackets after its title: the type of such a work by them.
var described = []struct {
	words *regexp.Regexp
	kind  string
}{
	{regexp.MustCompile(`^(?i:(?:unpublished )?(?:(?:doctoral|ph\.? ?d\.?|ed\.? ?d\.?|(?:under)?graduate|honou?rs|senior|m\.?a\.?|m\.?s\.?|master(?:['’]?s)?|bachelor(?:['’]?s)?) ){1,3}(?:dissertation|thesis|diss\.?))`), typeThesis},
	{regexp.MustCompile(`^(?i:data ?sets?|data files?)`), typeDataset},
	{regexp.MustCompile(`^(?i:(?:computer |mobile )?(?:software|apps?|applications?|program)(?: application)?|source code)`), typeSoftware},
	{regexp.MustCompile(`^(?i:(?:audio |video )?podcast(?: audio| episode| series)?|radio (?:broadcast|programme?|episode))`), typeBroadcast},
	{regexp.MustCompile(`^(?i:web ?log (?:post|entry)|blog(?: post| entry)?)`), typeBlog},
	{regexp.MustCompile(`^(?i:(?:streaming |online |you ?tube )?videos?(?: file| recording)?|motion picture|documentary(?: film)?|film|webinar|webcast|ted talk|dvd)`), typeVideo},
	{regexp.MustCompile(`^(?i:(?:conference|paper|poster) (?:session|presentation|paper)|conference abstract|poster)`), typePaper},
	{regexp.MustCompile(`^(?i:(?:power ?point )?(?:slides|presentation|slide ?show)|lecture(?: notes)?|keynote(?: address)?|speech)`), typeSpeech},
	{regexp.MustCompile(`^(?i:(?:research|technical|annual|policy|issue|white) (?:report|paper|brief)|fact ?sheet|working paper|report|brochure)`), typeReport},
	{regexp.MustCompile(`^(?i:infographic|poster image|diagram|illustration)`), typeGraphic},
	{regexp.MustCompile(`^(?i:(?:personal |telephone |email )?interview)`), typeInterview},
	{regexp.MustCompile(`^(?i:web ?(?:page|site)|online (?:article|resource))`), typeWebPage},
}

var (
	descriptionEnd = regexp.MustCompile(`^[^\S\n]*(?:[\])]|, |$)`)
	versionForm    = regexp.MustCompile(`^(?i:version |ver\. ?|v\.? ?)(\d[\w.-]{0,30}\w|\d)`)
	numberForm     = regexp.MustCompile(`^((?:\p{Lu}[\p{L}.]{0,30} ){0,4})(?:No\.|Number|#|[Ee]pisode|[Ee]p\.) ?([\w./-]{0,30}\w)`)
	// afterTitle finds the first description in brackets after a title without any style.
	afterTitle = regexp.MustCompile(` \[\p{Lu}?[^\[\]]{3,60}\]| \((?:(?i:version|ver\.|v\.) ?\d|(?:\p{Lu}[\p{L}.]{0,30} ){0,4}(?:No\.|Number|[Ee]pisode) ?\d|(?i:[\w'’. -]{0,40}(?:dissertation|thesis)\b)|(?:\d{1,2}(?:st|nd|rd|th)|[Rr]ev(?:ised|\.)) [Ee]d)`)
)

// description reads what says of which kind the work is: "[Data set]", "(Doctoral dissertation, University of X)", and
// its version or its number in a series: "(Version 2)", "(Report No. 12)". A thesis may say so without brackets.
func (r *reader) description() bool {
	before := strings.TrimRight(r.text[:r.pos], " ")
	enclosed := strings.HasSuffix(before, "[") || strings.HasSuffix(before, "(") || strings.HasSuffix(before, ",")
	if enclosed && (r.version() || r.number()) {
		return true
	}
	bracket := strings.HasSuffix(before, "[") || strings.HasSuffix(before, "(")
	for _, d := range described {
		m := d.words.FindString(r.rest())
		if m == "" || !bracket && d.kind != typeThesis || !descriptionEnd.MatchString(r.rest()[len(m):]) {
			continue
		}
		if r.kind != "" && r.kind != d.kind {
			r.doubt = true
		}
		if r.kind == "" {
			r.kind = d.kind
		}
		r.describe(m)
		r.pos += len(m)
		return true
	}
	return false
}

// describe keeps the words that say what a work is: of a film or recording they name its medium.
func (r *reader) describe(words string) {
	field := &r.csl.Genre
	if r.kind == typeVideo || r.kind == typeBroadcast {
		field = &r.csl.Medium
	}
	if *field == "" {
		*field = words
	}
}

func (r *reader) version() bool {
	m, ok := r.take(versionForm)
	if ok {
		r.setOther("version", m[1])
	}
	return ok
}

// number reads a number in a series. The words before it say in which.
func (r *reader) number() bool {
	start := r.pos
	m, ok := r.take(numberForm)
	if !ok || !descriptionEnd.MatchString(r.rest()) || r.csl.ContainerTitle != "" {
		r.pos = start
		return false
	}
	r.setOther("number", m[2])
	if series := strings.TrimSpace(m[1]); series != "" {
		r.csl.Genre = series
		if reportTitle.MatchString(series) && r.kind == "" {
			r.kind = typeReport
		}
	}
	return true
}

// descriptions reads all descriptions that begin here.
func (r *reader) descriptions() {
	for {
		start := r.pos
		r.skip()
		if !r.description() && !r.edition() && !r.titlePlace() {
			r.pos = start
			return
		}
	}
}

// titlePlace reads the place that is cited where it stands between a title without style and its container.
func (r *reader) titlePlace() bool { return r.titleAt.style == plain && r.place() }

var presentedForm = regexp.MustCompile(`^(?i:(?:paper|poster|session|talk|keynote)s? )?(?:[Pp]resented|[Gg]iven|[Dd]elivered) (?:at|to) (?:the )?(\p{Lu}[^.]{3,200}?)\.?$`)

// presented reads "Paper presented at the Annual Meeting of X, Chicago, IL."
func (r *reader) presented() bool {
	m, ok := r.take(presentedForm)
	if ok {
		r.setOther("event-title", m[1])
		r.kind = typePaper
	}
	return ok
}

var (
	translatorForm = regexp.MustCompile(`^([^()]{3,120}?), (?:[Tt]rans(?:lators?)?)\b\.?`)
	translatedMark = regexp.MustCompile(`^(?i:translated by|trans\.) `)
)

// translatedBy reads "(A. B., Trans.)" and "Translated by A B".
func (r *reader) translatedBy() bool {
	start := r.pos
	var names string
	if m, ok := r.take(translatorForm); ok && strings.HasSuffix(r.text[:start], "(") {
		names = m[1]
	} else {
		r.pos = start
		if !r.takes(translatedMark) {
			return false
		}
		end := r.pos + r.partEnd()
		names = r.text[r.pos:end]
		r.pos = end
	}
	list, sure, ok := people(names)
	if !ok {
		r.pos = start
		return false
	}
	r.doubt = r.doubt || !sure
	r.setOther("translator", list)
	return true
}

// roles say in a list of names what each did. No field keeps it.
var roles = regexp.MustCompile(` \((?:(?:Executive )?(?:Hosts?|Producers?|Directors?|Writers?|Narrators?|Presenters?|Speakers?|Interviewers?|Creators?|Artists?|Photographers?|Developers?|Compilers?|Comps?\.|Trans\.)(?: & | and |, )?){1,3}\)\.?`)
