package store

import (
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// Schedule is something that is to be done with a record at a time.
type Schedule struct {
	ID       models.ID `gorm:"primaryKey"`
	Action   string    // publish, unpublish
	Kind     models.Kind
	RecordID models.ID
	CourseID models.ID    // where the record stood when this was asked for
	ModuleID models.ID    // empty for what belongs to the course
	Also     []models.Ref `gorm:"serializer:record"`
	Plan     string       // token of the dry run; empty: whatever it is then
	At       time.Time

	State     ScheduleState
	UserID    models.ID // who asked for it
	UserName  string
	TokenID   models.ID // with which; empty for a session
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
	DoneAt    *time.Time
	Revision  *int64  // of content that it made
	Error     *string // JSON that says why it failed
}

// ScheduleState is how far a schedule is.
type ScheduleState string

// The states of schedules. All but the first are final.
const (
	ScheduleWaiting   ScheduleState = "waiting"
	ScheduleDone      ScheduleState = "done"
	ScheduleFailed    ScheduleState = "failed"
	ScheduleCancelled ScheduleState = "cancelled"
)

const kindSchedule models.Kind = "schedule"

// AddSchedule saves a new schedule.
func (t *Tx) AddSchedule(s *Schedule) error {
	return wrapped("add a schedule", t.gorm().Table("schedules").Create(s).Error)
}

// Schedule reads a schedule, or fails with NotFound.
func (t *Tx) Schedule(id models.ID) (*Schedule, error) {
	var s Schedule
	return &s, translate(t.gorm().Table("schedules").Where("id = ?", id).Take(&s).Error, kindSchedule, string(id))
}

// ClaimSchedule gives a schedule that waits and whose time has come, and makes it done: whoever else would claim it, on
// whatever instance, waits for this transaction, and gets nothing once it is committed. It is nil when there is none.
func (t *Tx) ClaimSchedule(id models.ID, now time.Time) (*Schedule, error) {
	res := t.gorm().Table("schedules").Where("id = ? AND state = ? AND at <= ?", id, ScheduleWaiting, now).
		Updates(map[string]any{"state": ScheduleDone, "done_at": now})
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, wrapped("claim a schedule", res.Error)
	}
	return t.Schedule(id)
}

// EndSchedule ends one that waits, as failed or cancelled, and tells whether it did wait.
func (t *Tx) EndSchedule(id models.ID, state ScheduleState, at time.Time, failure *string) (bool, error) {
	res := t.gorm().Table("schedules").Where("id = ? AND state = ?", id, ScheduleWaiting).
		Updates(map[string]any{"state": state, "done_at": at, "error": failure})
	return res.RowsAffected > 0, wrapped("end a schedule", res.Error)
}

// SetScheduleRevision says which revision of content a schedule has made.
func (t *Tx) SetScheduleRevision(id models.ID, revision int64) error {
	return wrapped("save a schedule", t.gorm().Table("schedules").Where("id = ?", id).Update("revision", revision).Error)
}

// DueSchedules lists those that wait though their time has come, the most overdue first.
func (t *Tx) DueSchedules(now time.Time, limit int) (ids []models.ID, err error) {
	err = t.gorm().Table("schedules").Where("state = ? AND at <= ?", ScheduleWaiting, now).Order("at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, wrapped("list schedules that are due", err)
}

// ScheduleQuery says which schedules to list, by id.
type ScheduleQuery struct {
	State  ScheduleState
	Record models.ID
	Course models.ID
	Within *ScheduleReach // limits of who asks; nil for none
	After  models.ID
	Limit  int
}

// ScheduleReach is what schedules of records of modules, and of those that belong to a whole course, one may know of.
type ScheduleReach struct{ InModules, InCourses access.Reach }

// Schedules lists schedules.
func (t *Tx) Schedules(q ScheduleQuery) ([]Schedule, error) {
	db := t.gorm().Table("schedules").Where("id > ?", q.After)
	for _, f := range []struct{ column, value string }{{"state", string(q.State)}, {"record_id", string(q.Record)}, {"course_id", string(q.Course)}} {
		if f.value != "" {
			db = db.Where(f.column+" = ?", f.value)
		}
	}
	if w := q.Within; w != nil {
		db = db.Where(t.gorm().Where("module_id <> ''").Where(t.reached(w.InModules)).Or(t.gorm().Where("module_id = ''").Where(t.reached(w.InCourses))))
	}
	var rows []Schedule
	return rows, wrapped("list schedules", db.Order("id").Limit(q.Limit).Find(&rows).Error)
}

// reached is the condition that a row stands within reach.
func (t *Tx) reached(r access.Reach) *gorm.DB {
	if r.All {
		return t.gorm().Where("0 = 0")
	}
	return t.gorm().Where("course_id IN ?", orNone(r.Courses)).Or("module_id IN ?", orNone(r.Modules))
}

// orNone is a list for IN that may be empty: no id is a space.
func orNone(ids []models.ID) []models.ID {
	if len(ids) == 0 {
		return []models.ID{" "}
	}
	return ids
}

// nextSchedule is the time of the next schedule that waits for a draft of a kind, NULL for none.
func nextSchedule(kind models.Kind) string {
	return "(SELECT MIN(s.at) FROM schedules s WHERE s.record_id = draft_" + kind.Plural() + ".id AND s.state = 'waiting')"
}

// ScheduledAt gives the time of the next schedule that waits for each of some drafts that have one, in one statement.
func (s *Side) ScheduledAt(ids []models.ID) (map[models.ID]time.Time, error) {
	if s.live {
		return nil, errors.New("only drafts have schedules")
	}
	var rows []Schedule
	err := s.gorm().Table("schedules").Select("record_id", "at").Where("record_id IN ? AND state = ?", ids, ScheduleWaiting).Order("at DESC").Find(&rows).Error
	out := map[models.ID]time.Time{}
	for _, r := range rows { // the next one comes last
		out[r.RecordID] = r.At
	}
	return out, wrapped("what is scheduled", err)
}
