package transfer

import (
	"context"
	"fmt"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// begin notes that this process is at a transfer; false when it is already. end must be called then.
func (s *Service) begin(ctx context.Context, id models.ID) (_ context.Context, end func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] != nil {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &run{cancel: cancel, ended: make(chan struct{})}
	s.running[id] = r
	return ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		cancel()
		close(r.ended)
		delete(s.running, id)
	}, true
}

// stop breaks off what this process does for a transfer, and waits until it has ended.
func (s *Service) stop(ctx context.Context, id models.ID) error {
	s.mu.Lock()
	r := s.running[id]
	s.mu.Unlock()
	if r == nil {
		return nil
	}
	r.cancel()
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
		return models.Unavailable("an end of what is under way", ctx.Err())
	}
}

// work is what is done for one transfer. It changes what it is to save of it.
type work func(ctx context.Context, who access.Subject, x *store.Transfer) error

// do runs the work of a transfer that is still to be done, as what its user may do by now, and writes down how it ended.
// What a context ends is done again another time.
func (s *Service) do(ctx context.Context, direction store.Direction, id models.ID, fn work) error {
	ctx, end, ok := s.begin(ctx, id)
	if !ok {
		return nil
	}
	defer end()
	x, who, err := s.claim(ctx, direction, id)
	if x == nil || err != nil && models.KindOf(err) != models.KindForbidden {
		return err
	}
	if err == nil {
		err = fn(ctx, who, x)
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("the %s was broken off: %w", direction, err)
	}
	x.State, x.DoneAt = store.TransferDone, new(s.Now())
	if err != nil {
		if models.KindOf(err) == models.KindInternal {
			s.Log.ErrorContext(ctx, "a transfer failed", "id", id, "direction", direction, "error", err)
		}
		if err := fail(x, err); err != nil {
			return err
		}
	}
	return s.ended(ctx, who, x)
}

// fail notes why a transfer failed.
func fail(x *store.Transfer, cause error) error {
	data, err := models.Encode(content.NewFailure(cause))
	text := string(data)
	x.State, x.Error, x.ExpiresAt, x.Report = store.TransferFailed, &text, nil, nil
	return err
}

// claim makes a transfer running, and tells what its user may do. It is nil when there is nothing to do any more.
func (s *Service) claim(ctx context.Context, direction store.Direction, id models.ID) (x *store.Transfer, who access.Subject, err error) {
	err = s.Store.InTx(ctx, func(tx *store.Tx) error {
		found, err := tx.Transfer(direction, id)
		if models.KindOf(err) == models.KindNotFound || err == nil && !found.State.Active() {
			return nil
		}
		if err != nil {
			return err
		}
		x = found
		x.State = store.TransferRunning
		if _, err := tx.MoveTransfer(x, store.TransferWaiting, store.TransferRunning); err != nil {
			return err
		}
		return nil
	})
	if err != nil || x == nil {
		return nil, who, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		who, err = s.Standing(tx, x.UserID, x.TokenID)
		return err
	})
	return x, who, err
}

// ended saves how a transfer ended. Its archive goes unless it is for somebody to fetch or to look at.
func (s *Service) ended(ctx context.Context, who access.Subject, x *store.Transfer) error {
	action := "done"
	if x.State == store.TransferFailed {
		action = "failed"
	}
	if who.ID == "" {
		who = access.Subject{ID: x.UserID, Name: x.UserName, Token: x.TokenID}
	}
	err := s.Store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.MoveTransfer(x, store.TransferRunning); err != nil {
			return err
		}
		return s.note(tx, who, access.Origin{}, x, action, map[string]any{"name": x.Name})
	})
	if err != nil || x.ExpiresAt != nil {
		return err
	}
	return s.dropArchive(x.ID)
}
