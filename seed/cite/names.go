package cite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// maxName is in bytes. Longer ones are sentences.
const maxName = 120

var (
	conjunction = regexp.MustCompile(`,? (?:&|and|with) `)
	fullStop    = regexp.MustCompile(`[\p{L}\p{N}]{3}\.$`) // after a word: initials and "Jr." keep theirs
	etAl        = regexp.MustCompile(`,? et al\.?,?$`)
	smallName   = regexp.MustCompile(`^\p{Ll}[\p{Ll}'’-]+$`)
	smallGiven  = regexp.MustCompile(`^(?:\p{Ll}\. ?)+$`)
	initials    = regexp.MustCompile(`^(?:\p{Lu}\p{Ll}?\.?[ -]?){1,5}(?: ?(?:van|von|de|der|den|la|da|di|du|del)\b)*$`)
	suffix      = regexp.MustCompile(`^(?:[JS]r\.?|II|III|IV)$`)
	personWord  = regexp.MustCompile(`^\p{Lu}[\p{L}'’.-]*$`)
	acronym     = regexp.MustCompile(`^\p{Lu}{3,}$`)
	bodyLink    = regexp.MustCompile(`^(?:of|for|on|the|and|at|in|to|&)$`)
	bodyName    = regexp.MustCompile(`^[\p{Lu}\p{N}][\p{L}\p{N}'’./-]*$`)
)

// particles come before a family name and are written small.
var particles = strings.Fields(`van von de der den la le du del della di da das do dos ter ten zu zur af av al el bin ibn y`)

// bodyWords tell that a name is that of a body.
var bodyWords = strings.Fields(`academy agency alliance association associates authority board bureau center
	centre coalition collaborative collaboratory college commission committee company consortium consulting
	corporation council department education federation forum foundation fund government group hub inc initiative
	institute international lab laboratory league learning libraries library media ministry museum nations network
	office organisation organization partnership press program programme project publishers research school service
	services society team trust union university`)

// people reads a list of names, as it stands before a year or after "by": "Meltzer, A., Muir, K., & Craig, L.",
// "Kiley Larson, Mizuko Ito, and S. Craig Watkins", "Ito, Mizuko, and Kris Gutiérrez", "the Urban Libraries Council".
// It fails unless every word belongs to a name. All is false when the list ends in "et al.".
func people(s string) (list []models.CSLName, all, ok bool) {
	s = strings.Trim(s, " ,;")
	if fullStop.MatchString(s) {
		s = strings.TrimSuffix(s, ".")
	}
	short := etAl.ReplaceAllString(s, "")
	all = short == s
	parts := nameParts(short)
	if b, ok := compound(short); ok {
		return []models.CSLName{b}, all, true
	}
	for _, read := range []func([]string) ([]models.CSLName, bool){initialled, straight, firstInverted, inverted} {
		if list, ok = read(parts); ok {
			return list, all, true
		}
	}
	if b, ok := body(short); ok && strings.Count(short, ",") <= 1 {
		return []models.CSLName{b}, all, true
	}
	return nil, all, false
}

// compound reads one body whose name has a conjunction in it: "Department of Health & Human Services".
func compound(s string) (models.CSLName, bool) {
	first, second, ok := cutConjunction(s)
	if !ok || strings.Contains(s, ",") || strings.HasPrefix(second, "the ") || !strings.Contains(first, " of ") && !strings.Contains(first, " for ") {
		return models.CSLName{}, false
	}
	return body(s)
}

// cutConjunction cuts a text at its first conjunction.
func cutConjunction(s string) (before, after string, ok bool) {
	at := conjunction.FindStringIndex(s)
	if at == nil {
		return s, "", false
	}
	return s[:at[0]], s[at[1]:], true
}

// nameParts splits a list at commas and conjunctions.
func nameParts(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(conjunction.ReplaceAllString(s, ", "), ",") {
		part = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(part), "& "), "and ")
		if part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// initialled reads "Family, A. B., Family, C." with bodies in between: the second part are initials. Some
// persons write their names small.
func initialled(parts []string) ([]models.CSLName, bool) {
	if len(parts) < 2 || !initials.MatchString(parts[1]) {
		return nil, false
	}
	var list []models.CSLName
	for i := 0; i < len(parts); i++ {
		switch {
		case len(list) > 0 && suffix.MatchString(parts[i]):
			list[len(list)-1].Suffix = parts[i]
		case i+1 < len(parts) && smallGiven.MatchString(parts[i+1]) && smallName.MatchString(parts[i]):
			list = append(list, models.CSLName{Family: parts[i], Given: parts[i+1]})
			i++
		case i+1 < len(parts) && initials.MatchString(parts[i+1]) && isFamily(parts[i]):
			list = append(list, invertedName(parts[i], parts[i+1]))
			i++
		default:
			name, ok := straightName(parts[i])
			if !ok {
				return nil, false
			}
			list = append(list, name)
		}
	}
	return list, true
}

// straight reads "Given Family, Given Family": every part is a whole name.
func straight(parts []string) ([]models.CSLName, bool) {
	var list []models.CSLName
	for _, part := range parts {
		if len(list) > 0 && suffix.MatchString(part) {
			list[len(list)-1].Suffix = part
			continue
		}
		name, ok := straightName(part)
		if !ok {
			return nil, false
		}
		list = append(list, name)
	}
	return list, len(list) > 0
}

// straightPersons reads the persons that a list begins with, each in the order in which names are said, and gives the
// place of the comma before the first part that is no person. It is 0 when there is no such part, or no person.
func straightPersons(s string) (list []models.CSLName, after int) {
	at := 0
	for at < len(s) {
		part, _, more := strings.Cut(s[at:], ",")
		names := nameParts(strings.TrimPrefix(strings.TrimSpace(part), "and "))
		var persons []models.CSLName
		for _, name := range names {
			person, ok := straightName(name)
			if len(list) > 0 && suffix.MatchString(name) {
				list[len(list)-1].Suffix = name
				continue
			}
			if !ok || person.Literal != "" {
				if strings.HasPrefix(strings.TrimSpace(part), "and ") || strings.HasPrefix(strings.TrimSpace(part), "& ") || len(names) > 1 || etAl.MatchString(" "+name) {
					return nil, 0 // joined to the persons: an author as well
				}
				return list, max(0, at-1)
			}
			persons = append(persons, person)
		}
		list = append(list, persons...)
		at += len(part) + 1
		if !more {
			return nil, 0
		}
	}
	return nil, 0
}

// tooManyFamilies tells whether a family name has words that no family name has together: then a whole name was taken
// for one. Initials after it say that it is one all the same.
func tooManyFamilies(n models.CSLName) bool {
	return strings.Contains(n.Family, " ") && !initials.MatchString(n.Given)
}

// particleFamily tells whether all but the last word of a family name are particles, written with capitals.
func particleFamily(family string) bool {
	words := strings.Fields(strings.ToLower(family))
	for _, word := range words[:len(words)-1] {
		if !slices.Contains(particles, word) {
			return false
		}
	}
	return true
}

// firstInverted reads "Family, Given, Given Family, Given Family".
func firstInverted(parts []string) ([]models.CSLName, bool) {
	if len(parts) < 2 || !isFamily(parts[0]) || !areGiven(parts[1]) {
		return nil, false
	}
	first := invertedName(parts[0], parts[1])
	if tooManyFamilies(first) && !particleFamily(first.Family) {
		return nil, false
	}
	if len(parts) == 2 {
		return []models.CSLName{first}, true
	}
	others, ok := straight(parts[2:])
	return append([]models.CSLName{first}, others...), ok
}

// inverted reads "Family, Given, Family, Given" with family names of one word.
func inverted(parts []string) ([]models.CSLName, bool) {
	var list []models.CSLName
	for pair := range slices.Chunk(parts, 2) {
		if len(pair) < 2 || !isFamily(pair[0]) || !areGiven(pair[1]) {
			return nil, false
		}
		name := invertedName(pair[0], pair[1])
		if strings.Contains(name.Family, " ") {
			return nil, false
		}
		list = append(list, name)
	}
	return list, len(list) > 0
}

// straightName reads one name in the order in which it is said. A name of one word is a body's acronym.
func straightName(s string) (models.CSLName, bool) {
	if b, ok := body(s); ok {
		return b, true
	}
	words := strings.Fields(s)
	if acronym.MatchString(s) {
		return models.CSLName{Literal: s}, true
	}
	if len(s) > maxName || len(words) < 2 || len(words) > 6 {
		return models.CSLName{}, false
	}
	var n models.CSLName
	if last := words[len(words)-1]; len(words) > 2 && suffix.MatchString(last) {
		n.Suffix = last
		words = words[:len(words)-1]
	}
	return n, spread(words, &n)
}

// spread puts the words of a name into its fields. A particle written with a capital belongs to the family name.
func spread(words []string, n *models.CSLName) bool {
	family := len(words) - 1
	for family > 1 && slices.Contains(particles, strings.ToLower(words[family-1])) && words[family-1] != strings.ToLower(words[family-1]) {
		family--
	}
	particle := family
	for particle > 1 && slices.Contains(particles, words[particle-1]) {
		particle--
	}
	for _, word := range slices.Concat(words[:particle], words[family:]) {
		if !personWord.MatchString(word) {
			return false
		}
	}
	n.Given = strings.Join(words[:particle], " ")
	n.NonDroppingParticle = strings.Join(words[particle:family], " ")
	n.Family = strings.Join(words[family:], " ")
	return !strings.HasSuffix(n.Family, ".") && !strings.HasPrefix(n.Given, "The ")
}

// invertedName reads "van Dijk" and "T. A.". A particle that stands with the family name is never dropped; one that
// stands with the given names is.
func invertedName(family, given string) models.CSLName {
	n := models.CSLName{Given: given}
	words := strings.Fields(family)
	if last := words[len(words)-1]; len(words) > 1 && suffix.MatchString(last) {
		n.Suffix = last
		words = words[:len(words)-1]
	}
	i := 0
	for i < len(words)-1 && slices.Contains(particles, words[i]) {
		i++
	}
	n.NonDroppingParticle = strings.Join(words[:i], " ")
	n.Family = strings.Join(words[i:], " ")
	givens := strings.Fields(given)
	i = len(givens)
	for i > 1 && slices.Contains(particles, givens[i-1]) {
		i--
	}
	n.Given = strings.Join(givens[:i], " ")
	n.DroppingParticle = strings.Join(givens[i:], " ")
	return n
}

// isFamily tells whether a text can be a family name that given names follow.
func isFamily(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 4 || len(s) > maxName {
		return false
	}
	for i, word := range words {
		isParticle := i < len(words)-1 && slices.Contains(particles, word)
		isSuffix := i > 0 && suffix.MatchString(word)
		if !isParticle && !isSuffix && (!personWord.MatchString(word) || strings.Contains(word, ".")) {
			return false
		}
	}
	return true
}

// areGiven tells whether a text can be given names: two words with capitals, or one with initials around it.
func areGiven(s string) bool {
	words := strings.Fields(s)
	full := 0
	for _, word := range words {
		if !personWord.MatchString(word) {
			return false
		}
		if !strings.HasSuffix(word, ".") {
			full++
		}
	}
	return len(s) <= maxName && (len(words) == 1 || len(words) == 2 || len(words) == 3 && full <= 1)
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
