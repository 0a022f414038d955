package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/transfer"
)

// requestTimeout is long enough for -race on a busy machine.
const requestTimeout = time.Minute

// testCache keeps all answers of a test.
const testCache = 32 << 20

// uncached makes the server keep no answers.
func uncached(cfg *Config) { cfg.CacheBytes = 0 }

// site is a running server over a real database file, and what is behind it.
type site struct {
	t        testing.TB
	dir      string
	url      string
	client   *http.Client
	server   *Server
	store    *store.Store
	content  *content.Service
	accounts *accounts.Service
	work     *workList
	clock    *clock
	files    *files.Folder
	index    *search.Embedded
	follower *search.Follower
	searches *content.SearchTally
	log      *logLines
	stop     func()
}

// newSite starts a server on an empty folder. change may change its settings.
func newSite(t testing.TB, change ...func(*Config)) *site {
	t.Helper()
	return startSite(t, t.TempDir(), change...)
}

// startSite starts a server on a folder, until the test ends or stop is called.
func startSite(t testing.TB, dir string, change ...func(*Config)) *site {
	t.Helper()
	return startSiteAt(t, dir, time.Now, change...)
}

// startSiteAt starts a server whose content has another clock.
func startSiteAt(t testing.TB, dir string, now func() time.Time, change ...func(*Config)) *site {
	t.Helper()
	return startSiteOn(t, dir, store.Config{Path: filepath.Join(dir, "lectern.db")}, now, change...)
}

// startSiteOn starts a server on a database.
func startSiteOn(t testing.TB, dir string, database store.Config, now func() time.Time, change ...func(*Config)) *site {
	t.Helper()
	s := &site{t: t, dir: dir, log: &logLines{}}
	log := slog.New(slog.NewJSONHandler(s.log, nil))
	var err error
	s.store, err = store.Open(t.Context(), database)
	check(t, err)
	check(t, s.store.Migrate(t.Context()))
	s.clock = &clock{}
	s.content = content.New(s.store, log, s.clock.from(now))
	s.files, err = files.Open(filepath.Join(dir, "files"))
	check(t, err)
	s.index, err = search.OpenEmbedded(filepath.Join(dir, "index"), slog.New(slog.DiscardHandler))
	check(t, err)
	s.follower = search.NewFollower(s.index, s.content, log)
	contract, err := os.ReadFile("../openapi.yaml")
	check(t, err)
	s.searches = s.content.NewSearchTally()
	s.accounts = accounts.New(s.store, log, s.clock.now, accounts.Config{Hashing: &cheap})
	s.work = &workList{}
	s.content.Queue, s.content.Standing = s.work, s.accounts.Standing
	transfers, err := transfer.New(transfer.Config{
		Store: s.store, Content: s.content, Files: s.files, Folder: filepath.Join(dir, "transfers"), Staging: filepath.Join(dir, "staging"),
		Queue: s.work, Standing: s.accounts.Standing, Log: log, Now: s.clock.now,
	})
	check(t, err)
	cfg := Config{
		Content: s.content, Accounts: s.accounts, Transfers: transfers, Files: s.files, Index: s.index, Follower: s.follower, Searches: s.searches, Contract: contract, Version: "0.0.0-test",
		Log: log, Origins: []string{"*"}, CacheBytes: testCache, RequestTimeout: requestTimeout, Ping: s.store.Ping, Statements: s.store.Statements,
	}
	for _, f := range change {
		f(&cfg)
	}
	s.serve(cfg)
	return s
}

// serve listens on a free port of this machine.
func (s *site) serve(cfg Config) {
	s.t.Helper()
	s.server = New(cfg)
	address, stop := listens(s.t, s.server)
	s.url = "http://" + address
	transport := &http.Transport{DisableCompression: true}
	s.client = client(s.t, transport)
	s.stop = sync.OnceFunc(func() {
		transport.CloseIdleConnections()
		err := errors.Join(stop(), s.index.Close(), s.store.Close())
		if err != nil {
			s.t.Errorf("stop the site: %v", err)
		}
	})
	s.t.Cleanup(s.stop)
}

// listens has a server answer on a free port of this machine, until stop is called.
func listens(t testing.TB, server *Server) (address string, stop func() error) {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	return ln.Addr().String(), func() error {
		ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
		defer cancel()
		return errors.Join(server.Stop(ctx), <-served)
	}
}

// address is where the server of the site listens.
func (s *site) address() string { return strings.TrimPrefix(s.url, "http://") }

// client checks all that it sends and gets, and follows no redirect.
func client(t testing.TB, transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     &contractTransport{t: t, next: transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// in is the same site for another test, one input of a fuzz test for instance.
func (s *site) in(t testing.TB) *site {
	same := *s
	same.t, same.client = t, client(t, s.client.Transport.(*contractTransport).next)
	return &same
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for something that the contract allows. Headers come in pairs of name and value.
func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	return s.do(s.t.Context(), http.MethodGet, path, headers...)
}

// wrong asks for something that the contract does not allow; the answer must still be one of its own.
func (s *site) wrong(method, path string, headers ...string) answer {
	s.t.Helper()
	return s.do(wrongly(s.t.Context()), method, path, headers...)
}

func wrongly(ctx context.Context) context.Context {
	return context.WithValue(ctx, wrongOnPurpose{}, true)
}

func (s *site) do(ctx context.Context, method, path string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, http.NoBody)
	check(s.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.send(req)
}

func (s *site) send(req *http.Request) answer {
	s.t.Helper()
	res, err := s.client.Do(req)
	check(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	check(s.t, err)
	return answer{res.StatusCode, res.Header, string(body)}
}

// want fails the test when the status is another one.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// data reads the record of an answer.
func (a answer) data(t testing.TB) record {
	t.Helper()
	var out struct{ Data record }
	check(t, json.Unmarshal([]byte(a.want(t, http.StatusOK).body), &out))
	return out.Data
}

// record is a JSON object.
type record map[string]any

func (r record) text(key string) string {
	s, _ := r[key].(string)
	return s
}

// object gives what is at a key, an empty object for null.
func (r record) object(key string) record {
	o, _ := r[key].(map[string]any)
	return o
}

func (r record) list(key string) []record {
	values, _ := r[key].([]any)
	out := make([]record, len(values))
	for i, v := range values {
		out[i], _ = v.(map[string]any)
	}
	return out
}

// part is a part of a list.
type part struct {
	Data  []record
	Links record
	Meta  record
}

func (a answer) part(t testing.TB) part {
	t.Helper()
	var out part
	check(t, json.Unmarshal([]byte(a.want(t, http.StatusOK).body), &out))
	return out
}

func (a answer) problem(t testing.TB, status int) Problem {
	t.Helper()
	var p Problem
	check(t, json.Unmarshal([]byte(a.want(t, status).body), &p))
	if p.Status != status {
		t.Errorf("problem says status %d, want %d", p.Status, status)
	}
	return p
}

// logLines collects what a server logs.
type logLines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes a line.
func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(line)
}

// with gives the lines that hold a text.
func (l *logLines) with(text string) []record {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []record
	for line := range strings.Lines(l.b.String()) {
		var r record
		if strings.Contains(line, text) && json.Unmarshal([]byte(line), &r) == nil {
			out = append(out, r)
		}
	}
	return out
}
