// Package config reads Lectern's settings from flags, environment, a file and defaults, in this order, and reports
// every mistake at once.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Config is how an instance of Lectern runs.
type Config struct {
	Addr           string   // host:port to listen on
	Data           string   // folder of database, index and files
	Origins        []string // that browsers may read the content API from; "*" for all
	BaseURL        string   // origin under which clients reach the server; empty when it is not known
	TrustedProxies []netip.Prefix

	AdminOrigins    []string      // whose pages may use the admin API with a session
	ContentKey      bool          // content is only for those with a session, or a token for it
	SessionIdle     time.Duration // a session ends when it was not used for so long
	SessionLifetime time.Duration // and so long after sign-in in any case
	AuditDays       int           // how long entries of the audit log are kept; 0: for ever

	MeiliURL   string // of a Meilisearch server; empty for the embedded engine
	MeiliKey   string // its key
	MeiliIndex string // uid of the index there

	CacheBytes   int64  // memory for answers of the content API that are kept; 0: none are
	CacheControl string // of these answers: how long caches between the server and its clients may keep them

	Purge        Purge
	Coalesce     time.Duration // saves by one person within it are one revision; 0: each is
	HistoryDays  int           // revisions of more days may be removed; 0: of any age, when HistoryCount is set
	HistoryCount int           // and those that are not among so many newest of their record; 0: however many
	SearchDays   int           // counts of what people search for are kept for so many days; 0: nothing is counted

	PprofAddr string // host:port for profiles of the process; empty: none

	RateLimit       int // requests of one client for content in a minute; 0: any number
	RateLimitSearch int // those that search, and are not answered from memory
	RateLimitAdmin  int // those of the admin API that change something

	LogLevel       slog.Level    //
	LogJSON        bool          // lines of JSON instead of key=value
	MaxRequests    int           // that are worked for at once; 0: any number
	RequestTimeout time.Duration // for the work of one request
	StopTimeout    time.Duration // for requests under way when Lectern is told to stop
}

// Setting is one setting: its name in the file and as a flag; LECTERN_ and the name in capitals in the environment.
type Setting struct {
	Name    string
	Default string
	Help    string
	set     func(*Config, string) error
}

// Env is the setting's environment variable.
func (s Setting) Env() string {
	return "LECTERN_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// FileSetting names the file of settings. It is a flag and an environment variable only.
const FileSetting = "config"

// secretSetting is the setting whose value stays out of error messages.
const secretSetting = "purge-header"

// Settings lists all settings.
func Settings() []Setting {
	return []Setting{
		{"addr", "127.0.0.1:8080", "address to listen on, host:port", setAddr},
		{"data", "lectern-data", "folder of database, search index and files", setData},
		{"cors", "*", "origins that browsers may read from, comma-separated, * for all", setOrigins},
		{"base-url", "", "origin under which clients reach the server, for the documentation: https://cms.example.org", setBaseURL},
		{"trusted-proxies", "", "addresses and networks whose X-Forwarded-For is believed, comma-separated", setTrustedProxies},
		{"admin-cors", "", "origins whose pages may use the admin API with a session, comma-separated", setAdminOrigins},
		{"content-access", "open", "open, or key: content is only for those with a session, or a token with the scope content:read", setContentAccess},
		{"session-idle", "8h", "time after which a session ends that is not used", setDuration(func(c *Config) *time.Duration { return &c.SessionIdle })},
		{"session-lifetime", "168h", "time after sign-in when a session ends in any case", setDuration(func(c *Config) *time.Duration { return &c.SessionLifetime })},
		{"meili-url", "", "Meilisearch server to search with, such as http://127.0.0.1:7700; empty for the embedded engine", setMeiliURL},
		{"meili-key", "", "key of the Meilisearch server", setMeiliKey},
		{"meili-index", "lectern", "name of the index there: sites that share a server need one each", setMeiliIndex},
		{"cache-size", "32MB", "memory for answers of the content API that are kept, in KB, MB or GB, 0 for none", setCacheSize},
		{"cache-control", "public, max-age=0, must-revalidate", "Cache-Control of the content API: how long browsers and CDNs may keep its answers", setCacheControl},
		{"purge-url", "", "address of a CDN that is told what to drop after a publish", setPurgeURL},
		{"purge-method", "POST", "method of these calls: POST, PUT, DELETE, PURGE or BAN", setPurgeMethod},
		{"purge-header", "", "header fields of these calls, Name: value, with | between several; {tags} becomes the tags", setPurgeHeader},
		{"purge-tags", "all", "all content, or changed: only answers that name a record that has changed", setPurgeTags},
		{"audit-days", "0", "days for which entries of the audit log are kept, 0 for ever", setNumber(maxDays, func(c *Config) *int { return &c.AuditDays })},
		{"coalesce", "5m", "time for which saves by one person go on in one revision, 0s for a revision of each save", setCoalesce},
		{"history-days", "0", "days for which revisions are kept that nothing else keeps, 0 for no such limit", setNumber(maxDays, func(c *Config) *int { return &c.HistoryDays })},
		{"history-count", "0", "newest revisions of a record that are kept, 0 for no such limit", setNumber(maxRevisions, func(c *Config) *int { return &c.HistoryCount })},
		{"search-days", "400", "days for which it is kept what people search for, 0 for nothing of it", setNumber(maxDays, func(c *Config) *int { return &c.SearchDays })},
		{"log-level", "info", "debug, info, warn or error", setLogLevel},
		{"log-format", "text", "text or json", setLogFormat},
		{"max-requests", "500", "requests that are worked for at once, those that wait for the database included; 0 for any number", setNumber(maxRequests, func(c *Config) *int { return &c.MaxRequests })},
		{"pprof-addr", "", "private address to serve profiles of the process on, such as 127.0.0.1:6060; empty for none", setPprofAddr},
		{"rate-limit", "0", "requests of one client for content in a minute; 0 for any number", setNumber(maxRate, func(c *Config) *int { return &c.RateLimit })},
		{"rate-limit-search", "0", "searches of one client in a minute that are not answered from memory; 0 for any number", setNumber(maxRate, func(c *Config) *int { return &c.RateLimitSearch })},
		{"rate-limit-admin", "0", "requests of one user or token to the admin API in a minute that change something; 0 for any number", setNumber(maxRate, func(c *Config) *int { return &c.RateLimitAdmin })},
		{"request-timeout", "10s", "time for the work of one request", setDuration(func(c *Config) *time.Duration { return &c.RequestTimeout })},
		{"stop-timeout", "10s", "time for requests under way when told to stop", setDuration(func(c *Config) *time.Duration { return &c.StopTimeout })},
	}
}

// Load reads the settings. flags holds those that were given on the command line, by name. All mistakes come back as
// one error, a line each, naming where the value comes from.
func Load(flags map[string]string, getenv func(string) string) (Config, error) {
	var cfg Config
	file, errs := loadFile(flags, getenv)
	for _, s := range Settings() {
		value, from := s.Default, "default"
		if v, ok := file[s.Name]; ok {
			value, from = v, "config file: "+s.Name
		}
		if v := getenv(s.Env()); v != "" {
			value, from = v, s.Env()
		}
		if v, ok := flags[s.Name]; ok {
			value, from = v, "--"+s.Name
		}
		if err := s.set(&cfg, value); err != nil {
			if s.Name == secretSetting {
				value = "…"
			}
			errs = append(errs, fmt.Errorf("%s: %q %w", from, value, err))
		}
	}
	return cfg, errors.Join(errs...)
}

func loadFile(flags map[string]string, getenv func(string) string) (map[string]string, []error) {
	name := flags[FileSetting]
	if name == "" {
		name = getenv("LECTERN_CONFIG")
	}
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, []error{fmt.Errorf("config file: %w", err)}
	}
	var values map[string]any
	if err := yaml.Unmarshal(data, &values); err != nil {
		return nil, []error{fmt.Errorf("config file %s: %w", name, err)}
	}
	out := map[string]string{}
	var errs []error
	for key, v := range values {
		if !slices.ContainsFunc(Settings(), func(s Setting) bool { return s.Name == key }) {
			errs = append(errs, fmt.Errorf("config file %s: unknown setting %q", name, key))
			continue
		}
		switch v.(type) {
		case string, bool, int64, uint64, float64:
			out[key] = fmt.Sprint(v)
		default:
			errs = append(errs, fmt.Errorf("config file %s: %s must be a single value", name, key))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return out, errs
}

func setAddr(c *Config, v string) error {
	c.Addr = v
	if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
		return errors.New("is no host:port, such as 127.0.0.1:8080 or :8080")
	}
	return nil
}

// setPprofAddr takes addresses that only the machine or its private network reaches: profiles show what is in memory, and cost
// time to make.
func setPprofAddr(c *Config, v string) error {
	c.PprofAddr = v
	if v == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(v)
	if err != nil || port == "" {
		return errors.New("is no host:port, such as 127.0.0.1:6060")
	}
	if host == "localhost" {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.Unmap().IsLoopback() && !ip.Unmap().IsPrivate() {
		return errors.New("is no loopback or private address, such as 127.0.0.1:6060 or 10.1.2.3:6060: profiles are not for everybody")
	}
	return nil
}

func setData(c *Config, v string) error {
	c.Data = v
	if v == "" {
		return errors.New("is no folder")
	}
	return nil
}

func setBaseURL(c *Config, v string) error {
	c.BaseURL = v
	if v != "" && !isOrigin(v) {
		return errors.New("is no origin such as https://cms.example.org, without a path")
	}
	return nil
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && s == u.Scheme+"://"+u.Host
}

func setTrustedProxies(c *Config, v string) error {
	c.TrustedProxies = nil
	if v == "" {
		return nil
	}
	for part := range strings.SplitSeq(v, ",") {
		part = strings.TrimSpace(part)
		prefix, err := netip.ParsePrefix(part)
		if addr, failed := netip.ParseAddr(part); failed == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return errors.New("holds something else than addresses and networks such as 10.0.0.1 and 10.0.0.0/8")
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix.Masked())
	}
	return nil
}

func setOrigins(c *Config, v string) error {
	c.Origins = nil
	for o := range strings.SplitSeq(v, ",") {
		o = strings.TrimSpace(o)
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "") {
			return errors.New("holds something else than * and origins such as https://example.org")
		}
		c.Origins = append(c.Origins, o)
	}
	return nil
}

func setAdminOrigins(c *Config, v string) error {
	c.AdminOrigins = nil
	if v == "" {
		return nil
	}
	for o := range strings.SplitSeq(v, ",") {
		o = strings.TrimSpace(o)
		if !isOrigin(o) {
			return errors.New("holds something else than origins such as https://admin.example.org; * is none, since credentials are sent")
		}
		c.AdminOrigins = append(c.AdminOrigins, o)
	}
	return nil
}

func setContentAccess(c *Config, v string) error {
	if v != "open" && v != "key" {
		return errors.New("is neither open nor key")
	}
	c.ContentKey = v == "key"
	return nil
}

func setMeiliURL(c *Config, v string) error {
	c.MeiliURL = strings.TrimSuffix(v, "/")
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("is no address such as http://127.0.0.1:7700, without user and query")
	}
	return nil
}

func setMeiliKey(c *Config, v string) error {
	c.MeiliKey = v
	return nil
}

// indexName is what Meilisearch allows, with room for what Lectern appends.
var indexName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

func setMeiliIndex(c *Config, v string) error {
	c.MeiliIndex = v
	if !indexName.MatchString(v) {
		return errors.New("is no name of 1 to 200 letters, digits, - and _")
	}
	return nil
}

// Limits of numbers.
const (
	maxDays      = 36_525 // a century, within what times can be reckoned with
	maxRevisions = 1_000_000
	maxRequests  = 1_000_000  // more than any machine has memory for
	maxRate      = 10_000_000 // a minute, more than a machine answers
)

func setNumber(most int, at func(*Config) *int) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > most {
			return fmt.Errorf("is no whole number from 0 to %d", most)
		}
		*at(c) = n
		return nil
	}
}

func setLogLevel(c *Config, v string) error {
	if err := c.LogLevel.UnmarshalText([]byte(v)); err != nil {
		return errors.New("is none of debug, info, warn, error")
	}
	return nil
}

func setLogFormat(c *Config, v string) error {
	if v != "text" && v != "json" {
		return errors.New("is neither text nor json")
	}
	c.LogJSON = v == "json"
	return nil
}

func setCoalesce(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		return errors.New("is no time such as 5m, nor 0s")
	}
	c.Coalesce = d
	return nil
}

func setDuration(at func(*Config) *time.Duration) func(*Config, string) error {
	return func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d <= 0 {
			return errors.New("is no time such as 10s or 1m30s")
		}
		*at(c) = d
		return nil
	}
}
