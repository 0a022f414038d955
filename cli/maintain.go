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
	if err := j.existing(); err != nil {
		return err
	}
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

// openIndex opens the index of the engine that is configured. A Meilisearch server need not answer yet.
func (j *job) openIndex() (search.Index, error) {
	if j.cfg.MeiliURL == "" {
		return search.OpenEmbedded(j.path(indexFolder), j.log)
	}
	return search.OpenMeilisearch(search.MeilisearchConfig{URL: j.cfg.MeiliURL, Key: j.cfg.MeiliKey, Index: j.cfg.MeiliIndex}, j.log), nil
}

// withIndex runs fn with the database and the index, which no server may hold if it is embedded.
func (j *job) withIndex(fn func(*store.Store, *content.Service, search.Index) error) error {
	return j.with(func(s *store.Store, c *content.Service) error {
		index, err := j.openIndex()
		if err != nil {
			return err
		}
		return errors.Join(fn(s, c, index), index.Close())
	})
}

type pruneCommand struct{}

// Run removes revisions and counts of searches that are not kept, as a server does each day.
func (pruneCommand) Run(j *job) error {
	if err := j.existing(); err != nil {
		return err
	}
	return j.with(func(_ *store.Store, c *content.Service) error {
		if j.retention().KeepsRevisions() {
			j.printf("neither history-days nor history-count is set: all revisions are kept\n")
		} else {
			n, err := c.PruneHistory(j.ctx, j.retention())
			if err != nil {
				return err
			}
			j.printf("%s removed\n", plural(int(n), "revision"))
		}
		n, err := c.PruneSearches(j.ctx, j.cfg.SearchDays)
		if err == nil {
			j.printf("counts of searches of %s removed\n", plural(n, "day"))
		}
		return err
	})
}
