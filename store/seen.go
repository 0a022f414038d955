package store

import (
	"slices"
	"sync"

	"github.com/lectern-cms/lectern/models"
)

// How much is remembered of live content at one revision: some ten megabytes of each at most. What is read when they are full
// takes the place of all that was.
const (
	maxSeenNames  = 10_000
	maxSeenPlaces = 50_000 // of sections in the order of their modules, of modules in courses and of worksheets in modules
)

// seen is what has been read of live content at one revision, in which it never changes: what references say, the order of
// modules, and what stands below courses and modules. The records of an answer share modules, courses and sources, and so do the answers of a course. It is safe for
// concurrent use.
type seen struct {
	of newest

	mu     sync.RWMutex
	names  map[models.Ref]models.Record // which nobody changes
	orders map[models.ID]*Order         // of modules
	below  map[ownerOf][]models.ID      // see Below
	places int                          // how many records those have
}

// ownerOf is a record as the owner of records of a kind.
type ownerOf struct {
	kind models.Kind
	id   models.ID
}

func newSeen(of newest) *seen {
	return &seen{of: of, names: map[models.Ref]models.Record{}, orders: map[models.ID]*Order{}, below: map[ownerOf][]models.ID{}}
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
			ref := models.Ref{Type: kind, ID: id}
			if s != nil && s.names[ref] != nil {
				some = append(some, s.names[ref])
				continue
			}
			unknown = append(unknown, ref)
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
	if len(s.names)+len(names) > maxSeenNames {
		clear(s.names)
	}
	for _, r := range names[:min(len(names), maxSeenNames)] {
		s.names[models.Ref{Type: r.Kind(), ID: r.Base().ID}] = r
	}
}

// knownOrders gives the orders that are known of some modules, and lists those of which none is.
func (s *seen) knownOrders(modules []models.ID) (orders map[models.ID]*Order, unknown []models.ID) {
	orders = make(map[models.ID]*Order, len(modules))
	if s == nil {
		return orders, modules
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, module := range modules {
		if order := s.orders[module]; order != nil {
			orders[module] = order
		} else {
			unknown = append(unknown, module)
		}
	}
	return orders, unknown
}

// keepOrders remembers the order of modules.
func (s *seen) keepOrders(orders map[models.ID]*Order) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for module, order := range orders {
		if s.orders[module] == nil && s.room(len(order.Sections)) {
			s.orders[module] = order
		}
	}
}

// room makes room for the order of some records, if there can be any.
func (s *seen) room(records int) bool {
	size := max(1, records)
	if size > maxSeenPlaces {
		return false
	}
	if s.places+size > maxSeenPlaces {
		clear(s.orders)
		clear(s.below)
		s.places = 0
	}
	s.places += size
	return true
}

// knownBelow gives what is known to stand below some owners, and lists those of which nothing is.
func (s *seen) knownBelow(kind models.Kind, owners []models.ID) (below map[models.ID][]models.ID, unknown []models.ID) {
	below = make(map[models.ID][]models.ID, len(owners))
	if s == nil {
		return below, owners
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, owner := range owners {
		if ids, ok := s.below[ownerOf{kind, owner}]; ok {
			below[owner] = ids
		} else {
			unknown = append(unknown, owner)
		}
	}
	return below, unknown
}

// keepBelow remembers what stands below owners, nothing below some.
func (s *seen) keepBelow(kind models.Kind, owners []models.ID, below map[models.ID][]models.ID) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, owner := range owners {
		key := ownerOf{kind, owner}
		if _, known := s.below[key]; !known && s.room(len(below[owner])) {
			s.below[key] = slices.Clip(below[owner])
		}
	}
}

// recent is what is remembered of the newest revision that a transaction saw.
type recent struct {
	mu   sync.Mutex
	seen *seen
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
		return newSeen(now)
	case known == nil || now.revision > known.of.revision || now.at.Time.After(known.of.at.Time):
		r.seen = newSeen(now)
		return r.seen
	case now.revision == known.of.revision && now.at.Time.Equal(known.of.at.Time):
		return known
	}
	return newSeen(now)
}
