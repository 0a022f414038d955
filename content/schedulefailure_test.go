package content_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What is in the way when the time comes is written down, and nothing is half done.
func TestASchedulesFailure(t *testing.T) {
	for name, tt := range map[string]struct {
		action  content.ScheduleAction
		happens func(*planner, *accounts.User, *content.Schedule)
		detail  string
	}{
		"it was put in the trash": {content.SchedulePublish, func(p *planner, _ *accounts.User, _ *content.Schedule) { p.trash(p.draft(p.a)) }, "it can't be published"},
		"its course was":          {content.SchedulePublish, func(p *planner, _ *accounts.User, _ *content.Schedule) { p.trash(p.draft(p.course)) }, "it can't be published"},
		"who asked is disabled": {content.SchedulePublish, func(p *planner, u *accounts.User, _ *content.Schedule) {
			p.changeUser(u, `{"disabled": true}`)
		}, "zoe, who asked for it, is disabled"},
		"who asked may do less now": {content.SchedulePublish, func(p *planner, u *accounts.User, _ *content.Schedule) {
			p.changeUser(u, `{"grants": [{"role": "viewer", "limits": []}]}`)
		}, "no grant of zoe allows to publish modules"},
		"who asked is gone": {content.SchedulePublish, func(p *planner, u *accounts.User, _ *content.Schedule) {
			if err := p.accounts.DeleteUser(p.t.Context(), accounts.Local(), access.Origin{}, u.ID, 1); err != nil {
				p.t.Fatal(err)
			}
		}, "who asked for it is no user any more"},
		"readers don't see it": {content.ScheduleUnpublish, func(*planner, *accounts.User, *content.Schedule) {}, "no module"},
	} {
		t.Run(name, func(t *testing.T) {
			onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
				_, watcher := p.user("watcher", access.Grant{Role: access.Owner})
				u, e := p.user("zoe", anEditor)
				sc := p.schedules(e, *refOf(p.a), p.tomorrow(tt.action))
				tt.happens(p, u, &sc)
				p.advance(25 * time.Hour)
				got := p.becomes(watcher, sc.ID)
				if got.State != store.ScheduleFailed || got.Error == nil || !strings.HasPrefix(got.Error.Detail, tt.detail) || got.Revision != nil || got.DoneAt == nil {
					t.Errorf("it is %+v, %+v, want it failed with %q", got, got.Error, tt.detail)
				}
				if p.revision() != 0 || len(p.live()) > 0 {
					t.Errorf("revision %d, live are %v", p.revision(), p.live())
				}
				log := p.audited()
				if last := log[len(log)-1]; last != "zoe module.schedule_failed" {
					t.Errorf("the audit log ends with %q", last)
				}
				if slices.Contains(log, "zoe module.publish") {
					t.Errorf("the audit log says %q", log)
				}
			})
		})
	}
}

func (p *planner) changeUser(u *accounts.User, patch string) {
	p.t.Helper()
	if _, err := p.accounts.UpdateUser(p.t.Context(), accounts.Local(), access.Origin{}, u.ID, u.Version, []byte(patch)); err != nil {
		p.t.Fatal(err)
	}
}

func TestABlockedScheduleListsTheBlockers(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		sc := p.schedules(e, *refOf(p.a), p.tomorrow(content.SchedulePublish))
		p.trash(p.draft(p.course))
		p.advance(25 * time.Hour)
		got := p.becomes(e, sc.ID)
		if got.Error == nil || len(got.Error.Errors) == 0 || !strings.Contains(got.Error.Errors[0].Detail, `course "baking"`) {
			t.Errorf("it failed with %+v", got.Error)
		}
	})
}

func TestAScheduleOfAPlanThatHasChangedFails(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		_, e := p.user("zoe", anEditor)
		plan, err := e.DryRun(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(p.a)}})
		if err != nil {
			t.Fatal(err)
		}
		req := p.tomorrow(content.SchedulePublish)
		req.Token = plan.Token
		sc := p.schedules(e, *refOf(p.a), req)
		p.create(section(p.a, "new"))
		p.advance(25 * time.Hour)
		if got := p.becomes(e, sc.ID); got.State != store.ScheduleFailed || !strings.Contains(got.Error.Detail, "has changed since the dry run") || len(p.live()) > 0 {
			t.Errorf("it is %+v, %+v", got, got.Error)
		}
	})
}

func TestASchedulesTokenMustStillBeGood(t *testing.T) {
	onPlanners(t, func(t *testing.T, p *planner, _ func() *content.Service) {
		u, _ := p.user("zoe", anEditor)
		scopes := []access.Scope{access.DraftsRead, access.CanPublish}
		var made []content.Schedule
		for _, revoked := range []bool{false, true} {
			token, err := p.accounts.CreateToken(t.Context(), accounts.Local(), access.Origin{}, u.ID, accounts.NewToken{Name: "robot", Scopes: scopes})
			if err != nil {
				t.Fatal(err)
			}
			caller, err := p.accounts.ByToken(t.Context(), token.Secret)
			if err != nil {
				t.Fatal(err)
			}
			target := map[bool]*models.Module{false: p.a, true: p.b}[revoked]
			made = append(made, p.schedules(p.As(caller.Subject, access.Origin{}), *refOf(target), p.tomorrow(content.SchedulePublish)))
			if revoked {
				if err := p.accounts.RevokeToken(t.Context(), accounts.Local(), access.Origin{}, token.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.advance(25 * time.Hour)
		_, e := p.user("watcher", anEditor)
		if got := p.becomes(e, made[0].ID); got.State != store.ScheduleDone {
			t.Errorf("with a good token it is %+v, %+v", got, got.Error)
		}
		if got := p.becomes(e, made[1].ID); got.State != store.ScheduleFailed || !strings.Contains(got.Error.Detail, "revoked") {
			t.Errorf("with a revoked token it is %+v, %+v", got, got.Error)
		}
	})
}
