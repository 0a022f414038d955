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
	Reason  string       `json:"reason"`  // doi, isbn, url or title_year: what they have in common
	Sources []models.Ref `json:"sources"` // decorated, two or more
}

// SameSources suggests which live sources of a course, named by slug or id, are one work. It fails with NotFound or
// Gone when the course is not live.
func (s *Service) SameSources(ctx context.Context, course string) (groups []SourceGroup, err error) {
	err = s.view(ctx, func(tx *store.Tx) error {
		c, err := liveCourse(tx, course)
		if err != nil {
			return err
		}
		groups, err = sameSources(tx.Live, c.ID)
		return err
	})
	return groups, err
}

// liveCourse finds a course by slug or id: slugs are never shaped like ids.
func liveCourse(tx *store.Tx, name string) (*models.Course, error) {
	if models.ID(name).Valid() {
		return liveByID(&models.Course{}, models.ID(name))(tx, wish{})
	}
	p := path(tx, wish{})
	c, err := p.course(name)
	return current(p, c, err)
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
	out := []SourceGroup{}
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
