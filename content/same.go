package content

import (
	"context"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// SourceGroup is a group of sources that are likely one work. Whether they are is for an editor to say: nothing is
// merged by itself.
type SourceGroup struct {
	Reason  string       // doi, isbn, url, or title and year
	Sources []models.Ref // decorated, two or more
}

// SameSources suggests which live sources of a course are one work. It fails with NotFound when the course is not
// live.
func (s *Service) SameSources(ctx context.Context, course models.ID) (groups []SourceGroup, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Live.Get(&models.Course{}, course); err != nil {
			return err
		}
		groups, err = sameSources(tx.Live, course)
		return err
	})
	return groups, err
}

// sourcesAtOnce is how many sources are read together.
const sourcesAtOnce = 500

// sameSources looks at the sources of a course on one side. Of each it keeps only what tells works apart.
func sameSources(side *store.Side, course models.ID) ([]SourceGroup, error) {
	var slim []*models.Source
	refs := map[models.ID]models.Ref{}
	q := store.Query{Kind: models.KindSource, Course: course, Limit: sourcesAtOnce}
	for {
		rs, err := side.List(q)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			source := r.(*models.Source)
			c := source.CSL
			slim = append(slim, &models.Source{Meta: models.Meta{ID: source.ID}, CSL: models.CSL{
				Title: c.Title, ContainerTitle: c.ContainerTitle, Issued: c.Issued, DOI: c.DOI, ISBN: c.ISBN, URL: c.URL,
			}})
			refs[source.ID] = decorate(source)
		}
		if len(rs) < sourcesAtOnce {
			break
		}
		q.After = []string{string(rs[len(rs)-1].Base().ID)}
	}
	var out []SourceGroup
	for _, group := range cite.Same(slim) {
		g := SourceGroup{Reason: group.Reason}
		for _, id := range group.Sources {
			g.Sources = append(g.Sources, refs[id])
		}
		out = append(out, g)
	}
	return out, nil
}

// suggest lists the sources of the course that may be one and the same.
func (i *importer) suggest() (err error) {
	i.result.Suggestions, err = sameSources(i.tx.Draft, i.course.ID)
	return err
}
