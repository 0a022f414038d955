package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/jobs"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What is in the data folder.
const (
	databaseFile = "lectern.db"
	indexFolder  = "search"
	filesFolder  = "files"

	stagingFolder   = "staging"   // what imports wait to save
	transfersFolder = "transfers" // archives that came in, or go out, over the API
	lockFile        = "serve.lock"
)

func (j *job) path(name string) string {
	return filepath.Join(j.cfg.Data, name)
}

// open makes the data folder if need be, opens the database and brings its schema up to date.
func (j *job) open() (*store.Store, *content.Service, error) {
	if err := os.MkdirAll(j.cfg.Data, 0o750); err != nil {
		return nil, nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := writable(j.cfg.Data); err != nil {
		return nil, nil, err
	}
	s, err := store.Open(j.ctx, store.Config{Path: j.path(databaseFile), Log: j.log})
	if err != nil {
		return nil, nil, err
	}
	err = s.Migrate(j.ctx)
	if err == nil {
		err = jobs.Migrate(j.ctx, s)
	}
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	c := content.New(s, j.log, time.Now)
	c.Coalesce = j.cfg.Coalesce
	return s, c, nil
}

// accounts are the use cases around users, over an open database.
func (j *job) accounts(s *store.Store) *accounts.Service {
	return accounts.New(s, j.log, time.Now, accounts.Config{
		SessionIdle: j.cfg.SessionIdle, SessionLifetime: j.cfg.SessionLifetime, AuditDays: j.cfg.AuditDays,
	})
}

// retention says which revisions are kept, and how long counts of searches.
func (j *job) retention() content.Retention {
	return content.Retention{Days: j.cfg.HistoryDays, Count: j.cfg.HistoryCount, SearchDays: j.cfg.SearchDays}
}

// existing fails when there is no database: a command that only looks, or works on what is there, was given a wrong
// folder then.
func (j *job) existing() error {
	info, err := os.Stat(j.path(databaseFile))
	if err != nil {
		return fmt.Errorf("there is no database in the data folder %s: %w", j.cfg.Data, err)
	}
	if info.Size() == 0 {
		return fmt.Errorf("the database %s is an empty file", j.path(databaseFile))
	}
	return nil
}

// writable tries to write into the data folder: SQLite would say less clearly what is wrong.
func writable(folder string) error {
	f, err := os.CreateTemp(folder, ".writable-*")
	if err != nil {
		return fmt.Errorf("the data folder can't be written to: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// with runs fn with the open database and closes it.
func (j *job) with(fn func(*store.Store, *content.Service) error) error {
	s, c, err := j.open()
	if err != nil {
		return err
	}
	return errors.Join(fn(s, c), s.Close())
}

// lock makes sure that one process serves a data folder: it holds the search index. Other commands work beside it.
func (j *job) lock() (*flock.Flock, error) {
	l := flock.New(j.path(lockFile))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if !ok {
		owner := "another process"
		if data, err := os.ReadFile(j.path(lockFile)); err == nil && len(data) > 0 {
			owner = "process " + strings.TrimSpace(string(data))
		}
		return nil, models.Conflict(fmt.Sprintf("%s serves the data folder %s already", owner, j.cfg.Data), nil)
	}
	if err := os.WriteFile(j.path(lockFile), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	return l, nil
}
