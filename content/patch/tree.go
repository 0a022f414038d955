package patch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
)

// tree is a list of blocks, or of prompts, with the lists in them, in which every element is found by its id.
type tree[T any] struct {
	noun   string
	top    *[]T
	id     func(T) *string
	slots  func(T) []*[]T // the places where an element holds others
	decode func(data []byte) ([]T, error)
	record func([]T) models.Record // one that holds nothing else, in the list that noun names
	in     map[string]*[]T         // the list that holds an element; nil for ids that are taken elsewhere
}

// blockTree takes hold of the blocks of a record. Others are the ones of its other lists.
func blockTree(top *models.Blocks, others models.Blocks) *tree[models.Block] {
	t := &tree[models.Block]{
		noun: "block",
		top:  (*[]models.Block)(top),
		id:   func(b models.Block) *string { return &b.Base().ID },
		slots: func(b models.Block) []*[]models.Block {
			var out []*[]models.Block
			for _, bs := range models.Children(b) {
				out = append(out, (*[]models.Block)(bs))
			}
			return out
		},
		decode: func(data []byte) ([]models.Block, error) {
			var bs models.Blocks
			err := models.Decode(data, &bs)
			return bs, err
		},
		record: func(bs []models.Block) models.Record {
			s := alone(new(models.Section))
			s.CourseID, s.ModuleID, s.Slug, s.Title, s.Blocks = s.ID, s.ID, "alone", "alone", bs
			return s
		},
	}
	t.grow()
	others.Walk(func(b models.Block, _ int) bool { t.in[b.Base().ID] = nil; return true })
	return t
}

func promptTree(top *models.Prompts) *tree[models.Prompt] {
	t := &tree[models.Prompt]{
		noun: "prompt",
		top:  (*[]models.Prompt)(top),
		id:   func(p models.Prompt) *string { return &p.PromptFields().ID },
		slots: func(p models.Prompt) []*[]models.Prompt {
			if g, ok := p.(*models.Group); ok {
				return []*[]models.Prompt{(*[]models.Prompt)(&g.Prompts)}
			}
			return nil
		},
		decode: func(data []byte) ([]models.Prompt, error) {
			var ps models.Prompts
			err := models.Decode(data, &ps)
			return ps, err
		},
		record: func(ps []models.Prompt) models.Record {
			w := alone(new(models.Worksheet))
			w.ModuleID, w.Slug, w.Word, w.Prompts = w.ID, "alone", models.WordWorksheet, ps
			return w
		},
	}
	t.grow()
	return t
}

func alone[R models.Record](r R) R {
	r.Base().ID = models.NewID()
	return r
}

// read reads one element strictly.
func (t *tree[T]) read(data jsontext.Value) (e T, f *models.FieldError) {
	list, err := t.decode(slices.Concat([]byte("["), data, []byte("]")))
	switch fields := fieldsOf(err); {
	case len(fields) > 0:
		return e, &models.FieldError{Pointer: strings.TrimPrefix(fields[0].Pointer, "/0"), Detail: fields[0].Detail}
	case err != nil || len(list) != 1:
		return e, &models.FieldError{Detail: fmt.Sprintf("must be one %s", t.noun)}
	}
	return list[0], nil
}

func (t *tree[T]) grow() {
	t.in = map[string]*[]T{}
	for _, e := range *t.top {
		t.enter(e, t.top)
	}
}

// enter notes where an element and all in it are.
func (t *tree[T]) enter(e T, in *[]T) {
	t.in[*t.id(e)] = in
	for _, slot := range t.slots(e) {
		for _, inner := range *slot {
			t.enter(inner, slot)
		}
	}
}

// each visits an element and all in it.
func (t *tree[T]) each(e T, visit func(id string)) {
	visit(*t.id(e))
	for _, slot := range t.slots(e) {
		for _, inner := range *slot {
			t.each(inner, visit)
		}
	}
}

// find gives the list that holds an element, and its index there; nil when it is not in the tree.
func (t *tree[T]) find(id string) (list *[]T, index int) {
	list = t.in[id]
	if list == nil {
		return nil, 0
	}
	return list, slices.IndexFunc(*list, func(e T) bool { return *t.id(e) == id })
}

// apply does one operation. What it brings is sound. The pointer of what is wrong is into the operation.
func (t *tree[T]) apply(o Op, brought T) *models.FieldError {
	switch o.Op {
	case OpInsert:
		return t.insert(o, brought)
	case OpReplace:
		return t.replace(o, brought)
	}
	gone, f := t.remove(o.ID)
	if f != nil || o.Op == OpDelete {
		return f
	}
	list, index, f := t.place(o)
	if f != nil {
		t.each(gone, func(id string) {
			if id == o.After.ID+o.Before.ID+o.Into {
				f.Detail = fmt.Sprintf("a %s can't be moved into or next to itself", t.noun)
			}
		})
		return f
	}
	t.put(list, index, gone)
	return nil
}

func (t *tree[T]) insert(o Op, e T) *models.FieldError {
	list, index, f := t.place(o)
	if f != nil {
		return f
	}
	if f := t.free(e); f != nil {
		return f
	}
	t.put(list, index, e)
	return nil
}

func (t *tree[T]) replace(o Op, e T) *models.FieldError {
	if id := *t.id(e); id != o.ID {
		return &models.FieldError{Pointer: "/" + t.noun + "/id", Detail: fmt.Sprintf("must be %q or absent", o.ID)}
	}
	list, index := t.find(o.ID)
	if _, f := t.remove(o.ID); f != nil {
		return f
	}
	if f := t.free(e); f != nil {
		return f
	}
	t.put(list, index, e)
	return nil
}

// remove takes an element out.
func (t *tree[T]) remove(id string) (e T, f *models.FieldError) {
	list, index := t.find(id)
	if list == nil {
		return e, &models.FieldError{Pointer: "/id", Detail: t.no(id)}
	}
	e = (*list)[index]
	*list = slices.Delete(*list, index, index+1)
	t.each(e, func(id string) { delete(t.in, id) })
	return e, nil
}

func (t *tree[T]) put(list *[]T, index int, e T) {
	*list = slices.Insert(*list, index, e)
	t.enter(e, list)
}

// free tells whether the ids of a new element, and of what is in it, are all different and not taken.
func (t *tree[T]) free(e T) (f *models.FieldError) {
	seen := map[string]bool{}
	t.each(e, func(id string) {
		if _, taken := t.in[id]; (taken || seen[id]) && f == nil {
			f = &models.FieldError{Pointer: "/" + t.noun, Detail: fmt.Sprintf("the id %q is taken", id)}
		}
		seen[id] = true
	})
	return f
}

// place finds where an operation wants an element to be.
func (t *tree[T]) place(o Op) (list *[]T, index int, f *models.FieldError) {
	switch {
	case o.Into != "":
		return t.slot(o.Into, o.Slot)
	case o.After == At(""):
		return t.top, 0, nil
	case o.Before == At(""):
		return t.top, len(*t.top), nil
	}
	name, id, step := "after", o.After.ID, 1
	if o.Before.Given {
		name, id, step = "before", o.Before.ID, 0
	}
	list, index = t.find(id)
	if list == nil {
		return nil, 0, &models.FieldError{Pointer: "/" + name, Detail: t.no(id)}
	}
	return list, index + step, nil
}

// slot finds the end of one of the lists in an element.
func (t *tree[T]) slot(id string, n int) (list *[]T, index int, f *models.FieldError) {
	in, at := t.find(id)
	if in == nil {
		return nil, 0, &models.FieldError{Pointer: "/into", Detail: t.no(id)}
	}
	slots := t.slots((*in)[at])
	switch {
	case len(slots) == 0:
		return nil, 0, &models.FieldError{Pointer: "/into", Detail: fmt.Sprintf("the %s %q holds no %ss", t.noun, id, t.noun)}
	case n < 0 || n >= len(slots):
		return nil, 0, &models.FieldError{Pointer: "/slot", Detail: fmt.Sprintf("must be from 0 to %d", len(slots)-1)}
	}
	return slots[n], len(*slots[n]), nil
}

// no says that there is no element.
func (t *tree[T]) no(id string) string { return fmt.Sprintf("there is no %s %q", t.noun, id) }
