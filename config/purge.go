package config

import (
	"errors"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Purge says how a CDN is told to drop what has changed.
type Purge struct {
	URL     string // empty: none is told
	Method  string
	Header  http.Header
	Changed bool // only what has changed, not all content
}

func setPurgeURL(c *Config, v string) error {
	c.Purge.URL = v
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return errors.New("is no address such as https://cdn.example.net/purge, without a user in it")
	}
	return nil
}

// purgeMethods are those that CDNs and caches take.
var purgeMethods = []string{"POST", "PUT", "DELETE", "PURGE", "BAN"}

func setPurgeMethod(c *Config, v string) error {
	if !slices.Contains(purgeMethods, v) {
		return errors.New("is none of " + strings.Join(purgeMethods, ", "))
	}
	c.Purge.Method = v
	return nil
}

func setPurgeHeader(c *Config, v string) error {
	c.Purge.Header = http.Header{}
	if v == "" {
		return nil
	}
	for line := range strings.SplitSeq(v, "|") {
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) || value == "" {
			return errors.New("holds something else than header fields such as Authorization: Bearer KEY, with | between them")
		}
		c.Purge.Header[textproto.CanonicalMIMEHeaderKey(name)] = []string{value}
	}
	return nil
}

func setPurgeTags(c *Config, v string) error {
	if v != "all" && v != "changed" {
		return errors.New("is neither all nor changed")
	}
	c.Purge.Changed = v == "changed"
	return nil
}
