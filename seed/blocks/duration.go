package blocks

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

var minutes = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?)\s*(minutes?|mins?|hours?|hrs?)\.?$`)

// statedTime notes the duration that an overview page states.
func (c *converter) statedTime(n *html.Node) {
	if !hasClass(n, "time") || c.out.Minutes != nil {
		return
	}
	c.out.Minutes = parseMinutes(words(n))
}

// parseMinutes reads a duration such as "45 minutes" or "1.5 hours"; nil when it is none.
func parseMinutes(s string) *int {
	m := minutes.FindStringSubmatch(fold(s))
	if m == nil {
		return nil
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return nil
	}
	if strings.HasPrefix(strings.ToLower(m[2]), "h") {
		v *= 60
	}
	n := int(v + 0.5)
	return &n
}
