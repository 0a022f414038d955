package patch

import (
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
)

// Blocks does operations, one after the other, on a list of a record: blocks of a section or fragment, instructions or
// prompts of a worksheet. All of them are done or none.
//
// It fails with KindMalformed when the record has no such list, there are more than MaxOps operations, or any of them
// can't be read; with KindInvalid when what they bring breaks rules, when the first that can't be done is come to, or when the
// result breaks a rule of models.Validate. Pointers are into the list of operations: /0/after, /2/block/level.
// What the result as a whole breaks has no pointer.
func Blocks(r models.Record, list string, ops []Op) error {
	if len(ops) > MaxOps {
		return malformed([]models.FieldError{{Detail: fmt.Sprintf("has %d operations, at most %d are allowed", len(ops), MaxOps)}})
	}
	next := models.Clone(r)
	do := editor(next, list)
	if do == nil {
		return models.Malformed(fmt.Sprintf("a %s has no list %q of blocks or prompts", r.Kind(), list), nil)
	}
	if err := do(r, ops); err != nil {
		return err
	}
	return whole(finish(r, next), "/"+list)
}

// editor finds what edits a list of a record.
func editor(next models.Record, list string) func(r models.Record, ops []Op) error {
	switch next := next.(type) {
	case *models.Section:
		if list == "blocks" {
			return blockTree(&next.Blocks, nil).do
		}
	case *models.Fragment:
		if list == "blocks" {
			return blockTree(&next.Blocks, nil).do
		}
	case *models.Worksheet:
		switch list {
		case "instructions":
			var others models.Blocks
			for _, a := range next.AnswerKey {
				others = append(others, a.Blocks...)
			}
			return blockTree(&next.Instructions, others).do
		case "prompts":
			return promptTree(&next.Prompts).do
		}
	}
	return nil
}

// do applies the operations to the tree. The record is the one before them, whose ids are not given again.
func (t *tree[T]) do(r models.Record, ops []Op) error {
	brought, err := t.bring(r, ops)
	if err != nil {
		return err
	}
	for i, o := range ops {
		if f := t.apply(o, brought[i]); f != nil {
			f.Pointer = pointer(i) + f.Pointer
			return models.Invalid(refused, []models.FieldError{*f})
		}
	}
	return nil
}

// bring reads what the operations bring, by the index of the operation, gives ids to it and checks it.
func (t *tree[T]) bring(r models.Record, ops []Op) (map[int]T, error) {
	var unread []models.FieldError
	var all []T
	var of []int // of which operation
	for i, o := range ops {
		if wrong := o.check(pointer(i), t.noun); len(wrong) > 0 || o.element() == nil {
			unread = append(unread, wrong...)
			continue
		}
		e, f := t.read(o.element())
		if f != nil {
			unread = append(unread, models.FieldError{Pointer: pointer(i, t.noun) + f.Pointer, Detail: f.Detail})
			continue
		}
		if id := t.id(e); o.Op == OpReplace && *id == "" {
			*id = o.ID
		}
		all, of = append(all, e), append(of, i)
	}
	if len(unread) > 0 {
		return nil, malformed(unread)
	}
	alone := t.record(all)
	merge.Name(alone, r)
	var broken []models.FieldError
	byOp := map[int]T{}
	rules := fieldsOf(models.Validate(alone))
	for k, i := range of {
		byOp[i] = all[k]
		broken = append(broken, moved(rules, pointer(t.noun+"s", k), pointer(i, t.noun))...)
	}
	return byOp, models.Invalid(refused, broken)
}

// moved gives the errors below one place, as errors below another.
func moved(fields []models.FieldError, from, to string) []models.FieldError {
	var out []models.FieldError
	for _, f := range fields {
		if f.Pointer == from || strings.HasPrefix(f.Pointer, from+"/") {
			f.Pointer = to + f.Pointer[len(from):]
			out = append(out, f)
		}
	}
	return out
}

// whole says the rules that the record as a whole breaks, without pointers: no single operation does.
func whole(err error, list string) error {
	fields := fieldsOf(err)
	for i, f := range fields {
		if f.Pointer != "" && f.Pointer != list {
			f.Detail = f.Pointer + " " + f.Detail
		}
		fields[i] = models.FieldError{Detail: f.Detail}
	}
	return models.Invalid(refused, fields)
}
