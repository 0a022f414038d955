package content

import (
	"context"
	"fmt"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Queue takes work that is done later: named work for a record, at a time, in the transaction of what asks for it.
type Queue interface {
	Enqueue(ctx context.Context, tx *store.Tx, work string, id models.ID, at time.Time) error
}

// Standing tells what a user, with a token or without, may do at the moment: what was asked for earlier is done with the
// grants of then. It fails with Forbidden when it is nothing any more.
type Standing func(tx *store.Tx, user, token models.ID) (access.Subject, error)

// The work that a Queue is given by this package.
const (
	WorkSchedule  = "schedule"  // RunSchedule
	WorkSchedules = "schedules" // RunDueSchedules
)

// ScheduleAction is what a schedule does with a record.
type ScheduleAction string

// The actions of schedules.
const (
	SchedulePublish   ScheduleAction = "publish"
	ScheduleUnpublish ScheduleAction = "unpublish"
)

// maxAlso is how many shared records one schedule may name, as many as a large course has.
const maxAlso = 1000

// ScheduleRequest says what is to be done with a record, and when.
type ScheduleRequest struct {
	Action ScheduleAction `json:"action"`
	At     time.Time      `json:"at"`
	Also   []models.Ref   `json:"also"`  // shared records that go along, of a publish
	Token  string         `json:"token"` // of the dry run; empty: whatever it is then
}

// Schedule is something that is to be done with a record at a time, or was.
type Schedule struct {
	ID        models.ID           `json:"id"`
	Action    ScheduleAction      `json:"action"`
	Record    models.Ref          `json:"record"`
	Also      []models.Ref        `json:"also"`
	At        time.Time           `json:"at"`
	State     store.ScheduleState `json:"state"`
	By        Person              `json:"by"` // who asked for it
	CreatedAt time.Time           `json:"created_at"`
	DoneAt    *time.Time          `json:"done_at"`  // when it was done, failed or was cancelled
	Revision  *int64              `json:"revision"` // of the content that it made; null also when nothing had changed
	Error     *Failure            `json:"error"`    // why it failed
}

// Person is a user as others see them.
type Person struct {
	ID   models.ID `json:"id"`
	Name string    `json:"name"`
}

// Failure says why something that was asked for earlier was not done, as a problem document would.
type Failure struct {
	Detail string              `json:"detail"`
	Errors []models.FieldError `json:"errors"`
}

// NewFailure makes one of an error. Only errors of a known kind are for everybody to read.
func NewFailure(err error) Failure {
	f := Failure{Detail: "it failed for a reason that is in the server's log", Errors: []models.FieldError{}}
	if e, ok := asError(err); ok && e.Kind != models.KindInternal {
		f.Detail = e.Message
		f.Errors = append(f.Errors, e.Fields...)
	}
	return f
}

// Schedule writes down that a record is to be published or unpublished at a time, for those who may do so now. It is done
// with the grants that they have then. It fails with Invalid when the time has passed.
func (e *Editor) Schedule(ctx context.Context, ref models.Ref, req ScheduleRequest) (out Schedule, err error) {
	if err := req.check(e.s.now()); err != nil {
		return out, err
	}
	err = e.change(ctx, func(w *work) error {
		r, err := w.draft(access.Publish, ref)
		if err != nil {
			return err
		}
		if req.Action == SchedulePublish && r.Base().TrashedAt != nil {
			return models.Conflict("the "+string(ref.Type)+" is in the trash: take it out first", nil)
		}
		if err := w.mayAll(access.Publish, req.Also); err != nil {
			return err
		}
		sc, err := w.schedule(r, req)
		if err != nil {
			return err
		}
		if err := w.s.Queue.Enqueue(ctx, w.tx, WorkSchedule, sc.ID, sc.At); err != nil {
			return err
		}
		out, err = w.scheduleView(sc)
		return err
	})
	return out, err
}

func (req ScheduleRequest) check(now time.Time) error {
	var fields []models.FieldError
	bad := func(pointer, detail string) {
		fields = append(fields, models.FieldError{Pointer: pointer, Detail: detail})
	}
	if req.Action != SchedulePublish && req.Action != ScheduleUnpublish {
		bad("/action", "must be publish or unpublish")
	}
	if !req.At.After(now) {
		bad("/at", "must be a time in the future")
	}
	if len(req.Also) > 0 && req.Action == ScheduleUnpublish {
		bad("/also", "is for publish only")
	}
	if len(req.Also) > maxAlso {
		bad("/also", fmt.Sprintf("must name at most %d records", maxAlso))
	}
	for i, ref := range req.Also {
		if !isStored(ref.Type) || !ref.ID.Valid() {
			bad(fmt.Sprintf("/also/%d", i), "must name a record by type and id")
		}
	}
	return models.Invalid("it can't be scheduled", fields)
}

// schedule saves a schedule of a record.
func (w *work) schedule(r models.Record, req ScheduleRequest) (*store.Schedule, error) {
	at, err := w.placeOf(r)
	if err != nil {
		return nil, err
	}
	sc := &store.Schedule{
		ID: models.NewID(), Action: string(req.Action), Kind: r.Kind(), RecordID: r.Base().ID, CourseID: at.Course, ModuleID: at.Module,
		Also: []models.Ref{}, Plan: req.Token, At: models.Timestamp(req.At), State: store.ScheduleWaiting,
		UserID: w.who.ID, UserName: w.who.Name, TokenID: w.who.Token, CreatedAt: w.s.now(),
	}
	for _, ref := range req.Also {
		sc.Also = append(sc.Also, ref.Key())
	}
	if err := w.tx.AddSchedule(sc); err != nil {
		return nil, err
	}
	w.note(sc, "schedule", map[string]any{"schedule": sc.ID, "action": sc.Action, "at": sc.At})
	return sc, nil
}

// note writes into the audit log what became of a schedule.
func (w *work) note(sc *store.Schedule, action string, detail map[string]any) {
	entry := store.NewAuditEntry(w.who, w.from, w.s.now(), string(sc.Kind)+"."+action)
	entry.Kind, entry.RecordID, entry.CourseID, entry.Detail = sc.Kind, sc.RecordID, sc.CourseID, detail
	w.audit = append(w.audit, entry)
}

// scheduleView is what is served of one schedule.
func (w *work) scheduleView(sc *store.Schedule) (Schedule, error) {
	vs, err := w.scheduleViews([]store.Schedule{*sc})
	if err != nil {
		return Schedule{}, err
	}
	return vs[0], nil
}

func (w *work) scheduleViews(rows []store.Schedule) ([]Schedule, error) {
	l := newLookup(w.tx)
	l.drafts = true
	for _, sc := range rows {
		l.want(*models.NewRef(sc.Kind, sc.RecordID))
		l.want(sc.Also...)
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	named := func(ref models.Ref) models.Ref {
		if r := l.find(ref); r != nil {
			return adminRef(r)
		}
		return ref // it was purged
	}
	out := make([]Schedule, len(rows))
	for i, sc := range rows {
		out[i] = Schedule{
			ID: sc.ID, Action: ScheduleAction(sc.Action), Record: named(*models.NewRef(sc.Kind, sc.RecordID)), Also: []models.Ref{}, At: sc.At,
			State: sc.State, By: Person{sc.UserID, sc.UserName}, CreatedAt: sc.CreatedAt, DoneAt: sc.DoneAt, Revision: sc.Revision,
		}
		for _, ref := range sc.Also {
			out[i].Also = append(out[i].Also, named(ref))
		}
		if sc.Error == nil {
			continue
		}
		out[i].Error = &Failure{}
		if err := models.Decode([]byte(*sc.Error), out[i].Error); err != nil {
			return nil, fmt.Errorf("schedule %s: %w", sc.ID, err)
		}
	}
	return out, nil
}

// ScheduleList asks for schedules, by id.
type ScheduleList struct {
	State  store.ScheduleState // empty: all
	Record models.ID
	Course models.ID
	After  models.ID
	Limit  int
}

// Schedules lists schedules of records that the subject may read.
func (e *Editor) Schedules(ctx context.Context, req ScheduleList) (out []Schedule, err error) {
	q := store.ScheduleQuery{State: req.State, Record: req.Record, Course: req.Course, After: req.After, Limit: req.Limit}
	q.Within = &store.ScheduleReach{InModules: e.who.Reach(models.KindSection), InCourses: e.who.Reach(models.KindSource)}
	err = e.look(ctx, func(w *work) error {
		rows, err := w.tx.Schedules(q)
		if err == nil {
			out, err = w.scheduleViews(rows)
		}
		return err
	})
	return out, err
}

// ScheduleOf reads one schedule.
func (e *Editor) ScheduleOf(ctx context.Context, id models.ID) (out Schedule, err error) {
	err = e.look(ctx, func(w *work) error {
		sc, err := w.scheduled(access.Read, id)
		if err == nil {
			out, err = w.scheduleView(sc)
		}
		return err
	})
	return out, err
}

// scheduled reads a schedule of a record that the subject may do something to, where it stood when it was scheduled: it
// may be gone by now.
func (w *work) scheduled(a access.Action, id models.ID) (*store.Schedule, error) {
	sc, err := w.tx.Schedule(id)
	if err != nil {
		return nil, err
	}
	at := access.Place{Course: sc.CourseID, Module: sc.ModuleID}
	if !w.who.Decide(access.Read, sc.Kind, at).Allowed {
		return nil, models.NotFound("schedule", string(id))
	}
	if d := w.who.Decide(a, sc.Kind, at); !d.Allowed {
		return nil, models.Forbidden(d.Reason)
	}
	return sc, nil
}

// CancelSchedule cancels a schedule that waits, for those who may publish the record. It fails with Conflict when it does
// not wait any more.
func (e *Editor) CancelSchedule(ctx context.Context, id models.ID) (out Schedule, err error) {
	err = e.change(ctx, func(w *work) error {
		sc, err := w.scheduled(access.Publish, id)
		if err != nil {
			return err
		}
		waited, err := w.tx.EndSchedule(id, store.ScheduleCancelled, w.s.now(), nil)
		if err != nil {
			return err
		}
		if !waited {
			return models.Conflict("the schedule does not wait any more", nil)
		}
		w.note(sc, "schedule_cancelled", map[string]any{"schedule": sc.ID})
		if sc, err = w.tx.Schedule(id); err == nil {
			out, err = w.scheduleView(sc)
		}
		return err
	})
	return out, err
}
