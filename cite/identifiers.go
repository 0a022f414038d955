package cite

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	doiForm  = regexp.MustCompile(`^10\.\d{4,9}/[!-~]{1,200}$`)
	labelled = regexp.MustCompile(`^(?i:(doi|isbn|issn)(?:-1[03])?)(?::| ) ?([0-9][!-~]*(?: [0-9][0-9X-]*)*)`)
)

// identifier reads "doi:10.…", "ISBN …" and "ISSN …". One that is wrong is read as well but left out, and that is a
// doubt.
func (r *reader) identifier() bool {
	m, ok := r.take(labelled)
	if !ok {
		return false
	}
	switch value := strings.TrimRight(m[2], ".,;"); strings.ToLower(m[1]) {
	case "doi":
		r.settle(&r.csl.DOI, value, doiForm.MatchString(value))
	case "isbn":
		r.settle(&r.csl.ISBN, value, validISBN(value))
	case "issn":
		r.settle(&r.csl.ISSN, value, validISSN(value))
	}
	return true
}

// settle fills a field that is still empty with a value that is right; else there is a doubt.
func (r *reader) settle(field *string, value string, right bool) {
	if !right || *field != "" {
		r.doubt = true
		return
	}
	*field = value
}

// doiOfURL gives the DOI that an address at doi.org names, or "".
func doiOfURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host != "doi.org" && u.Host != "dx.doi.org" {
		return ""
	}
	doi := strings.TrimPrefix(u.Path, "/")
	if !doiForm.MatchString(doi) {
		return ""
	}
	return doi
}

// validISBN checks the digits of an ISBN of 10 or 13 figures.
func validISBN(s string) bool {
	digits := strings.NewReplacer("-", "", " ", "").Replace(s)
	switch len(digits) {
	case 10:
		return weighted(digits, 10)
	case 13:
		sum := 0
		for i, c := range digits {
			if c < '0' || c > '9' {
				return false
			}
			sum += int(c-'0') * (1 + i%2*2)
		}
		return sum%10 == 0
	}
	return false
}

// validISSN checks the digits of an ISSN.
func validISSN(s string) bool {
	digits := strings.Replace(s, "-", "", 1)
	return len(digits) == 8 && weighted(digits, 8)
}

// weighted checks a sum of digits with falling weights, modulo 11, in which a last X is ten.
func weighted(digits string, weight int) bool {
	sum := 0
	for i, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			sum += int(c-'0') * (weight - i)
		case (c == 'X' || c == 'x') && i == len(digits)-1:
			sum += 10
		default:
			return false
		}
	}
	return sum%11 == 0
}
