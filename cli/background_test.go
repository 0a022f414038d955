package cli

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/config"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/jobs"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

// instance is all of a server but its network: the background work as serve runs it.
type instance struct {
	*background
	content  *content.Service
	accounts *accounts.Service
}

// newInstance starts an instance, with a folder for files that all instances of a test share.
func newInstance(t *testing.T, cfg store.Config, data string) *instance {
	t.Helper()
	s, err := store.Open(t.Context(), cfg)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.Migrate(t.Context()))
	must(t, jobs.Migrate(t.Context(), s))
	folder, err := files.Open(filepath.Join(data, filesFolder))
	must(t, err)
	j := &job{ctx: t.Context(), cfg: config.Config{Data: data}, log: slog.New(slog.DiscardHandler)}
	i := &instance{content: content.New(s, j.log, time.Now), accounts: j.accounts(s)}
	i.background, err = j.newBackground(s, i.content, i.accounts, folder)
	must(t, err)
	must(t, i.resume(t.Context()))
	must(t, i.Start(t.Context()))
	t.Cleanup(func() { must(t, i.Stop(context.Background())) })
	return i
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Two instances share a database: whichever takes it, each schedule is done once.
func TestInstancesDoEachScheduleOnce(t *testing.T) {
	for name, database := range map[string]func(*testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{Path: filepath.Join(t.TempDir(), databaseFile)} },
		"postgres": func(t *testing.T) store.Config { return store.Config{PostgresURL: pgtest.URL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			cfg, data := database(t), t.TempDir()
			one := newInstance(t, cfg, data)
			newInstance(t, cfg, data)
			doesEachOnce(t, one)
		})
	}
}

func doesEachOnce(t *testing.T, i *instance) {
	t.Helper()
	grants := []access.Grant{{Role: access.Editor}}
	zoe, err := i.accounts.CreateUser(t.Context(), accounts.Local(), access.Origin{}, accounts.UserEdit{Login: "zoe", Name: "Zoe", Grants: grants}, "")
	must(t, err)
	e := i.content.As(access.Subject{ID: zoe.ID, Name: zoe.Name, Grants: grants}, access.Origin{})
	course := models.NewID()
	_, err = e.Create(t.Context(), models.KindCourse, fmt.Appendf(nil, `{"id": %q, "title": "Course", "language": "en"}`, course), "")
	must(t, err)
	at := time.Now().Add(plannedAhead)
	for n := range plannedModules {
		id := models.NewID()
		_, err := e.Create(t.Context(), models.KindModule, fmt.Appendf(nil, `{"id": %q, "course_id": %q, "title": "Module %d"}`, id, course, n), "")
		must(t, err)
		_, err = e.Schedule(t.Context(), models.Ref{Type: models.KindModule, ID: id}, content.ScheduleRequest{Action: content.SchedulePublish, At: at})
		must(t, err)
	}
	eventually(t, "all schedules are done", func() bool {
		done, err := e.Schedules(t.Context(), content.ScheduleList{State: store.ScheduleDone, Limit: 2 * plannedModules})
		must(t, err)
		return len(done) == plannedModules
	})
	var published []store.AuditEntry
	must(t, i.store.View(t.Context(), func(tx *store.Tx) error {
		published, err = tx.Audit(store.AuditQuery{Action: "module.publish", Limit: 1 << 20})
		return err
	}))
	if len(published) != plannedModules {
		t.Errorf("%d modules were published, want %d", len(published), plannedModules)
	}
}
