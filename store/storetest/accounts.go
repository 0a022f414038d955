package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// moment is a time as every database keeps it.
var moment = time.Date(2026, 2, 3, 14, 6, 10, 334e6, time.UTC)

func newUser(login string) *store.User {
	module := models.NewID()
	return &store.User{
		ID: models.NewID(), Login: login, LoginKey: login, Name: "The " + login, CreatedAt: moment, UpdatedAt: moment,
		Grants: []access.Grant{{Role: access.Editor, Limits: []access.Limit{{Course: models.NewID(), Module: &module}}}, {Role: access.Viewer}},
	}
}

func addUsers(t *testing.T, s *store.Store, users ...*store.User) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		if err := tx.LockUsers(); err != nil {
			return err
		}
		for _, u := range users {
			if err := tx.AddUser(u); err != nil {
				return err
			}
		}
		return nil
	})
}

func users(t *testing.T, s *store.Store) {
	ada, eve := newUser("ada"), newUser("eve")
	read(t, s, func(tx *store.Tx) error {
		if there, err := tx.HasUsers(); there || err != nil {
			t.Errorf("there are users: %v, %v", there, err)
		}
		return nil
	})
	addUsers(t, s, ada, eve)
	wantKind(t, s.InTx(t.Context(), func(tx *store.Tx) error { return tx.AddUser(newUser("ada")) }), models.KindConflict)
	write(t, s, func(tx *store.Tx) error {
		if err := tx.SetPassword(ada.ID, "a hash"); err != nil {
			return err
		}
		return tx.SignedIn(ada.ID, moment)
	})
	hash, at := "a hash", moment
	ada.Password, ada.LastSignInAt = &hash, &at
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.User(ada.ID)
		if diff := cmp.Diff(ada, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		byLogin, err := tx.UserByLogin("eve")
		if diff := cmp.Diff(eve, byLogin); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if none, err := tx.UserByLogin("none"); none != nil || err != nil {
			t.Errorf("nobody is %v, %v", none, err)
		}
		list, err := tx.Users(ada.ID, 10)
		if len(list) != 1 || list[0].ID != eve.ID || err != nil {
			t.Errorf("after ada are %v, %v", list, err)
		}
		_, err = tx.User(models.NewID())
		wantKind(t, err, models.KindNotFound)
		return nil
	})
}

func userChanges(t *testing.T, s *store.Store) {
	ada, eve := newUser("ada"), newUser("eve")
	addUsers(t, s, ada, eve)
	change := func(version int64, login string) error {
		u := *ada
		u.Login, u.LoginKey, u.Name, u.Disabled, u.Grants = login, login, "New", true, []access.Grant{}
		u.Password = new(string) // which is not saved
		return s.InTx(t.Context(), func(tx *store.Tx) error { return tx.UpdateUser(&u, version) })
	}
	wantKind(t, change(7, "ada"), models.KindStale)
	wantKind(t, change(1, "eve"), models.KindConflict)
	if err := change(1, "countess"); err != nil {
		t.Fatal(err)
	}
	wantKind(t, change(1, "countess"), models.KindStale)
	write(t, s, func(tx *store.Tx) error {
		got, err := tx.User(ada.ID)
		if err != nil || got.Version != 2 || got.Login != "countess" || !got.Disabled || len(got.Grants) != 0 || got.Password != nil {
			t.Errorf("changed to %+v, %v", got, err)
		}
		enabled, err := tx.EnabledUsers()
		if len(enabled) != 1 || enabled[0].ID != eve.ID || err != nil {
			t.Errorf("enabled are %v, %v", enabled, err)
		}
		return tx.DeleteUser(ada.ID)
	})
	read(t, s, func(tx *store.Tx) error {
		_, err := tx.User(ada.ID)
		wantKind(t, err, models.KindNotFound)
		return nil
	})
}

func sessions(t *testing.T, s *store.Store) {
	ada, eve := newUser("ada"), newUser("eve")
	addUsers(t, s, ada, eve)
	begin := func(hash string, u *store.User, expires time.Duration) *store.Session {
		session := &store.Session{Hash: hash, ID: models.NewID(), UserID: u.ID, CreatedAt: moment, SeenAt: moment, ExpiresAt: moment.Add(expires),
			Address: "192.0.2.1", UserAgent: "a browser"}
		write(t, s, func(tx *store.Tx) error { return tx.AddSession(session) })
		return session
	}
	first, second, third := begin("h1", ada, time.Hour), begin("h2", ada, 2*time.Hour), begin("h3", eve, time.Hour)
	later := moment.Add(time.Minute)
	write(t, s, func(tx *store.Tx) error { return tx.SeenSession("h1", later, "192.0.2.2") })
	first.SeenAt, first.Address = later, "192.0.2.2"
	read(t, s, func(tx *store.Tx) error {
		got, user, err := tx.SessionOf("h1")
		if diff := cmp.Diff(first, got) + cmp.Diff(ada, user); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if got, user, err := tx.SessionOf("none"); got != nil || user != nil || err != nil {
			t.Errorf("none is %v, %v, %v", got, user, err)
		}
		list, err := tx.Sessions(ada.ID)
		if len(list) != 2 || list[0].ID != second.ID || err != nil {
			t.Errorf("sessions are %v, %v", list, err)
		}
		return nil
	})
	write(t, s, func(tx *store.Tx) error {
		if ended, err := tx.EndSession(ada.ID, third.ID); ended || err != nil {
			t.Errorf("somebody else's session was ended: %v, %v", ended, err)
		}
		if n, err := tx.EndSessions(ada.ID, first.ID); n != 1 || err != nil {
			t.Errorf("%d were ended, %v", n, err)
		}
		return tx.ForgetSessions(moment.Add(30*time.Minute), moment) // the third was not used since
	})
	read(t, s, func(tx *store.Tx) error {
		if got, _, err := tx.SessionOf("h3"); got != nil || err != nil {
			t.Errorf("a session that was not used is %v, %v", got, err)
		}
		if got, _, err := tx.SessionOf("h1"); got == nil || err != nil {
			t.Errorf("a session that was used is %v, %v", got, err)
		}
		return nil
	})
	write(t, s, func(tx *store.Tx) error { return tx.DeleteUser(ada.ID) })
	read(t, s, func(tx *store.Tx) error {
		if got, _, err := tx.SessionOf("h1"); got != nil || err != nil {
			t.Errorf("the session of a deleted user is %v, %v", got, err)
		}
		return nil
	})
}

func tokens(t *testing.T, s *store.Store) {
	ada := newUser("ada")
	addUsers(t, s, ada)
	expires := moment.Add(time.Hour)
	token := &store.Token{ID: models.NewID(), Hash: "h1", UserID: ada.ID, Name: "nightly", Scopes: []access.Scope{access.DraftsRead}, Courses: []models.ID{models.NewID()},
		CreatedAt: moment, ExpiresAt: &expires}
	bare := &store.Token{ID: models.NewID(), Hash: "h2", UserID: ada.ID, Name: "bare", Scopes: []access.Scope{}, Courses: []models.ID{}, CreatedAt: moment}
	write(t, s, func(tx *store.Tx) error {
		if err := tx.AddToken(token); err != nil {
			return err
		}
		if err := tx.AddToken(bare); err != nil {
			return err
		}
		return tx.UsedToken(token.ID, moment)
	})
	at := moment
	token.LastUsedAt = &at
	write(t, s, func(tx *store.Tx) error {
		got, user, err := tx.TokenOf("h1")
		if diff := cmp.Diff(token, got) + cmp.Diff(ada, user); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if got, err := tx.Token(bare.ID); err != nil || cmp.Diff(bare, got) != "" {
			t.Errorf("%v %s", err, cmp.Diff(bare, got))
		}
		for _, q := range []store.TokenQuery{{Limit: 9}, {User: ada.ID, Limit: 9}} {
			if list, err := tx.Tokens(q); len(list) != 2 || err != nil {
				t.Errorf("%+v lists %v, %v", q, list, err)
			}
		}
		if list, err := tx.Tokens(store.TokenQuery{User: models.NewID(), Limit: 9}); len(list) != 0 || err != nil {
			t.Errorf("nobody's tokens are %v, %v", list, err)
		}
		if n, err := tx.CountTokens(ada.ID); n != 2 || err != nil {
			t.Errorf("%d tokens, %v", n, err)
		}
		if err := tx.DeleteToken(token.ID); err != nil {
			return err
		}
		if got, _, err := tx.TokenOf("h1"); got != nil || err != nil {
			t.Errorf("a revoked token is %v, %v", got, err)
		}
		_, err = tx.Token(token.ID)
		wantKind(t, err, models.KindNotFound)
		return nil
	})
}

func oneTimeTokens(t *testing.T, s *store.Store) {
	ada, eve := newUser("ada"), newUser("eve")
	addUsers(t, s, ada, eve)
	expires := moment.Add(time.Hour)
	set := func(hash string, purpose store.Purpose, user *models.ID, expires *time.Time) {
		write(t, s, func(tx *store.Tx) error {
			return tx.SetOneTimeToken(&store.OneTimeToken{Hash: hash, Purpose: purpose, UserID: user, ExpiresAt: expires})
		})
	}
	set("setup", store.PurposeSetup, nil, nil)
	set("old", store.PurposeReset, &ada.ID, &expires)
	set("new", store.PurposeReset, &ada.ID, &expires)
	set("eve's", store.PurposeReset, &eve.ID, &expires)
	for _, tt := range []struct {
		hash    string
		purpose store.Purpose
		at      time.Time
		want    bool
	}{
		{"setup", store.PurposeSetup, moment.AddDate(9, 0, 0), true}, {"setup", store.PurposeReset, moment, false}, {"old", store.PurposeReset, moment, false},
		{"new", store.PurposeReset, moment, true}, {"new", store.PurposeReset, expires, false}, {"eve's", store.PurposeReset, moment, true},
	} {
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.OneTimeToken(tt.purpose, tt.hash, tt.at)
			if (got != nil) != tt.want || err != nil {
				t.Errorf("%+v is %v, %v", tt, got, err)
			}
			return nil
		})
	}
	write(t, s, func(tx *store.Tx) error {
		for _, want := range []bool{true, false} {
			if taken, err := tx.TakeOneTimeToken(&store.OneTimeToken{Hash: "new"}); taken != want || err != nil {
				t.Errorf("taken: %v, %v; want %v", taken, err, want)
			}
		}
		if err := tx.ForgetOneTimeTokens(expires); err != nil {
			return err
		}
		if got, err := tx.OneTimeToken(store.PurposeReset, "eve's", moment); got != nil || err != nil {
			t.Errorf("a forgotten one is %v, %v", got, err)
		}
		return nil
	})
}

func idempotencyKeys(t *testing.T, s *store.Store) {
	ada, eve := newUser("ada"), newUser("eve")
	addUsers(t, s, ada, eve)
	write(t, s, func(tx *store.Tx) error {
		begin := func(u *store.User, request string) *store.IdempotencyKey {
			before, err := tx.BeginKey(store.IdempotencyKey{UserID: u.ID, Key: "k", Request: request, CreatedAt: moment})
			if err != nil {
				t.Error(err)
			}
			return before
		}
		if begin(ada, "r1") != nil || begin(eve, "r2") != nil {
			t.Error("a new key was there before")
		}
		if before := begin(ada, "r3"); before == nil || before.Request != "r1" || before.Answer != nil {
			t.Errorf("before was %+v", before)
		}
		if err := tx.FinishKey(ada.ID, "k", "the answer"); err != nil {
			return err
		}
		if before := begin(ada, "r3"); before == nil || before.Answer == nil || *before.Answer != "the answer" {
			t.Errorf("before was %+v", before)
		}
		if err := tx.DropKey(ada.ID, "k"); err != nil {
			return err
		}
		if begin(ada, "r4") != nil || begin(eve, "r4") == nil {
			t.Error("another key was given back")
		}
		if err := tx.ForgetKeys(moment); err != nil {
			return err
		}
		if begin(eve, "r5") != nil {
			t.Error("an old key is still taken")
		}
		return nil
	})
}
