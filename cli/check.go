package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/server"
	"github.com/lectern-cms/lectern/store"
)

type checkCommand struct {
	Index bool `help:"Compare the search index alone, and mend it where it differs."`
}

// Run checks the database's file, what is live in it and the files of assets, and compares the search index with it.
// A running server, which holds the index, is asked for that.
func (cmd checkCommand) Run(j *job) error {
	if err := j.existing(); err != nil {
		return err
	}
	running, err := server.FindRunning(j.ctx, j.cfg.Data)
	if err != nil {
		return err
	}
	if cmd.Index {
		return j.mendIndex(running)
	}
	if running != nil {
		return j.with(func(s *store.Store, c *content.Service) error {
			return j.check(s, c, func() (search.Difference, error) { return running.Check(j.ctx) })
		})
	}
	if _, err := os.Stat(j.path(indexFolder)); j.cfg.MeiliURL == "" && errors.Is(err, fs.ErrNotExist) {
		j.printf("there is no search index yet: lectern serve or lectern reindex makes it\n")
		return j.with(func(s *store.Store, c *content.Service) error {
			return j.check(s, c, func() (search.Difference, error) { return search.Difference{}, nil })
		})
	}
	return j.withIndex(func(s *store.Store, c *content.Service, index search.Index) error {
		return j.check(s, c, func() (search.Difference, error) { return search.Compare(j.ctx, index, c) })
	})
}

// mendIndex compares the search index with the database and mends it, and prints what was different.
func (j *job) mendIndex(running *server.Running) error {
	if running != nil {
		d, err := running.Mend(j.ctx)
		return j.mended(d, err)
	}
	return j.withIndex(func(_ *store.Store, c *content.Service, index search.Index) error {
		// What was published since the index was written is no difference.
		if err := search.NewFollower(index, c, j.log).CatchUp(j.ctx); err != nil {
			return err
		}
		d, err := search.Mend(j.ctx, index, c)
		return j.mended(d, err)
	})
}

func (j *job) mended(d search.Difference, err error) error {
	if err != nil {
		return err
	}
	for _, p := range differences(d) {
		j.printf("%s: mended\n", p)
	}
	j.printf("search index and database agree\n")
	return nil
}

// check prints all that is wrong, and fails with attention when anything is.
func (j *job) check(s *store.Store, c *content.Service, compare func() (search.Difference, error)) error {
	damage, err := s.Check(j.ctx)
	if err != nil {
		return err
	}
	if damage != "" {
		return attention{errors.New(damage)}
	}
	problems, err := c.Check(j.ctx)
	if err != nil {
		return err
	}
	missing, err := j.missingFiles(c)
	if err != nil {
		return err
	}
	d, err := compare()
	if err != nil {
		return err
	}
	problems = append(append(problems, missing...), differences(d)...)
	for _, p := range problems {
		j.printf("%s\n", p)
	}
	if len(problems) > 0 {
		return attention{fmt.Errorf("the check found %s; a wrong search index is mended by lectern check --index", plural(len(problems), "problem"))}
	}
	j.printf("database, files and search index are sound\n")
	return nil
}

// missingFiles lists the live assets whose bytes are not there.
func (j *job) missingFiles(c *content.Service) ([]string, error) {
	folder, err := files.Open(j.path(filesFolder))
	if err != nil {
		return nil, err
	}
	var problems []string
	for req := (content.ListRequest{Limit: 100}); ; {
		page, err := c.Assets(j.ctx, req)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Items {
			if !folder.Has(a.File.Sha256) {
				problems = append(problems, fmt.Sprintf("the file of the asset %s (%s) is missing", a.ID, a.File.Name))
			}
		}
		if page.Next == nil {
			return problems, nil
		}
		req.After = page.Next.Value
	}
}

// differences says in words what index and database do not agree on.
func differences(d search.Difference) []string {
	var problems []string
	for _, ref := range d.Missing {
		problems = append(problems, fmt.Sprintf("the search index lacks %s %s", ref.Type, ref.ID))
	}
	for _, ref := range d.Extra {
		problems = append(problems, fmt.Sprintf("the search index has %s %s, which is not live", ref.Type, ref.ID))
	}
	if d.Behind != 0 {
		problems = append(problems, fmt.Sprintf("the search index is %d content revisions behind; a server catches up by itself", d.Behind))
	}
	return problems
}
