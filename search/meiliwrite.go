package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/lectern-cms/lectern/models"
)

// state reads what an index knows of itself. It fails with errNoIndex when nothing was ever written to it.
func (m *Meilisearch) state(ctx context.Context, uid string) (meiliState, error) {
	var s meiliState
	err := m.client.Index(uid).GetDocumentWithContext(ctx, stateKey, nil, &s)
	return s, explain(ctx, err)
}

// Apply implements Index. Documents, what is deleted and the new state go to Meilisearch as one task, which it does
// wholly or not at all. What is deleted is first replaced by an empty document that says so, and then removed: should
// something come in between, nothing is found that should not be.
func (m *Meilisearch) Apply(ctx context.Context, b Batch) error {
	done, err := m.write(ctx)
	if err != nil {
		return fmt.Errorf("apply to search index: %w", err)
	}
	defer done()
	if err := m.apply(ctx, b); err != nil {
		return fmt.Errorf("apply to search index: %w", err)
	}
	return nil
}

func (m *Meilisearch) apply(ctx context.Context, b Batch) error {
	state, err := m.state(ctx, m.uid)
	switch {
	case errors.Is(err, errNoIndex):
		if err := m.ready(ctx, m.uid); err != nil {
			return err
		}
	case err != nil:
		return err
	case state.Layout < meiliLayout:
		return fmt.Errorf("the index has layout %d and must be built anew", state.Layout)
	}
	docs, gone := meiliBatch(b)
	if err := m.put(ctx, m.uid, docs); err != nil {
		return err
	}
	if gone {
		info, err := m.index().DeleteDocumentsByFilterWithContext(ctx, isGone, nil)
		m.warn("remove deleted documents from the search index", m.await(ctx, info, err))
	}
	return nil
}

// ready makes sure that an index has its settings.
func (m *Meilisearch) ready(ctx context.Context, uid string) error {
	err := m.makeIndex(ctx, uid)
	if isTaken(err) { // somebody died in the midst, or is at it just now
		return m.configure(ctx, uid)
	}
	return err
}

// put writes documents durably.
func (m *Meilisearch) put(ctx context.Context, uid string, docs []any) error {
	info, err := m.client.Index(uid).AddDocumentsWithContext(ctx, docs, nil)
	return m.await(ctx, info, err)
}

// meiliBatch gives the documents of a batch, and tells whether any is gone.
func meiliBatch(b Batch) (docs []any, gone bool) {
	places := make(map[string]int)
	add := func(key string, doc any) {
		if i, there := places[key]; there {
			docs[i] = doc
			return
		}
		places[key] = len(docs)
		docs = append(docs, doc)
	}
	for _, ref := range b.Delete {
		add(meiliKey(ref), map[string]any{fieldKey: meiliKey(ref), fieldGone: true})
	}
	for _, d := range b.Put {
		add(meiliKey(d.Ref), meiliDocument(d))
	}
	add(stateKey, meiliState{Key: stateKey, Revision: b.Revision, Layout: meiliLayout})
	return docs, len(b.Delete) > 0
}

// nextSuffix ends the name of an index that is being built.
const nextSuffix = "-next"

// abandonedAfter is how long nothing may have been written to an index that is being built until whoever built it counts
// as dead.
const abandonedAfter = 2 * time.Minute

// Rebuild implements Index. Documents go into an index of their own, which takes the place of the old one in a moment.
// It fails with models.KindUnavailable while another server builds one.
func (m *Meilisearch) Rebuild(ctx context.Context, revision int64, fill func(add func(Document) error) error) error {
	done, err := m.write(ctx)
	if err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	defer done()
	if err := m.rebuild(ctx, revision, fill); err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	m.forget()
	return nil
}

func (m *Meilisearch) rebuild(ctx context.Context, revision int64, fill func(add func(Document) error) error) error {
	next := m.uid + nextSuffix
	if err := m.begin(ctx, next); err != nil {
		return err
	}
	swapped := false
	defer func() { // deferred, as fill may panic
		if !swapped {
			m.remove(ctx, next)
		}
	}()
	f := filler{ctx: ctx, apply: func(b Batch) error {
		docs, _ := meiliBatch(b)
		return m.put(ctx, next, docs)
	}}
	if err := f.run(revision, fill); err != nil {
		return err
	}
	if _, err := m.state(ctx, m.uid); errors.Is(err, errNoIndex) { // two are needed for a swap
		if err := m.ready(ctx, m.uid); err != nil {
			return err
		}
	}
	info, err := m.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{m.uid, next}}})
	if err := m.await(ctx, info, err); err != nil {
		return err
	}
	swapped = true
	m.remove(ctx, next)
	return nil
}

// begin makes the index to build. That there can be only one of a name keeps two servers from building.
func (m *Meilisearch) begin(ctx context.Context, next string) error {
	err := m.makeIndex(ctx, next)
	if !isTaken(err) {
		return err
	}
	info, asking := m.client.Index(next).FetchInfoWithContext(ctx)
	if asking := explain(ctx, asking); asking != nil && !errors.Is(asking, errNoIndex) {
		return asking
	}
	if taken, ok := errors.AsType[*taskError](err); ok && info != nil && taken.at.Sub(info.UpdatedAt) < m.abandoned {
		return models.Unavailable("search index", fmt.Errorf("another server builds it: %s was written to at %s", next, info.UpdatedAt.Format(time.RFC3339)))
	}
	m.log.Warn("an unfinished search index is removed", "index", next)
	m.remove(ctx, next)
	return m.makeIndex(ctx, next)
}

// removeTimeout bounds the removal of an index, which goes on when a rebuild was told to end.
const removeTimeout = 10 * time.Second

func (m *Meilisearch) remove(ctx context.Context, uid string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	info, err := m.client.DeleteIndexWithContext(ctx, uid)
	m.warn("remove search index "+uid, m.await(ctx, info, err))
}

// stateIn reads the answer to askState.
func stateIn(answer meiliAnswer) (s meiliState, err error) {
	if len(answer.hits) == 0 {
		return s, unbuilt(errNoIndex)
	}
	if err := json.Unmarshal(answer.hits[0].member("revision"), &s.Revision); err != nil {
		return s, fmt.Errorf("read the state of the search index: %w", err)
	}
	return s, nil
}

// unbuilt makes an index that is not there yet one that is not available yet.
func unbuilt(err error) error {
	if errors.Is(err, errNoIndex) {
		return models.Unavailable("search index", err)
	}
	return err
}
