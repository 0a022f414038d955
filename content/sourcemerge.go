package content

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// MaxMerged is how many sources one merge takes: more copies of one work than a course has.
const MaxMerged = 100

// Merged is a source that is to go into another one.
type Merged struct {
	ID      models.ID `json:"id"`
	Version int64     `json:"version"` // that the caller has read
}

// SourceMerge is a merge of sources into one.
type SourceMerge struct {
	ID       models.ID          `json:"id"`
	Source   models.Ref         `json:"source"`  // that was kept
	Merged   []models.Ref       `json:"merged"`  // that went into the trash
	Changed  []SourceMergePlace `json:"changed"` // what pointed to them
	Author   string             `json:"author"`
	At       time.Time          `json:"at"`
	UndoneAt *time.Time         `json:"undone_at"`
}

// SourceMergePlace is a place that pointed to a merged source.
type SourceMergePlace struct {
	Record models.Ref `json:"record"`
	Place  string     `json:"place"`  // "citation" or "block", and its id
	Source models.ID  `json:"source"` // that it pointed to
}

// MergeSources makes one source of several of a course: citations, quotes and whatever else in drafts points to the
// others points to the kept one afterwards, each draft in a new version, and the others go into the trash. Readers see
// it when the drafts are published. Links in texts stay as they are written.
func (e *Editor) MergeSources(ctx context.Context, kept models.ID, version int64, from []Merged) (out *SourceMerge, err error) {
	err = e.change(ctx, func(w *work) error {
		out, err = w.mergeSources(kept, version, from)
		return err
	})
	return out, err
}

func (w *work) mergeSources(kept models.ID, version int64, from []Merged) (*SourceMerge, error) {
	source, err := w.standing(access.Update, models.Ref{Type: models.KindSource, ID: kept}, version)
	if err != nil {
		return nil, err
	}
	merge := &store.SourceMerge{
		ID: models.NewID(), CourseID: source.Owner().ID, RecordID: kept, AuthorID: w.who.ID, Author: w.who.Name, At: w.s.now(),
	}
	others, err := w.merged(source, from)
	if err != nil {
		return nil, err
	}
	merge.Merged = ids(others)
	users, err := w.drafts(merge.Merged)
	if err != nil {
		return nil, err
	}
	for _, user := range users {
		places, err := w.lead(user, merge.Merged, kept, fmt.Sprintf("%d sources merged into %q", len(others), source.Label()))
		if err != nil {
			return nil, err
		}
		merge.Places = append(merge.Places, places...)
	}
	for _, other := range others {
		if _, err := w.trash(refOf(other), TrashRequest{Version: other.Base().Version}); err != nil {
			return nil, err
		}
	}
	if err := w.tx.AddSourceMerge(merge); err != nil {
		return nil, err
	}
	if err := w.did("merge", source, map[string]any{"merge": merge.ID, "merged": merge.Merged}); err != nil {
		return nil, err
	}
	return w.sourceMerge(merge)
}

// merged reads the sources that are to go. All that is wrong with the list is reported at once.
func (w *work) merged(kept models.Record, from []Merged) ([]models.Record, error) {
	var wrong []models.FieldError
	if len(from) == 0 || len(from) > MaxMerged {
		wrong = append(wrong, models.FieldError{Pointer: "/from", Detail: fmt.Sprintf("must name from 1 to %d sources", MaxMerged)})
		return nil, models.Invalid("the sources can't be merged", wrong)
	}
	var out []models.Record
	seen := map[models.ID]bool{kept.Base().ID: true}
	for i, m := range from {
		at := fmt.Sprintf("/from/%d/id", i)
		if seen[m.ID] {
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "is the kept source, or named before"})
			continue
		}
		seen[m.ID] = true
		r, err := w.standing(access.Delete, models.Ref{Type: models.KindSource, ID: m.ID}, m.Version)
		switch {
		case models.KindOf(err) == models.KindNotFound:
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "there is no such source"})
			continue
		case err != nil:
			return nil, err
		case r.Owner().ID != kept.Owner().ID:
			wrong = append(wrong, models.FieldError{Pointer: at, Detail: "belongs to another course"})
			continue
		}
		out = append(out, r)
	}
	return out, models.Invalid("the sources can't be merged", wrong)
}

// drafts reads the drafts that use some records, those in the trash too: they may come back.
func (w *work) drafts(used []models.ID) ([]models.Record, error) {
	refs, err := w.tx.Draft.Uses(used...)
	if err != nil {
		return nil, err
	}
	seen := map[models.Ref]bool{}
	var out []models.Record
	for _, ref := range refs {
		if seen[ref] {
			continue
		}
		seen[ref] = true
		r, err := w.tx.Draft.Record(ref.Type, ref.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// lead saves a draft with its pointers to some sources pointing to another one, and tells which they were.
func (w *work) lead(user models.Record, from []models.ID, to models.ID, message string) ([]store.SourceMergePlace, error) {
	next := models.Clone(user)
	var led []store.SourceMergePlace
	for _, p := range sourcePlaces(next) {
		if was := (*p.at).ID; slices.Contains(from, was) {
			led = append(led, store.SourceMergePlace{Record: refOf(user), Place: p.name, Source: was})
			*p.at = models.NewRef(models.KindSource, to)
		}
	}
	if len(led) == 0 {
		return nil, nil // it only links to them
	}
	return led, w.saveLed(next, user, message)
}

func (w *work) saveLed(next, was models.Record, message string) error {
	if err := w.may(access.Update, was); err != nil {
		return err
	}
	if err := w.save(next, was, message); err != nil {
		return err
	}
	return w.did("update", next, map[string]any{"merge": message})
}

// sourcePlace is a place in a record that points to a source.
type sourcePlace struct {
	name string
	at   **models.Ref
}

// sourcePlaces lists the places of a record that point to sources: its citations, and quotes.
func sourcePlaces(r models.Record) []sourcePlace {
	var out []sourcePlace
	add := func(name string, at **models.Ref) {
		if *at != nil && (*at).Type == models.KindSource {
			out = append(out, sourcePlace{name, at})
		}
	}
	quotes := func(within string, bs models.Blocks) {
		bs.Walk(func(b models.Block, _ int) bool {
			if q, ok := b.(*models.Quote); ok {
				add(within+"block "+q.ID, &q.Source)
			}
			return true
		})
	}
	quotes("", blocksOf(r))
	switch r := r.(type) {
	case *models.Section:
		for i := range r.Citations {
			add("citation "+string(r.Citations[i].ID), &r.Citations[i].Source)
		}
	case *models.Worksheet:
		for _, a := range r.AnswerKey {
			quotes("answer "+a.Prompt+" ", a.Blocks)
		}
	}
	return out
}

// UndoSourceMerge takes a merge back: the sources come out of the trash, and what pointed to them does so again. It fails
// with Conflict, naming what is in the way, when any of it has been changed since in the same places; nothing is done then.
func (e *Editor) UndoSourceMerge(ctx context.Context, id models.ID) (out *SourceMerge, err error) {
	err = e.change(ctx, func(w *work) error {
		out, err = w.undoMerge(id)
		return err
	})
	return out, err
}

func (w *work) undoMerge(id models.ID) (*SourceMerge, error) {
	merge, err := w.tx.SourceMerge(id)
	if err != nil {
		return nil, err
	}
	source, err := w.draft(access.Update, models.Ref{Type: models.KindSource, ID: merge.RecordID})
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return nil, models.NotFound("merge", string(id))
	case err != nil:
		return nil, err
	}
	if err := w.may(access.Delete, source); err != nil { // what merging takes; the sources of a course are all at one place
		return nil, err
	}
	if merge.UndoneAt != nil {
		return nil, models.Conflict("the merge has been undone already", nil)
	}
	var inTheWay []models.FieldError
	for _, other := range merge.Merged {
		r, err := w.draft(access.Delete, models.Ref{Type: models.KindSource, ID: other})
		switch {
		case models.KindOf(err) == models.KindNotFound:
			inTheWay = append(inTheWay, models.FieldError{Detail: fmt.Sprintf("the source %s has been purged", other)})
		case err != nil:
			return nil, err
		case r.Base().TrashedAt == nil:
			inTheWay = append(inTheWay, models.FieldError{Detail: fmt.Sprintf("the source %q has been taken out of the trash", r.Label())})
		default:
			if _, err := w.untrash(refOf(r), r.Base().Version); err != nil {
				return nil, err
			}
		}
	}
	byRecord, order := map[models.Ref][]store.SourceMergePlace{}, []models.Ref{}
	for _, p := range merge.Places {
		if byRecord[p.Record] == nil {
			order = append(order, p.Record)
		}
		byRecord[p.Record] = append(byRecord[p.Record], p)
	}
	for _, ref := range order {
		wrong, err := w.leadBack(ref, byRecord[ref], source)
		if err != nil {
			return nil, err
		}
		inTheWay = append(inTheWay, wrong...)
	}
	if len(inTheWay) > 0 {
		return nil, &models.Error{Kind: models.KindConflict, Message: "what the merge changed has been changed since", Fields: inTheWay}
	}
	merge.UndoneAt = new(w.s.now())
	if err := w.tx.UndoneSourceMerge(id, *merge.UndoneAt); err != nil {
		return nil, err
	}
	if err := w.did("merge_undone", source, map[string]any{"merge": id}); err != nil {
		return nil, err
	}
	return w.sourceMerge(merge)
}

// leadBack saves a draft with places pointing to the sources that they pointed to before, or says what is in the way.
func (w *work) leadBack(ref models.Ref, places []store.SourceMergePlace, source models.Record) ([]models.FieldError, error) {
	user, err := w.tx.Draft.Record(ref.Type, ref.ID)
	if models.KindOf(err) == models.KindNotFound {
		return nil, nil // it was purged, and points to nothing
	}
	if err != nil {
		return nil, err
	}
	next := models.Clone(user)
	var wrong []models.FieldError
	for _, p := range places {
		now := sourcePlaces(next)
		i := slices.IndexFunc(now, func(n sourcePlace) bool { return n.name == p.Place })
		if i < 0 || (*now[i].at).ID != source.Base().ID {
			wrong = append(wrong, models.FieldError{Detail: fmt.Sprintf("the %s of the %s %q is gone, or points elsewhere", strings.TrimSpace(p.Place), ref.Type, user.Label())})
			continue
		}
		*now[i].at = models.NewRef(models.KindSource, p.Source)
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	return nil, w.saveLed(next, user, fmt.Sprintf("the merge into %q undone", source.Label()))
}

// SourceMerges lists the merges in a course, the newest first: those before one, or all.
func (e *Editor) SourceMerges(ctx context.Context, course, before models.ID, limit int) (out []SourceMerge, err error) {
	out = []SourceMerge{}
	err = e.look(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, models.Ref{Type: models.KindCourse, ID: course}); err != nil {
			return err
		}
		rows, err := w.tx.SourceMerges(course, before, limit)
		if err != nil {
			return err
		}
		for i := range rows {
			m, err := w.sourceMerge(&rows[i])
			if err != nil {
				return err
			}
			out = append(out, *m)
		}
		return nil
	})
	return out, err
}

// sourceMerge is a merge as the subject may see it: records that it may not read are left out.
func (w *work) sourceMerge(m *store.SourceMerge) (*SourceMerge, error) {
	out := &SourceMerge{ID: m.ID, Merged: []models.Ref{}, Changed: []SourceMergePlace{}, Author: m.Author, At: m.At, UndoneAt: m.UndoneAt}
	known := func(ref models.Ref, add func(models.Ref)) error {
		r, err := w.draft(access.Read, ref)
		switch {
		case models.KindOf(err) == models.KindNotFound:
			return nil
		case err == nil:
			add(adminRef(r))
		}
		return err
	}
	if err := known(models.Ref{Type: models.KindSource, ID: m.RecordID}, func(r models.Ref) { out.Source = r }); err != nil {
		return nil, err
	}
	for _, id := range m.Merged {
		if err := known(models.Ref{Type: models.KindSource, ID: id}, func(r models.Ref) { out.Merged = append(out.Merged, r) }); err != nil {
			return nil, err
		}
	}
	for _, p := range m.Places {
		if err := known(p.Record, func(r models.Ref) { out.Changed = append(out.Changed, SourceMergePlace{r, p.Place, p.Source}) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}
