package content

import (
	"context"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// MaxProblems is how many problems of a course are listed: more than anybody works through at once.
const MaxProblems = 1000

// CourseProblem is something about a draft that its course does not want.
type CourseProblem struct {
	Problem
	Severity Severity `json:"severity"`
}

// Problems are those of a course's drafts.
type Problems struct {
	Items  []CourseProblem // errors first; MaxProblems at most
	Counts map[Rule]int    // of all
	Total  int
}

// problems looks at all drafts of a course as if they were published now.
func problems(tx *store.Tx, course models.ID) (*Plan, error) {
	c := emptyClosure(tx)
	c.every = true
	if err := c.named(models.Ref{Type: models.KindCourse, ID: course}, c.owned); err != nil {
		return nil, err
	}
	for _, kind := range []models.Kind{models.KindSource, models.KindAsset, models.KindFragment} { // what nothing shows, too
		rs, err := tx.Draft.List(store.Query{Kind: kind, Course: course, Bodies: true})
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			c.put(r)
		}
	}
	return c.plan, c.complete()
}

// Problems lists what is wrong with the drafts of a course that the subject may read, by one rule or by all.
func (e *Editor) Problems(ctx context.Context, course models.ID, rule Rule) (out *Problems, err error) {
	out = &Problems{Items: []CourseProblem{}, Counts: map[Rule]int{}}
	err = e.look(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, models.Ref{Type: models.KindCourse, ID: course}); err != nil {
			return err
		}
		plan, err := problems(w.tx, course)
		if err != nil {
			return err
		}
		for _, part := range []struct {
			found    []Problem
			severity Severity
		}{{plan.Blockers, SeverityError}, {plan.Warnings, SeverityWarning}} {
			if err := w.addProblems(out, part.found, part.severity, rule); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (w *work) addProblems(out *Problems, found []Problem, severity Severity, rule Rule) error {
	for _, p := range found {
		r, err := w.tx.Draft.Record(p.Ref.Type, p.Ref.ID)
		if err != nil {
			return err
		}
		if ok, err := w.can(access.Read, r); err != nil {
			return err
		} else if !ok || rule != "" && p.Rule != rule {
			continue
		}
		out.Counts[p.Rule]++
		out.Total++
		if len(out.Items) < MaxProblems {
			p.Ref = adminRef(r)
			out.Items = append(out.Items, CourseProblem{p, severity})
		}
	}
	return nil
}
