package content

import (
	"context"
	"fmt"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

const (
	// usualPeriod is how many days are looked at where nobody says from when: about a month.
	usualPeriod = 30

	// longestPeriod is how many days are looked at together at most: a year, and a month before to compare with. Where every day
	// has as many queries as it keeps, a list of so many days takes seconds.
	longestPeriod = 400
)

// SearchPeriod says which searches are looked at: those from one day to another, both included, of the whole site or limited
// to a course.
type SearchPeriod struct {
	From   store.SearchDay // 0: 30 days until To
	To     store.SearchDay // 0: today
	Course models.ID       // empty: all searches that the subject may know of
}

// days fills in the days that are not given. It fails with Malformed when they are in the wrong order or too many.
func (p SearchPeriod) days(today store.SearchDay) (SearchPeriod, error) {
	if p.To == 0 {
		p.To = today
	}
	if p.From == 0 {
		p.From = p.To.Add(1 - usualPeriod)
	}
	switch {
	case p.From > p.To:
		return p, models.BadParameter("from", fmt.Sprintf("is after the last day, %s", p.To))
	case p.From.Add(longestPeriod) <= p.To:
		return p, models.BadParameter("from", fmt.Sprintf("is too early: at most %d days can be looked at together, to %s", longestPeriod, p.To))
	}
	return p, nil
}

// AskedQuery is how often a query was asked in a period.
type AskedQuery struct {
	Query        string `json:"query"` // in lower case, with single spaces, cut off after 100 characters
	Asked        int64  `json:"asked"`
	NothingFound int64  `json:"nothing_found"` // how often it found nothing
	LastDay      string `json:"last_day"`      // on which it was asked: 2026-02-03
	LastTotal    int64  `json:"last_total"`    // how many records it found last
}

// SearchSummary counts the searches of a period.
type SearchSummary struct {
	From              string          `json:"from"`
	To                string          `json:"to"`
	Asked             int64           `json:"asked"`
	NothingFound      int64           `json:"nothing_found"`       // how many found nothing
	NothingFoundShare *float64        `json:"nothing_found_share"` // of all, from 0 to 1; null when there are none
	WithoutWords      int64           `json:"without_words"`       // whose words are not kept
	Days              []SearchesOfDay `json:"days"`                // the earliest first, those without searches left out
}

// SearchesOfDay counts the searches of a day.
type SearchesOfDay struct {
	Day          string `json:"day"`
	Asked        int64  `json:"asked"`
	NothingFound int64  `json:"nothing_found"`
	WithoutWords int64  `json:"without_words"`
}

// Searches lists what was searched for in a period, of q's order, place and limit; q's own period is not looked at. It fails
// with Forbidden for those who may not see what people search for, with NotFound when there is no such course, and with
// Malformed when the days can't be.
func (e *Editor) Searches(ctx context.Context, p SearchPeriod, q store.SearchQuery) (out []AskedQuery, err error) {
	out = []AskedQuery{}
	err = e.look(ctx, func(w *work) error {
		if q.SearchPeriod, err = w.searchPeriod(p); err != nil {
			return err
		}
		rows, err := w.tx.Searches(q)
		for _, r := range rows {
			out = append(out, AskedQuery{r.Query, r.Asked, r.NothingFound, r.LastDay.String(), r.Total})
		}
		return err
	})
	return out, err
}

// SearchSummary counts the searches of a period. It fails as Searches does.
func (e *Editor) SearchSummary(ctx context.Context, p SearchPeriod) (out *SearchSummary, err error) {
	out = &SearchSummary{Days: []SearchesOfDay{}}
	err = e.look(ctx, func(w *work) error {
		period, err := w.searchPeriod(p)
		if err != nil {
			return err
		}
		out.From, out.To = period.From.String(), period.To.String()
		days, err := w.tx.SearchDays(period)
		for _, d := range days {
			out.Days = append(out.Days, SearchesOfDay{d.Day.String(), d.Asked, d.NothingFound, d.WithoutWords})
			out.Asked += d.Asked
			out.NothingFound += d.NothingFound
			out.WithoutWords += d.WithoutWords
		}
		return err
	})
	if out.Asked > 0 {
		out.NothingFoundShare = new(float64(out.NothingFound) / float64(out.Asked))
	}
	return out, err
}

// searchPeriod narrows a period to the courses whose searches the subject may see.
func (w *work) searchPeriod(p SearchPeriod) (store.SearchPeriod, error) {
	p, err := p.days(store.SearchDayOf(w.s.now()))
	out := store.SearchPeriod{From: p.From, To: p.To}
	if err != nil {
		return out, err
	}
	if p.Course != "" {
		out.Courses = []models.ID{p.Course}
		_, err := w.draft(access.ReadSearches, models.Ref{Type: models.KindCourse, ID: p.Course})
		return out, err
	}
	reach := w.who.SearchReach()
	switch {
	case reach.All:
		return out, nil
	case len(reach.Courses) == 0:
		return out, models.Forbidden(w.who.Decide(access.ReadSearches, models.KindCourse, access.Place{}).Reason)
	}
	out.Courses = reach.Courses
	return out, nil
}

// PruneSearches removes the counts of searches of all but so many days, today included, and tells of how many days they
// were. What it did stands in the audit log.
func (s *Service) PruneSearches(ctx context.Context, days int) (removed int, err error) {
	now := s.now()
	until := store.SearchDayOf(now.AddDate(0, 0, -days))
	for {
		var gone store.SearchDay
		err := s.store.InTx(ctx, func(tx *store.Tx) (err error) {
			if gone, err = tx.ForgetSearches(until); err != nil || gone == 0 {
				return err
			}
			return tx.AddAudit(retained(now, "searches.prune", map[string]any{"day": gone.String(), "days": days}))
		})
		if err != nil || gone == 0 {
			return removed, err
		}
		removed++
	}
}
