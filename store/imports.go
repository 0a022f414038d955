package store

import (
	"fmt"

	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// ImportItem remembers which record an import made of a thing in a source. The bookkeeping is kept apart from content,
// so that importing a page that has not changed changes no record. What the source said of the record then is the
// revision of Version, or Imported (the record's JSON) when the record holds an editor's changes too.
type ImportItem struct {
	CourseID models.ID
	Key      string
	Kind     models.Kind
	RecordID models.ID
	Version  int64
	Imported *string
}

// ImportItems lists what imports have made in a course.
func (t *Tx) ImportItems(course models.ID) ([]ImportItem, error) {
	var rows []ImportItem
	err := t.gorm().Table("import_items").Omit("imported").Where("course_id = ?", course).Order("kind, key").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list imported things: %w", err)
	}
	return rows, nil
}

// ImportItem reads one, with what the source said when that is kept beside the revisions. It is nil when there is none.
func (t *Tx) ImportItem(course models.ID, kind models.Kind, key string) (*ImportItem, error) {
	var rows []ImportItem
	err := t.gorm().Table("import_items").Where("course_id = ? AND kind = ? AND key = ?", course, kind, key).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, wrapped("look for an imported thing", err)
	}
	return &rows[0], nil
}

// ImportItemsOf lists what a record is called in sources, with what they said of it.
func (t *Tx) ImportItemsOf(record models.ID) ([]ImportItem, error) {
	var rows []ImportItem
	err := t.gorm().Table("import_items").Where("record_id = ?", record).Order("course_id, kind, key").Find(&rows).Error
	return rows, wrapped("look for an imported record", err)
}

// PutImportItem remembers one.
func (t *Tx) PutImportItem(item ImportItem) error {
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "course_id"}, {Name: "kind"}, {Name: "key"}}, UpdateAll: true}
	return wrapped("remember an imported thing", t.gorm().Table("import_items").Clauses(replace).Create(&item).Error)
}

// RenameImportItem gives a remembered thing the key that it has in its source now.
func (t *Tx) RenameImportItem(course models.ID, kind models.Kind, from, to string) error {
	err := t.gorm().Table("import_items").Where("course_id = ? AND kind = ? AND key = ?", course, kind, from).Update("key", to).Error
	return wrapped("rename an imported thing", err)
}

// ImportAddress is a public address of an imported page: a path in its site, without a slash at either end.
type ImportAddress struct {
	Site     string
	Path     string
	CourseID models.ID
	Kind     models.Kind
	RecordID models.ID
}

// PutImportAddresses remembers the addresses of a record. One that led elsewhere leads here from now on.
func (t *Tx) PutImportAddresses(addresses []ImportAddress) error {
	if len(addresses) == 0 {
		return nil
	}
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "site"}, {Name: "path"}}, UpdateAll: true}
	return wrapped("remember an imported address", t.gorm().Table("import_addresses").Clauses(replace).CreateInBatches(addresses, 100).Error)
}

// ImportAddresses lists the addresses that imports know of a site.
func (t *Tx) ImportAddresses(site string) ([]ImportAddress, error) {
	var rows []ImportAddress
	err := t.gorm().Table("import_addresses").Where("site = ?", site).Order("path").Find(&rows).Error
	return rows, wrapped("list imported addresses", err)
}

// ImportedAt lists the records that had a path in the sites that they come from.
func (t *Tx) ImportedAt(path string) ([]models.Ref, error) {
	var rows []ImportAddress
	if err := t.gorm().Table("import_addresses").Where("path = ?", path).Order("site").Find(&rows).Error; err != nil {
		return nil, wrapped("look for an imported address", err)
	}
	var out []models.Ref
	for _, row := range rows {
		out = append(out, models.Ref{Type: row.Kind, ID: row.RecordID})
	}
	return out, nil
}

// DeadLink is a link of an imported record to a page of its site that has not been imported.
type DeadLink struct {
	Site     string
	Path     string // of the page that is not there
	CourseID models.ID
	Kind     models.Kind
	RecordID models.ID
	Written  string // the address as the author wrote it
}

// SetDeadLinks replaces what is known of a record's dead links.
func (t *Tx) SetDeadLinks(record models.ID, links []DeadLink) error {
	err := t.gorm().Table("import_dead_links").Where("record_id = ?", record).Delete(&DeadLink{}).Error
	if err == nil && len(links) > 0 {
		err = t.gorm().Table("import_dead_links").Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(links, 100).Error
	}
	return wrapped("remember dead links", err)
}

// RemoveDeadLinks forgets some of a record's dead links.
func (t *Tx) RemoveDeadLinks(record models.ID, written []string) error {
	err := t.gorm().Table("import_dead_links").Where("record_id = ? AND written IN ?", record, written).Delete(&DeadLink{}).Error
	return wrapped("forget dead links", err)
}

// DeadLinks lists the dead links of a site.
func (t *Tx) DeadLinks(site string) ([]DeadLink, error) {
	var rows []DeadLink
	err := t.gorm().Table("import_dead_links").Where("site = ?", site).Order("record_id, written").Find(&rows).Error
	return rows, wrapped("list dead links", err)
}

// DeadLinksOf lists the dead links of some records, by record and address.
func (t *Tx) DeadLinksOf(records []models.ID) ([]DeadLink, error) {
	var rows []DeadLink
	err := t.gorm().Table("import_dead_links").Where("record_id IN ?", records).Order("record_id, written").Find(&rows).Error
	return rows, wrapped("list dead links", err)
}

// RevivedLink is a dead link to a page that has an address by now.
type RevivedLink struct {
	DeadLink
	ToKind models.Kind
	ToID   models.ID
}

// DeadLinksTo lists the dead links to pages of a site that have addresses by now, by record.
func (t *Tx) DeadLinksTo(site string) ([]RevivedLink, error) {
	var rows []RevivedLink
	err := t.gorm().Table("import_dead_links AS d").
		Joins("JOIN import_addresses AS a ON a.site = d.site AND a.path = d.path").
		Where("d.site = ?", site).Select("d.*, a.kind AS to_kind, a.record_id AS to_id").
		Order("d.record_id, d.written").Find(&rows).Error
	return rows, wrapped("look for links that are alive again", err)
}

func wrapped(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
