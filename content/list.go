package content

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Filter is a condition on a field of the records of a list.
type Filter = store.Filter

// ListRequest asks for a part of a list: after or before a cursor, or a page by number, or else the first part.
type ListRequest struct {
	Limit   int    // how many records at most, from 1
	After   string // Place of an earlier answer
	Before  string
	Page    int      // from 1; 0 for none
	Count   bool     // tell how many records the whole list has
	Sort    string   // a name of Sorts; empty: by id
	Desc    bool     // from the last to the first
	Filters []Filter // records that pass all of them
	Body    BodySet  // forms of content, for kinds that have any
	Include Include  // related records

	// Fields are those that are wanted, nil for all, and FieldsOf those of the records that are included. Others may be
	// missing: what only they need is not read.
	Fields   map[string]bool
	FieldsOf FieldsOf
}

// Page is a part of a list.
type Page[V any] struct {
	Items    []V
	Next     *Place // where the part after this one is; nil at the end
	Prev     *Place
	Total    *int64 // of the whole list, when asked for
	Included Included
}

// Place is where a part of a list begins, as the parameter of a request says it.
type Place struct {
	Param string // after, before or page
	Value string
}

// cursor is a place in a list. It is opaque to clients; it carries which list it belongs to.
type cursor struct {
	Kind   models.Kind `json:"k"`
	Sort   string      `json:"s"`
	Filter string      `json:"f"` // a hash of the filters
	Keys   []string    `json:"v"`
}

// list is a list of one kind in one order, of which a request asks for a part.
type list struct {
	kind models.Kind
	req  ListRequest
}

// order names the order, backwards with a minus.
func (l list) order() string {
	name := l.req.Sort
	if name == "" {
		name = "id"
	}
	if l.req.Desc {
		return "-" + name
	}
	return name
}

func (l list) filters() string {
	if len(l.req.Filters) == 0 {
		return ""
	}
	var b strings.Builder
	for _, f := range l.req.Filters {
		b.WriteString(f.String() + "\n")
	}
	sum := sha256.Sum256([]byte(b.String()))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// cursor writes the place of a record.
func (l list) cursor(m *models.Meta) string {
	data, err := models.Encode(cursor{Kind: l.kind, Sort: l.order(), Filter: l.filters(), Keys: store.Keys(l.req.Sort, m)})
	if err != nil {
		panic(err) // a struct of strings
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// keys reads the place that a cursor says, nil for an empty one.
func (l list) keys(param, s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = models.Decode(data, &c)
	}
	switch {
	case err != nil || c.Kind != l.kind || len(c.Keys) == 0 || !models.ID(c.Keys[len(c.Keys)-1]).Valid():
		return nil, models.BadParameter(param, "is no cursor of this list: take it from the links of an answer")
	case c.Sort != l.order() || c.Filter != l.filters():
		return nil, models.BadParameter(param, "is a cursor of this list in another order or with other filters: take it from the links of an answer")
	}
	return c.Keys, nil
}

// query makes the statement's query: one record more than asked for tells whether there is more.
func (l list) query() (store.Query, error) {
	q := store.Query{
		Kind: l.kind, Filters: l.req.Filters, Sort: l.req.Sort, Desc: l.req.Desc, Limit: l.req.Limit + 1, Bodies: len(l.req.Body) > 0,
	}
	var err error
	if q.After, err = l.keys("after", l.req.After); err != nil {
		return q, err
	}
	if q.Before, err = l.keys("before", l.req.Before); err != nil {
		return q, err
	}
	if l.req.Page > 1 {
		q.Offset = (l.req.Page - 1) * l.req.Limit
	}
	return q, nil
}

// part cuts what was read to what was asked for, and says where the parts around it are.
func part[T any](l list, rows []T, meta func(T) *models.Meta) (_ []T, next, prev *Place) {
	more := len(rows) > l.req.Limit
	switch {
	case more && l.req.Before != "":
		rows = rows[1:]
	case more:
		rows = rows[:l.req.Limit]
	}
	if l.req.Page > 0 {
		if more {
			next = &Place{"page", strconv.Itoa(l.req.Page + 1)}
		}
		if l.req.Page > 1 {
			prev = &Place{"page", strconv.Itoa(l.req.Page - 1)}
		}
		return rows, next, prev
	}
	if len(rows) == 0 {
		return rows, nil, nil
	}
	if more || l.req.Before != "" { // the record that a cursor was made of stands, or stood, beyond
		next = &Place{"after", l.cursor(meta(rows[len(rows)-1]))}
	}
	if more && l.req.Before != "" || l.req.After != "" {
		prev = &Place{"before", l.cursor(meta(rows[0]))}
	}
	return rows, next, prev
}

// page reads a part of a list and makes its views.
func page[R models.Record, V any](ctx context.Context, s *Service, kind models.Kind, req ListRequest, views maker[R, V]) (Page[V], error) {
	return pageOf(ctx, s, list{kind, req}, func(tx *store.Tx, q store.Query) ([]R, error) {
		rs, err := req.wish(kind).side(tx).List(q)
		return typed[R](rs), err
	}, R.Base, views)
}

func pageOf[T, V any](
	ctx context.Context, s *Service, l list, read func(*store.Tx, store.Query) ([]T, error), meta func(T) *models.Meta,
	views maker[T, V],
) (Page[V], error) {
	p := Page[V]{Items: []V{}}
	q, err := l.query()
	if err != nil {
		return p, err
	}
	err = s.view(ctx, func(tx *store.Tx) error {
		rows, err := read(tx, q)
		if err != nil {
			return err
		}
		rows, p.Next, p.Prev = part(l, rows, meta)
		vs, err := views(tx, rows, l.req.wish(l.kind))
		if err != nil {
			return err
		}
		if len(vs) > 0 {
			p.Items = vs
		}
		if l.req.Count {
			n, err := tx.Live.Count(q)
			if err != nil {
				return err
			}
			p.Total = &n
		}
		p.Included, err = related(tx, l.kind, p.Items, l.req.Include, l.req.FieldsOf)
		return err
	})
	return p, err
}
