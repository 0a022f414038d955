package transfer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// The work that a Queue is given by this package.
const (
	WorkImport = "import"    // RunImport
	WorkExport = "export"    // RunExport
	WorkTidy   = "transfers" // Tidy
)

// Limits of transfers.
const (
	MaxArchiveBytes = 512 << 20           // of an upload: a whole site with its documents and images has 200 MiB
	keepLooked      = 7 * 24 * time.Hour  // how long the archive of a dry run waits to be applied
	keepExport      = 24 * time.Hour      // how long an export can be downloaded
	keepTold        = 30 * 24 * time.Hour // how long it is told what was done
	maxActive       = 20                  // of one user at a time: each keeps an archive on disk
)

// Config is what transfers need.
type Config struct {
	Store    *store.Store
	Content  *content.Service
	Files    *files.Folder // of assets
	Folder   string        // for archives; nobody else writes into it
	Staging  string        // for what imports wait to save
	Queue    content.Queue
	Standing content.Standing
	Log      *slog.Logger
	Now      func() time.Time
}

// Service is the use cases of imports and exports that outlive the request that asks for them. It is safe for concurrent
// use. Archives are in a folder of this machine: instances that share a database must share that folder, too.
type Service struct {
	Config
	mu      sync.Mutex
	running map[models.ID]*run
}

// run is a transfer that this process is at.
type run struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// New makes the service, and its folder if need be.
func New(cfg Config) (*Service, error) {
	now := cfg.Now
	cfg.Now = func() time.Time { return models.Timestamp(now()) }
	if err := os.MkdirAll(cfg.Folder, 0o750); err != nil {
		return nil, fmt.Errorf("make a folder for transfers: %w", err)
	}
	return &Service{Config: cfg, running: map[models.ID]*run{}}, nil
}

// Transfer is what an import and an export have in common, as their users see them.
type Transfer struct {
	ID        models.ID           `json:"id"`
	State     store.TransferState `json:"state"`
	Name      string              `json:"name"` // of what is imported, or of the file that an export becomes
	By        content.Person      `json:"by"`   // who asked for it
	CreatedAt time.Time           `json:"created_at"`
	DoneAt    *time.Time          `json:"done_at"`    // when it was done or failed
	ExpiresAt *time.Time          `json:"expires_at"` // when its file goes; null: it has none
	Error     *content.Failure    `json:"error"`      // why it failed
}

func transferView(x *store.Transfer) (Transfer, error) {
	out := Transfer{
		ID: x.ID, State: x.State, Name: x.Name, By: content.Person{ID: x.UserID, Name: x.UserName}, CreatedAt: x.CreatedAt,
		DoneAt: x.DoneAt, ExpiresAt: x.ExpiresAt,
	}
	if x.Error == nil {
		return out, nil
	}
	out.Error = &content.Failure{}
	return out, models.Decode([]byte(*x.Error), out.Error)
}

// active are the states of transfers that are still to be done.
var active = []store.TransferState{store.TransferWaiting, store.TransferRunning}

// path is where the archive of a transfer is.
func (s *Service) path(id models.ID) string { return filepath.Join(s.Folder, string(id)+".archive") }

// add saves a new transfer, with the work to do it, and an entry in the audit log.
func (s *Service) add(ctx context.Context, who access.Subject, from access.Origin, x *store.Transfer, work string) error {
	x.State, x.UserID, x.UserName, x.TokenID, x.CreatedAt = store.TransferWaiting, who.ID, who.Name, who.Token, s.Now()
	return s.Store.InTx(ctx, func(tx *store.Tx) error {
		mine, err := tx.Transfers(store.TransferQuery{States: active, User: who.ID, Limit: maxActive})
		if err != nil {
			return err
		}
		if len(mine) >= maxActive {
			return models.Conflict(fmt.Sprintf("%d imports and exports of yours are not done yet: wait for them, or discard some", maxActive), nil)
		}
		if err := tx.AddTransfer(x); err != nil {
			return err
		}
		if err := s.Queue.Enqueue(ctx, tx, work, x.ID, s.Now()); err != nil {
			return err
		}
		return s.note(tx, who, from, x, "create", map[string]any{"name": x.Name, "options": jsontext.Value(x.Options)})
	})
}

// note writes into the audit log what became of a transfer.
func (s *Service) note(tx *store.Tx, who access.Subject, from access.Origin, x *store.Transfer, action string, detail map[string]any) error {
	entry := store.NewAuditEntry(who, from, s.Now(), string(x.Direction)+"."+action)
	entry.Kind, entry.RecordID, entry.CourseID = models.Kind(x.Direction), x.ID, x.CourseID
	if detail != nil {
		entry.Detail = detail
	}
	return tx.AddAudit(entry)
}

// seesAll tells whether somebody may know of everybody's transfers: who may create courses may do all that they do.
func seesAll(who access.Subject) bool {
	return who.Decide(access.Create, models.KindCourse, access.Place{}).Allowed
}

// find reads a transfer that somebody may know of.
func (s *Service) find(tx *store.Tx, who access.Subject, direction store.Direction, id models.ID) (*store.Transfer, error) {
	x, err := tx.Transfer(direction, id)
	if err == nil && x.UserID != who.ID && !seesAll(who) {
		err = models.NotFound(models.Kind(direction), string(id))
	}
	return x, err
}

// read is find in a transaction of its own.
func (s *Service) read(ctx context.Context, who access.Subject, direction store.Direction, id models.ID) (x *store.Transfer, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		x, err = s.find(tx, who, direction, id)
		return err
	})
	return x, err
}

// list reads transfers of a direction that somebody may know of, by id.
func (s *Service) list(ctx context.Context, who access.Subject, direction store.Direction, after models.ID, limit int) (rows []store.Transfer, err error) {
	q := store.TransferQuery{Direction: direction, After: after, Limit: limit}
	if !seesAll(who) {
		q.User = who.ID
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		rows, err = tx.Transfers(q)
		return err
	})
	return rows, err
}

// discard stops a transfer if need be, and forgets it with its archive. It fails with Conflict when it was done before it
// could be stopped.
func (s *Service) discard(ctx context.Context, who access.Subject, from access.Origin, direction store.Direction, id models.ID) error {
	before, err := s.read(ctx, who, direction, id)
	if err != nil {
		return err
	}
	for {
		if err := s.stop(ctx, id); err != nil {
			return err
		}
		if _, end, ok := s.begin(ctx, id); ok { // nobody else begins while it is forgotten
			defer end()
			return s.forget(ctx, who, from, before)
		}
	}
}

// forget forgets a transfer that does not run any more, unless it was done since it was read.
func (s *Service) forget(ctx context.Context, who access.Subject, from access.Origin, before *store.Transfer) error {
	err := s.Store.InTx(ctx, func(tx *store.Tx) error {
		x, err := s.find(tx, who, before.Direction, before.ID)
		if err != nil {
			return err
		}
		if before.State.Active() && x.State == store.TransferDone {
			return models.Conflict("the "+string(x.Direction)+" was done before it could be stopped", nil)
		}
		if err := tx.RemoveTransfer(x.ID); err != nil {
			return err
		}
		return s.note(tx, who, from, x, "discard", map[string]any{"name": x.Name, "state": x.State})
	})
	if err != nil {
		return err
	}
	return s.dropArchive(before.ID)
}

func (s *Service) dropArchive(id models.ID) error {
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove an archive: %w", err)
	}
	return nil
}

// Resume takes up what is still to be done, by a process that was killed for instance, and removes what that left on
// disk. It is for the start, before any work is done; only one process may use the folder.
func (s *Service) Resume(ctx context.Context) error {
	if err := s.sweep(ctx, 0); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(tx *store.Tx) error {
		var after models.ID
		for {
			rows, err := tx.Transfers(store.TransferQuery{States: active, After: after, Limit: maxActive})
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, x := range rows {
				after = x.ID
				if err := s.Queue.Enqueue(ctx, tx, string(x.Direction), x.ID, s.Now()); err != nil {
					return err
				}
			}
		}
	})
}

// Tidy removes archives whose time is over, and forgets what was done long ago.
func (s *Service) Tidy(ctx context.Context) error {
	err := s.Store.InTx(ctx, func(tx *store.Tx) error { return tx.ForgetTransfers(s.Now().Add(-keepTold)) })
	return errors.Join(err, s.sweep(ctx, time.Hour))
}

// sweep removes the files that no transfer needs any more, or needs not yet if they are older than an upload can be.
func (s *Service) sweep(ctx context.Context, older time.Duration) error {
	there, err := os.ReadDir(s.Folder)
	if err != nil {
		return fmt.Errorf("look for archives: %w", err)
	}
	var needed []string
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		needed, err = s.needed(tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, entry := range there {
		info, err := entry.Info()
		if err != nil || slices.Contains(needed, entry.Name()) || time.Since(info.ModTime()) < older {
			continue
		}
		if err := os.RemoveAll(filepath.Join(s.Folder, entry.Name())); err != nil {
			return fmt.Errorf("remove an archive: %w", err)
		}
	}
	return nil
}

// needed names the archives that are to be kept.
func (s *Service) needed(tx *store.Tx) ([]string, error) {
	var out []string
	var after models.ID
	for {
		rows, err := tx.Transfers(store.TransferQuery{After: after, Limit: 100})
		if err != nil || len(rows) == 0 {
			return out, err
		}
		for _, x := range rows {
			after = x.ID
			if x.State.Active() || x.ExpiresAt != nil && s.Now().Before(*x.ExpiresAt) {
				out = append(out, filepath.Base(s.path(x.ID)))
			}
		}
	}
}
