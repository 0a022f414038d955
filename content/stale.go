package content

import (
	"fmt"

	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// fresh fails with Stale unless a record is in the version that the caller has read. The error says what has changed
// since, and who changed it last.
func (w *work) fresh(r models.Record, read int64) error {
	m := r.Base()
	if m.Version == read {
		return nil
	}
	e := &models.Error{
		Kind:    models.KindStale,
		Message: fmt.Sprintf("the %s is in version %d by now, and not in version %d", r.Kind(), m.Version, read),
		Current: &models.Current{Version: m.Version, Changed: []string{}, At: m.UpdatedAt},
	}
	last, err := w.tx.LastRevision(m.ID)
	if err != nil {
		return err
	}
	if last != nil {
		e.Current.By, e.Current.At = last.Author, last.At
	}
	rev, err := w.tx.RevisionOf(m.ID, read)
	switch {
	case models.KindOf(err) == models.KindNotFound: // it never was, or a later save has taken it in
		return e
	case err != nil:
		return err
	}
	before, err := w.decode(rev)
	if err != nil {
		return err
	}
	if before, err = w.shown(r, before); err != nil {
		return err
	}
	now, err := w.shown(r, r)
	if err == nil {
		e.Current.Changed = append(e.Current.Changed, patch.Fields(before, now)...)
		err = e
	}
	return err
}
