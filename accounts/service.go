// Package accounts holds the use cases around who works with Lectern: users, sign-in, sessions, tokens, and the audit
// log. What a user may do is decided by package access alone.
package accounts

import (
	"log/slog"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What holds when a Config does not say otherwise.
const (
	DefaultSessionIdle     = 8 * time.Hour      // a working day without a click
	DefaultSessionLifetime = 7 * 24 * time.Hour // NIST SP 800-63B-4 asks for 30 days at most where a password is enough
)

// Config is how accounts behave.
type Config struct {
	SessionIdle     time.Duration // a session ends when it was not used for so long; 0: DefaultSessionIdle
	SessionLifetime time.Duration // and so long after sign-in in any case; 0: DefaultSessionLifetime
	AuditDays       int           // how long entries of the audit log are kept; 0: for ever

	// Hashing is how passwords are hashed; nil: as OWASP recommends. Tests set something cheap; no setting reaches it.
	Hashing *argon2id.Params
}

// Service is the use cases over one store. It is safe for concurrent use.
type Service struct {
	Config
	store     *store.Store
	log       *slog.Logger
	now       func() time.Time
	passwords *passwords
	throttle  *throttle
}

// New makes the service. now is the clock, time.Now outside tests.
func New(s *store.Store, log *slog.Logger, now func() time.Time, cfg Config) *Service {
	if cfg.SessionIdle == 0 {
		cfg.SessionIdle = DefaultSessionIdle
	}
	if cfg.SessionLifetime == 0 {
		cfg.SessionLifetime = DefaultSessionLifetime
	}
	if cfg.Hashing == nil {
		cfg.Hashing = &owasp
	}
	return &Service{
		Config: cfg, store: s, log: log, now: func() time.Time { return models.Timestamp(now()) },
		passwords: newPasswords(cfg.Hashing), throttle: newThrottle(now),
	}
}

// Local is who works on the command line of the machine: whoever may read the database may do everything.
func Local() access.Subject {
	return access.Subject{Name: "command line", Grants: []access.Grant{{Role: access.Owner}}}
}

// allowed fails with Forbidden unless somebody may do something to the installation.
func allowed(who access.Subject, action access.Action) error {
	if d := who.Decide(action, "", access.Place{}); !d.Allowed {
		return models.Forbidden(d.Reason)
	}
	return nil
}

// Kinds of record in the audit log that are no content.
const (
	kindUser    models.Kind = "user"
	kindSession models.Kind = "session"
	kindToken   models.Kind = "token"
	kindAudit   models.Kind = "audit"
)

// audit begins an entry of the audit log about something of this package.
func (s *Service) audit(who access.Subject, from access.Origin, action string, kind models.Kind, id models.ID) store.AuditEntry {
	e := store.NewAuditEntry(who, from, s.now(), action)
	e.Kind, e.RecordID = kind, id
	return e
}
