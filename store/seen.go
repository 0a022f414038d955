package store

import (
	"sync"

	"github.com/lectern-cms/lectern/models"
)

// How much is remembered of live content at one revision: some ten megabytes of each at most. What is read when they are full
// takes the place of all that was.
const (
	maxSeenNames  = 10_000
	maxSeenPlaces = 50_000 // of records in the order below their owners
)

// seen is what has been read of live content at one revision, in which it never changes: what references say, where modules are, and
// the order of records below their owners. The records of an answer share modules, courses and sources, and so do the answers of a course. It
// is safe for concurrent use.
type seen struct {
	of newest

	mu      sync.RWMutex                // the maps are made when there is something to remember
	names   map[models.ID]models.Record // which nobody changes
	modules map[string]models.ID        // by their path: the slugs of course and module with a slash between them
	orders  map[ownerOf]*Order
	places  int // how many records those have
}

// ownerOf is a record as the owner of records of a kind.
type ownerOf struct {
	kind models.Kind
	id   models.ID
}

// known appends the names that are known to some, and lists the references that are not. A nil seen knows none: that of a
// transaction that may write.
func (s *seen) known(some []models.Record, wanted map[models.Kind][]models.ID) (names []models.Record, unknown []models.Ref) {
	if s != nil {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	for _, kind := range models.StoredKinds() {
		for _, id := range wanted[kind] {
			if s != nil {
				if r := s.names[id]; r != nil && r.Kind() == kind {
					some = append(some, r)
					continue
				}
			}
			unknown = append(unknown, models.Ref{Type: kind, ID: id})
		}
	}
	return some, unknown
}

// keep remembers names.
func (s *seen) keep(names []models.Record) {
	if s == nil || len(names) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names == nil || len(s.names)+len(names) > maxSeenNames {
		s.names = map[models.ID]models.Record{}
	}
	for _, r := range names[:min(len(names), maxSeenNames)] {
		s.names[r.Base().ID] = r
	}
}

// moduleAt gives the module at a path, "" when it is not known.
func (s *seen) moduleAt(path string) models.ID {
	if s == nil {
		return ""
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.modules[path]
}

// keepModule remembers where a module is.
func (s *seen) keepModule(path string, id models.ID) {
	if s == nil || s.moduleAt(path) != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.modules == nil || len(s.modules) >= maxSeenNames {
		s.modules = map[string]models.ID{}
	}
	s.modules[path] = id
}

// knownOrders gives the orders that are known of records of a kind below some owners, and lists those of which none is.
func (s *seen) knownOrders(kind models.Kind, owners []models.ID) (orders map[models.ID]*Order, unknown []models.ID) {
	orders = make(map[models.ID]*Order, len(owners))
	if s == nil {
		return orders, owners
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, owner := range owners {
		if order := s.orders[ownerOf{kind, owner}]; order != nil {
			orders[owner] = order
		} else {
			unknown = append(unknown, owner)
		}
	}
	return orders, unknown
}

// keepOrders remembers the order of records of a kind below their owners.
func (s *seen) keepOrders(kind models.Kind, orders map[models.ID]*Order) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for owner, order := range orders {
		size := max(1, len(order.IDs))
		if s.orders == nil || s.places+size > maxSeenPlaces {
			s.orders, s.places = map[ownerOf]*Order{}, 0
		}
		if key := (ownerOf{kind, owner}); size <= maxSeenPlaces && s.orders[key] == nil {
			s.orders[key] = order
			s.places += size
		}
	}
}

// recent is what is remembered of the newest revision that a transaction saw.
type recent struct {
	mu   sync.Mutex
	seen *seen
}

// of gives what is remembered of a revision of a SQLite database, nil for another one. The file is held open and is written by nobody
// else: another database comes in its place with a restart only.
func (r *recent) of(revision int64) *seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil || r.seen.of.revision != revision {
		return nil
	}
	return r.seen
}

// at gives what is remembered of a moment of the content. An earlier one than the newest, of a transaction that began before a
// publish, has its own, and so has each transaction of a database in which nothing was ever published. A later moment with no
// higher revision is that of another database, which was put in the place of the one that was known.
func (r *recent) at(now newest) *seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.seen
	switch {
	case now.revision == 0:
		return &seen{of: now}
	case known == nil || now.revision > known.of.revision || now.at.Time.After(known.of.at.Time):
		r.seen = &seen{of: now}
		return r.seen
	case now.revision == known.of.revision && now.at.Time.Equal(known.of.at.Time):
		return known
	}
	return &seen{of: now}
}
