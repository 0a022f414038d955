package search

// isEnglishStopWord knows the words that nearly every English text has and that tell nothing of what it is about. Words
// that mean something else beside are not among them: may, might, mine, us. The single letters are what possessives and
// short forms leave behind: "library's", "don't", "we'll".
func isEnglishStopWord(word string) bool {
	switch word {
	case "a", "an", "the",
		"i", "me", "my", "myself", "you", "your", "yours", "yourself", "yourselves",
		"he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself",
		"we", "our", "ours", "ourselves", "they", "them", "their", "theirs", "themselves",
		"this", "that", "these", "those", "here", "there",
		"who", "whom", "whose", "which", "what", "when", "where", "why", "how", "while",
		"am", "is", "are", "was", "were", "be", "been", "being",
		"have", "has", "had", "having", "do", "does", "did", "doing",
		"can", "cannot", "could", "must", "shall", "should", "will", "would",
		"and", "or", "but", "nor", "if", "then", "than", "as", "because", "so", "though", "although", "until",
		"of", "at", "by", "for", "with", "about", "against", "between", "into", "through", "during", "before",
		"after", "above", "below", "to", "from", "up", "down", "in", "out", "on", "off", "over", "under", "upon",
		"again", "further", "once", "also", "just", "very", "too", "only", "not", "no", "now",
		"all", "any", "both", "each", "few", "more", "most", "other", "some", "such", "own", "same",
		"s", "t", "ll", "ve":
		return true
	}
	return false
}
