package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Order is the reading order of the live sections of a module: where they stand, and nothing of what they say.
type Order struct {
	Sections []models.ID
	places   map[models.ID]place
}

type place struct {
	at, position int
	parent       *models.ID
}

// Near gives the section some places away from one in reading order, false beyond the ends and for one that is not there.
func (o *Order) Near(id models.ID, by int) (models.ID, bool) {
	p, ok := o.places[id]
	if at := p.at + by; ok && at >= 0 && at < len(o.Sections) {
		return o.Sections[at], true
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

// Orders reads the reading order of modules, in one statement. A module without live sections has an empty one.
func (s *Side) Orders(modules []models.ID) (map[models.ID]*Order, error) {
	orders, unknown := s.seen.knownOrders(modules)
	read, err := s.orders(unknown)
	if err != nil {
		return nil, fmt.Errorf("order of modules: %w", err)
	}
	s.seen.keepOrders(read)
	for module, order := range read {
		orders[module] = order
	}
	return orders, nil
}

// orders has the database give one row a module: nearly every read of a section needs this, whose module may have hundreds.
func (s *Side) orders(modules []models.ID) (_ map[models.ID]*Order, err error) {
	out := make(map[models.ID]*Order, len(modules))
	if len(modules) == 0 {
		return out, nil
	}
	for _, module := range modules {
		out[module] = &Order{}
	}
	rows, err := s.byKey("SELECT module_id, string_agg(position || ' ' || id || ' ' || COALESCE(parent_id, ''), ',')"+
		" FROM live_sections WHERE module_id IN ? GROUP BY module_id", padded(modules))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var module models.ID
		var list string
		if err := rows.Scan(&module, &list); err != nil {
			return nil, err
		}
		if out[module], err = readOrder(list); err != nil {
			return nil, fmt.Errorf("%s: %w", module, err)
		}
	}
	return out, rows.Err()
}

// readOrder reads the places of sections, with commas between them: position, id and, if it has one, the parent's id, with
// spaces between them.
func readOrder(list string) (*Order, error) {
	o := &Order{places: map[models.ID]place{}}
	parents := map[models.ID]*models.ID{}
	for written := range strings.SplitSeq(list, ",") {
		position, rest, _ := strings.Cut(written, " ")
		id, parent, ok := strings.Cut(rest, " ")
		n, err := strconv.Atoi(position)
		if err != nil || !ok {
			return nil, fmt.Errorf("%q is no place of a section", written)
		}
		p := place{position: n}
		if parent != "" {
			p.parent = (*models.ID)(&parent)
		}
		o.places[models.ID(id)], parents[models.ID(id)] = p, p.parent
		o.Sections = append(o.Sections, models.ID(id))
	}
	slices.SortFunc(o.Sections, func(a, b models.ID) int {
		return cmp.Or(o.places[a].position-o.places[b].position, strings.Compare(string(a), string(b)))
	})
	o.Sections = models.ReadingOrder(o.Sections, parents)
	for i, id := range o.Sections {
		p := o.places[id]
		p.at = i
		o.places[id] = p
	}
	return o, nil
}

// Below lists the live modules of courses, or the worksheets of modules, in order, in one statement.
func (s *Side) Below(kind models.Kind, owners []models.ID) (map[models.ID][]models.ID, error) {
	below, unknown := s.seen.knownBelow(kind, owners)
	if len(unknown) == 0 {
		return below, nil
	}
	if err := s.readBelow(kind, unknown, below); err != nil {
		return nil, fmt.Errorf("%s of their owners: %w", kind.Plural(), err)
	}
	s.seen.keepBelow(kind, unknown, below)
	return below, nil
}

func (s *Side) readBelow(kind models.Kind, owners []models.ID, into map[models.ID][]models.ID) (err error) {
	owner := ownerColumn(kind)
	rows, err := s.byKey("SELECT "+owner+", id FROM "+s.tableOf(kind)+" WHERE "+owner+" IN ? ORDER BY "+owner+", position, id", padded(owners))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var above, id models.ID
		if err := rows.Scan(&above, &id); err != nil {
			return err
		}
		into[above] = append(into[above], id)
	}
	return rows.Err()
}
