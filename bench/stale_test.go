package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/bench/corpus"
	"github.com/lectern-cms/lectern/models"
)

// memoryServer is a server in memory, whose readers see what was published some publishes ago.
type memoryServer struct {
	mu     sync.Mutex
	drafts map[string]string
	live   map[string]string
	late   int // how many publishes it takes until one is seen
	queue  []func()
	fails  string // the method of requests that fail
}

// Do implements doer.
func (m *memoryServer) Do(req *fasthttp.Request, res *fasthttp.Response) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	res.SetStatusCode(http.StatusOK)
	path := string(req.URI().Path())
	id, action, _ := strings.Cut(strings.TrimPrefix(path, "/v1/admin/sections/"), "/")
	switch method := string(req.Header.Method()); {
	case method == m.fails:
		res.SetStatusCode(http.StatusServiceUnavailable)
	case method == http.MethodPatch:
		var patch struct{ Summary string }
		if err := json.Unmarshal(req.Body(), &patch, json.MatchCaseInsensitiveNames(true)); err != nil {
			return err
		}
		m.drafts[id] = patch.Summary
	case action == "publish":
		summary := m.drafts[id]
		m.queue = append(m.queue, func() { m.live[id] = summary })
		for len(m.queue) > m.late {
			m.queue[0]()
			m.queue = m.queue[1:]
		}
	case strings.HasSuffix(path, "/sections"):
		var list []string
		for id, summary := range m.live {
			list = append(list, fmt.Sprintf(`{"id": %q, "summary": %q}`, id, summary))
		}
		res.SetBodyString(`{"data": [` + strings.Join(list, ",") + `]}`)
	default:
		var n int
		if _, err := fmt.Sscanf(path[strings.LastIndexByte(path, '/')+1:], "section-%d", &n); err != nil {
			return err
		}
		id := string(corpus.ID(models.KindSection, n))
		res.SetBodyString(fmt.Sprintf(`{"data": {"id": %q, "summary": %q}}`, id, m.live[id]))
	}
	return nil
}

// edit loads a server in memory for a while with several readers and writers.
func edit(t *testing.T, m *memoryServer) (*site, error) {
	t.Helper()
	m.drafts, m.live = map[string]string{}, map[string]string{}
	g, err := corpus.Generate(130)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite("http://127.0.0.1", "token", picker{Generated: g}, 5)
	mixer := &mixer{site: s}
	var group sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		group.Go(func() {
			k := &worker{Rand: rand.New(rand.NewPCG(1, uint64(i)))}
			for begin := time.Now(); time.Since(begin) < shortly && errs[i] == nil; {
				errs[i] = mixer.step(m, k)
			}
		})
	}
	group.Wait()
	return s, errors.Join(errs...)
}

func TestAFreshServerIsNotCalledStale(t *testing.T) {
	s, err := edit(t, &memoryServer{})
	if err != nil || s.stale.Load() != 0 {
		t.Errorf("%d are stale: %v", s.stale.Load(), err)
	}
	published := int64(0)
	for _, e := range s.edited {
		published += e.published.Load()
	}
	if s.checked.Load() == 0 || published == 0 {
		t.Errorf("%d answers were looked at, %d publishes made", s.checked.Load(), published)
	}
}

func TestAStaleServerIsFound(t *testing.T) {
	s, err := edit(t, &memoryServer{late: 1})
	if !errors.Is(err, errStale) || s.stale.Load() == 0 {
		t.Errorf("a server that shows a publish only after the next one is not found: %v", err)
	}
}

func TestRequestsThatFailEndTheLoad(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodPost} {
		if _, err := edit(t, &memoryServer{fails: method}); err == nil || !strings.Contains(err.Error(), "503") {
			t.Errorf("failing %s: %v", method, err)
		}
	}
}

func TestAnOldVersionInAListIsFound(t *testing.T) {
	g, err := corpus.Generate(130)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite("http://127.0.0.1", "token", picker{Generated: g}, 5)
	least := s.atLeast()
	least[1] = 3
	list := func(save int) []byte {
		return fmt.Appendf(nil, `{"data": [{"id": %q, "summary": "Save 9."}, {"id": %q, "summary": "Save %d."}]}`,
			corpus.ID(models.KindSection, 1), corpus.ID(models.KindSection, 2), save)
	}
	for save, want := range map[int]error{2: errStale, 3: nil, 4: nil} {
		if err := s.judge("/v1/sections", list(save), least); !errors.Is(err, want) {
			t.Errorf("save %d, and 3 was published: %v", save, err)
		}
	}
	if err := s.judge("/v1/sections", []byte(`{"data": [{"summary": "`), least); err == nil {
		t.Error("half an answer is taken for a whole one")
	}
}
