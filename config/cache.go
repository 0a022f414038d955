package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// units are the units of sizes in memory.
var units = []struct {
	name  string
	bytes int64
}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}}

const (
	minCache = 1 << 20 // room for a few large answers
	maxCache = 1 << 40 // more than machines have
)

func setCacheSize(c *Config, v string) error {
	n, err := size(v)
	switch {
	case err != nil:
		return err
	case n != 0 && (n < minCache || n > maxCache):
		return errors.New("is no size from 1MB to 1024GB, and not 0")
	}
	c.CacheBytes = n
	return nil
}

func size(v string) (int64, error) {
	if v == "0" {
		return 0, nil
	}
	for _, unit := range units {
		number, ok := strings.CutSuffix(v, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err == nil && n > 0 && n <= maxCache/unit.bytes {
			return n * unit.bytes, nil
		}
	}
	return 0, errors.New("is no size such as 512KB, 32MB or 1GB")
}

// Directives of Cache-Control (RFC 9111, 5.2.2; RFC 5861) that say something about answers that anybody may keep. The
// others would forbid it.
var (
	timedDirectives = []string{"max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"}
	plainDirectives = []string{"public", "must-revalidate", "proxy-revalidate", "no-transform"}
)

func setCacheControl(c *Config, v string) error {
	var parts []string
	for part := range strings.SplitSeq(v, ",") {
		part = strings.TrimSpace(part)
		name, seconds, timed := strings.Cut(part, "=")
		if timed {
			if n, err := strconv.ParseUint(seconds, 10, 31); err != nil || strconv.FormatUint(n, 10) != seconds || !slices.Contains(timedDirectives, name) {
				return directiveError(part)
			}
		} else if !slices.Contains(plainDirectives, name) {
			return directiveError(part)
		}
		if slices.ContainsFunc(parts, func(p string) bool { before, _, _ := strings.Cut(p, "="); return before == name }) {
			return fmt.Errorf("has %s twice", name)
		}
		parts = append(parts, part)
	}
	c.CacheControl = strings.Join(parts, ", ")
	return nil
}

func directiveError(part string) error {
	return fmt.Errorf("has %q: write %s, or %s with =SECONDS after it, with commas between them", part,
		strings.Join(plainDirectives, ", "), strings.Join(timedDirectives, ", "))
}
