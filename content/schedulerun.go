package content

import (
	"context"
	"errors"
	"slices"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// dueAtOnce is how many schedules are looked for together.
const dueAtOnce = 100

// RunDueSchedules does what should have been done by now: while the server was down for instance.
func (s *Service) RunDueSchedules(ctx context.Context) error {
	var ids []models.ID
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.DueSchedules(s.now(), dueAtOnce)
		return err
	})
	for _, id := range ids {
		err = errors.Join(err, s.RunSchedule(ctx, id))
	}
	return err
}

// RunSchedule does what a schedule says, when it waits and its time has come, and nothing else: once, however many call
// it. Either the record goes live or leaves and the schedule is done, or nothing of both. What is in the way, grants that
// are gone for instance, is written down in the schedule, which has failed then. An error is one of the moment: it is
// worth another try.
func (s *Service) RunSchedule(ctx context.Context, id models.ID) error {
	err := s.As(access.Subject{}, access.Origin{}).change(ctx, func(w *work) error { return w.runSchedule(id) })
	if err == nil || !isAnswer(err) {
		return err
	}
	return s.failSchedule(ctx, id, err)
}

// isAnswer tells whether an error would be the same another time.
func isAnswer(err error) bool {
	switch models.KindOf(err) {
	case models.KindInternal, models.KindUnavailable, models.KindTooMany:
		return false
	default:
		return true
	}
}

func asError(err error) (*models.Error, bool) { return errors.AsType[*models.Error](err) }

func (w *work) runSchedule(id models.ID) error {
	sc, err := w.tx.ClaimSchedule(id, w.s.now())
	if err != nil || sc == nil {
		return err
	}
	who, err := w.s.Standing(w.tx, sc.UserID, sc.TokenID)
	if err != nil {
		return err
	}
	w.Editor = w.s.As(who, access.Origin{})
	target := []models.Ref{*models.NewRef(sc.Kind, sc.RecordID)}
	if ScheduleAction(sc.Action) == ScheduleUnpublish {
		_, err = w.unpublish(target, sc.Plan, access.Publish)
	} else {
		_, err = w.publish(PublishRequest{Targets: target, Also: slices.Clone(sc.Also), Token: sc.Plan})
	}
	if err != nil {
		return err
	}
	for _, entry := range w.audit {
		entry.Detail["schedule"] = sc.ID
	}
	if w.revision == 0 {
		return nil
	}
	return w.tx.SetScheduleRevision(id, w.revision)
}

// failSchedule writes down why a schedule can't be done.
func (s *Service) failSchedule(ctx context.Context, id models.ID, cause error) error {
	data, err := models.Encode(NewFailure(cause))
	if err != nil {
		return err
	}
	failure := string(data)
	return s.As(access.Subject{}, access.Origin{}).change(ctx, func(w *work) error {
		waited, err := w.tx.EndSchedule(id, store.ScheduleFailed, w.s.now(), &failure)
		if err != nil || !waited {
			return err
		}
		sc, err := w.tx.Schedule(id)
		if err != nil {
			return err
		}
		w.Editor = w.s.As(access.Subject{ID: sc.UserID, Name: sc.UserName, Token: sc.TokenID}, access.Origin{})
		w.note(sc, "schedule_failed", map[string]any{"schedule": sc.ID, "detail": NewFailure(cause).Detail})
		return nil
	})
}
