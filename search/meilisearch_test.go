package search_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/searchtest"
)

// The suite runs on the server of LECTERN_TEST_MEILI_URL, whose key is in LECTERN_TEST_MEILI_KEY, and otherwise on what
// one said when it was recorded. LECTERN_TEST_MEILI_RECORD=1 records anew.
var (
	meiliURL    = os.Getenv("LECTERN_TEST_MEILI_URL")
	meiliKey    = os.Getenv("LECTERN_TEST_MEILI_KEY")
	meiliRecord = os.Getenv("LECTERN_TEST_MEILI_RECORD") == "1"
)

// recordedURL stands for the server in recordings.
const recordedURL = "http://meilisearch.test"

func TestMeilisearchIsAnIndex(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index {
		m, _ := openMeili(t)
		return m
	})
}

// openMeili opens an index of its own for a test, which is empty and goes with the test.
func openMeili(t testing.TB) (*search.Meilisearch, search.MeilisearchConfig) {
	t.Helper()
	cfg := meiliConfig(t)
	m := search.OpenMeilisearch(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { shutMeili(t, m) })
	return m, cfg
}

func shutMeili(t testing.TB, m *search.Meilisearch) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// meiliConfig leads to a real server or to a recording, which is named after the test.
func meiliConfig(t testing.TB) search.MeilisearchConfig {
	t.Helper()
	cfg := search.MeilisearchConfig{URL: recordedURL, Index: meiliIndexOf(t)}
	if meiliURL == "" {
		cfg.Transport = replay(t)
		return cfg
	}
	cfg.URL, cfg.Key = meiliURL, meiliKey
	transport := &http.Transport{}
	cfg.Transport = transport
	clear := func() {
		for _, uid := range []string{cfg.Index, cfg.Index + "-next"} {
			deleteMeiliIndex(t, uid)
		}
	}
	clear()
	t.Cleanup(transport.CloseIdleConnections)
	t.Cleanup(clear)
	if meiliRecord {
		cfg.Transport = record(t, transport)
	}
	return cfg
}

var notInUID = regexp.MustCompile(`[^a-z0-9]+`)

// meiliIndexOf names an index after the test, so that recordings fit.
func meiliIndexOf(t testing.TB) string {
	sum := sha256.Sum256([]byte(t.Name()))
	name := notInUID.ReplaceAllString(strings.ToLower(t.Name()), "-")
	return "t-" + name[:min(len(name), 60)] + "-" + hex.EncodeToString(sum[:4])
}

func recordingOf(t testing.TB) string {
	return filepath.Join("testdata", "meilisearch", strings.TrimPrefix(meiliIndexOf(t), "t-"))
}

func deleteMeiliIndex(t testing.TB, uid string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodDelete, meiliURL+"/indexes/"+uid, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+meiliKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("delete index %s: %s", uid, resp.Status)
	}
}

// record writes down what a real server says. What is asked is known by its hash; keys are no part of it.
func record(t testing.TB, real http.RoundTripper) http.RoundTripper {
	t.Helper()
	r, err := recorder.New(recordingOf(t),
		recorder.WithMode(recorder.ModeRecordOnly), recorder.WithRealTransport(real), recorder.WithFS(zipped{}),
		recorder.WithHook(slim, recorder.BeforeSaveHook))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// slim leaves of an exchange what a replay needs. Looks at tasks that are not done are left out: they only take time.
func slim(i *cassette.Interaction) error {
	if i.Request.Method == http.MethodGet && strings.Contains(i.Request.URL, "/tasks/") {
		var task struct{ Status string }
		if err := json.Unmarshal([]byte(i.Response.Body), &task); err != nil {
			return err
		}
		i.DiscardOnSave = task.Status == "enqueued" || task.Status == "processing"
	}
	url, err := http.NewRequest(i.Request.Method, i.Request.URL, nil)
	if err != nil {
		return err
	}
	i.Request = cassette.Request{Method: i.Request.Method, URL: url.URL.RequestURI(), Body: hashOf([]byte(i.Request.Body))}
	i.Response = cassette.Response{Code: i.Response.Code, Body: madeKey.ReplaceAllString(i.Response.Body, `"key":"not-recorded"`)}
	return nil
}

// madeKey is where an answer has a key that the server made.
var madeKey = regexp.MustCompile(`"key":"[0-9a-f]{64}"`)

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// replay answers from a recording.
func replay(t testing.TB) http.RoundTripper {
	t.Helper()
	c, err := cassette.LoadWithFS(recordingOf(t), zipped{})
	if err != nil {
		t.Fatalf("no recording (make one with LECTERN_TEST_MEILI_URL, _KEY and _RECORD=1): %v", err)
	}
	p := &player{said: make(map[string][]*cassette.Interaction)}
	for _, i := range c.Interactions {
		asked := i.Request.Method + " " + i.Request.URL + " " + i.Request.Body
		p.said[asked] = append(p.said[asked], i)
	}
	return p
}

// player gives the answers to equal requests in the order in which they were recorded, the last one again and again: how
// often goroutines that run side by side ask the same is a matter of time.
type player struct {
	mu   sync.Mutex
	said map[string][]*cassette.Interaction
}

func (p *player) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body.Close()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	asked := req.Method + " " + req.URL.RequestURI() + " " + hashOf(body)
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.said[asked]
	if len(left) == 0 {
		return nil, fmt.Errorf("the recording has no answer to %s %s %.2000s", req.Method, req.URL.RequestURI(), body)
	}
	if len(left) > 1 {
		p.said[asked] = left[1:]
	}
	return &http.Response{
		StatusCode: left[0].Response.Code, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(left[0].Response.Body)), Request: req,
	}, nil
}

// zipped keeps recordings compressed.
type zipped struct{}

func (zipped) path(name string) string { return name + ".gz" }

func (z zipped) ReadFile(name string) ([]byte, error) {
	data, err := os.ReadFile(z.path(name))
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func (z zipped) WriteFile(name string, data []byte) error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(z.path(name), b.Bytes(), 0o644)
}

func (z zipped) IsFileExists(name string) bool {
	_, err := os.Stat(z.path(name))
	return err == nil
}
