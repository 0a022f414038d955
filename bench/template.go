package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// placeholder is {name}, or {name:08} for a number with at least eight digits.
var placeholder = regexp.MustCompile(`\{(\w+)(?::0(\d{1,2}))?\}`)

// fillIn puts values into the address of a read.
func fillIn(template string, values map[string]any) (string, error) {
	var failed error
	out := placeholder.ReplaceAllStringFunc(template, func(written string) string {
		m := placeholder.FindStringSubmatch(written)
		value, ok := values[m[1]]
		if !ok {
			failed = fmt.Errorf("%s: there is no %s here: use %s", template, written, strings.Join(slices.Sorted(maps.Keys(values)), ", "))
			return written
		}
		if m[2] == "" {
			return fmt.Sprint(value)
		}
		n, isNumber := value.(int)
		digits, err := strconv.Atoi(m[2])
		if !isNumber || err != nil {
			failed = fmt.Errorf("%s: %s is no number that could have digits", template, written)
			return written
		}
		return fmt.Sprintf("%0*d", digits, n)
	})
	return out, failed
}
