package cite

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Years outside are misprints or no years.
const (
	firstYear = 1400
	lastYear  = 2100
)

// months are known by their first three letters.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

const (
	monthName  = `(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)`
	seasonName = `(?:Spring|Summer|Fall|Autumn|Winter)`
)

// dateForms have groups named y, m, d, s (season), and e for the last year of a range.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(?P<y>\d{4}),? (?P<m>` + monthName + `)(?: (?P<d>\d{1,2}))?\b`),
	regexp.MustCompile(`^(?P<m>` + monthName + `) (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})\b`),
	regexp.MustCompile(`^(?P<d>\d{1,2}) (?P<m>` + monthName + `),? (?P<y>\d{4})\b`),
	regexp.MustCompile(`^(?P<m>` + monthName + `),? (?P<y>\d{4})\b`),
	regexp.MustCompile(`^(?P<s>` + seasonName + `),? (?P<y>\d{4})\b`),
	regexp.MustCompile(`^(?P<y>\d{4}),? (?P<s>` + seasonName + `)\b`),
	regexp.MustCompile(`^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b`),
	regexp.MustCompile(`^(?P<y>\d{4}) ?[-–] ?(?P<e>\d{4})\b`),
	regexp.MustCompile(`^\d{1,2}/\d{1,2}/(?P<y>\d{4})\b`), // day and month stand in either order
	regexp.MustCompile(`^\d{4}/(?P<y>\d{4})\b`),           // of the first edition and of this one
	regexp.MustCompile(`^(?P<y>\d{4})\b`),
}

// dateAt reads the date that a text begins with and gives its length in bytes, 0 when there is none.
func dateAt(s string) (models.CSLDate, int) {
	for _, form := range dateForms {
		if m := form.FindStringSubmatch(s); m != nil {
			if d, ok := dateOf(form, m); ok {
				return d, len(m[0])
			}
		}
	}
	return models.CSLDate{}, 0
}

// date reads a text that is a date and nothing else.
func date(s string) (models.CSLDate, bool) {
	s = strings.Trim(s, " .,")
	d, n := dateAt(s)
	return d, n > 0 && (n == len(s) || s[n:] == ".")
}

// dateOf makes a date of the groups of a form. A season is no date part, and neither is a day
// that its month does not have: such a date keeps its words as well.
func dateOf(form *regexp.Regexp, m []string) (models.CSLDate, bool) {
	group := func(name string) string {
		if i := form.SubexpIndex(name); i >= 0 {
			return m[i]
		}
		return ""
	}
	year, ok := yearOf(group("y"))
	if !ok {
		return models.CSLDate{}, false
	}
	parts := []int{year}
	if name := group("m"); name != "" {
		month := monthOf(name)
		parts = append(parts, month)
		ok = month >= 1 && month <= 12
	}
	if text := group("d"); text != "" {
		day, err := strconv.Atoi(text)
		ok = ok && err == nil && day >= 1 && day <= 31
		if ok && time.Date(year, time.Month(parts[1]), day, 0, 0, 0, 0, time.UTC).Day() == day {
			parts = append(parts, day)
		}
	}
	d := models.CSLDate{DateParts: [][]int{parts}}
	if group("s") != "" || group("d") != "" && len(parts) == 2 || strings.Contains(m[0], "/") {
		d.Literal = m[0]
	}
	if text := group("e"); text != "" {
		last, valid := yearOf(text)
		ok = valid && last >= year
		d.DateParts = append(d.DateParts, []int{last})
	}
	return d, ok
}

// vague tells whether a date names a day that its month doesn't have.
func vague(d *models.CSLDate) bool {
	return d != nil && d.Literal != "" && len(d.DateParts) == 1 && len(d.DateParts[0]) == 2
}

// monthOf gives the number of a month by name or figures, 0 when it has none.
func monthOf(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return slices.Index(months, strings.ToLower(s[:3])) + 1
}

// yearOf reads four digits that make sense as a year.
func yearOf(s string) (int, bool) {
	year, err := strconv.Atoi(s)
	return year, err == nil && len(s) == 4 && year >= firstYear && year <= lastYear
}
