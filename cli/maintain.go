package cli

import (
	"errors"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/server"
	"github.com/lectern-cms/lectern/store"
)

type migrateCommand struct{}

// Run brings the schema up to date, as every command that opens the database does, and says so.
func (migrateCommand) Run(j *job) error {
	return j.with(func(s *store.Store, _ *content.Service) error {
		version, err := s.Version(j.ctx)
		if err == nil {
			j.printf("the database has schema version %d\n", version)
		}
		return err
	})
}

type reindexCommand struct{}

// Run rebuilds the index: a running server, which holds it, is asked to.
func (reindexCommand) Run(j *job) error {
	running, err := server.FindRunning(j.ctx, j.cfg.Data)
	if err != nil {
		return err
	}
	if running != nil {
		if err := running.Reindex(j.ctx); err != nil {
			return err
		}
		j.printf("the running server has rebuilt its search index\n")
		return nil
	}
	return j.withIndex(func(_ *store.Store, c *content.Service, index search.Index) error {
		revision, err := c.ContentRevision(j.ctx)
		if err != nil {
			return err
		}
		n := 0
		err = index.Rebuild(j.ctx, revision, func(add func(search.Document) error) error {
			_, err := c.EachDocument(j.ctx, func(d search.Document) error {
				n++
				return add(d)
			})
			return err
		})
		if err == nil {
			j.printf("the search index is rebuilt: %s\n", plural(n, "document"))
		}
		return err
	})
}

// withIndex runs fn with the database and the index, which no server may hold.
func (j *job) withIndex(fn func(*store.Store, *content.Service, search.Index) error) error {
	return j.with(func(s *store.Store, c *content.Service) error {
		index, err := search.OpenEmbedded(j.path(indexFolder), j.log)
		if err != nil {
			return err
		}
		return errors.Join(fn(s, c, index), index.Close())
	})
}

type checkCommand struct{}

// Run checks the database's file and its content, and compares the index with it.
func (checkCommand) Run(j *job) error {
	running, err := server.FindRunning(j.ctx, j.cfg.Data)
	if err != nil {
		return err
	}
	check := func(s *store.Store, c *content.Service, compare func() (search.Difference, error)) error {
		if err := s.Check(j.ctx); err != nil {
			return attention{err}
		}
		problems, err := c.Check(j.ctx)
		if err != nil {
			return err
		}
		for _, p := range problems {
			j.printf("%s\n", p)
		}
		d, err := compare()
		if err != nil {
			return err
		}
		for _, ref := range d.Missing {
			j.printf("the search index lacks %s %s\n", ref.Type, ref.ID)
		}
		for _, ref := range d.Extra {
			j.printf("the search index has %s %s, which is not live\n", ref.Type, ref.ID)
		}
		if d.Behind != 0 {
			j.printf("the search index is %d content revisions behind; a server catches up by itself\n", d.Behind)
		}
		if len(problems) > 0 || !d.Sound() {
			return attention{errors.New("the check found something: a wrong index is mended by lectern reindex")}
		}
		j.printf("database and search index are sound\n")
		return nil
	}
	if running != nil {
		return j.with(func(s *store.Store, c *content.Service) error {
			return check(s, c, func() (search.Difference, error) { return running.Check(j.ctx) })
		})
	}
	return j.withIndex(func(s *store.Store, c *content.Service, index search.Index) error {
		return check(s, c, func() (search.Difference, error) { return search.Compare(j.ctx, index, c) })
	})
}
