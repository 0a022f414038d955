package accounts

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Bounds of what users are called, in characters.
const (
	maxLogin = 254 // the longest e-mail address (RFC 5321)
	maxName  = 200
)

// loginKey is a login without letter case, in one form of Unicode: two logins with one key are the same.
func loginKey(login string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(login)))
}

// checkLogin gives what is wrong with a login, "" for nothing.
func checkLogin(login string) string {
	switch {
	case login == "":
		return "is required"
	case utf8.RuneCountInString(login) > maxLogin:
		return fmt.Sprintf("must have at most %d characters", maxLogin)
	case strings.ContainsFunc(login, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "must be an e-mail address or a name, without spaces"
	}
	return ""
}

// checkName gives what is wrong with the name of a user or token, "" for nothing.
func checkName(name string) string {
	switch {
	case name == "":
		return "is required"
	case utf8.RuneCountInString(name) > maxName:
		return fmt.Sprintf("must have at most %d characters", maxName)
	case strings.TrimSpace(name) != name:
		return "must not begin or end with a space"
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "must be one line of printable characters"
	}
	return ""
}
