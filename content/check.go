package content

import (
	"context"
	"fmt"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Check looks for live records that can't be served as they should: without an owner, below a section that is not in their
// module, with a draft that does not know of them, or breaking rules. It gives a line for each.
func (s *Service) Check(ctx context.Context) ([]string, error) {
	var problems []string
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for _, kind := range models.StoredKinds() {
			found, err := checkKind(tx, kind)
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
		return nil
	})
	return problems, err
}

func checkKind(tx *store.Tx, kind models.Kind) ([]string, error) {
	var problems []string
	q := store.Query{Kind: kind, Bodies: true, Limit: documentsAtOnce}
	for {
		rs, err := tx.Live.List(q)
		if err != nil || len(rs) == 0 {
			return problems, err
		}
		for _, r := range rs {
			found, err := checkRecord(tx, r)
			if err != nil {
				return nil, err
			}
			problems = append(problems, found...)
		}
		q.After = []string{string(rs[len(rs)-1].Base().ID)}
	}
}

func checkRecord(tx *store.Tx, r models.Record) ([]string, error) {
	var problems []string
	add := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf("live %s %q: ", r.Kind(), r.Label())+fmt.Sprintf(format, args...))
	}
	if err := models.Validate(r); err != nil {
		add("%v", err)
	}
	draft, err := tx.Draft.Record(r.Kind(), r.Base().ID)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		add("has no draft")
	case err != nil:
		return nil, err
	case draft.Base().LiveVersion == nil:
		add("its draft does not know that it is live")
	}
	if owner := courseOrModule(r); owner != nil {
		if _, err := tx.Live.Record(owner.Type, owner.ID); models.KindOf(err) == models.KindNotFound {
			add("its %s is not live", owner.Type)
		} else if err != nil {
			return nil, err
		}
	}
	if s, ok := r.(*models.Section); ok && s.ParentID != nil {
		above, err := tx.Live.List(store.Query{Kind: models.KindSection, Module: s.ModuleID, IDs: []models.ID{*s.ParentID}})
		if err != nil {
			return nil, err
		}
		if len(above) == 0 {
			add("the section above it is not live in its module")
		}
	}
	return problems, nil
}

// FindDraft finds the draft that a path of slugs names: course, module, section.
func (s *Service) FindDraft(ctx context.Context, slugs []string) (models.Ref, error) {
	records := []models.Record{&models.Course{}, &models.Module{}, &models.Section{}}
	if len(slugs) > len(records) {
		return models.Ref{}, models.Malformed(fmt.Sprintf("%q has more parts than course, module and section", slugs), nil)
	}
	var ref models.Ref
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for i, slug := range slugs {
			if err := tx.Draft.BySlug(records[i], ref.ID, slug); err != nil {
				return err
			}
			ref = refOf(records[i])
		}
		return nil
	})
	return ref, err
}
