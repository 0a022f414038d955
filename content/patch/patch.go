// Package patch applies the changes that editors send to records: merge patches, new records, and operations on single
// blocks. It does no I/O.
package patch

import (
	"reflect"
	"slices"

	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
)

// Merge changes a record as a JSON merge patch (RFC 7396) of its editable members says (see Editable). Null empties a
// member; lists are replaced as a whole; members of extra and csl are merged one by one. References may be sent as
// they were served, they are kept as type and id. What has no id in the result is given one: blocks, prompts,
// objectives and editor notes a number that the record has not used, citations a UUID. Editor notes whose block is gone follow
// the one before it.
//
// It fails with KindMalformed, listing every member that is unknown or that can't be read, with KindInvalid when
// members are named that the server sets, and with the rules of models.Validate that the result breaks; r is
// unchanged then. Pointers are into the patch, those of rules into the result, which is the same place in both.
func Merge(r models.Record, doc []byte) error {
	changes, err := read(r.Kind(), doc, Editable(r.Kind()))
	if err != nil {
		return err
	}
	next := models.Clone(r)
	for _, m := range members(next) {
		change, named := changes[m.name]
		if !named {
			continue
		}
		if err := m.merge(change); err != nil {
			return err
		}
	}
	if err := sameFiles(r, next); err != nil {
		return err
	}
	return finish(r, next)
}

// finish completes what became of a record, checks it, and puts it in the record's place.
func finish(r, next models.Record) error {
	bareRefs(next)
	merge.Name(next, r)
	keepNotes(r, next)
	if err := models.Validate(next); err != nil {
		return err
	}
	reflect.ValueOf(r).Elem().Set(reflect.ValueOf(next).Elem())
	return nil
}

// bareRefs takes from references what they are only served with.
func bareRefs(r models.Record) {
	for _, at := range models.Refs(r) {
		key := (*at).Key()
		*at = &key
	}
}

// sameFiles refuses caption tracks of files that the asset doesn't have: files come by upload. Tracks may be renamed,
// ordered and left out.
func sameFiles(r, next models.Record) error {
	was, ok := r.(*models.Asset)
	if !ok {
		return nil
	}
	var fields []models.FieldError
	for i, track := range next.(*models.Asset).CaptionTracks {
		has := func(t models.CaptionTrack) bool { return reflect.DeepEqual(t.File, track.File) }
		if !slices.ContainsFunc(was.CaptionTracks, has) {
			fields = append(fields, models.FieldError{Pointer: pointer("caption_tracks", i, "file"), Detail: setByServer})
		}
	}
	return models.Invalid(refused, fields)
}

// keepNotes lets the notes on blocks that are gone follow the block before, so that they stay where they were.
func keepNotes(r, next models.Record) {
	was, ok := r.(*models.Section)
	if !ok {
		return
	}
	is := next.(*models.Section)
	there := map[string]bool{}
	is.Blocks.Walk(func(b models.Block, _ int) bool { there[b.Base().ID] = true; return true })
	before, last := map[string]string{}, ""
	was.Blocks.Walk(func(b models.Block, _ int) bool {
		if id := b.Base().ID; there[id] {
			last = id
		} else {
			before[id] = last
		}
		return true
	})
	for i, note := range is.EditorNotes {
		if after, gone := before[note.After]; gone {
			is.EditorNotes[i].After = after
		}
	}
}
