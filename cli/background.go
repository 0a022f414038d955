package cli

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/jobs"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/transfer"
)

// How often what was missed is looked for: schedules for instance whose time came while the server was down.
const (
	lookForSchedules = time.Minute
	lookForArchives  = time.Hour
)

// background is the work of a server that outlives requests.
type background struct {
	*jobs.Runner
	store     *store.Store
	transfers *transfer.Service
}

// newBackground says what is done for each kind of work. Nothing is done before start.
func (j *job) newBackground(s *store.Store, c *content.Service, a *accounts.Service, folder *files.Folder) (*background, error) {
	runner, err := jobs.New(s, j.log, nil)
	if err != nil {
		return nil, err
	}
	c.Queue, c.Standing = runner, a.Standing
	t, err := transfer.New(transfer.Config{
		Store: s, Content: c, Files: folder, Folder: j.path(transfersFolder), Staging: j.path(stagingFolder),
		Queue: runner, Standing: a.Standing, Log: j.log, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	each := func(do func(context.Context) error) jobs.Work {
		return func(ctx context.Context, _ models.ID) error { return do(ctx) }
	}
	runner.Handle(content.WorkSchedule, jobs.Short, c.RunSchedule)
	runner.Handle(content.WorkSchedules, jobs.Short, each(c.RunDueSchedules))
	runner.Handle(transfer.WorkImport, jobs.Long, t.RunImport)
	runner.Handle(transfer.WorkExport, jobs.Long, t.RunExport)
	runner.Handle(transfer.WorkTidy, jobs.Short, each(t.Tidy))
	runner.Every(lookForSchedules, content.WorkSchedules)
	runner.Every(lookForArchives, transfer.WorkTidy)
	return &background{runner, s, t}, nil
}

// resume takes up what a killed server left. It must be called before requests are answered.
func (b *background) resume(ctx context.Context) error {
	if err := b.transfers.Resume(ctx); err != nil {
		return err
	}
	return b.store.InTx(ctx, func(tx *store.Tx) error {
		// Every does this too, but on PostgreSQL only once the killed server counts as gone, some 15 seconds later.
		return b.Enqueue(ctx, tx, content.WorkSchedules, "", time.Now())
	})
}
