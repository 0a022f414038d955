package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/lectern-cms/lectern/models"
)

// MeilisearchConfig says where a Meilisearch server is.
type MeilisearchConfig struct {
	URL   string // such as http://127.0.0.1:7700
	Key   string // that may do everything with the index and its tasks; "" for a server without keys
	Index string // uid of the index, DefaultMeilisearchIndex when empty; Index-next is used while one is built

	Transport http.RoundTripper // MeilisearchTransport when nil
}

// DefaultMeilisearchIndex is the uid of the index where none is configured.
const DefaultMeilisearchIndex = "lectern"

// meiliTimeout ends requests to a server that has stopped to answer. Requests of users end earlier.
const meiliTimeout = time.Minute

// Meilisearch is the search engine of that name, version 1.x, in another process and perhaps on another machine. Its
// filters find documents by terms that Lectern has made, so that a query finds the same as in Embedded; ranking is
// described at window. Several servers of Lectern may share an index.
type Meilisearch struct {
	log    *slog.Logger
	client meilisearch.ServiceManager
	http   *http.Client
	url    string
	key    string
	uid    string
	words  meiliCache
	writer chan struct{} // holds one token; who has it may write

	abandoned time.Duration // abandonedAfter, but in tests

	mu     sync.RWMutex // held for reading by all operations under way
	closed bool
}

var _ Index = (*Meilisearch)(nil)

// MeilisearchTransport is what requests go through where nothing else is configured. Nothing is compressed: to make answers
// small takes Meilisearch longer than to send them through a near network.
func MeilisearchTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	return t
}

// OpenMeilisearch uses the index of a server, which need not answer yet.
func OpenMeilisearch(cfg MeilisearchConfig, log *slog.Logger) *Meilisearch {
	transport := cfg.Transport
	if transport == nil {
		transport = MeilisearchTransport()
	}
	m := &Meilisearch{
		log: log, http: &http.Client{Transport: transport, Timeout: meiliTimeout},
		url: strings.TrimSuffix(cfg.URL, "/"), key: cfg.Key, uid: cfg.Index, writer: make(chan struct{}, 1), abandoned: abandonedAfter,
	}
	if m.uid == "" {
		m.uid = DefaultMeilisearchIndex
	}
	m.client = meilisearch.New(m.url, meilisearch.WithAPIKey(m.key), meilisearch.WithCustomClient(m.http), meilisearch.DisableRetries())
	m.writer <- struct{}{}
	return m
}

// index is the index that searches use.
func (m *Meilisearch) index() meilisearch.IndexManager { return m.client.Index(m.uid) }

// use keeps the index open until done is called.
func (m *Meilisearch) use(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	if m.closed {
		m.mu.RUnlock()
		return nil, models.Unavailable("search index", errors.New("it is closed"))
	}
	return m.mu.RUnlock, nil
}

// write is use for one writer at a time.
func (m *Meilisearch) write(ctx context.Context) (done func(), err error) {
	release, err := m.use(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-m.writer:
		return func() { m.writer <- struct{}{}; release() }, nil
	case <-ctx.Done():
		release()
		return nil, ctx.Err()
	}
}

// Engine implements Index.
func (m *Meilisearch) Engine() string { return "meilisearch" }

// Revision implements Index.
func (m *Meilisearch) Revision(ctx context.Context) (int64, error) {
	done, err := m.use(ctx)
	if err != nil {
		return 0, fmt.Errorf("revision of search index: %w", err)
	}
	defer done()
	state, err := m.state(ctx, m.uid)
	if err != nil && !errors.Is(err, errNoIndex) {
		return 0, fmt.Errorf("revision of search index: %w", err)
	}
	return state.Revision, nil
}

// Check implements Index: an index that was deleted, or made with settings of before, must be built.
func (m *Meilisearch) Check(ctx context.Context) error {
	done, err := m.use(ctx)
	if err != nil {
		return fmt.Errorf("check search index: %w", err)
	}
	defer done()
	state, err := m.state(ctx, m.uid)
	switch {
	case errors.Is(err, errNoIndex):
		return nil // revision 0 has it built
	case err != nil:
		return fmt.Errorf("check search index: %w", err)
	case state.Layout < meiliLayout:
		return fmt.Errorf("check search index: it has layout %d, this program makes %d", state.Layout, meiliLayout)
	}
	return nil
}

// refsPage is how many keys are read at a time.
const refsPage = 1000

// EachRef implements Index.
func (m *Meilisearch) EachRef(ctx context.Context, add func(models.Ref) error) error {
	done, err := m.use(ctx)
	if err != nil {
		return fmt.Errorf("list search index: %w", err)
	}
	defer done()
	for offset := int64(0); ; offset += refsPage {
		page, err := m.fetch(ctx, &meilisearch.DocumentsQuery{
			Offset: offset, Limit: refsPage, Fields: []string{fieldID, string(FacetType)}, Filter: isDocument,
		})
		if errors.Is(err, errNoIndex) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list search index: %w", err)
		}
		for _, hit := range page {
			d, err := foundIn(hit)
			if err == nil {
				err = add(d.ref())
			}
			if err != nil {
				return fmt.Errorf("list search index: %w", err)
			}
		}
		if len(page) < refsPage {
			return nil
		}
	}
}

// Complete implements Index.
func (m *Meilisearch) Complete(ctx context.Context, text string, limit int) ([]Completion, error) {
	done, err := m.use(ctx)
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	defer done()
	s, err := m.fresh(ctx)
	if errors.Is(err, errNoIndex) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	words, err := complete(ctx, s, text, analysesOf(s.progress), limit)
	if err != nil {
		return nil, fmt.Errorf("complete %q: %w", text, err)
	}
	return words, nil
}

// markTimeout bounds the look-up of words to mark: an answer without marks is better than none.
const markTimeout = 2 * time.Second

// Highlighter implements Index. Of words that the index lacks, it marks those that Search takes for them.
func (m *Meilisearch) Highlighter(q Query) Highlighter {
	ctx, cancel := context.WithTimeout(context.Background(), markTimeout)
	defer cancel()
	asked, err := m.asked(ctx, q)
	if err != nil {
		m.warn("find words to mark", err)
		return newMarker(ask(q.Text, analysesOf(newProgress()))) // words as typed can still be marked
	}
	return newMarker(asked)
}

func (m *Meilisearch) asked(ctx context.Context, q Query) (*question, error) {
	done, err := m.use(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := m.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return understand(ctx, s, q, analysesOf(s.progress))
}

// Close implements Index. It waits for what is under way.
func (m *Meilisearch) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.http.CloseIdleConnections()
	return nil
}

// warn logs what went wrong beside the work that was asked for.
func (m *Meilisearch) warn(operation string, err error) {
	if err != nil {
		m.log.Warn(operation, "index", m.uid, "error", err)
	}
}
