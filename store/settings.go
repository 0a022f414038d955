package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// CourseSettings are what a course asks of its records.
type CourseSettings struct {
	CourseID  models.ID
	Version   int64
	Rules     map[string]string              `gorm:"serializer:record"` // what is not as by default
	Schemas   map[models.Kind]jsontext.Value `gorm:"serializer:record"` // of extra
	UpdatedAt time.Time                      `gorm:"autoUpdateTime:false"`
}

// CourseSettings reads the settings of a course, nil when it never had any.
func (t *Tx) CourseSettings(course models.ID) (*CourseSettings, error) {
	var rows []CourseSettings
	err := t.gorm().Table("course_settings").Where("course_id = ?", course).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, wrapped("read the settings of a course", err)
	}
	return &rows[0], nil
}

// PutCourseSettings saves settings as the version after the one that was read, which is 1 for a course that never had
// any. It fails with Stale when they have another version by now.
func (t *Tx) PutCourseSettings(s *CourseSettings, read int64) error {
	s.Version = read + 1
	if read == 1 {
		err := t.gorm().Table("course_settings").Create(s).Error
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return staleSettings
		}
		return wrapped("save the settings of a course", err)
	}
	res := t.gorm().Table("course_settings").Where("course_id = ? AND version = ?", s.CourseID, read).
		Select("version", "rules", "schemas", "updated_at").Updates(s)
	if res.Error != nil {
		return fmt.Errorf("save the settings of a course: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return staleSettings
	}
	return nil
}

// KeepCourseSettings brings settings back as they were, version and all, in the place of those that are there.
func (t *Tx) KeepCourseSettings(s *CourseSettings) error {
	again := clause.OnConflict{
		Columns:   []clause.Column{{Name: "course_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"version", "rules", "schemas", "updated_at"}),
	}
	return wrapped("bring back the settings of a course", t.gorm().Table("course_settings").Clauses(again).Create(s).Error)
}

var staleSettings = models.Stale("the settings were changed by someone else")
