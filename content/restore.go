package content

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// Restore is a backup to bring back.
type Restore struct {
	Backup
	Course  models.ID
	Slug    string // the course's new slug; empty: the one that it has in the backup
	Public  bool   // the backup holds live records only: they become drafts
	Publish bool   // make the whole course live in the same transaction, unless something blocks it
	DryRun  bool   // do it all, tell what was done, and take it back
	By      Save
}

// Restore brings a course back that is not here, in one transaction: with the ids, versions, places and times that it
// has in the backup, what is in the trash and what readers see, its old paths, its settings, and what imports remember of it. Old
// paths and addresses that lead elsewhere here still do. It fails with Conflict when the course or one of its records
// is here already, or the slug is taken, and with Invalid when a record breaks rules; the error names the record.
func (s *Service) Restore(ctx context.Context, in Restore) (*ImportResult, error) {
	var result *ImportResult
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		r := &restorer{s: s, tx: tx, in: in, live: newLiver(tx, s.now()), result: newImportResult()}
		result = r.result
		if err := r.run(); err != nil || !in.DryRun {
			return err
		}
		return errDryRun
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, err
	}
	if result.Revision > 0 && !in.DryRun {
		s.announce(result.Revision)
	}
	return result, nil
}

type restorer struct {
	s       *Service
	tx      *store.Tx
	in      Restore
	live    *liver
	result  *ImportResult
	waiting []Exported // read and not saved yet
}

func (r *restorer) run() error {
	for _, step := range []func() error{
		r.tx.LockLive, r.absent, r.revisions, r.records, r.memory, r.redirects, r.settings, r.log, r.publish,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// absent makes sure that the course is not here.
func (r *restorer) absent() error {
	there := &models.Course{}
	err := r.tx.Draft.Get(there, r.in.Course)
	switch {
	case err == nil:
		return models.Conflict(fmt.Sprintf("the course %q is here already", there.Title), nil)
	case models.KindOf(err) == models.KindNotFound:
		return nil
	}
	return err
}

func (r *restorer) revisions() error {
	if r.in.Revisions == nil {
		return nil
	}
	return r.in.Revisions(func(v Revision) error {
		return r.tx.KeepRevision(store.Revision{
			RecordID: v.Record, Version: v.Version, Kind: v.Kind, Parent: v.Parent, Author: v.Author, AuthorID: v.AuthorID, Message: v.Message,
			At: models.Timestamp(v.At), Began: v.Began, Published: v.Published, Imported: v.Imported, Body: string(v.Body),
		})
	})
}

func (r *restorer) records() error {
	err := r.in.Records(func(x Exported) error {
		r.waiting = append(r.waiting, x)
		if len(r.waiting) < exportAtOnce {
			return nil
		}
		return r.saveWaiting()
	})
	if err != nil {
		return err
	}
	return r.saveWaiting()
}

// saveWaiting saves the records that were read, after a look whether they are here.
func (r *restorer) saveWaiting() error {
	all := make([]models.ID, len(r.waiting))
	for n, x := range r.waiting {
		all[n] = x.Record.Base().ID
	}
	if err := r.unknown(all); err != nil {
		return err
	}
	for _, x := range r.waiting {
		if err := r.save(x); err != nil {
			return fmt.Errorf("restore the %s %s: %w", x.Record.Kind(), x.Record.Base().ID, err)
		}
	}
	r.waiting = r.waiting[:0]
	return nil
}

// unknown makes sure that no record of any kind has one of the ids.
func (r *restorer) unknown(all []models.ID) error {
	for _, kind := range models.StoredKinds() {
		there, err := r.tx.Draft.List(store.Query{Kind: kind, IDs: all, Trashed: true})
		if err != nil {
			return err
		}
		if len(there) > 0 {
			return r.s.elsewhere(r.tx, there[0])
		}
	}
	return nil
}

// elsewhere says that a record of another course has the id that one is to have.
func (s *Service) elsewhere(tx *store.Tx, there models.Record) error {
	name := "another course"
	if id, err := courseOf(tx, there); err == nil {
		course := &models.Course{}
		if tx.Draft.Get(course, id) == nil {
			name = fmt.Sprintf("the course %q", course.Title)
		}
	}
	return models.Conflict(fmt.Sprintf("the %s %q (%s) is here already, in %s: nothing was imported",
		there.Kind(), there.Label(), there.Base().ID, name), nil)
}

// courseOf is the course that a draft belongs to.
func courseOf(tx *store.Tx, r models.Record) (models.ID, error) {
	switch r := r.(type) {
	case *models.Course:
		return r.ID, nil
	case *models.Section:
		return r.CourseID, nil
	case *models.Worksheet:
		module := &models.Module{}
		err := tx.Draft.Get(module, r.ModuleID)
		return module.CourseID, err
	}
	return r.Owner().ID, nil
}

// save saves a draft with its revision, and what readers see of it.
func (r *restorer) save(x Exported) error {
	draft := x.Record
	m := draft.Base()
	inMilliseconds(m)
	if r.in.Public {
		m.LiveVersion, m.TrashedAt = nil, nil
	}
	if course, ok := draft.(*models.Course); ok {
		if err := r.name(course, x.Live); err != nil {
			return err
		}
	}
	if err := models.Validate(draft); err != nil {
		return err
	}
	if err := r.tx.Draft.Insert(draft); err != nil {
		return err
	}
	if err := r.keep(draft); err != nil {
		return err
	}
	if err := r.tx.Draft.SetUses(draft.Kind(), m.ID, referred(draft)); err != nil {
		return err
	}
	r.result.Created[draft.Kind()]++
	switch {
	case m.LiveVersion != nil:
		return r.show(x)
	case x.GoneAt != nil && !r.in.Public:
		return r.tx.SetGone(draft.Kind(), m.ID, models.Timestamp(*x.GoneAt))
	}
	return nil
}

// inMilliseconds gives a record times that every database keeps.
func inMilliseconds(m *models.Meta) {
	m.CreatedAt, m.UpdatedAt = models.Timestamp(m.CreatedAt), models.Timestamp(m.UpdatedAt)
	if m.TrashedAt != nil {
		at := models.Timestamp(*m.TrashedAt)
		m.TrashedAt = &at
	}
}

// name makes sure that the course's slug is free. A new one takes the next version, so that the revision of the old
// version is what the backup says.
func (r *restorer) name(course *models.Course, live models.Record) error {
	if r.in.Slug != "" && r.in.Slug != course.Slug {
		if err := r.keep(course); err != nil {
			return err
		}
		if course.LiveVersion != nil && *course.LiveVersion == course.Version {
			version := course.Version + 1
			course.LiveVersion = &version
		}
		course.Slug, course.Version, course.UpdatedAt = r.in.Slug, course.Version+1, r.s.now()
		if live != nil {
			live.(*models.Course).Slug = r.in.Slug
		}
	}
	r.result.Course = decorate(course)
	for _, side := range []*store.Side{r.tx.Draft, r.tx.Live} {
		other := &models.Course{}
		err := side.BySlug(other, "", course.Slug)
		if err == nil && course.TrashedAt == nil {
			return &models.Error{
				Kind:    models.KindConflict,
				Message: "the course can't be restored under its slug: import it under another one, with --course",
				Fields:  []models.FieldError{{Pointer: "/slug", Detail: fmt.Sprintf("%q is the slug of the course %q (%s)", course.Slug, other.Title, other.ID)}},
			}
		}
		if err != nil && models.KindOf(err) != models.KindNotFound {
			return err
		}
	}
	return nil
}

// keep writes the revision of a draft as it is, unless the backup holds it.
func (r *restorer) keep(draft models.Record) error {
	body, err := models.Encode(draft)
	if err != nil {
		return err
	}
	m := draft.Base()
	v := store.Revision{
		RecordID: m.ID, Version: m.Version, Kind: draft.Kind(), Author: r.in.By.Author, Message: r.in.By.Message, At: m.UpdatedAt,
		Published: m.LiveVersion != nil && *m.LiveVersion == m.Version, Imported: true, Body: string(body),
	}
	if m.Version > 1 {
		v.Parent = new(int64)
		*v.Parent = m.Version - 1
	}
	return r.tx.KeepRevision(v)
}

// show makes live what readers see of a draft.
func (r *restorer) show(x Exported) (err error) {
	seen := x.Live
	if seen == nil {
		if seen, err = asPublished(x.Record); err != nil {
			return err
		}
	} else {
		seen = public(seen) // whoever made the backup
		if section, ok := seen.(*models.Section); ok {
			render.SetAnchors(section.Blocks)
		}
	}
	inMilliseconds(seen.Base())
	seen.Base().PublishedAt = r.live.now
	if x.PublishedAt != nil {
		seen.Base().PublishedAt = models.Timestamp(*x.PublishedAt)
	}
	if err := models.Validate(seen); err != nil {
		return err
	}
	return r.live.keep(seen)
}

func (r *restorer) memory() error {
	if r.in.Memory == nil {
		return nil
	}
	return r.in.Memory(func(m Memory) error {
		switch {
		case m.Item != nil:
			item := store.ImportItem{
				CourseID: r.in.Course, Key: m.Item.Key, Kind: m.Item.Kind, RecordID: m.Item.Record, Version: m.Item.Version,
			}
			if m.Item.Said != nil && m.Item.Said.Kind() != 'n' {
				said := string(m.Item.Said)
				item.Imported = &said
			}
			return r.tx.PutImportItem(item)
		case m.Address != nil:
			return r.tx.KeepImportAddress(store.ImportAddress{
				Site: m.Address.Site, Path: m.Address.Path, CourseID: r.in.Course, Kind: m.Address.Kind, RecordID: m.Address.Record,
			})
		case m.DeadLink != nil:
			return r.tx.AddDeadLink(store.DeadLink{
				Site: m.DeadLink.Site, Path: m.DeadLink.Path, CourseID: r.in.Course, Kind: m.DeadLink.Kind,
				RecordID: m.DeadLink.Record, Written: m.DeadLink.Written,
			})
		}
		return nil
	})
}

func (r *restorer) redirects() error {
	if r.in.Redirects == nil {
		return nil
	}
	return r.in.Redirects(func(to models.Redirect) error {
		to.CreatedAt = models.Timestamp(to.CreatedAt)
		return r.tx.KeepRedirect(to)
	})
}

// settings brings the course's settings back in the version that they had.
func (r *restorer) settings() error {
	if r.in.Settings == nil {
		return nil
	}
	return r.in.Settings(func(s KeptSettings) error {
		if err := s.Check(); err != nil {
			return err
		}
		row := s.row(r.in.Course, models.Timestamp(s.UpdatedAt))
		row.Version = s.Version
		return r.tx.KeepCourseSettings(row)
	})
}

// log tells followers, the search index for one, what has become live.
func (r *restorer) log() (err error) {
	if len(r.live.changes) > 0 {
		r.result.Revision, err = r.tx.LogChanges(r.live.changes, r.live.now)
	}
	return err
}

// publish makes the course live as it is in the drafts, unless something blocks it: then the plan says what.
func (r *restorer) publish() error {
	if !r.in.Publish {
		return nil
	}
	plan, revision, err := r.s.publish(r.tx, PublishRequest{Targets: []models.Ref{{Type: models.KindCourse, ID: r.in.Course}}}, nil)
	if plan != nil {
		r.result.Plan = plan
	}
	if plan != nil && len(plan.Blockers) > 0 {
		plan.Put = nil
		return nil // the drafts are saved
	}
	if revision > 0 {
		r.result.Revision = revision
	}
	return err
}
