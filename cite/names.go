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
	etAl        = regexp.MustCompile(`,? (?:et al\.?|(?:and|&) (?:others|colleagues)),?$`)
	smallName   = regexp.MustCompile(`^\p{Ll}[\p{Ll}'’-]+$`)
	smallGiven  = regexp.MustCompile(`^(?:\p{Ll}\. ?)+$`)
	initials    = regexp.MustCompile(`^(?:\p{Lu}\p{Ll}?\.?[ -]?){1,5}(?: ?(?:van|von|de|der|den|la|da|di|du|del)\b)*$`)
	suffix      = regexp.MustCompile(`^(?:[JS]r\.?|II|III|IV)$`)
	personWord  = regexp.MustCompile(`^\p{Lu}[\p{L}'’.-]*$`)
)

// particles come before a family name and are written small.
var particles = strings.Fields(`van von de der den la le los las du del della di da das do dos ter ten zu zur af av al el bin ibn y`)

// people reads a list of names, as it stands before a year or after "by": "Meltzer, A., Muir, K., & Craig, L.",
// "Kiley Larson, Mizuko Ito, and S. Craig Watkins", "Ito, Mizuko, and Kris Gutiérrez", "the Urban Libraries Council".
// It fails unless every word belongs to a name. Sure is false when names are left out, as by "et al.", and when what
// reads like the name of a person may be that of a body.
func people(s string) (list []models.CSLName, sure, ok bool) {
	s = strings.Trim(s, " ,;")
	if fullStop.MatchString(s) || givenAtEnd(s) {
		s = strings.TrimSuffix(s, ".")
	}
	short := etAl.ReplaceAllString(s, "")
	short = ellipsis.ReplaceAllString(short, ", ")
	short = titleOfPerson.ReplaceAllString(short, "$1")
	sure = short == s
	if b, ok := compound(short); ok {
		return []models.CSLName{b}, sure, true
	}
	if before, last, ok := bodyAtEnd(short); ok {
		list, certain, ok := people(before)
		return append(list, last), sure && certain, ok
	}
	parts := nameParts(short)
	for i, read := range []func([]string) ([]models.CSLName, bool){initialled, straight, firstInverted, inverted} {
		if list, ok = read(parts); ok {
			isInverted := i > 1 // as names of bodies are not
			certain := certainNames(list, conjunction.MatchString(short), isInverted) && !oneBody(list, short)
			return literalised(list), sure && certain, true
		}
	}
	if b, ok := body(short); ok && strings.Count(short, ",") <= 1 {
		return []models.CSLName{b}, sure, true
	}
	if unspaced.MatchString(short) {
		return []models.CSLName{{Literal: short}}, false, true
	}
	return nil, sure, false
}

// givenAtEnd tells whether a text ends in a given name and a full stop: "Oat, Bo."
func givenAtEnd(s string) bool {
	word, ok := strings.CutSuffix(s[strings.LastIndex(s, " ")+1:], ".")
	_, known := slices.BinarySearch(givenNames, strings.ToLower(word))
	return ok && known
}

var (
	ellipsis      = regexp.MustCompile(`,? ?(?:\.\.\.|\. \. \.|…),? ?(?:& )?`)
	titleOfPerson = regexp.MustCompile(`(^|, |[&] |and )(?:Drs?|Prof|Professor|Mrs?|Ms|Sir|Dame|Rev)\.? ` + `|,? \(?(?:Ph\. ?D|Ed\. ?D|M\. ?D|M\. ?Ed|PhD|EdD|MD|MSW|MLIS|MPH)\b\.?\)?`)
	degree        = regexp.MustCompile(`^\(?(?:Ph\. ?D|Ed\. ?D|M\. ?D|M\. ?Ed|PhD|EdD|MD|MSW|MLIS|MPH)\.?\)?$`)
	// unspaced is a name in a script without capitals and, between family and given name, often without a space.
	unspaced = regexp.MustCompile(`^\p{Lo}{2,12}(?:[ ·,]\p{Lo}{1,12}){0,2}$`)
)

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
	small := len(parts) > 1 && smallName.MatchString(parts[0]) && smallGiven.MatchString(parts[1])
	if len(parts) < 2 || !areInitials(parts[1]) && !small {
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
		case i+1 < len(parts) && areInitials(parts[i+1]) && isFamily(parts[i]):
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

func areInitials(s string) bool { return initials.MatchString(s) && !suffix.MatchString(s) }

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
			if degree.MatchString(name) {
				return nil, 0
			}
			if len(list) > 0 && suffix.MatchString(name) {
				list[len(list)-1].Suffix = name
				continue
			}
			if !ok || person.Literal != "" || isCommon(person) {
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
	if len(parts) < 2 || !isFamily(parts[0]) || !areGiven(parts[1]) || suffix.MatchString(parts[1]) {
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
	if len(s) <= maxName && oneWordBody.MatchString(s) {
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
