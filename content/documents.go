package content

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

var _ search.Source = (*Service)(nil)

// documentsAtOnce bounds the records that are read together, and so the memory of a rebuild.
const documentsAtOnce = 200

// ContentRevision is the revision of the newest publish.
func (s *Service) ContentRevision(ctx context.Context) (int64, error) {
	return s.store.ContentRevision(ctx)
}

// Changes reads the change log after a revision.
func (s *Service) Changes(ctx context.Context, after int64, limit int) (changes []models.Change, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		changes, err = tx.Changes(after, limit)
		return err
	})
	return changes, err
}

// Change is a line of the change log as the content API serves it.
type Change struct {
	Revision int64       `json:"revision"` // of the publish that it belongs to
	Type     models.Kind `json:"type"`
	ID       models.ID   `json:"id"`
	Op       models.Op   `json:"op"` // publish or unpublish
	At       time.Time   `json:"at"`
	Href     string      `json:"href"`
}

// ChangesSince reads what was published and withdrawn after a revision, whole revisions only, and the newest revision;
// with limit 0 that alone.
// A record that changed several times is there several times.
func (s *Service) ChangesSince(ctx context.Context, revision int64, limit int) (changes []Change, newest int64, err error) {
	changes = []Change{}
	err = s.view(ctx, func(tx *store.Tx) error {
		if newest, err = tx.Revision(); err != nil {
			return err
		}
		if limit == 0 {
			return nil
		}
		rows, err := tx.Changes(revision, limit)
		for _, c := range rows {
			changes = append(changes, Change{c.Revision, c.Kind, c.ID, c.Op, c.At, models.Href(c.Kind, c.ID)})
		}
		return err
	})
	return changes, newest, err
}

// Documents reads what an index keeps of records as they are now.
func (s *Service) Documents(ctx context.Context, refs []models.Ref) ([]search.Document, error) {
	var out []search.Document
	err := s.store.View(ctx, func(tx *store.Tx) error {
		byKind, err := searched(tx, refs)
		if err != nil {
			return err
		}
		for _, kind := range search.Kinds() {
			for start := 0; start < len(byKind[kind]); start += documentsAtOnce {
				ids := byKind[kind][start:min(start+documentsAtOnce, len(byKind[kind]))]
				docs, err := documents(tx, store.Query{Kind: kind, IDs: ids, Bodies: true})
				if err != nil {
					return err
				}
				out = append(out, docs...)
			}
		}
		return nil
	})
	return out, err
}

// searched groups by kind the references to the records whose documents the changes of records change.
func searched(tx *store.Tx, refs []models.Ref) (map[models.Kind][]models.ID, error) {
	seen := map[models.Ref]bool{}
	out := map[models.Kind][]models.ID{}
	add := func(ref models.Ref) {
		if !seen[ref.Key()] {
			seen[ref.Key()] = true
			out[ref.Type] = append(out[ref.Type], ref.ID)
		}
	}
	for _, ref := range refs {
		affected, err := affectedBy(tx, ref)
		if err != nil {
			return nil, err
		}
		for _, r := range affected {
			add(r)
		}
	}
	return out, nil
}

// affectedBy lists the records whose documents a change of one record changes: the sections that show a fragment or a
// worksheet or cite a source, what is in a module, whose subjects and license it has, and all that is in a course, whose language says how
// it is read.
func affectedBy(tx *store.Tx, ref models.Ref) ([]models.Ref, error) {
	switch ref.Type {
	case models.KindFragment:
		return tx.Live.Uses(ref.ID)
	case models.KindSource, models.KindWorksheet:
		uses, err := tx.Live.Uses(ref.ID)
		return append(uses, ref), err
	case models.KindModule:
		within, err := listRefs(tx, store.Query{Kind: models.KindSection, Module: ref.ID}, store.Query{Kind: models.KindWorksheet, Module: ref.ID})
		return append(within, ref), err
	case models.KindCourse:
		return inCourse(tx, ref.ID)
	}
	return []models.Ref{ref}, nil
}

func listRefs(tx *store.Tx, queries ...store.Query) ([]models.Ref, error) {
	var out []models.Ref
	for _, q := range queries {
		rs, err := tx.Live.List(q)
		if err != nil {
			return nil, err
		}
		out = append(out, refsOf(rs)...)
	}
	return out, nil
}

// inCourse lists the live records of a course that can be found.
func inCourse(tx *store.Tx, course models.ID) ([]models.Ref, error) {
	queries := []store.Query{{Kind: models.KindSection, Course: course}, {Kind: models.KindSource, Course: course}, {Kind: models.KindAsset, Course: course}}
	modules, err := tx.Live.List(store.Query{Kind: models.KindModule, Course: course})
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		queries = append(queries, store.Query{Kind: models.KindWorksheet, Module: m.Base().ID})
	}
	within, err := listRefs(tx, queries...)
	return append(refsOf(modules), within...), err
}

// EachDocument gives the documents of all live records as they are at one moment.
func (s *Service) EachDocument(ctx context.Context, add func(search.Document) error) (revision int64, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if revision, err = tx.Revision(); err != nil {
			return err
		}
		for _, kind := range search.Kinds() {
			if err := eachOf(tx, kind, add); err != nil {
				return err
			}
		}
		return nil
	})
	return revision, err
}

func eachOf(tx *store.Tx, kind models.Kind, add func(search.Document) error) error {
	q := store.Query{Kind: kind, Bodies: true, Limit: documentsAtOnce}
	for {
		docs, err := documents(tx, q)
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, d := range docs {
			if err := add(d); err != nil {
				return err
			}
		}
		q.After = []string{string(docs[len(docs)-1].Ref.ID)}
	}
}

// EachRef gives the keys of all documents that an index should have.
func (s *Service) EachRef(ctx context.Context, add func(models.Ref) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		for _, kind := range search.Kinds() {
			err := tx.Live.EachID(store.Query{Kind: kind}, func(id models.ID) error { return add(models.Ref{Type: kind, ID: id}) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// documents makes the documents of a query's records. Their number, and so where the next ones begin, is that of the
// records.
func documents(tx *store.Tx, q store.Query) ([]search.Document, error) {
	rs, err := tx.Live.List(q)
	if err != nil || len(rs) == 0 {
		return nil, err
	}
	l := newLookup(tx)
	l.bodies, l.facts = true, true
	for _, r := range rs {
		l.want(*courseOrModule(r))
		for _, at := range models.Refs(r) {
			l.want(**at)
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	for _, r := range l.found {
		if m, ok := r.(*models.Module); ok {
			l.want(*m.Owner())
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	docs := make([]search.Document, len(rs))
	for i, r := range rs {
		docs[i] = document(r, l)
	}
	return docs, nil
}
