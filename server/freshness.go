package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// watchEvery is how soon the server sees what another process has published. Answers may be late by this and the time
	// of one read, which is to stay well under a second.
	watchEvery = 250 * time.Millisecond

	// watchTimeout bounds one look at the database.
	watchTimeout = 2 * time.Second
)

// contentState is a state of live content. Two states of the same revision are two states: the database may have been put
// back to an earlier one.
type contentState struct {
	revision int64
	number   uint64 // counts the states
}

// freshness knows the newest state of live content: what this process publishes is told to it before the publish is
// answered, what others publish is seen by a watch and by the reads themselves.
type freshness struct {
	mu  sync.Mutex
	now atomic.Pointer[contentState] // nil until something is known
}

// advance notes that a revision has been committed, and tells whether it is a newer one.
func (f *freshness) advance(revision int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now.Load(); now != nil && revision <= now.revision {
		return false
	}
	f.set(revision)
	return true
}

// watched notes the revision that a look at the database has found, which began when before was the newest state, and
// tells whether that is another one. A revision before that one can't be: another database was put in its place.
func (f *freshness) watched(before *contentState, revision int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now.Load()
	if now != nil && (revision == now.revision || revision < now.revision && now != before) {
		return false
	}
	f.set(revision)
	return true
}

func (f *freshness) set(revision int64) {
	next := &contentState{revision: revision}
	if now := f.now.Load(); now != nil {
		next.number = now.number + 1
	}
	f.now.Store(next)
}

// watch looks for what other processes have published until the server stops.
func (s *Server) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	failing := false
	for {
		err := s.look()
		if err != nil && !failing {
			s.Log.Warn("the server can't see what others publish; it looks again", "error", err)
		}
		failing = err != nil
		select {
		case <-tick.C:
		case <-s.bell.stopped:
			return
		}
	}
}

func (s *Server) look() error {
	ctx, cancel := context.WithTimeout(context.Background(), watchTimeout)
	defer cancel()
	before := s.fresh.now.Load()
	revision, err := s.Content.ContentRevision(ctx)
	if err == nil && s.fresh.watched(before, revision) {
		s.bell.ring()
	}
	return err
}
