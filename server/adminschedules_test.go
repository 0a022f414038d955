package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// inHours is a time by the clock of a site.
func (s *site) inHours(n int) string {
	return s.clock.now().Add(time.Duration(n) * time.Hour).UTC().Format(time.RFC3339)
}

// schedules asks for something to be done with a record later.
func (v *visitor) schedules(r models.Record, action string, hours int) answer {
	v.t.Helper()
	return v.send(http.MethodPost, content.AdminHref(r.Kind(), r.Base().ID)+"/schedule", fmt.Sprintf(`{"action": %q, "at": %q}`, action, v.inHours(hours)))
}

// A page goes live at its time and leaves later, while nobody is there.
func TestAPageIsPublishedAtATime(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.change(l.draft, func(r models.Record) { r.(*models.Section).Title = "Unfinished" })
	v := s.with("zoe", access.Grant{Role: access.Editor})
	got := v.schedules(l.draft, "publish", 2).want(t, http.StatusCreated)
	sc := got.object(t)
	at := "/v1/admin/schedules/" + sc.text("id")
	if got.header.Get("Location") != at || sc.text("state") != "waiting" || sc.object("by").text("name") != "The zoe" || sc.object("record").text("slug") != "unfinished" {
		t.Errorf("the schedule at %s is %s", got.header.Get("Location"), got.body)
	}
	draft := v.send(http.MethodGet, content.AdminHref(models.KindSection, l.draft.ID), nil).want(t, http.StatusOK).object(t)
	if draft.text("scheduled_at") != sc.text("at") || sc.text("at") == "" {
		t.Errorf("the draft says %v, the schedule %s", draft["scheduled_at"], sc.text("at"))
	}
	listed := v.send(http.MethodGet, "/v1/admin/sections?filter[scheduled_at][exists]=true", nil).part(t)
	if len(listed.Data) != 1 || listed.Data[0].text("id") != string(l.draft.ID) {
		t.Errorf("scheduled drafts are %v", listed.Data)
	}
	v.schedules(l.draft, "unpublish", 3).want(t, http.StatusCreated)

	public := "/v1/sections/" + string(l.draft.ID)
	state := func(want string) record {
		t.Helper()
		s.works()
		now := v.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
		if now.text("state") != want {
			t.Errorf("the schedule is %v, want %s", now, want)
		}
		return now
	}
	s.clock.advance(time.Hour)
	state("waiting")
	s.get(public).problem(t, http.StatusNotFound)
	s.clock.advance(time.Hour + time.Minute)
	if now := state("done"); now["revision"] != 2. || now["done_at"] == nil || now["error"] != nil {
		t.Errorf("done it is %v", now)
	}
	s.get(public).want(t, http.StatusOK)
	s.clock.advance(time.Hour)
	state("done")
	s.get(public).problem(t, http.StatusGone)
	v.send(http.MethodDelete, at, nil).problem(t, http.StatusConflict)
	all := v.send(http.MethodGet, "/v1/admin/schedules?limit=1&state=done&record="+string(l.draft.ID)+"&course="+string(l.course.ID), nil).part(t)
	if len(all.Data) != 1 || all.Links.text("next") == "" {
		t.Errorf("the list is %v, %v", all.Data, all.Links)
	}
	more := v.send(http.MethodGet, all.Links.text("next"), nil).part(t)
	if len(more.Data) != 1 || more.Data[0].text("action") != "unpublish" || more.Links["next"] != nil {
		t.Errorf("and goes on with %v, %v", more.Data, more.Links)
	}
	log := s.owner().send(http.MethodGet, "/v1/admin/audit?action=section", nil).want(t, http.StatusOK)
	for _, want := range []string{"section.schedule", "section.publish", "section.unpublish"} {
		if !strings.Contains(log.body, want) {
			t.Errorf("the audit log lacks %s: %s", want, log.body)
		}
	}
}

func TestAScheduleSaysWhyItFailed(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner, v := s.owner(), s.with("zoe", access.Grant{Role: access.Editor})
	sc := v.schedules(l.draft, "publish", 2).want(t, http.StatusCreated).object(t)
	owner.send(http.MethodPatch, "/v1/admin/users/"+string(v.user.ID), `{"grants": [{"role": "viewer", "limits": []}]}`, "If-Match", fmt.Sprintf(`"%d"`, v.user.Version)).want(t, http.StatusOK)
	s.clock.advance(3 * time.Hour)
	s.works()
	got := owner.send(http.MethodGet, "/v1/admin/schedules/"+sc.text("id"), nil).want(t, http.StatusOK).object(t)
	if got.text("state") != "failed" || got.object("error").text("detail") != "no grant of The zoe allows to publish sections" || got["revision"] != nil {
		t.Errorf("the schedule is %v", got)
	}
	s.get("/v1/sections/"+string(l.draft.ID)).problem(t, http.StatusNotFound)
}

func TestACancelledScheduleStaysInTheList(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v, viewer := s.with("zoe", access.Grant{Role: access.Editor}), s.with("vera", access.Grant{Role: access.Viewer})
	at := "/v1/admin/schedules/" + v.schedules(l.draft, "publish", 2).want(t, http.StatusCreated).object(t).text("id")
	viewer.send(http.MethodDelete, at, nil).problem(t, http.StatusForbidden)
	if got := v.send(http.MethodDelete, at, nil).want(t, http.StatusOK).object(t); got.text("state") != "cancelled" {
		t.Errorf("it is %v", got)
	}
	v.send(http.MethodDelete, at, nil).problem(t, http.StatusConflict)
	s.clock.advance(3 * time.Hour)
	s.works()
	if got := viewer.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t); got.text("state") != "cancelled" {
		t.Errorf("at its time it is %v", got)
	}
	s.get("/v1/sections/"+string(l.draft.ID)).problem(t, http.StatusNotFound)
}

func TestSchedulesThatAreRefused(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v, author := s.with("zoe", access.Grant{Role: access.Editor}), s.with("ada", access.Grant{Role: access.Author})
	at := content.AdminHref(models.KindSection, l.draft.ID) + "/schedule"
	good := fmt.Sprintf(`{"action": "publish", "at": %q}`, s.inHours(1))
	for name, tt := range map[string]struct {
		who    *visitor
		path   string
		body   string
		status int
		says   string
	}{
		"by those who may not publish": {author, at, good, http.StatusForbidden, "publish"},
		"of what is not there":         {v, content.AdminHref(models.KindSection, models.NewID()) + "/schedule", good, http.StatusNotFound, ""},
		"of no kind":                   {v, "/v1/admin/biscuits/" + string(models.NewID()) + "/schedule", good, http.StatusNotFound, ""},
		"in the past":                  {v, at, `{"action": "publish", "at": "2001-01-01T00:00:00Z"}`, http.StatusUnprocessableEntity, "/at"},
		"of nothing":                   {v, at, `{}`, http.StatusUnprocessableEntity, "/action"},
		"at no time":                   {v, at, `{"action": "publish", "at": "soon"}`, http.StatusBadRequest, "/at"},
		"with members of its own":      {v, at, `{"action": "publish", "when": 7}`, http.StatusBadRequest, "/when"},
		"with a parameter":             {v, at + "?x=1", good, http.StatusBadRequest, "x"},
	} {
		got := tt.who.wrongly(http.MethodPost, tt.path, tt.body)
		if got.problem(t, tt.status); !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	v.wrongly(http.MethodPost, at, good, "Content-Type", "text/plain").problem(t, http.StatusUnsupportedMediaType)
	v.wrongly(http.MethodGet, "/v1/admin/schedules?state=late&record=x", nil).problem(t, http.StatusBadRequest)
	v.send(http.MethodGet, "/v1/admin/schedules/"+string(models.NewID()), nil).problem(t, http.StatusNotFound)
	if all := v.send(http.MethodGet, "/v1/admin/schedules", nil).part(t); len(all.Data) > 0 {
		t.Errorf("there are %v", all.Data)
	}
}
