package config

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func load(t *testing.T, flags, env map[string]string) (Config, error) {
	t.Helper()
	return Load(flags, func(k string) string { return env[k] })
}

func TestDefaults(t *testing.T) {
	cfg, err := load(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{Addr: "127.0.0.1:8080", Data: "lectern-data", Origins: []string{"*"}, LogLevel: slog.LevelInfo,
		RequestTimeout: 10 * time.Second, StopTimeout: 10 * time.Second}
	if !slices.Equal(cfg.Origins, want.Origins) {
		t.Errorf("Origins = %q", cfg.Origins)
	}
	cfg.Origins, want.Origins = nil, nil
	if cfg.Addr != want.Addr || cfg.Data != want.Data || cfg.LogLevel != want.LogLevel || cfg.LogJSON ||
		cfg.RequestTimeout != want.RequestTimeout || cfg.StopTimeout != want.StopTimeout {
		t.Errorf("defaults = %+v, want %+v", cfg, want)
	}
}

func TestAFlagWinsOverTheEnvironmentOverTheFileOverTheDefault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lectern.yaml")
	if err := os.WriteFile(file, []byte("addr: 127.0.0.1:1\ndata: from-file\nlog-level: warn\nstop-timeout: 3s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := load(t,
		map[string]string{"addr": "127.0.0.1:3"},
		map[string]string{"LECTERN_CONFIG": file, "LECTERN_ADDR": "127.0.0.1:2", "LECTERN_DATA": "from-env"})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Addr != "127.0.0.1:3" || cfg.Data != "from-env" || cfg.LogLevel != slog.LevelWarn || cfg.StopTimeout != 3*time.Second ||
		cfg.RequestTimeout != 10*time.Second {
		t.Errorf("settings = %+v", cfg)
	}
}

func TestProxiesAreAddressesAndNetworks(t *testing.T) {
	cfg, err := load(t, map[string]string{"trusted-proxies": "127.0.0.1, 10.1.2.3/8,::1", "base-url": "https://cms.example.org"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(cfg.TrustedProxies); got != "[127.0.0.1/32 10.0.0.0/8 ::1/128]" || cfg.BaseURL != "https://cms.example.org" {
		t.Errorf("%s, %s", got, cfg.BaseURL)
	}
}

func TestAccounts(t *testing.T) {
	cfg, err := load(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.AdminOrigins != nil || cfg.ContentKey || cfg.SessionIdle != 8*time.Hour || cfg.SessionLifetime != 7*24*time.Hour || cfg.AuditDays != 0 {
		t.Errorf("defaults are %+v", cfg)
	}
	cfg, err = load(t, map[string]string{"admin-cors": "https://a.example.org, http://localhost:3000", "content-access": "key", "audit-days": "400"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(cfg.AdminOrigins, []string{"https://a.example.org", "http://localhost:3000"}) || !cfg.ContentKey || cfg.AuditDays != 400 {
		t.Errorf("settings are %+v", cfg)
	}
}

func TestMeilisearch(t *testing.T) {
	cfg, err := load(t, nil, nil)
	if err != nil || cfg.MeiliURL != "" || cfg.MeiliIndex != "lectern" {
		t.Errorf("without settings: %+v, %v", cfg, err)
	}
	cfg, err = load(t, map[string]string{"meili-index": "site_2"}, map[string]string{"LECTERN_MEILI_URL": "https://search.example.org/engine/", "LECTERN_MEILI_KEY": "k"})
	if err != nil || cfg.MeiliURL != "https://search.example.org/engine" || cfg.MeiliKey != "k" || cfg.MeiliIndex != "site_2" {
		t.Errorf("settings are %+v, %v", cfg, err)
	}
}

func TestTheCache(t *testing.T) {
	cfg, err := load(t, nil, nil)
	if err != nil || cfg.CacheBytes != 32<<20 || cfg.CacheControl != "public, max-age=0, must-revalidate" {
		t.Errorf("defaults are %+v, %v", cfg, err)
	}
	for value, want := range map[string]int64{"0": 0, "1024KB": 1 << 20, "64MB": 64 << 20, "2GB": 2 << 30} {
		cfg, err := load(t, map[string]string{"cache-size": value, "cache-control": "public,max-age=0 , s-maxage=600"}, nil)
		if err != nil || cfg.CacheBytes != want || cfg.CacheControl != "public, max-age=0, s-maxage=600" {
			t.Errorf("%s is %d, %q, %v", value, cfg.CacheBytes, cfg.CacheControl, err)
		}
	}
}

func TestThePurge(t *testing.T) {
	cfg, err := load(t, nil, map[string]string{"LECTERN_PURGE_URL": "https://cdn.example.net/purge?zone=1", "LECTERN_PURGE_METHOD": "PURGE",
		"LECTERN_PURGE_HEADER": "Authorization: Bearer key:1 |x-keys: {tags}", "LECTERN_PURGE_TAGS": "changed"})
	want := Purge{URL: "https://cdn.example.net/purge?zone=1", Method: "PURGE", Changed: true,
		Header: http.Header{"Authorization": {"Bearer key:1"}, "X-Keys": {"{tags}"}}}
	if err != nil || !reflect.DeepEqual(cfg.Purge, want) {
		t.Errorf("settings are %+v, %v", cfg.Purge, err)
	}
	_, err = load(t, nil, map[string]string{"LECTERN_PURGE_HEADER": "Authorization Bearer quicksilver"})
	if err == nil || strings.Contains(err.Error(), "quicksilver") {
		t.Errorf("the error says %v", err)
	}
}

func TestProfilesAreForPrivateAddresses(t *testing.T) {
	for _, addr := range []string{"", "127.0.0.1:6060", "127.9.9.9:0", "localhost:6060", "[::1]:6060", "10.1.2.3:6060", "172.16.0.1:1", "192.168.1.1:6060", "[fd00::1]:6060"} {
		if cfg, err := load(t, map[string]string{"pprof-addr": addr}, nil); err != nil || cfg.PprofAddr != addr {
			t.Errorf("%s: %q, %v", addr, cfg.PprofAddr, err)
		}
	}
	for _, addr := range []string{":6060", "0.0.0.0:6060", "[::]:6060", "192.0.2.1:6060", "8.8.8.8:6060", "[2001:db8::1]:6060", "[::ffff:8.8.8.8]:6060", "cms.example.org:6060", "127.0.0.1", "127.0.0.1:", "6060"} {
		if _, err := load(t, map[string]string{"pprof-addr": addr}, nil); err == nil || !strings.Contains(err.Error(), "--pprof-addr: ") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestRateLimits(t *testing.T) {
	cfg, err := load(t, nil, nil)
	if err != nil || cfg.RateLimit != 0 || cfg.RateLimitSearch != 0 || cfg.RateLimitAdmin != 0 {
		t.Errorf("defaults are %+v, %v", cfg, err)
	}
	cfg, err = load(t, map[string]string{"rate-limit": "6000", "rate-limit-search": "0"}, map[string]string{"LECTERN_RATE_LIMIT_ADMIN": "10000000"})
	if err != nil || cfg.RateLimit != 6000 || cfg.RateLimitSearch != 0 || cfg.RateLimitAdmin != 10_000_000 {
		t.Errorf("settings are %+v, %v", cfg, err)
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	for name, tt := range map[string]struct {
		flags, env map[string]string
		want       []string
	}{
		"base URL":       {map[string]string{"base-url": "https://a.example/cms"}, nil, []string{"--base-url", "without a path"}},
		"proxies":        {nil, map[string]string{"LECTERN_TRUSTED_PROXIES": "10.0.0.1, the-proxy"}, []string{"LECTERN_TRUSTED_PROXIES"}},
		"address":        {map[string]string{"addr": "here"}, nil, []string{`--addr: "here"`}},
		"origin":         {nil, map[string]string{"LECTERN_CORS": "https://a.example, b.example/x"}, []string{"LECTERN_CORS"}},
		"admin origins":  {map[string]string{"admin-cors": "*"}, nil, []string{"--admin-cors", "* is none"}},
		"access":         {map[string]string{"content-access": "closed"}, nil, []string{"--content-access", "neither open nor key"}},
		"days":           {map[string]string{"audit-days": "-1"}, nil, []string{"--audit-days"}},
		"engine":         {nil, map[string]string{"LECTERN_MEILI_URL": "127.0.0.1:7700"}, []string{"LECTERN_MEILI_URL", "http://127.0.0.1:7700"}},
		"engine's user":  {map[string]string{"meili-url": "http://a:b@127.0.0.1"}, nil, []string{"--meili-url", "without user"}},
		"index":          {map[string]string{"meili-index": "a b"}, nil, []string{"--meili-index"}},
		"searches":       {map[string]string{"search-days": "36526"}, nil, []string{"--search-days"}},
		"revisions":      {map[string]string{"history-days": "x", "history-count": "-1", "coalesce": "-1s"}, nil, []string{"--history-days", "--history-count", "--coalesce"}},
		"level":          {map[string]string{"log-level": "loud"}, nil, []string{"--log-level", "loud"}},
		"format":         {map[string]string{"log-format": "xml"}, nil, []string{"xml"}},
		"negative time":  {map[string]string{"stop-timeout": "-1s"}, nil, []string{"--stop-timeout"}},
		"empty folder":   {map[string]string{"data": ""}, nil, []string{"--data"}},
		"no such file":   {map[string]string{"config": "no-such.yaml"}, nil, []string{"no-such.yaml"}},
		"small cache":    {map[string]string{"cache-size": "4KB"}, nil, []string{"--cache-size", "from 1MB to 1024GB, and not 0"}},
		"bare cache":     {map[string]string{"cache-size": "64"}, nil, []string{"--cache-size", "no size such as 512KB"}},
		"huge cache":     {map[string]string{"cache-size": "99999999999GB"}, nil, []string{"--cache-size"}},
		"half a MB":      {map[string]string{"cache-size": "1.5MB"}, nil, []string{"--cache-size"}},
		"no-store":       {map[string]string{"cache-control": "no-store"}, nil, []string{"--cache-control", `"no-store"`}},
		"no seconds":     {map[string]string{"cache-control": "public, max-age"}, nil, []string{"--cache-control", `"max-age"`}},
		"wrong seconds":  {map[string]string{"cache-control": "max-age=+1"}, nil, []string{"--cache-control", `"max-age=+1"`}},
		"twice":          {map[string]string{"cache-control": "max-age=1, max-age=2"}, nil, []string{"--cache-control", "max-age twice"}},
		"line break":     {map[string]string{"cache-control": "public\r\nX: y"}, nil, []string{"--cache-control"}},
		"purge URL":      {map[string]string{"purge-url": "cdn.example.net/purge"}, nil, []string{"--purge-url", "without a user"}},
		"purge method":   {map[string]string{"purge-method": "GET"}, nil, []string{"--purge-method", "PURGE"}},
		"purge header":   {map[string]string{"purge-header": "Authorization"}, nil, []string{"--purge-header", "with | between"}},
		"purge tags":     {map[string]string{"purge-tags": "some"}, nil, []string{"--purge-tags", "neither all nor changed"}},
		"rates":          {map[string]string{"rate-limit": "-1", "rate-limit-search": "10/s", "rate-limit-admin": "10000001"}, nil, []string{"--rate-limit:", "--rate-limit-search", "--rate-limit-admin", "from 0 to 10000000"}},
		"no requests":    {map[string]string{"max-requests": "-1"}, nil, []string{"--max-requests", "from 0 to 1000000"}},
		"several at all": {map[string]string{"addr": "x"}, map[string]string{"LECTERN_LOG_LEVEL": "y"}, []string{"--addr", "LECTERN_LOG_LEVEL"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.flags, tt.env)
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in %q", w, err)
				}
			}
		})
	}
}

func TestTheReadmeListsEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		standard := " `" + s.Default + "` "
		if s.Default == "" {
			standard = " "
		}
		if row := "| `" + s.Name + "` | `" + s.Env() + "` |" + standard + "|"; !strings.Contains(string(readme), row) {
			t.Errorf("README has no row %s", row)
		}
	}
}
