package search

import (
	"encoding/json"
	"errors"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

// progressKey is where an index keeps its progress.
const progressKey = "lectern"

// progress is what an index knows of itself. It is written in the same batch as the documents that it speaks of.
type progress struct {
	Revision int64             `json:"revision"`
	Volumes  map[string]volume `json:"volumes"` // by analysis
}

// volume is how much text of one analysis there is. BM25 needs the average length, which bleve does not count.
type volume struct {
	Documents int64 `json:"documents"`
	Words     int64 `json:"words"`
}

func newProgress() progress {
	return progress{Volumes: make(map[string]volume)}
}

func (p progress) add(x extent) {
	v := p.Volumes[x.analysis]
	p.Volumes[x.analysis] = volume{Documents: v.Documents + 1, Words: v.Words + int64(x.length)}
}

func (p progress) remove(x extent) {
	v := p.Volumes[x.analysis]
	p.Volumes[x.analysis] = volume{Documents: v.Documents - 1, Words: v.Words - int64(x.length)}
}

// documents is how many there must be in the index.
func (p progress) documents() int64 {
	var n int64
	for _, v := range p.Volumes {
		n += v.Documents
	}
	return n
}

// averageLength is never 0, so that it can be divided by.
func (v volume) averageLength() float64 {
	if v.Words <= 0 || v.Documents <= 0 {
		return 1
	}
	return float64(v.Words) / float64(v.Documents)
}

func (p progress) writeTo(b *index.Batch) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write progress: %w", err)
	}
	b.SetInternal([]byte(progressKey), data)
	return nil
}

func readProgress(r index.IndexReader) (progress, error) {
	p := newProgress()
	data, err := r.GetInternal([]byte(progressKey))
	if err != nil {
		return p, fmt.Errorf("read progress: %w", err)
	}
	if data == nil {
		return p, errors.New("read progress: the index has none")
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("read progress: %w", err)
	}
	return p, nil
}
