package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// User is a user as owners and the user see them.
type User struct {
	ID           models.ID      `json:"id"`
	Login        string         `json:"login"`
	Name         string         `json:"name"`
	Grants       []access.Grant `json:"grants"`
	Disabled     bool           `json:"disabled"`
	HasPassword  bool           `json:"has_password"`
	CreatedAt    time.Time      `json:"created_at"`
	UpdatedAt    time.Time      `json:"updated_at"`
	LastSignInAt *time.Time     `json:"last_sign_in_at"`
	Version      int64          `json:"version"`
}

func userView(u *store.User) User {
	return User{
		ID: u.ID, Login: u.Login, Name: u.Name, Grants: u.Grants, Disabled: u.Disabled, HasPassword: u.Password != nil,
		CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt, LastSignInAt: u.LastSignInAt, Version: u.Version,
	}
}

// UserEdit is what owners may change of a user.
type UserEdit struct {
	Login    string         `json:"login"`
	Name     string         `json:"name"`
	Grants   []access.Grant `json:"grants"`
	Disabled bool           `json:"disabled"`
}

// MeEdit is what users may change of themselves.
type MeEdit struct {
	Name string `json:"name"`
}

// Users lists users by id, after the given one or from the beginning when it is empty, for those who manage them.
func (s *Service) Users(ctx context.Context, who access.Subject, after models.ID, limit int) ([]User, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	out := []User{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Users(after, limit)
		for i := range rows {
			out = append(out, userView(&rows[i]))
		}
		return err
	})
	return out, err
}

// User reads a user, for those who manage them. It fails with NotFound.
func (s *Service) User(ctx context.Context, who access.Subject, id models.ID) (*User, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	return s.user(ctx, id)
}

// Me reads the user who asks.
func (s *Service) Me(ctx context.Context, who access.Subject) (*User, error) {
	return s.user(ctx, who.ID)
}

func (s *Service) user(ctx context.Context, id models.ID) (*User, error) {
	var out User
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := tx.User(id)
		if err == nil {
			out = userView(u)
		}
		return err
	})
	return &out, err
}

// UserByLogin finds a user by login, for those who manage them. It fails with NotFound.
func (s *Service) UserByLogin(ctx context.Context, who access.Subject, login string) (*User, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	var out User
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByLogin(loginKey(login))
		if err == nil && u == nil {
			err = models.NotFound(kindUser, login)
		}
		if err == nil {
			out = userView(u)
		}
		return err
	})
	return &out, err
}

// CreateUser adds a user with a password. Without one, when it is empty, they can't sign in before Reset gives them a token
// to set one. It fails with Invalid, and with Conflict when the login is taken.
func (s *Service) CreateUser(ctx context.Context, who access.Subject, from access.Origin, edit UserEdit, password string) (*User, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	var hash *string
	if password != "" {
		h, err := s.newPassword(ctx, password, edit.Login)
		if err != nil {
			return nil, err
		}
		hash = &h
	}
	var out User
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		u, err := s.addUser(tx, who, from, edit, hash)
		if err == nil {
			out = userView(u)
		}
		return err
	})
	return &out, err
}

// addUser adds a user with the hash of a password, which may be nil.
func (s *Service) addUser(tx *store.Tx, who access.Subject, from access.Origin, edit UserEdit, hash *string) (*store.User, error) {
	now := s.now()
	u := &store.User{ID: models.NewID(), Password: hash, CreatedAt: now, UpdatedAt: now}
	if who.ID == "" && who.Name == "" { // who sets Lectern up is the first user
		who = access.Subject{ID: u.ID, Name: edit.Name}
	}
	if err := apply(tx, u, edit); err != nil {
		return nil, err
	}
	if err := tx.AddUser(u); err != nil {
		return nil, err
	}
	if err := tx.DropOneTimeTokens(store.PurposeSetup, nil); err != nil {
		return nil, err
	}
	e := s.audit(who, from, "user.create", kindUser, u.ID)
	e.Version = &u.Version
	e.Detail["login"], e.Detail["grants"], e.Detail["disabled"] = u.Login, u.Grants, u.Disabled
	return u, tx.AddAudit(e)
}

// apply checks an edit and writes it into the user.
func apply(tx *store.Tx, u *store.User, edit UserEdit) error {
	var fields []models.FieldError
	for _, f := range []struct{ pointer, wrong string }{{"/login", checkLogin(edit.Login)}, {"/name", checkName(edit.Name)}} {
		if f.wrong != "" {
			fields = append(fields, models.FieldError{Pointer: f.pointer, Detail: f.wrong})
		}
	}
	more, err := checkGrants(tx, edit.Grants)
	if err != nil {
		return err
	}
	u.Login, u.LoginKey, u.Name, u.Grants, u.Disabled = edit.Login, loginKey(edit.Login), edit.Name, edit.Grants, edit.Disabled
	return models.Invalid("the user breaks rules", append(fields, more...))
}

// UpdateUser applies a merge patch (RFC 7396) of a UserEdit to a user whose version was read. It fails with Stale and the
// current version when it is another, and with Conflict when the login is taken or no owner would be left. A user who
// is disabled is signed out everywhere.
func (s *Service) UpdateUser(ctx context.Context, who access.Subject, from access.Origin, id models.ID, version int64, patch []byte) (*User, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	return s.change(ctx, who, from, id, version, func(tx *store.Tx, u *store.User) error {
		edit := editOf(u)
		if err := models.MergePatch(&edit, patch); err != nil {
			return err
		}
		return apply(tx, u, edit)
	})
}

func editOf(u *store.User) UserEdit {
	return UserEdit{Login: u.Login, Name: u.Name, Grants: u.Grants, Disabled: u.Disabled}
}

// UpdateMe applies a merge patch (RFC 7396) of a MeEdit to the user who asks, like UpdateUser.
func (s *Service) UpdateMe(ctx context.Context, who access.Subject, from access.Origin, version int64, patch []byte) (*User, error) {
	return s.change(ctx, who, from, who.ID, version, func(tx *store.Tx, u *store.User) error {
		me := MeEdit{Name: u.Name}
		if err := models.MergePatch(&me, patch); err != nil {
			return err
		}
		edit := editOf(u)
		edit.Name = me.Name
		return apply(tx, u, edit)
	})
}

// change changes a user as a whole, or not at all.
func (s *Service) change(ctx context.Context, who access.Subject, from access.Origin, id models.ID, version int64, fn func(*store.Tx, *store.User) error) (*User, error) {
	var out User
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		u, err := s.current(tx, id, version)
		if err != nil {
			return err
		}
		before, managed := editOf(u), manages(u)
		if err := fn(tx, u); err != nil {
			return err
		}
		u.UpdatedAt = s.now()
		if err := tx.UpdateUser(u, version); err != nil {
			return err
		}
		if err := settle(tx, u, managed); err != nil {
			return err
		}
		e := s.audit(who, from, "user.update", kindUser, u.ID)
		e.Version, e.Detail = &u.Version, changedFields(before, editOf(u))
		out = userView(u)
		return tx.AddAudit(e)
	})
	return &out, err
}

// current reads a user whose version must be the one that the caller has read, and holds off other changes.
func (s *Service) current(tx *store.Tx, id models.ID, version int64) (*store.User, error) {
	if err := tx.LockUsers(); err != nil {
		return nil, err
	}
	u, err := tx.User(id)
	if err != nil {
		return nil, err
	}
	if u.Version != version {
		return nil, &models.Error{Kind: models.KindStale, Message: "the user was changed by someone else",
			Current: &models.Current{Version: u.Version, Changed: []string{}, By: "", At: u.UpdatedAt}}
	}
	return u, nil
}

// settle does what follows from a change of a user: somebody must be left who manages users, as the user did before, and
// the disabled are signed out.
func settle(tx *store.Tx, changed *store.User, managed bool) error {
	if managed && !manages(changed) {
		if err := managerLeft(tx); err != nil {
			return err
		}
	}
	if !changed.Disabled {
		return nil
	}
	_, err := tx.EndSessions(changed.ID, "")
	return err
}

// manages tells whether somebody may manage users.
func manages(u *store.User) bool {
	return !u.Disabled && allowed(subjectOf(u), access.ManageUsers) == nil
}

// managerLeft fails with Conflict when nobody is left who may manage users.
func managerLeft(tx *store.Tx) error {
	users, err := tx.EnabledUsers()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(users, func(u store.User) bool { return manages(&u) }) {
		return models.Conflict("nobody would be left who may manage users: make somebody else an owner first", nil)
	}
	return nil
}

// changedFields tells the audit log the fields that have changed, with their new values.
func changedFields(before, after UserEdit) map[string]any {
	out := map[string]any{}
	if before.Login != after.Login {
		out["login"] = after.Login
	}
	if before.Name != after.Name {
		out["name"] = after.Name
	}
	if before.Disabled != after.Disabled {
		out["disabled"] = after.Disabled
	}
	if !slices.EqualFunc(before.Grants, after.Grants, access.Grant.Equal) {
		out["grants"] = after.Grants
	}
	return out
}

// DeleteUser takes a user away, with sessions and tokens. History keeps the name. It fails as UpdateUser does.
func (s *Service) DeleteUser(ctx context.Context, who access.Subject, from access.Origin, id models.ID, version int64) error {
	if err := allowed(who, access.ManageUsers); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		u, err := s.current(tx, id, version)
		if err != nil {
			return err
		}
		if err := tx.DeleteUser(id); err != nil {
			return err
		}
		if manages(u) {
			if err := managerLeft(tx); err != nil {
				return err
			}
		}
		e := s.audit(who, from, "user.delete", kindUser, id)
		e.Detail["login"], e.Detail["name"] = u.Login, u.Name
		return tx.AddAudit(e)
	})
}
