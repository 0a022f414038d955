package server

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

func TestTheSameRequestIsDoneOnce(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	const tomas = `{"login":"tomas","name":"Tomas"}`
	post := func(v *visitor, key, body string) answer {
		return v.wrongly(http.MethodPost, usersPath, body, headerIdempotencyKey, key)
	}
	first, again := post(owner, "k1", tomas).want(t, http.StatusCreated), post(owner, "k1", tomas).want(t, http.StatusCreated)
	if first.body != again.body || first.header.Get("ETag") != again.header.Get("ETag") || first.header.Get("Location") != again.header.Get("Location") ||
		again.header.Get(headerReplayed) != "true" || first.header.Get(headerReplayed) != "" {
		t.Errorf("first %v %s, again %v %s", first.header, first.body, again.header, again.body)
	}
	post(owner, "k1", `{"login":"another","name":"Another"}`).problem(t, http.StatusUnprocessableEntity)
	owner.wrongly(http.MethodPost, userHref(owner.user.ID)+"/reset", tomas, headerIdempotencyKey, "k1").problem(t, http.StatusUnprocessableEntity)
	post(s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.Admin}}), "k1", tomas).problem(t, http.StatusUnprocessableEntity)
	post(owner, "k2", tomas).problem(t, http.StatusConflict) // the login is taken
	s.with("second", access.Grant{Role: access.Owner})
	post(s.signsIn("second"), "k1", `{"login":"eve","name":"Eve"}`).want(t, http.StatusCreated) // keys are one's own

	post(owner, "k3", `{"login":"a b","name":"A"}`).problem(t, http.StatusUnprocessableEntity)
	post(owner, "k3", `{"login":"ab","name":"A"}`).want(t, http.StatusCreated) // what has failed may be mended
	for _, key := range []string{strings.Repeat("x", 201), "é"} {
		post(owner, key, tomas).problem(t, http.StatusBadRequest)
	}
	s.clock.advance(24 * time.Hour)
	later := s.signsIn("owner")
	post(later, "k1", `{"login":"later","name":"Later"}`).want(t, http.StatusCreated)
}

// A secret is given once, and what was given before is not given again.
func TestSecretsAreNotKept(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	const token = `{"name":"x","scopes":["admin"]}`
	for _, want := range []int{http.StatusCreated, http.StatusConflict} {
		owner.send(http.MethodPost, tokensPath, token, headerIdempotencyKey, "k").want(t, want)
	}
	if got := decoded(t, owner.send(http.MethodGet, tokensPath, nil)).list("data"); len(got) != 1 {
		t.Errorf("there are %d tokens", len(got))
	}
}

func TestTheSameRequestAtOnce(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := owner.send(http.MethodPost, usersPath, `{"login":"tomas","name":"Tomas"}`, headerIdempotencyKey, "k")
			if got.status != http.StatusCreated && got.status != http.StatusConflict {
				t.Errorf("%d: %s", got.status, got.body)
			}
		})
	}
	wg.Wait()
	if got := decoded(t, owner.send(http.MethodGet, usersPath, nil)).list("data"); len(got) != 2 {
		t.Errorf("there are %d users", len(got))
	}
}
