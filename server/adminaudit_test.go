package server

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/store"
)

const auditPath = "/v1/admin/audit"

// actions lists the actions of entries, the newest first.
func (v *visitor) actions(query string) []string {
	v.t.Helper()
	var out []string
	for _, e := range decoded(v.t, v.send(http.MethodGet, auditPath+"?"+query, nil).want(v.t, http.StatusOK)).list("data") {
		out = append(out, e.text("action"))
	}
	return out
}

func TestWhatIsDoneIsWrittenDown(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	path := owner.send(http.MethodPost, usersPath, accounts.UserEdit{Login: "tomas", Name: "Tomas", Grants: []access.Grant{}}, "X-Request-Id", "req-1").
		want(t, http.StatusCreated).header.Get("Location")
	owner.send(http.MethodPatch, path, `{"grants":[{"role":"viewer"}]}`, "If-Match", `"1"`).want(t, http.StatusOK)
	owner.send(http.MethodPatch, path, `{"login":"x y"}`, "If-Match", `"2"`).problem(t, http.StatusUnprocessableEntity) // leaves nothing
	owner.send(http.MethodPost, path+"/reset", nil).want(t, http.StatusCreated)
	token := owner.send(http.MethodPost, tokensPath, `{"name":"x","scopes":["admin"]}`).object(t).text("id")
	owner.send(http.MethodDelete, tokensPath+"/"+token, nil).want(t, http.StatusNoContent)
	owner.send(http.MethodDelete, path, nil, "If-Match", `"2"`).want(t, http.StatusNoContent)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "owner", Password: "wrong"}).problem(t, http.StatusUnauthorized)
	want := "[session.refused user.delete token.delete token.create user.reset user.update user.create session.create user.create]"
	if got := fmt.Sprint(owner.actions("")); got != want {
		t.Errorf("the log has %s, want %s", got, want)
	}
	entries := decoded(t, owner.send(http.MethodGet, auditPath, nil)).list("data")
	created := entries[6]
	if created.text("actor") != "The owner" || created.text("actor_id") != string(owner.user.ID) || created.text("address") != "127.0.0.1" ||
		created.text("request_id") != "req-1" || userHref(modelsID(record{"id": created.text("record_id")})) != path || created["version"] != 1. {
		t.Errorf("the entry is %v", created)
	}
	if got := entries[5].object("detail"); fmt.Sprint(got) != "map[grants:[map[limits:[] role:viewer]]]" {
		t.Errorf("the change is %v", got)
	}
	if refused := entries[0]; refused["actor_id"] != nil || refused.text("record_id") != string(owner.user.ID) {
		t.Errorf("a refusal is %v", refused)
	}
}

func TestFiltersOfTheAuditLog(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	start := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	for query, want := range map[string]int{
		"": 2, "action=user.": 1, "action=user.create": 1, "action=user": 1, "action=create": 0, "action=%25": 0, "kind=session": 1, "kind=section": 0,
		"actor=" + string(owner.user.ID): 1, "record=" + string(owner.user.ID): 1, "course=" + string(owner.user.ID): 0,
		"since=" + start: 2, "until=" + start: 0, "since=2020-01-01": 2, "until=2020-01-01": 0, "since=2999-01-01": 0, "action=session.&kind=session": 1,
	} {
		if got := owner.actions(query); len(got) != want {
			t.Errorf("%s finds %v, want %d", query, got, want)
		}
	}
	for _, query := range []string{"actor=x", "record=x", "since=yesterday", "until=", "limit=101", "limit=0", "format=xml", "format=csv,jsonl", "after=x",
		"action=" + strings.Repeat("x", 101), "who=x"} {
		owner.wrongly(http.MethodGet, auditPath+"?"+query, nil).problem(t, http.StatusBadRequest)
	}
}

func TestPagesAndFilesOfTheAuditLog(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	check(t, s.store.InTx(t.Context(), func(tx *store.Tx) error {
		for _, name := range []string{"=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@x", "\t=1", "plain", `a "quoted", name`, "＝1"} {
			e := store.NewAuditEntry(access.Subject{Name: name}, access.Origin{Address: "192.0.2.1"}, time.Now(), "section.update")
			e.Detail["name"] = name
			if err := tx.AddAudit(e); err != nil {
				return err
			}
		}
		return nil
	}))
	var paged []string
	for next := auditPath + "?limit=3"; next != ""; {
		part := decoded(t, owner.send(http.MethodGet, next, nil).want(t, http.StatusOK))
		for _, e := range part.list("data") {
			paged = append(paged, e.text("id"))
		}
		next = part.object("links").text("next")
	}
	if len(paged) != 10 {
		t.Fatalf("%d entries", len(paged))
	}
	var lines []string
	for next := auditPath + "?format=jsonl&limit=4"; next != ""; {
		got := owner.send(http.MethodGet, next, nil).want(t, http.StatusOK)
		lines = append(lines, strings.Split(strings.TrimSpace(got.body), "\n")...)
		next, _, _ = strings.Cut(strings.TrimPrefix(got.header.Get("Link"), "<"), ">")
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, `{"id":"`+paged[i]+`"`) {
			t.Errorf("line %d is %s, want %s", i, line, paged[i])
		}
	}
	got := owner.send(http.MethodGet, auditPath+"?format=csv", nil).want(t, http.StatusOK)
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("it is shown: %v", got.header)
	}
	rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	check(t, err)
	if len(rows) != 11 || len(lines) != 10 {
		t.Fatalf("%d rows, %d lines", len(rows), len(lines))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if strings.HasPrefix(strings.TrimSpace(cell), "=") || cell != "" && strings.ContainsRune("+-@\t＝", []rune(cell)[0]) {
				t.Errorf("%s is a formula: %q", rows[0][i], cell)
			}
		}
	}
	if !strings.Contains(got.body, `"a ""quoted"", name"`) || !strings.Contains(got.body, ",plain,") {
		t.Errorf("the file is %s", got.body)
	}
}

func TestRetentionOfTheAuditLog(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	check(t, s.accounts.Tidy(t.Context()))
	if got := owner.actions(""); len(got) != 2 {
		t.Errorf("kept for ever: %v", got)
	}
	forgetful := accounts.New(s.store, s.server.Log, func() time.Time { return time.Now().AddDate(0, 0, 31) }, accounts.Config{AuditDays: 30, Hashing: &cheap})
	check(t, forgetful.Tidy(t.Context()))
	again := s.signsIn("owner")
	if got := fmt.Sprint(again.actions("")); got != "[session.create audit.purge]" {
		t.Errorf("after a month: %s", got)
	}
}
