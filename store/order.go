package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Order is the order of the live records of a kind below their owner: where they stand, and nothing of what they say. Sections are
// in reading order.
type Order struct {
	IDs    []models.ID
	places map[models.ID]place
}

type place struct {
	at, position int
	parent       *models.ID
}

// Near gives the record some places away from one in their order, false beyond the ends and for one that is not there.
func (o *Order) Near(id models.ID, by int) (models.ID, bool) {
	p, ok := o.places[id]
	if at := p.at + by; ok && at >= 0 && at < len(o.IDs) {
		return o.IDs[at], true
	}
	return "", false
}

// Above lists the live sections above one, outermost first.
func (o *Order) Above(id models.ID) (out []models.ID) {
	for parent := o.places[id].parent; parent != nil; {
		p, ok := o.places[*parent]
		if !ok || *parent == id || slices.Contains(out, *parent) { // never in a circle
			break
		}
		out = append(out, *parent)
		parent = p.parent
	}
	slices.Reverse(out)
	return out
}

// Orders reads the order of the live records of a kind below their owners, in one statement: of sections or worksheets in modules,
// or of modules in courses. An owner of none has an empty one.
func (s *Side) Orders(kind models.Kind, owners []models.ID) (map[models.ID]*Order, error) {
	orders, unknown := s.seen.knownOrders(kind, owners)
	read, err := s.orders(kind, unknown)
	if err != nil {
		return nil, fmt.Errorf("order of %s: %w", kind.Plural(), err)
	}
	s.seen.keepOrders(kind, read)
	maps.Copy(orders, read)
	return orders, nil
}

// orders has the database give one row an owner: nearly every read of a section needs this, whose module may have hundreds.
func (s *Side) orders(kind models.Kind, owners []models.ID) (map[models.ID]*Order, error) {
	out := make(map[models.ID]*Order, len(owners))
	if len(owners) == 0 {
		return out, nil
	}
	for _, owner := range owners {
		out[owner] = &Order{}
	}
	parent := "''"
	if kind == models.KindSection {
		parent = "COALESCE(parent_id, '')"
	}
	column := ownerColumn(kind)
	rows, err := s.byKey("SELECT "+column+", string_agg(position || ' ' || id || ' ' || "+parent+", ',')"+
		" FROM "+s.tableOf(kind)+" WHERE "+column+" IN ? GROUP BY "+column, padded(owners))
	var owner models.ID
	var list string
	err = eachRow(rows, err, func() (err error) {
		if out[owner], err = readOrder(list); err != nil {
			return fmt.Errorf("%s: %w", owner, err)
		}
		return nil
	}, &owner, &list)
	return out, err
}

// readOrder reads the places of records, with commas between them: position, id and, if it has one, the parent's id, with
// spaces between them.
func readOrder(list string) (*Order, error) {
	o := &Order{places: map[models.ID]place{}}
	parents := map[models.ID]*models.ID{}
	for written := range strings.SplitSeq(list, ",") {
		position, rest, _ := strings.Cut(written, " ")
		id, parent, ok := strings.Cut(rest, " ")
		n, err := strconv.Atoi(position)
		if err != nil || !ok {
			return nil, fmt.Errorf("%q is no place of a record", written)
		}
		p := place{position: n}
		if parent != "" {
			p.parent = (*models.ID)(&parent)
		}
		o.places[models.ID(id)], parents[models.ID(id)] = p, p.parent
		o.IDs = append(o.IDs, models.ID(id))
	}
	slices.SortFunc(o.IDs, func(a, b models.ID) int {
		return cmp.Or(o.places[a].position-o.places[b].position, strings.Compare(string(a), string(b)))
	})
	o.IDs = models.ReadingOrder(o.IDs, parents)
	for i, id := range o.IDs {
		p := o.places[id]
		p.at = i
		o.places[id] = p
	}
	return o, nil
}
