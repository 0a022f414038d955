package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// tokenCommand works beside a running server, which reads tokens with each request.
type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print its secret, this once."`
	List   tokenListCommand   `cmd:"" help:"List tokens."`
	Revoke tokenRevokeCommand `cmd:"" help:"Revoke a token."`
}

type tokenCreateCommand struct {
	Scope   []string `required:"" help:"content:read, drafts:read, answers:read, content:write, publish or admin." placeholder:"SCOPE"`
	Course  []string `help:"Only for these courses, by slug." placeholder:"SLUG"`
	Expires string   `help:"The last day on which it is good." placeholder:"YYYY-MM-DD"`
	Login   string   `arg:"" help:"Of the user for whom it acts."`
	Name    string   `arg:"" help:"What it is for."`
}

// Run makes a token.
func (cmd tokenCreateCommand) Run(j *job) error {
	expires, err := endOf(cmd.Expires)
	if err != nil {
		return usage{err}
	}
	return j.onUser(cmd.Login, func(a *accounts.Service, c *content.Service, u *accounts.User) error {
		limits, err := roles{cmd.Course}.grants(j, c, []string{""})
		if err != nil {
			return err
		}
		token := accounts.NewToken{Name: cmd.Name, ExpiresAt: expires}
		for _, l := range limits[0].Limits {
			token.Courses = append(token.Courses, l.Course)
		}
		for _, sc := range cmd.Scope {
			token.Scopes = append(token.Scopes, access.Scope(sc))
		}
		created, err := a.CreateToken(j.ctx, accounts.Local(), access.Origin{}, u.ID, token)
		if err != nil {
			return err
		}
		j.printf("%s\n", created.Secret)
		return nil
	})
}

// endOf reads a date as the end of its day in UTC, nil for none.
func endOf(date string) (*time.Time, error) {
	if date == "" {
		return nil, nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil, fmt.Errorf("--expires: %q is no date such as 2027-01-31", date)
	}
	end := day.AddDate(0, 0, 1)
	return &end, nil
}

type tokenListCommand struct{}

// Run lists all tokens.
func (tokenListCommand) Run(j *job) error {
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(s *store.Store, _ *content.Service) error {
		a := j.accounts(s)
		for after := models.ID(""); ; {
			tokens, err := a.Tokens(j.ctx, accounts.Local(), "", after, listPart)
			if err != nil || len(tokens) == 0 {
				return err
			}
			for _, t := range tokens {
				u, err := a.User(j.ctx, accounts.Local(), t.User)
				if err != nil {
					return err
				}
				j.printf("%s %-20s %-20s %s\n", t.ID, u.Login, t.Name, describeToken(t))
				after = t.ID
			}
		}
	})
}

func describeToken(t accounts.Token) string {
	words := []string{strings.ReplaceAll(strings.Trim(fmt.Sprint(t.Scopes), "[]"), " ", ",")}
	if t.ExpiresAt != nil {
		words = append(words, "until "+t.ExpiresAt.Format(time.DateOnly))
	}
	if t.LastUsedAt != nil {
		words = append(words, "used "+t.LastUsedAt.Format(time.DateOnly))
	}
	return strings.Join(words, ", ")
}

type tokenRevokeCommand struct {
	ID string `arg:"" help:"Of the token, as lectern token list shows it."`
}

// Run revokes a token.
func (cmd tokenRevokeCommand) Run(j *job) error {
	if !models.ID(cmd.ID).Valid() {
		return usage{errors.New("a token is named by its id: lectern token list shows it")}
	}
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(s *store.Store, _ *content.Service) error {
		err := j.accounts(s).RevokeToken(j.ctx, accounts.Local(), access.Origin{}, models.ID(cmd.ID))
		if err == nil {
			j.printf("revoked %s\n", cmd.ID)
		}
		return err
	})
}
