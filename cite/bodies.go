package cite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

var (
	bodyLink = regexp.MustCompile(`^(?:of|for|on|the|and|at|in|to|&)$`)
	bodyName = regexp.MustCompile(`^[\p{Lu}\p{N}][\p{L}\p{N}'’./-]*$`)
	// oneWordBody is a name that only bodies have: an acronym, a capital or a figure within a word, an address.
	oneWordBody = regexp.MustCompile(`^(?:\p{Lu}[\p{Lu}\p{N}&-]+|[\p{L}\p{N}]*(?:\p{Ll}{2}\p{Lu}|\p{N})[\p{L}\p{N}]*|[\p{L}\p{N}-]+\.(?:org|com|net|edu|gov))$`)
)

// bodyWords tell that a name is that of a body.
var bodyWords = strings.Fields(`academy agency alliance association associates authority board bureau center centre
	channel clinic club clubs coalition collaborative collaboratory college commission committee company conference
	consortium consulting corp corporation council department district education federation films forum foundation fund
	government group guild hub inc initiative institute institutes institution international lab laboratories laboratory
	labs league learning libraries library ltd magazine media ministry museum museums nations network networks news
	office organisation organization panel partners partnership press productions program programme project publishers
	radio records research school schools service services society studio studios team television trust union
	university worldwide`)

// compound reads one body whose name has a conjunction in it: "Department of Health & Human Services".
func compound(s string) (models.CSLName, bool) {
	first, second, ok := cutConjunction(s)
	if !ok || strings.Contains(s, ",") || strings.HasPrefix(second, "the ") || !strings.Contains(first, " of ") && !strings.Contains(first, " for ") {
		return models.CSLName{}, false
	}
	return body(s)
}

// body reads the name of a body: it has a word that only bodies have, and all but little words are capitalised.
func body(s string) (models.CSLName, bool) {
	known := false
	words := strings.Fields(s)
	for i, word := range words {
		word = strings.TrimRight(word, ",")
		switch {
		case i == 0 && (word == "the" || word == "The"):
			known = true
		case bodyLink.MatchString(word):
			if person, ok := straightName(strings.Join(words[:i], " ")); ok && person.Literal == "" && isCertain(person) && !isCommon(person) {
				return models.CSLName{}, false // a person and whom they wrote for
			}
			known = known || i > 0 && word != "and" && word != "&"
		case !bodyName.MatchString(word):
			return models.CSLName{}, false
		case slices.Contains(bodyWords, strings.ToLower(strings.Trim(word, "."))):
			known = true
		}
	}
	if !known || len(words) < 2 || len(s) > maxName {
		return models.CSLName{}, false
	}
	return models.CSLName{Literal: strings.TrimPrefix(s, "the ")}, true
}

var lastBody = regexp.MustCompile(`^(.+?),? (?:and|&) the (\p{Lu}.+)$`)

// bodyAtEnd cuts the body off that a list of persons ends with: "A B, C D, and the Committee on E and F".
func bodyAtEnd(s string) (before string, last models.CSLName, ok bool) {
	m := lastBody.FindStringSubmatch(s)
	if m == nil {
		return "", last, false
	}
	last, ok = body("the " + m[2])
	return m[1], last, ok
}

// oneBody tells whether a list may be the parts of one name: bodies with only commas between them.
func oneBody(list []models.CSLName, s string) bool {
	return len(list) > 1 && !conjunction.MatchString(s) && !slices.ContainsFunc(list, func(n models.CSLName) bool { return n.Literal == "" })
}
