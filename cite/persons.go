package cite

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// commonWords are capitalised in the names of bodies, and next to no person is called so. Two of them, or one and a
// given name, are no person.
var commonWords = strings.Fields(`action active arts blog bot boys brain bureau capital change child children civic
	code commons common communities community connected connections creative critical cyber data democracy design
	digital discovery edition education educational educators equity european families first forward free future
	futures games girls global guide guides health healthy ideas impact inclusive info interactive journal justice
	kids learners learning literacy literate local maker makers making map maps matters men mental mind minds modern
	monitor nation national natural net new news newsroom northern now online open outreach parents pathways people
	planet play policy post-secondary productions promise public readers reading resources review rights royal rural
	safe schools science sciences sense smart social software solutions southern space staff stories strategies
	strategy students studies success support systems teachers teaching tech technologies technology teen teens
	times today together toolkit toolbox universe urban ventures virtual voices web website weekly wiki women works
	workshop world writing youth zone central american african asian australian british canadian united western eastern`)

// certainNames tells whether a list is surely what it was read as. A name of two words is as often that of a body:
// only a given name that is known, an initial, a particle or a suffix tells a person, and in a list that a conjunction
// joins those vouch for the others. Inverted tells that the first was written with the family name first.
func certainNames(list []models.CSLName, joined, inverted bool) bool {
	certain := 0
	for i, n := range list {
		switch {
		case isCommon(n):
			return false
		case isCertain(n), inverted && i == 0:
			certain++
		}
	}
	return certain == len(list) || joined && (2*certain >= len(list) || len(list) > 2)
}

var anInitial = regexp.MustCompile(`(?:^|[ -])\p{Lu}\p{Ll}?(?:\.|$|[ -])|^\p{Ll}\.|\p{Lu}\.`)

// isCertain tells whether a name is surely that of a person, or that of a body.
func isCertain(n models.CSLName) bool {
	if n.Literal != "" || n.DroppingParticle != "" || n.NonDroppingParticle != "" || n.Suffix != "" {
		return true
	}
	first := strings.ToLower(n.Given)
	if at := strings.IndexAny(first, " -"); at > 0 {
		first = first[:at]
	}
	_, known := slices.BinarySearch(givenNames, first)
	return known || anInitial.MatchString(n.Given)
}

// isCommon tells whether what was read as a person has a word that persons are not called.
func isCommon(n models.CSLName) bool {
	if n.Literal != "" || anInitial.MatchString(n.Given) {
		return false
	}
	return slices.ContainsFunc(strings.Fields(n.Given+" "+n.Family), isCommonWord)
}

func isCommonWord(word string) bool { return slices.Contains(commonWords, strings.ToLower(word)) }

// literalised makes bodies of the names that no person has.
func literalised(list []models.CSLName) []models.CSLName {
	for i, n := range list {
		if isCommon(n) {
			list[i] = models.CSLName{Literal: n.Given + " " + n.Family}
		}
	}
	return list
}

// mayBePerson tells whether the name of a publisher reads as well like that of an author whom nothing marks as one.
func mayBePerson(s string) bool {
	n, ok := straightName(s)
	return ok && n.Literal == "" && !isCommon(n) && !house.MatchString(s) && !newspaper.MatchString(s)
}
