package directive

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// attribute is one name with its value.
type attribute struct {
	name  string // words joined by hyphens
	value string
	flag  bool // the name alone, which says yes
}

// idAttribute is the name of what "#…" sets.
const idAttribute = "id"

var (
	attributeName    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*`)
	shortID          = regexp.MustCompile(`^#[!-|~]+`)               // printable ASCII but "}"
	shortClass       = regexp.MustCompile(`^\.[A-Za-z0-9_-]+`)       // as in HTML, ".callout"
	bareValue        = regexp.MustCompile("^[^\\s\"'{}=<>`\\[\\]]+") // read without quotation marks
	plainValue       = regexp.MustCompile(`^[A-Za-z0-9][\w./:+-]*$`) // written without
	plainID          = regexp.MustCompile(`^[!-&(-Z^-z|~]+$`)        // written after "#"
	lineEscapes      = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)
	errNoAttributes  = errors.New("attributes stand in braces, {name=value}")
	errUnclosedBrace = errors.New("attributes without a closing brace")
)

// parseAttributes reads "{#id name=value …}", which must be all of s. Errors say what is wrong, not where.
func parseAttributes(s string) ([]attribute, error) {
	switch {
	case !strings.HasPrefix(s, "{"):
		return nil, errNoAttributes
	case len(s) > maxAttributeBytes:
		return nil, fmt.Errorf("attributes have more than %d bytes", maxAttributeBytes)
	}
	var out []attribute
	for rest := s[1:]; ; {
		trimmed := strings.TrimLeft(rest, " \t")
		if after, ok := strings.CutPrefix(trimmed, "}"); ok {
			if after = strings.Trim(after, " \t"); after != "" {
				return nil, fmt.Errorf("%q stands after the attributes", short(after))
			}
			return joinClasses(out), nil
		}
		if trimmed == "" {
			return nil, errUnclosedBrace
		}
		if len(out) > 0 && trimmed == rest {
			return nil, fmt.Errorf("a space is missing before %q", short(rest))
		}
		a, after, err := nextAttribute(trimmed)
		if err != nil {
			return nil, err
		}
		if len(out) == maxAttributes {
			return nil, fmt.Errorf("more than %d attributes", maxAttributes)
		}
		out, rest = append(out, a), after
	}
}

func nextAttribute(s string) (a attribute, rest string, err error) {
	if id := shortID.FindString(s); id != "" {
		return attribute{name: idAttribute, value: id[1:]}, s[len(id):], nil
	}
	if class := shortClass.FindString(s); class != "" {
		return attribute{name: "class", value: class[1:]}, s[len(class):], nil
	}
	name := attributeName.FindString(s)
	if name == "" {
		return a, "", fmt.Errorf("%q is no attribute", short(s))
	}
	a.name = hyphenated(name)
	after, ok := strings.CutPrefix(s[len(name):], "=")
	if !ok {
		a.flag = true
		return a, s[len(name):], nil
	}
	if after != "" && (after[0] == '"' || after[0] == '\'') {
		if a.value, rest, ok = quoted(after); !ok {
			return a, "", fmt.Errorf("the value of %s has no closing quotation mark", a.name)
		}
		return a, rest, nil
	}
	if a.value = bareValue.FindString(after); a.value == "" {
		return a, "", fmt.Errorf("%s has no value", a.name)
	}
	return a, after[len(a.value):], nil
}

// quoted reads a value between quotation marks. A backslash stands before a quotation mark or a backslash, and \n and
// \r are line ends; before anything else it is itself.
func quoted(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`\"'nr`, s[i+1]) >= 0:
			i++
			b.WriteByte(strings.NewReplacer("n", "\n", "r", "\r").Replace(s[i : i+1])[0])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

// joinClasses makes one attribute of several short classes.
func joinClasses(as []attribute) []attribute {
	var out []attribute
	class := -1
	for _, a := range as {
		switch {
		case a.name != "class" || a.flag:
			out = append(out, a)
		case class >= 0:
			out[class].value += " " + a.value
		default:
			class = len(out)
			out = append(out, a)
		}
	}
	return out
}

// hyphenated gives the form of a name that is compared: free_space is free-space.
func hyphenated(name string) string { return strings.ReplaceAll(name, "_", "-") }

// String writes one attribute.
func (a attribute) String() string {
	switch {
	case a.flag:
		return a.name
	case a.name == idAttribute && plainID.MatchString(a.value):
		return "#" + a.value
	case plainValue.MatchString(a.value) && !strings.Contains(a.value, "://"):
		return a.name + "=" + a.value
	}
	return a.name + `="` + lineEscapes.Replace(a.value) + `"`
}

// braces writes attributes; no attributes are no braces.
func braces(as []attribute) string {
	if len(as) == 0 {
		return ""
	}
	words := make([]string, len(as))
	for i, a := range as {
		words[i] = a.String()
	}
	return "{" + strings.Join(words, " ") + "}"
}

// short is the beginning of a text, for messages.
func short(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// underscored gives the form in which the model spells a name.
func underscored(name string) string { return strings.ReplaceAll(name, "-", "_") }
