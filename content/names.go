package content

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// maxNumber is the highest number that is put behind a name which others have already.
const maxNumber = 5000

// name is what no sibling of a record may have, too: a slug, or the key of a source.
type name struct {
	member string
	at     *string
	find   func(string) error // fails with NotFound when nobody has it, as editors or readers see them
}

// nameOf finds the name of a record, nil for kinds without one.
func (w *work) nameOf(r models.Record) (*name, error) {
	if source, ok := r.(*models.Source); ok {
		keys, err := w.keysIn(source.CourseID)
		return &name{"key", &source.Key, func(key string) error {
			if keys[key] {
				return nil
			}
			return models.NotFound(models.KindSource, key)
		}}, err
	}
	slug := slugOf(r)
	if slug == nil {
		return nil, nil
	}
	return &name{"slug", slug, func(slug string) error {
		err := w.tx.Draft.BySlug(models.NewRecord(r.Kind()), slugOwner(r), slug)
		if models.KindOf(err) == models.KindNotFound { // what is live under it would keep the record from being published
			err = w.tx.Live.BySlug(models.NewRecord(r.Kind()), slugOwner(r), slug)
		}
		return err
	}}, nil
}

func (w *work) keysIn(course models.ID) (map[string]bool, error) {
	there, err := w.tx.Draft.List(store.Query{Kind: models.KindSource, Course: course})
	keys := map[string]bool{}
	for _, s := range there {
		keys[s.(*models.Source).Key] = true
	}
	return keys, err
}

// freeName gives a copy the first of name-2, name-3 … that no sibling has, and none that readers see.
func (w *work) freeName(r models.Record) error {
	n, err := w.nameOf(r)
	if err != nil || n == nil {
		return err
	}
	return n.number(r)
}

// nameNew gives a new record a name that is free, for readers too, unless the document that it is made of asks for one.
func (w *work) nameNew(r models.Record, doc []byte) error {
	var members Members
	if err := models.Decode(doc, &members); err != nil {
		return err
	}
	n, err := w.nameOf(r)
	if err != nil || n == nil {
		return err
	}
	if asked := string(members[n.member]); asked != "" && asked != "null" && asked != `""` {
		return nil
	}
	err = n.find(*n.at)
	if models.KindOf(err) == models.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return n.number(r)
}

// number puts a number behind a name until nobody has it.
func (n *name) number(r models.Record) error {
	base := *n.at
	for i := 2; i <= maxNumber; i++ {
		suffix := fmt.Sprintf("-%d", i)
		*n.at = strings.TrimRight(base[:min(len(base), models.MaxSlugLength-len(suffix))], "-") + suffix
		err := n.find(*n.at)
		if models.KindOf(err) == models.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return models.Conflict(fmt.Sprintf("the %s has too many siblings with names alike", r.Kind()), nil)
}

// slugOf is the place of a record's slug, nil for kinds without one.
func slugOf(r models.Record) *string {
	switch r := r.(type) {
	case *models.Course:
		return &r.Slug
	case *models.Module:
		return &r.Slug
	case *models.Section:
		return &r.Slug
	case *models.Worksheet:
		return &r.Slug
	case *models.Fragment:
		return &r.Slug
	}
	return nil
}
