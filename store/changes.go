package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// LockLive holds off other transactions that change live content until this one ends, so that what is looked at is
// still so when it is acted on. SQLite has one writer at a time anyway.
func (t *Tx) LockLive() error {
	if !t.locks {
		return nil
	}
	if err := t.gorm().Exec("SELECT value FROM content_revision WHERE id = 1 FOR UPDATE").Error; err != nil {
		return fmt.Errorf("lock live content: %w", err)
	}
	return nil
}

// LogChanges takes the next content revision and writes the changes into the log under it, in the same transaction
// as the changes themselves. The counter's row is locked until the commit, so revisions are in commit order.
func (t *Tx) LogChanges(changes []models.Change, at time.Time) (int64, error) {
	var revision int64
	err := t.gorm().Raw("UPDATE content_revision SET value = value + 1 WHERE id = 1 RETURNING value").Scan(&revision).Error
	if err != nil {
		return 0, fmt.Errorf("take a content revision: %w", err)
	}
	for i := range changes {
		changes[i].Revision, changes[i].At = revision, at
	}
	if err := t.gorm().Table("live_changes").CreateInBatches(changes, 200).Error; err != nil {
		return 0, fmt.Errorf("write the change log: %w", err)
	}
	return revision, t.tombstones(changes)
}

type tombstone struct {
	ID       models.ID
	Kind     models.Kind
	Revision int64
	At       time.Time
}

// tombstones remember what has left live content, and forget what came back.
func (t *Tx) tombstones(changes []models.Change) error {
	var gone []tombstone
	var back []models.ID
	for _, c := range changes {
		if c.Op == models.OpUnpublish {
			gone = append(gone, tombstone{ID: c.ID, Kind: c.Kind, Revision: c.Revision, At: c.At})
		} else {
			back = append(back, c.ID)
		}
	}
	for start := 0; start < len(back); start += maxInList {
		ids := back[start:min(start+maxInList, len(back))]
		if err := t.gorm().Table("tombstones").Where("id IN ?", ids).Delete(&tombstone{}).Error; err != nil {
			return fmt.Errorf("remove tombstones: %w", err)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}
	if err := t.gorm().Table("tombstones").Clauses(replace).CreateInBatches(gone, 200).Error; err != nil {
		return fmt.Errorf("write tombstones: %w", err)
	}
	return nil
}

// maxInList bounds the values of one IN list, well under every database's limit of parameters.
const maxInList = 500

// IsGone tells whether a record has been live and is not any more.
func (t *Tx) IsGone(id models.ID) (bool, error) {
	var n int64
	if err := t.gorm().Table("tombstones").Where("id = ?", id).Count(&n).Error; err != nil {
		return false, fmt.Errorf("look for a tombstone: %w", err)
	}
	return n > 0, nil
}

// Revision is the content revision as the transaction sees it.
func (t *Tx) Revision() (int64, error) {
	var revision int64
	if err := t.gorm().Table("content_revision").Where("id = 1").Select("value").Scan(&revision).Error; err != nil {
		return 0, fmt.Errorf("read the content revision: %w", err)
	}
	return revision, nil
}

// Changes reads the log after a revision: whole revisions, at most limit rows but at least one revision.
func (t *Tx) Changes(after int64, limit int) ([]models.Change, error) {
	var rows []models.Change
	err := t.gorm().Table("live_changes").Where("revision > ?", after).Order("revision, kind, id").Limit(limit + 1).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the change log: %w", err)
	}
	if len(rows) <= limit {
		return rows, nil
	}
	cut := rows[limit].Revision
	if rows[0].Revision != cut {
		for len(rows) > 0 && rows[len(rows)-1].Revision == cut {
			rows = rows[:len(rows)-1]
		}
		return rows, nil
	}
	// One revision that is larger than the limit, an import of a whole site for instance, is read whole.
	var whole []models.Change
	if err := t.gorm().Table("live_changes").Where("revision = ?", cut).Order("kind, id").Find(&whole).Error; err != nil {
		return nil, fmt.Errorf("read the change log: %w", err)
	}
	return whole, nil
}

// Newest is the content revision as the transaction sees it, and when it was made; zero when nothing was ever published. A view
// that asks for it before anything else shares what it reads with others of the same revision.
func (t *Tx) Newest() (revision int64, at time.Time, err error) {
	if t.revision != nil {
		if known := t.recent.of(*t.revision); known != nil {
			t.Live.seen = known
			t.Live.keyed.ran(holding) // which the view has begun with
			return known.of.revision, known.of.at.Time, nil
		}
	}
	row, err := t.newest()
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("read the newest revision: %w", err)
	}
	if t.Live.seen != nil {
		t.Live.seen = t.recent.at(row)
	}
	return row.revision, row.at.Time, nil
}

// newest is the moment of the newest publish.
type newest struct {
	revision int64
	at       sql.NullTime
}

func (t *Tx) newest() (out newest, err error) {
	rows, err := t.Live.byKey("SELECT value, at FROM content_revision LEFT JOIN live_changes ON revision = value WHERE content_revision.id = 1 LIMIT 1")
	err = eachRow(rows, err, func() error { return nil }, &out.revision, &out.at)
	return out, err
}

// ContentRevision is the content revision now. Those who follow the content ask for it several times a second: it takes no
// transaction and waits for no turn, and is not among the counted statements.
func (s *Store) ContentRevision(ctx context.Context) (revision int64, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT value FROM content_revision WHERE id = 1").Scan(&revision)
	if err != nil {
		return 0, fmt.Errorf("read the content revision: %w", err)
	}
	return revision, nil
}

// AddRedirects remembers old paths. A path that led elsewhere leads to the new record from now on.
func (t *Tx) AddRedirects(redirects []models.Redirect) error {
	for _, r := range redirects {
		row := map[string]any{"path": r.Path, "to_kind": r.To.Type, "to_id": r.To.ID, "created_at": r.CreatedAt}
		replace := clause.OnConflict{Columns: []clause.Column{{Name: "path"}},
			DoUpdates: clause.AssignmentColumns([]string{"to_kind", "to_id", "created_at"})}
		if err := t.gorm().Table("redirects").Clauses(replace).Create(row).Error; err != nil {
			return fmt.Errorf("write a redirect: %w", err)
		}
	}
	return nil
}

// Redirect finds what an old path leads to: nil when it leads nowhere.
func (t *Tx) Redirect(path string) (*models.Ref, error) {
	var rows []struct {
		ToKind models.Kind
		ToID   models.ID
	}
	if err := t.gorm().Table("redirects").Where("path = ?", path).Limit(1).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("look for a redirect: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return models.NewRef(rows[0].ToKind, rows[0].ToID), nil
}
