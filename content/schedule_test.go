package content_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

// planner is a desk on which things are scheduled, at a time that tests move.
type planner struct {
	*desk
	accounts *accounts.Service
	asked    []string // of the queue
	mu       sync.Mutex
	time     time.Time
}

func (p *planner) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

func (p *planner) advance(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

// Enqueue notes what was asked for.
func (p *planner) Enqueue(_ context.Context, _ *store.Tx, work string, id models.ID, at time.Time) error {
	p.asked = append(p.asked, fmt.Sprintf("%s %s %s", work, id, at.Format(time.RFC3339)))
	return nil
}

// onPlanners runs a fact on both databases; another opens the same database a second time.
func onPlanners(t *testing.T, fact func(t *testing.T, p *planner, another func() *content.Service)) {
	for name, database := range map[string]func(*testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")} },
		"postgres": func(t *testing.T) store.Config { return store.Config{PostgresURL: pgtest.URL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := database(t)
			p := &planner{time: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
			s := openSite(t, cfg)
			service := func(db *store.Store) *content.Service {
				c := content.New(db, slog.New(slog.DiscardHandler), p.now)
				p.accounts = accounts.New(db, slog.New(slog.DiscardHandler), p.now, accounts.Config{})
				c.Queue, c.Standing = p, p.accounts.Standing
				return c
			}
			s.Service = service(s.store)
			p.desk = newDesk(t, s)
			fact(t, p, func() *content.Service { return service(openSite(t, cfg).store) })
		})
	}
}

// user makes a user and gives their desk.
func (p *planner) user(login string, grants ...access.Grant) (*accounts.User, *content.Editor) {
	p.t.Helper()
	u, err := p.accounts.CreateUser(p.t.Context(), accounts.Local(), access.Origin{}, accounts.UserEdit{Login: login, Name: login, Grants: grants}, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return u, p.As(access.Subject{ID: u.ID, Name: u.Name, Grants: grants}, access.Origin{Address: "192.0.2.7"})
}

var anEditor = access.Grant{Role: access.Editor}

// tomorrow is what most of these tests schedule.
func (p *planner) tomorrow(action content.ScheduleAction) content.ScheduleRequest {
	return content.ScheduleRequest{Action: action, At: p.now().Add(24 * time.Hour)}
}

func (p *planner) schedules(e *content.Editor, ref models.Ref, req content.ScheduleRequest) content.Schedule {
	p.t.Helper()
	sc, err := e.Schedule(p.t.Context(), ref, req)
	if err != nil {
		p.t.Fatal(err)
	}
	return sc
}

// becomes runs what is due and reads a schedule.
func (p *planner) becomes(e *content.Editor, id models.ID) content.Schedule {
	p.t.Helper()
	if err := p.RunDueSchedules(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	sc, err := e.ScheduleOf(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return sc
}

func TestAScheduleIsDoneAtItsTimeAndOnce(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		var announced []int64
		p.OnPublish(func(revision int64) { announced = append(announced, revision) })
		ref := *refOf(p.a)
		sc := p.schedules(e, ref, p.tomorrow(content.SchedulePublish))
		at := p.now().Add(24 * time.Hour)
		if sc.State != store.ScheduleWaiting || !sc.At.Equal(at) || sc.By.Name != "zoe" || *sc.Record.Title != "dough" || sc.DoneAt != nil || sc.Error != nil {
			t.Errorf("the schedule is %+v", sc)
		}
		if want := []string{fmt.Sprintf("schedule %s %s", sc.ID, at.Format(time.RFC3339))}; !slices.Equal(p.asked, want) {
			t.Errorf("the queue was asked for %v, want %v", p.asked, want)
		}
		later := p.tomorrow(content.ScheduleUnpublish)
		later.At = later.At.Add(time.Hour)
		off := p.schedules(e, ref, later)
		scheduledAt := func(want string) {
			t.Helper()
			d, err := e.Draft(t.Context(), ref)
			got := "nothing"
			if d.ScheduledAt != nil {
				got = d.ScheduledAt.Format(time.RFC3339)
			}
			if err != nil || got != want {
				t.Errorf("next scheduled is %s, %v, want %s", got, err, want)
			}
		}
		scheduledAt(at.Format(time.RFC3339))

		p.advance(24*time.Hour - time.Second)
		if got := p.becomes(e, sc.ID); got.State != store.ScheduleWaiting || len(p.live()) > 0 {
			t.Errorf("a second before it is %s, live are %v", got.State, p.live())
		}
		p.advance(time.Second)
		for range 3 {
			got := p.becomes(e, sc.ID)
			if got.State != store.ScheduleDone || got.Revision == nil || *got.Revision != 1 || !got.DoneAt.Equal(at) || got.Error != nil {
				t.Errorf("at its time it is %+v", got)
			}
		}
		if p.revision() != 1 || len(p.live()) != 2 {
			t.Errorf("revision %d, live are %v", p.revision(), p.live())
		}
		scheduledAt(later.At.Format(time.RFC3339))
		p.advance(time.Hour)
		if got := p.becomes(e, off.ID); got.State != store.ScheduleDone || *got.Revision != 2 || len(p.live()) != 1 {
			t.Errorf("an hour later it is %+v, live are %v", got, p.live())
		}
		scheduledAt("nothing")
		want := []string{"zoe module.schedule", "zoe module.schedule", "zoe course.publish", "zoe module.publish", "zoe module.unpublish"}
		if got := slices.DeleteFunc(p.audited(), func(s string) bool { return strings.HasPrefix(s, "command line") }); !slices.Equal(sorted(got), sorted(want)) {
			t.Errorf("the audit log says %q, want %q", got, want)
		}
		if !slices.Equal(announced, []int64{1, 2}) {
			t.Errorf("announced were %v", announced)
		}
	})
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func TestACancelledScheduleIsNotDone(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		_, reader := p.user("reader", access.Grant{Role: access.Viewer})
		sc := p.schedules(e, *refOf(p.a), p.tomorrow(content.SchedulePublish))
		_, err := reader.CancelSchedule(t.Context(), sc.ID)
		wantKind(t, err, models.KindForbidden)
		_, err = e.CancelSchedule(t.Context(), models.NewID())
		wantKind(t, err, models.KindNotFound)
		got, err := e.CancelSchedule(t.Context(), sc.ID)
		if err != nil || got.State != store.ScheduleCancelled || got.DoneAt == nil {
			t.Errorf("it is %+v, %v", got, err)
		}
		_, err = e.CancelSchedule(t.Context(), sc.ID)
		wantKind(t, err, models.KindConflict)
		p.advance(25 * time.Hour)
		if got := p.becomes(e, sc.ID); got.State != store.ScheduleCancelled || len(p.live()) > 0 || p.revision() != 0 {
			t.Errorf("at its time it is %+v, live are %v", got, p.live())
		}
	})
}

func TestWhatCanNotBeScheduled(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		_, author := p.user("ada", access.Grant{Role: access.Author})
		stranger := p.as("eve", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: models.NewID()}}})
		p.trash(p.draft(p.b))
		good := p.tomorrow(content.SchedulePublish)
		for name, tt := range map[string]struct {
			who  *content.Editor
			ref  models.Ref
			req  content.ScheduleRequest
			kind models.ErrorKind
			says string
		}{
			"by those who may not publish":    {author, *refOf(p.a), good, models.KindForbidden, "publish modules"},
			"by those who may not know of it": {stranger, *refOf(p.a), good, models.KindNotFound, ""},
			"what is not there":               {e, models.Ref{Type: models.KindModule, ID: models.NewID()}, good, models.KindNotFound, ""},
			"what is in the trash":            {e, *refOf(p.b), good, models.KindConflict, "trash"},
			"something else, long ago": {e, *refOf(p.a), content.ScheduleRequest{Action: "burn", At: p.now().Add(-time.Hour)},
				models.KindInvalid, "/action must be publish or unpublish; /at must be a time in the future"},
			"no time": {e, *refOf(p.a), content.ScheduleRequest{Action: content.SchedulePublish}, models.KindInvalid, "/at"},
			"others along with an unpublish": {e, *refOf(p.a), content.ScheduleRequest{Action: content.ScheduleUnpublish, At: good.At, Also: []models.Ref{*refOf(p.b)}},
				models.KindInvalid, "/also is for publish only"},
			"nothing along": {e, *refOf(p.a), content.ScheduleRequest{Action: content.SchedulePublish, At: good.At, Also: []models.Ref{{}}}, models.KindInvalid, "/also/0"},
		} {
			_, err := tt.who.Schedule(t.Context(), tt.ref, tt.req)
			if models.KindOf(err) != tt.kind || !strings.Contains(fmt.Sprint(err), tt.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		all, err := e.Schedules(t.Context(), content.ScheduleList{Limit: 10})
		if err != nil || len(all) > 0 || len(p.asked) > 0 {
			t.Errorf("there are %v, %v, and the queue was asked for %v", all, err, p.asked)
		}
	})
}

func TestListsOfSchedules(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		other := course("gardening")
		p.create(other)
		a := p.schedules(e, *refOf(p.a), p.tomorrow(content.SchedulePublish))
		b := p.schedules(e, *refOf(p.b), p.tomorrow(content.SchedulePublish))
		c := p.schedules(e, *refOf(p.course), p.tomorrow(content.SchedulePublish))
		o := p.schedules(e, *refOf(other), p.tomorrow(content.SchedulePublish))
		if _, err := e.CancelSchedule(t.Context(), b.ID); err != nil {
			t.Fatal(err)
		}
		limited := func(limits ...access.Limit) *content.Editor {
			return p.as("limited", access.Grant{Role: access.Editor, Limits: limits})
		}
		for name, tt := range map[string]struct {
			who  *content.Editor
			list content.ScheduleList
			want []content.Schedule
		}{
			"all":                         {e, content.ScheduleList{}, []content.Schedule{a, b, c, o}},
			"those that wait":             {e, content.ScheduleList{State: store.ScheduleWaiting}, []content.Schedule{a, c, o}},
			"of a record":                 {e, content.ScheduleList{Record: p.b.ID}, []content.Schedule{b}},
			"of a course":                 {e, content.ScheduleList{Course: p.course.ID}, []content.Schedule{a, b, c}},
			"after one":                   {e, content.ScheduleList{After: c.ID}, []content.Schedule{o}},
			"for somebody of a course":    {limited(access.Limit{Course: other.ID}), content.ScheduleList{}, []content.Schedule{o}},
			"for somebody of a module":    {limited(access.Limit{Course: p.course.ID, Module: &p.a.ID}), content.ScheduleList{}, []content.Schedule{a, c}},
			"for somebody with no grants": {p.as("nobody"), content.ScheduleList{}, nil},
		} {
			tt.list.Limit = 10
			got, err := tt.who.Schedules(t.Context(), tt.list)
			if err != nil || !slices.EqualFunc(got, tt.want, func(a, b content.Schedule) bool { return a.ID == b.ID }) {
				t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
			}
		}
		_, err := limited(access.Limit{Course: other.ID}).ScheduleOf(t.Context(), a.ID)
		wantKind(t, err, models.KindNotFound)
	})
}

// Several instances, each with several workers, are told of the same schedules at the same time.
func TestSchedulesAreDoneOnceByManyInstances(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, another func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		const many = 8
		var made []content.Schedule
		for n := range many {
			m := module(p.course, fmt.Sprintf("m%d", n))
			p.create(m)
			made = append(made, p.schedules(e, *refOf(m), p.tomorrow(content.SchedulePublish)))
		}
		p.advance(25 * time.Hour)
		var all sync.WaitGroup
		for _, s := range []*content.Service{p.Service, another()} {
			for range 3 {
				all.Go(func() {
					for _, sc := range made {
						if err := s.RunSchedule(context.Background(), sc.ID); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		all.Wait()
		seen := map[int64]bool{}
		for _, sc := range made {
			got, err := e.ScheduleOf(t.Context(), sc.ID)
			if err != nil || got.State != store.ScheduleDone || got.Revision == nil || seen[*got.Revision] {
				t.Fatalf("it is %+v, %v", got, err)
			}
			seen[*got.Revision] = true
		}
		published := 0
		for _, line := range p.audited() {
			if line == "zoe module.publish" {
				published++
			}
		}
		if p.revision() != many || published != many {
			t.Errorf("revision %d, published %d times, want %d", p.revision(), published, many)
		}
	})
}
