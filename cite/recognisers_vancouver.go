package cite

import (
	"regexp"
	"strings"
)

var (
	vancouverForm = regexp.MustCompile(`^([^.\d]{3,400}?)\. (.{5,400}?)([.?!]) (\p{Lu}[^.\d]{1,150})[.,]? (\d{4})(?: [A-Z][a-z]{2}(?: \d{1,2})?)?; ?(\d{1,4})(?: ?\(([^()]{1,20})\))?: ?(e?\d{1,6}(?:[-–]\d{1,6})?)\b`)
	vancouverName = regexp.MustCompile(`^(.{2,60}?) ((?:\p{Lu}-?){1,4})(?: ([JS]r|II|III|IV|2nd|3rd))?$`)
)

// vancouver reads "Family AB, Family C. Title. J Abbrev. 2011;12(1):3-9." as medicine has it.
func vancouver(r *reader) bool {
	m, ok := r.take(vancouverForm)
	if !ok {
		return false
	}
	names := etAl.ReplaceAllString(m[1], "")
	for name := range strings.SplitSeq(names, ", ") {
		n := vancouverName.FindStringSubmatch(name)
		if n == nil || !isFamily(n[1]) {
			return false
		}
		person := invertedName(n[1], n[2])
		person.Suffix = n[3]
		r.csl.Author = append(r.csl.Author, person)
	}
	d, ok := date(m[5])
	if !ok {
		return false
	}
	title := m[2]
	if m[3] != "." {
		title += m[3]
	}
	r.csl.Title, r.csl.ContainerTitle, r.csl.Issued = cleanTitle(title), cleanTitle(m[4]), &d
	r.csl.Volume, r.csl.Issue, r.csl.Page = m[6], plainHyphen(m[7]), plainHyphen(m[8])
	r.doubt = names != m[1]
	r.tail()
	r.csl.Type = typeArticle
	return true
}
