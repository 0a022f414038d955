package main

import (
	"errors"

	"github.com/libtnb/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// pragmas are those of Lectern's own connections.
const pragmas = "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"

// raw writes by GORM alone what Lectern has written.
type raw struct {
	from *gorm.DB // Lectern's database, to read from
	to   *gorm.DB // a copy of it
}

type row = map[string]any

// openRaw copies a database.
func openRaw(path, copyTo string) (*raw, error) {
	config := &gorm.Config{SkipDefaultTransaction: true, Logger: logger.Discard}
	from, err := gorm.Open(sqlite.Open("file:"+path+pragmas), config)
	if err != nil {
		return nil, err
	}
	r := &raw{from: from}
	if err := from.Exec("VACUUM INTO ?", copyTo).Error; err != nil {
		return nil, err
	}
	r.to, err = gorm.Open(sqlite.Open("file:"+copyTo+pragmas), config)
	return r, err
}

func (r *raw) close() {
	for _, db := range []*gorm.DB{r.from, r.to} {
		if pool, err := db.DB(); err == nil {
			_ = pool.Close()
		}
	}
}

// read gives the rows of a table.
func (r *raw) read(table, where string, args ...any) (rows []row, err error) {
	err = r.from.Table(table).Where(where, args...).Find(&rows).Error
	if err == nil && len(rows) == 0 {
		err = errors.New("there are no such rows in " + table)
	}
	return rows, err
}

// save writes the rows of the newest save: the draft, its revision and the entry in the audit log.
func (r *raw) save(d *desk) step {
	var draft, revision, audit []row
	return step{
		ready: func() error {
			id := d.long.ID
			var a, b, c error
			draft, a = r.read("draft_sections", "id = ?", id)
			revision, b = r.read("revisions", "record_id = ? AND version = ?", id, d.version)
			audit, c = r.read("audit_log", "record_id = ? AND action = 'section.update' AND version = ?", id, d.version)
			return errors.Join(a, b, c)
		},
		do: func() error {
			return r.to.Transaction(func(tx *gorm.DB) error {
				if err := update(tx, "draft_sections", draft); err != nil {
					return err
				}
				return errors.Join(tx.Table("revisions").Create(&revision[0]).Error, tx.Table("audit_log").Create(&audit[0]).Error)
			})
		},
	}
}

// publish writes the rows of the newest publish: what is live, what drafts and history know of it, the change log and the
// audit log.
func (r *raw) publish(d *desk) step {
	var live, revisions, audit, changes []row
	return step{
		ready: func() error {
			var err [5]error
			live, err[0] = r.read("live_sections", "id IN ?", d.parts)
			revisions, err[1] = r.read("revisions", "record_id IN ? AND version = ?", d.parts, d.edits)
			audit, err[2] = r.read("audit_log", "record_id IN ? AND action = 'section.publish' AND version = ?", d.parts, d.edits)
			changes, err[3] = r.read("live_changes", "revision = (SELECT value FROM content_revision)")
			err[4] = r.to.Table("revisions").CreateInBatches(&revisions, 50).Error // of the edits, which are not measured
			return errors.Join(err[:]...)
		},
		do: func() error {
			return r.to.Transaction(func(tx *gorm.DB) error {
				if err := update(tx, "live_sections", live); err != nil {
					return err
				}
				for _, id := range d.parts {
					if err := tx.Table("draft_sections").Where("id = ?", id).Updates(row{"live_version": d.edits}).Error; err != nil {
						return err
					}
					if err := tx.Table("revisions").Where("record_id = ? AND version = ?", id, d.edits).Updates(row{"published": true}).Error; err != nil {
						return err
					}
				}
				for table, rows := range map[string][]row{"live_changes": changes, "audit_log": audit} {
					for _, one := range rows {
						if err := tx.Table(table).Create(&one).Error; err != nil {
							return err
						}
					}
				}
				return tx.Table("content_revision").Where("id = 1").Updates(row{"value": changes[0]["revision"]}).Error
			})
		},
	}
}

// update writes rows over those with the same ids.
func update(tx *gorm.DB, table string, rows []row) error {
	for _, one := range rows {
		if err := tx.Table(table).Where("id = ?", one["id"]).Updates(one).Error; err != nil {
			return err
		}
	}
	return nil
}
