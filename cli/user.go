package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// userCommand works beside a running server, which reads users with each request.
type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Add a user. The password is asked for, or read from standard input."`
	List    userListCommand    `cmd:"" help:"List users."`
	Role    userRoleCommand    `cmd:"" help:"Give a user roles in the place of those that they have."`
	Disable userDisableCommand `cmd:"" help:"Let a user not sign in any more, and end their sessions."`
	Enable  userEnableCommand  `cmd:"" help:"Let a user sign in again."`
	Reset   userResetCommand   `cmd:"" help:"Print a token with which a user can set a password."`
}

// roles are grants as the command line has them.
type roles struct {
	Course []string `help:"Only for these courses, by slug." placeholder:"SLUG"`
}

// grants are roles within the courses.
func (r roles) grants(j *job, c *content.Service, names []string) ([]access.Grant, error) {
	limits := []access.Limit{}
	for _, slug := range r.Course {
		ref, err := c.FindDraft(j.ctx, []string{slug})
		if err != nil {
			return nil, err
		}
		limits = append(limits, access.Limit{Course: ref.ID})
	}
	grants := []access.Grant{}
	for _, name := range names {
		grants = append(grants, access.Grant{Role: access.Role(name), Limits: limits})
	}
	return grants, nil
}

type userAddCommand struct {
	roles
	Role  []string `help:"owner, editor, author, translator or viewer." placeholder:"ROLE"`
	Name  string   `help:"As it stands in history; the login when it is not given." placeholder:"NAME"`
	Link  bool     `help:"Ask for no password, and print a token with which the user can set one."`
	Login string   `arg:"" help:"E-mail address or name."`
}

// Run adds a user.
func (cmd userAddCommand) Run(j *job) error {
	return j.with(func(s *store.Store, c *content.Service) error {
		grants, err := cmd.grants(j, c, cmd.Role)
		if err != nil {
			return err
		}
		password := ""
		if !cmd.Link {
			if password, err = j.password(); err != nil {
				return err
			}
		}
		edit := accounts.UserEdit{Login: cmd.Login, Name: cmd.Name, Grants: grants}
		if edit.Name == "" {
			edit.Name = edit.Login
		}
		a := j.accounts(s)
		u, err := a.CreateUser(j.ctx, accounts.Local(), access.Origin{}, edit, password)
		if err != nil {
			return err
		}
		j.printf("added %s\n", u.Login)
		if cmd.Link {
			return j.reset(a, u)
		}
		return nil
	})
}

// errNoPassword is what an empty standard input gives.
var errNoPassword = errors.New("no password was given: type one, or use --link")

// password asks for a password, or reads it as a line of standard input that is no terminal.
func (j *job) password() (string, error) {
	if f, ok := j.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return askPassword(f, j.Stderr)
	}
	line, err := bufio.NewReader(j.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errNoPassword
	}
	return line, nil
}

func askPassword(from *os.File, to io.Writer) (string, error) {
	var typed [2]string
	for i, question := range []string{"Password: ", "Once more: "} {
		_, _ = fmt.Fprint(to, question)
		data, err := term.ReadPassword(int(from.Fd()))
		_, _ = fmt.Fprintln(to)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(data)
	}
	switch {
	case typed[0] != typed[1]:
		return "", errors.New("the two passwords are not the same")
	case typed[0] == "":
		return "", errNoPassword
	}
	return typed[0], nil
}

// reset prints a token to set a password with.
func (j *job) reset(a *accounts.Service, u *accounts.User) error {
	token, err := a.Reset(j.ctx, accounts.Local(), access.Origin{}, u.ID)
	if err != nil {
		return err
	}
	j.printf("token for POST /v1/admin/reset, good once and until %s:\n%s\n", token.ExpiresAt.Local().Format("2006-01-02 15:04 MST"), token.Token)
	return nil
}

// onUser runs fn with the user who has a login.
func (j *job) onUser(login string, fn func(*accounts.Service, *content.Service, *accounts.User) error) error {
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(s *store.Store, c *content.Service) error {
		a := j.accounts(s)
		u, err := a.UserByLogin(j.ctx, accounts.Local(), login)
		if err != nil {
			return err
		}
		return fn(a, c, u)
	})
}

// change changes a field of a user.
func (j *job) change(a *accounts.Service, u *accounts.User, field string, value any) error {
	patch, err := models.Encode(map[string]any{field: value})
	if err != nil {
		return err
	}
	if _, err := a.UpdateUser(j.ctx, accounts.Local(), access.Origin{}, u.ID, u.Version, patch); err != nil {
		return err
	}
	j.printf("changed %s\n", u.Login)
	return nil
}

type userRoleCommand struct {
	roles
	Login string   `arg:"" help:"Of the user."`
	Role  []string `arg:"" help:"owner, editor, author, translator or viewer."`
}

// Run gives a user roles.
func (cmd userRoleCommand) Run(j *job) error {
	return j.onUser(cmd.Login, func(a *accounts.Service, c *content.Service, u *accounts.User) error {
		grants, err := cmd.grants(j, c, cmd.Role)
		if err != nil {
			return err
		}
		return j.change(a, u, "grants", grants)
	})
}

type userDisableCommand struct {
	Login string `arg:"" help:"Of the user."`
}

// Run disables a user.
func (cmd userDisableCommand) Run(j *job) error {
	return j.onUser(cmd.Login, func(a *accounts.Service, _ *content.Service, u *accounts.User) error {
		return j.change(a, u, "disabled", true)
	})
}

type userEnableCommand struct {
	Login string `arg:"" help:"Of the user."`
}

// Run enables a user.
func (cmd userEnableCommand) Run(j *job) error {
	return j.onUser(cmd.Login, func(a *accounts.Service, _ *content.Service, u *accounts.User) error {
		return j.change(a, u, "disabled", false)
	})
}

type userResetCommand struct {
	Login string `arg:"" help:"Of the user."`
}

// Run prints a token to set a password with.
func (cmd userResetCommand) Run(j *job) error {
	return j.onUser(cmd.Login, func(a *accounts.Service, _ *content.Service, u *accounts.User) error { return j.reset(a, u) })
}

type userListCommand struct{}

// listPart is how many rows a command reads at once.
const listPart = 100

// Run lists users.
func (userListCommand) Run(j *job) error {
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(s *store.Store, _ *content.Service) error {
		a := j.accounts(s)
		for after := models.ID(""); ; {
			users, err := a.Users(j.ctx, accounts.Local(), after, listPart)
			if err != nil || len(users) == 0 {
				return err
			}
			for _, u := range users {
				j.printf("%-30s %-20s %s\n", u.Login, u.Name, describe(u))
				after = u.ID
			}
		}
	})
}

// describe says what a user may do, and what keeps them from it.
func describe(u accounts.User) string {
	var words []string
	for _, g := range u.Grants {
		word := string(g.Role)
		if n := len(g.Limits); n > 0 {
			word += " (limited)"
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		words = append(words, "no role")
	}
	if u.Disabled {
		words = append(words, "disabled")
	}
	if !u.HasPassword {
		words = append(words, "no password")
	}
	return strings.Join(words, ", ")
}
