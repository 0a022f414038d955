package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Transfer is an import or an export that was asked for.
type Transfer struct {
	ID        models.ID `gorm:"primaryKey"`
	Direction Direction
	State     TransferState
	Name      string    // of what is imported, or of the file that an export becomes
	CourseID  models.ID // of an export
	Options   string    // JSON of whoever does it

	UserID    models.ID // who asked for it
	UserName  string
	TokenID   models.ID // with which; empty for a session
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
	DoneAt    *time.Time
	ExpiresAt *time.Time // when its file goes; nil: it has none

	Done   int     // pages that were read
	Total  int     // pages that there are; 0 while it is not known
	Seen   string  // of a dry run: what the courses were like
	Report *string // JSON; not in lists
	Error  *string // JSON that says why it failed
}

// Direction says which way a transfer goes.
type Direction string

// The directions.
const (
	Import Direction = "import"
	Export Direction = "export"
)

// TransferState is how far a transfer is.
type TransferState string

// The states of transfers.
const (
	TransferWaiting TransferState = "waiting"
	TransferRunning TransferState = "running"
	TransferDone    TransferState = "done"
	TransferFailed  TransferState = "failed"
)

// Active tells whether a transfer is still to be done.
func (s TransferState) Active() bool { return s == TransferWaiting || s == TransferRunning }

// AddTransfer saves a new transfer.
func (t *Tx) AddTransfer(x *Transfer) error {
	return wrapped("add a transfer", t.gorm().Table("transfers").Create(x).Error)
}

// Transfer reads a transfer, or fails with NotFound.
func (t *Tx) Transfer(direction Direction, id models.ID) (*Transfer, error) {
	var x Transfer
	err := t.gorm().Table("transfers").Where("id = ? AND direction = ?", id, direction).Take(&x).Error
	return &x, translate(err, models.Kind(direction), string(id))
}

// MoveTransfer saves what has changed of a transfer, when it is in one of some states, and tells whether it was.
func (t *Tx) MoveTransfer(x *Transfer, from ...TransferState) (bool, error) {
	res := t.gorm().Table("transfers").Where("id = ? AND state IN ?", x.ID, from).
		Select("state", "options", "done_at", "expires_at", "done", "total", "seen", "report", "error").Updates(x)
	return res.RowsAffected > 0, wrapped("save a transfer", res.Error)
}

// SetTransferProgress says how far a transfer is that is running.
func (t *Tx) SetTransferProgress(id models.ID, done, total int) error {
	err := t.gorm().Table("transfers").Where("id = ? AND state = ?", id, TransferRunning).Updates(map[string]any{"done": done, "total": total}).Error
	return wrapped("save a transfer", err)
}

// RemoveTransfer forgets a transfer.
func (t *Tx) RemoveTransfer(id models.ID) error {
	return wrapped("remove a transfer", t.gorm().Table("transfers").Where("id = ?", id).Delete(&Transfer{}).Error)
}

// TransferQuery says which transfers to list, by id.
type TransferQuery struct {
	Direction Direction // empty: both
	States    []TransferState
	User      models.ID // who asked for them; empty: whoever
	After     models.ID
	Limit     int
}

// Transfers lists transfers without their reports.
func (t *Tx) Transfers(q TransferQuery) ([]Transfer, error) {
	db := t.gorm().Table("transfers").Omit("report").Where("id > ?", q.After)
	if q.Direction != "" {
		db = db.Where("direction = ?", q.Direction)
	}
	if len(q.States) > 0 {
		db = db.Where("state IN ?", q.States)
	}
	if q.User != "" {
		db = db.Where("user_id = ?", q.User)
	}
	var rows []Transfer
	return rows, wrapped("list transfers", db.Order("id").Limit(q.Limit).Find(&rows).Error)
}

// ForgetTransfers forgets those that were done before a time.
func (t *Tx) ForgetTransfers(before time.Time) error {
	return wrapped("forget transfers", t.gorm().Table("transfers").Where("done_at < ?", before).Delete(&Transfer{}).Error)
}

// CourseMark is a hash of which drafts a course has, in which versions: another one after every save, and after what is
// put in the trash, taken out or purged.
func (s *Side) CourseMark(course models.ID) (string, error) {
	sum := sha256.New()
	for _, kind := range models.StoredKinds() {
		var rows []struct {
			ID      models.ID
			Version int64
			Trashed bool
		}
		within := Reach{Courses: []models.ID{course}}
		err := within.apply(s.gorm().Table("draft_"+kind.Plural()), kind).Select("id, version, trashed_at IS NOT NULL AS trashed").Order("id").Find(&rows).Error
		if err != nil {
			return "", fmt.Errorf("look at %s: %w", kind.Plural(), err)
		}
		for _, r := range rows {
			_, _ = fmt.Fprintf(sum, "%s %d %t\n", r.ID, r.Version, r.Trashed) // a hash takes everything
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
