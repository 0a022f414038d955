package syntax

import "strings"

// Field is a name that may stand before a colon.
type Field string

// The fields of a query.
const (
	FieldTitle   Field = "title"
	FieldAuthor  Field = "author"
	FieldSubject Field = "subject"
	FieldModule  Field = "module"
	FieldType    Field = "type"
	FieldYear    Field = "year"
	FieldLang    Field = "lang"
	FieldLicense Field = "license"
	FieldCited   Field = "cited"
)

// FieldRule says what a field is for. The documentation is made from these.
type FieldRule struct {
	Field   Field
	In      string // where it looks, in a sentence: mentoring in the title
	Help    string
	Example string
	Text    bool // holds words; otherwise values that must be given whole
}

// Fields lists all fields.
func Fields() []FieldRule {
	return []FieldRule{
		{FieldTitle, "in the title", "words of the title", `title:mentoring`, true},
		{FieldAuthor, "among the authors", "who wrote a source, or contributed to a module", `author:"mary jones"`, true},
		{FieldSubject, "among the subjects", "subjects and keywords of the module", `subject:literacy`, true},
		{FieldModule, "in the module's name", "title and slug of the module", `module:introduction`, true},
		{FieldCited, "in what is cited", "the sources that a section cites: authors, titles, years", `cited:"field guide"`, true},
		{FieldLicense, "in the license", "license of the file, module or course", `license:cc-by`, true},
		{FieldType, "of type", "section, module, worksheet, source or asset", `type:worksheet`, false},
		{FieldLang, "of language", "language of the course, as a BCP 47 tag or its first part", `lang:en`, false},
		{FieldYear, "of the year", "year of a source: one, or a range", `year:2013..2016`, false},
	}
}

// ruleOf finds the rule of a name, in upper or lower case.
func ruleOf(name string) (FieldRule, bool) {
	for _, r := range Fields() {
		if strings.EqualFold(name, string(r.Field)) {
			return r, true
		}
	}
	return FieldRule{}, false
}

// Types are the values of type.
func Types() []string { return []string{"section", "module", "worksheet", "source", "asset"} }

// OperatorRule says what a mark or word of the syntax does. The documentation is made from these.
type OperatorRule struct{ Write, Means string }

// Operators lists all syntax beside fields.
func Operators() []OperatorRule {
	return []OperatorRule{
		{`school libraries`, "any of the words, in all their forms; records with more and rarer ones come first. `match=all` asks for all of them"},
		{`"connected learning"`, "exactly this phrase: no other endings, in this order. In texts of more than 16 words, without operators and fields, quotation marks and minuses are punctuation"},
		{`librar*`, "all words that begin so; at least two letters"},
		{`teens AND libraries`, "both sides. Operators are written in capitals"},
		{`teens OR youth`, "one side or both. AND binds tighter than OR, and words side by side tighter than both"},
		{`maps NOT weather`, "not what follows"},
		{`maps -weather`, "the same"},
		{`(teens OR youth) AND maps`, "parentheses keep together what they hold"},
	}
}
