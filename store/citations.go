package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Citation is a citation of a live section, as lists of citations read it.
type Citation struct {
	ID          models.ID `gorm:"primaryKey"`
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	PublishedAt time.Time
	CourseID    models.ID
	ModuleID    models.ID
	SectionID   models.ID
	Position    int
	Label       string
	Locator     *models.Locator `gorm:"serializer:record"`
	Written     models.Text
	SourceID    *models.ID
}

func (s *Side) putCitations(section *models.Section) error {
	if err := s.RemoveCitations(section.ID); err != nil || len(section.Citations) == 0 {
		return err
	}
	rows := make([]Citation, len(section.Citations))
	for i, c := range section.Citations {
		rows[i] = Citation{
			ID: c.ID, CreatedAt: section.CreatedAt, UpdatedAt: section.UpdatedAt, PublishedAt: section.PublishedAt,
			CourseID: section.CourseID, ModuleID: section.ModuleID, SectionID: section.ID, Position: i,
			Label: c.Label, Locator: c.Locator, Written: c.Written,
		}
		if c.Source != nil {
			rows[i].SourceID = &c.Source.ID
		}
	}
	if err := s.gorm().CreateInBatches(rows, 100).Error; err != nil {
		return translate(err, models.KindSection, section.Slug+" with the ids of its citations")
	}
	return nil
}

// RemoveCitations takes the citations of a live section away, so that they can go live with another one.
func (s *Side) RemoveCitations(section models.ID) error {
	if err := s.gorm().Where("section_id = ?", section).Delete(&Citation{}).Error; err != nil {
		return fmt.Errorf("citations of section %s: %w", section, err)
	}
	return nil
}

// Citation reads one citation of live content.
func (s *Side) Citation(id models.ID) (*Citation, error) {
	var c Citation
	return &c, translate(s.gorm().Where("id = ?", id).Take(&c).Error, models.KindCitation, string(id))
}

// Citations lists citations of live content, in one statement.
func (s *Side) Citations(q Query) ([]Citation, error) {
	q.Kind = models.KindCitation
	l, err := s.layout(models.KindCitation, true, s.leftOut(models.KindCitation)...)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(q, l)
	found, err := scan[*Citation](l, rows, err)
	if err != nil {
		return nil, fmt.Errorf("list citations: %w", err)
	}
	out := make([]Citation, len(found))
	for i, c := range found {
		out[i] = *c
	}
	if q.Before != nil {
		slices.Reverse(out)
	}
	return out, nil
}

// Meta is what the citation has of its section, for Keys.
func (c Citation) Meta() *models.Meta {
	return &models.Meta{ID: c.ID, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, PublishedAt: c.PublishedAt}
}

// UsedBy lists the ids of the records of a kind that records refer to, in one statement.
func (s *Side) UsedBy(from []models.ID, kind models.Kind) (ids []models.ID, err error) {
	rows, err := s.byKey("SELECT DISTINCT to_id FROM live_uses WHERE from_id IN ? AND to_kind = ? ORDER BY to_id", padded(from), kind)
	var id models.ID
	err = eachRow(rows, err, func() error {
		ids = append(ids, id)
		return nil
	}, &id)
	return ids, wrapped("references to "+kind.Plural(), err)
}

// Showing lists which live records of a kind show records of another: pairs of the first and the second, by the place
// that the second has in the first's HTML, which begins and ends with the given texts around its id. Links show nothing.
func (s *Side) Showing(kind, shown models.Kind, ids []models.ID, begin, end string) (pairs [][2]models.ID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.byText("SELECT from_id, to_id FROM live_uses JOIN live_"+kind.Plural()+" r ON r.id = from_id"+
		" WHERE to_id IN ? AND from_kind = ? AND to_kind = ? AND r.html LIKE '%' || ? || to_id || ? || '%' ORDER BY from_id, to_id",
		padded(ids), kind, shown, begin, end)
	var pair [2]models.ID
	err = eachRow(rows, err, func() error {
		pairs = append(pairs, pair)
		return nil
	}, &pair[0], &pair[1])
	return pairs, wrapped(kind.Plural()+" that show "+shown.Plural(), err)
}

// use is a row of the reference index: one record refers to another.
type use struct {
	FromKind models.Kind
	FromID   models.ID
	ToKind   models.Kind
	ToID     models.ID
}

// SetUses replaces what the reference index knows of a record's references.
func (s *Side) SetUses(kind models.Kind, id models.ID, to []models.Ref) error {
	if err := s.gorm().Where("from_id = ?", id).Delete(&use{}).Error; err != nil {
		return fmt.Errorf("references of %s %s: %w", kind, id, err)
	}
	seen := map[models.Ref]bool{}
	var rows []use
	for _, ref := range to {
		if !seen[ref.Key()] {
			seen[ref.Key()] = true
			rows = append(rows, use{FromKind: kind, FromID: id, ToKind: ref.Type, ToID: ref.ID})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := s.gorm().CreateInBatches(rows, 200).Error; err != nil {
		return fmt.Errorf("references of %s %s: %w", kind, id, err)
	}
	return nil
}

// Uses lists the records that refer to a record, or to any of several.
func (s *Side) Uses(of ...models.ID) ([]models.Ref, error) {
	var refs []models.Ref
	for ids := range slices.Chunk(of, maxInList) {
		var rows []use
		err := s.gorm().Distinct("from_kind", "from_id").Where("to_id IN ?", ids).Order("from_kind, from_id").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("uses of %d records: %w", len(of), err)
		}
		for _, row := range rows {
			refs = append(refs, models.Ref{Type: row.FromKind, ID: row.FromID})
		}
	}
	return refs, nil
}
