package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

func userHref(id models.ID) string { return adminPath + "/users/" + string(id) }

// meView is the user who asks, and what they ask with.
type meView struct {
	*accounts.User
	Token  *models.ID     `json:"token"`  // nil for a session
	Scopes []access.Scope `json:"scopes"` // of the token; all for a session
}

func viewOfMe(c *fiber.Ctx, u *accounts.User) meView {
	who := subject(c)
	v := meView{User: u, Scopes: who.Scopes}
	if who.Token != "" {
		v.Token = &who.Token
	} else {
		v.Scopes = access.Scopes()
	}
	return v
}

func (s *Server) me(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	u, err := s.Accounts.Me(c.UserContext(), subject(c))
	if err != nil {
		return err
	}
	return sendDraft(c, viewOfMe(c, u), u.Version)
}

func (s *Server) updateMe(c *fiber.Ctx) error {
	if _, err := person(c); err != nil {
		return err
	}
	version, patch, err := changeOf(c)
	if err != nil {
		return err
	}
	u, err := s.Accounts.UpdateMe(c.UserContext(), subject(c), origin(c), version, patch)
	if err != nil {
		return err
	}
	return sendDraft(c, viewOfMe(c, u), u.Version)
}

// changeOf reads a change of a record: a merge patch and the version that it is for.
func changeOf(c *fiber.Ctx) (version int64, patch []byte, err error) {
	if err := plain(c); err != nil {
		return 0, nil, err
	}
	if patch, err = patchOf(c); err != nil {
		return 0, nil, err
	}
	version, err = ifMatch(c)
	return version, patch, err
}

func (s *Server) changePassword(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	var change accounts.PasswordChange
	if err := decode(c, &change); err != nil {
		return err
	}
	if err := s.Accounts.ChangePassword(c.UserContext(), who, origin(c), change); err != nil {
		return err
	}
	return sendNothing(c)
}

func (s *Server) users(c *fiber.Ctx) error {
	p := query(c, "limit", "after")
	limit, after := p.limit(), p.id("after")
	if err := p.err(); err != nil {
		return err
	}
	users, err := s.Accounts.Users(c.UserContext(), subject(c), after, limit+1)
	if err != nil {
		return err
	}
	return sendPart(c, users, limit, func(u accounts.User) models.ID { return u.ID })
}

// id reads the id of a record.
func (p *params) id(name string) models.ID {
	id := models.ID(p.values[name])
	if p.has(name) && !id.Valid() {
		p.fail(name, "must be an id")
	}
	return id
}

func (s *Server) user(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	u, err := s.Accounts.User(c.UserContext(), subject(c), id(c))
	if err != nil {
		return err
	}
	return sendDraft(c, u, u.Version)
}

func (s *Server) createUser(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var edit accounts.UserEdit
	if err := decode(c, &edit); err != nil {
		return err
	}
	u, err := s.Accounts.CreateUser(c.UserContext(), subject(c), origin(c), edit, "")
	if err != nil {
		return err
	}
	return sendCreated(c, u, u.Version, userHref(u.ID))
}

func (s *Server) updateUser(c *fiber.Ctx) error {
	version, patch, err := changeOf(c)
	if err != nil {
		return err
	}
	u, err := s.Accounts.UpdateUser(c.UserContext(), subject(c), origin(c), id(c), version, patch)
	if err != nil {
		return err
	}
	return sendDraft(c, u, u.Version)
}

func (s *Server) deleteUser(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.DeleteUser(c.UserContext(), subject(c), origin(c), id(c), version); err != nil {
		return err
	}
	return sendNothing(c)
}

func (s *Server) resetUser(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	token, err := s.Accounts.Reset(c.UserContext(), subject(c), origin(c), id(c))
	if err != nil {
		return err
	}
	return sendSecret(c, token)
}
