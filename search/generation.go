package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// boltTimeout is how long to wait for another process to let go of an index: bleve itself would wait for ever.
const boltTimeout = time.Second

// generation is one index on disk. A rebuild makes the next one.
type generation struct {
	dir   string
	index index.Index
	users sync.WaitGroup // who uses it now: it is closed when they are done
}

// createGeneration makes an empty index with revision 0.
func createGeneration(dir string, queue *index.AnalysisQueue) (*generation, error) {
	g, err := startGeneration(dir, queue)
	if err != nil {
		return nil, err
	}
	b := index.NewBatch()
	if err := errors.Join(newProgress().writeTo(b), g.index.Batch(b)); err != nil {
		return nil, errors.Join(fmt.Errorf("create index in %s: %w", dir, err), g.discard())
	}
	return g, nil
}

// openGeneration opens an index that is there, and fails if it is damaged as far as can be told without reading it all.
func openGeneration(dir string, queue *index.AnalysisQueue) (*generation, error) {
	if _, err := os.Stat(filepath.Join(dir, "root.bolt")); err != nil {
		return nil, err
	}
	g, err := startGeneration(dir, queue)
	if err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("open index in %s: %w", dir, err), g.close())
	}
	return g, nil
}

// startGeneration makes errors of the panics with which bolt meets damaged pages.
func startGeneration(dir string, queue *index.AnalysisQueue) (g *generation, err error) {
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, fmt.Errorf("open index in %s: panic: %v", dir, r)
		}
	}()
	idx, err := scorch.NewScorch(scorch.Name, map[string]any{"path": dir, "bolt_timeout": boltTimeout.String()}, queue)
	if err != nil {
		return nil, fmt.Errorf("open index in %s: %w", dir, err)
	}
	if err := idx.Open(); err != nil {
		return nil, fmt.Errorf("open index in %s: %w", dir, err)
	}
	return &generation{dir: dir, index: idx}, nil
}

// check compares the number of documents with the index's own book. bleve drops what it can't read without an error.
func (g *generation) check() error {
	r, err := g.index.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	p, err := readProgress(r)
	if err != nil {
		return err
	}
	n, err := r.DocCount()
	if err != nil {
		return err
	}
	if int64(n) != p.documents() {
		return fmt.Errorf("%d documents where %d were written", n, p.documents())
	}
	return nil
}

// apply takes a batch. One batch at a time: the new volumes are reckoned from what the index holds.
func (g *generation) apply(b Batch) error {
	r, err := g.index.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	p, err := readProgress(r)
	if err != nil {
		return err
	}
	p.Revision = b.Revision

	changes, extents := bleveBatch(b)
	for key := range changes.IndexOps {
		old, found, err := storedExtent(r, key)
		if err != nil {
			return err
		}
		if found {
			p.remove(old)
		}
		if x, put := extents[key]; put {
			p.add(x)
		}
	}
	if err := p.writeTo(changes); err != nil {
		return err
	}
	return g.index.Batch(changes)
}

// bleveBatch analyses the documents of a batch, and gives their extents by key.
func bleveBatch(b Batch) (*index.Batch, map[string]extent) {
	changes, extents := index.NewBatch(), make(map[string]extent, len(b.Put))
	for _, ref := range b.Delete {
		changes.Delete(keyOf(ref))
	}
	for _, d := range b.Put {
		e := newEntry(d)
		changes.Update(e.doc)
		extents[e.doc.ID()] = e.extent
	}
	return changes, extents
}

// retire closes an index and removes it, once its users are done.
func (g *generation) retire() error {
	g.users.Wait()
	return g.discard()
}

func (g *generation) discard() error {
	return errors.Join(g.close(), os.RemoveAll(g.dir))
}

func (g *generation) close() error {
	return g.index.Close()
}
