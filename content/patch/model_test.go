package patch_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
	"pgregory.net/rapid"
)

// model is what operations should do, on nothing but names: the ids in each slot, by "container/slot". The slot of the
// whole is "/0".
type model map[string][]string

func slotName(id string, n int) string { return id + "/" + strconv.Itoa(n) }

func (m model) fill(slot string, bs models.Blocks) {
	m[slot] = []string{}
	for _, b := range bs {
		m[slot] = append(m[slot], b.Base().ID)
		for i, inner := range models.Children(b) {
			m.fill(slotName(b.Base().ID, i), *inner)
		}
	}
}

func modelOf(bs models.Blocks) model {
	m := model{}
	m.fill("/0", bs)
	return m
}

func (m model) where(id string) (slot string, ok bool) {
	for slot, ids := range m {
		if slices.Contains(ids, id) {
			return slot, true
		}
	}
	return "", false
}

// within lists an id and all below it.
func (m model) within(id string) []string {
	out := []string{id}
	for n := 0; ; n++ {
		ids, ok := m[slotName(id, n)]
		if !ok {
			return out
		}
		for _, inner := range ids {
			out = append(out, m.within(inner)...)
		}
	}
}

func (m model) cut(id string) {
	slot, _ := m.where(id)
	m[slot] = slices.DeleteFunc(slices.Clone(m[slot]), func(s string) bool { return s == id })
}

func (m model) drop(id string) {
	all := m.within(id)
	m.cut(id)
	for _, gone := range all {
		for n := 0; m[slotName(gone, n)] != nil; n++ {
			delete(m, slotName(gone, n))
		}
	}
}

var errRefused = errors.New("refused")

func (m model) put(o patch.Op, id string) error {
	var slot string
	var index int
	switch {
	case o.Into != "":
		slot = slotName(o.Into, o.Slot)
		index = len(m[slot])
	case o.After == patch.At(""):
		slot = "/0"
	case o.Before == patch.At(""):
		slot, index = "/0", len(m["/0"])
	default:
		next := o.After.ID + o.Before.ID
		slot, _ = m.where(next)
		if index = slices.Index(m[slot], next); o.After.Given {
			index++
		}
	}
	if _, ok := m[slot]; !ok {
		return errRefused
	}
	m[slot] = slices.Insert(slices.Clone(m[slot]), index, id)
	return nil
}

func (m model) apply(o patch.Op) error {
	if o.Op == patch.OpInsert {
		if slices.Contains(m.within("")[1:], "new") {
			return errRefused
		}
		err := m.put(o, "new")
		m.fill("new/0", nil)
		return err
	}
	slot, ok := m.where(o.ID)
	if !ok {
		return errRefused
	}
	switch o.Op {
	case patch.OpDelete:
		m.drop(o.ID)
	case patch.OpReplace:
		index := slices.Index(m[slot], o.ID)
		m.drop(o.ID)
		m[slot] = slices.Insert(slices.Clone(m[slot]), index, o.ID)
		m.fill(slotName(o.ID, 0), nil)
	case patch.OpMove:
		if slices.Contains(m.within(o.ID), o.After.ID+o.Before.ID+o.Into) {
			return errRefused
		}
		m.cut(o.ID)
		return m.put(o, o.ID)
	}
	return nil
}

// drawOp draws an operation on some of the ids, which may be gone by then.
func drawOp(rt *rapid.T, ids []string) patch.Op {
	id := func(what string) string { return rapid.SampledFrom(append(ids, "new")).Draw(rt, what) }
	o := patch.Op{Op: rapid.SampledFrom([]string{patch.OpInsert, patch.OpReplace, patch.OpMove, patch.OpMove, patch.OpDelete}).Draw(rt, "op")}
	switch o.Op {
	case patch.OpInsert:
		o.Block = []byte(`{"kind":"box","box":"tip","id":"new"}`)
	case patch.OpReplace:
		o.ID, o.Block = id("id"), []byte(`{"kind":"box","box":"tip"}`)
	default:
		o.ID = id("id")
	}
	if o.Op != patch.OpInsert && o.Op != patch.OpMove {
		return o
	}
	switch rapid.IntRange(0, 4).Draw(rt, "place") {
	case 0:
		o.After = patch.At("")
	case 1:
		o.Before = patch.At("")
	case 2:
		o.After = patch.At(id("after"))
	case 3:
		o.Before = patch.At(id("before"))
	case 4:
		o.Into, o.Slot = id("into"), rapid.IntRange(0, 2).Draw(rt, "slot")
	}
	return o
}

func TestOperationsDoWhatTheModelSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &modelstest.Maker{RT: rt}
		s := m.Record(models.KindSection).(*models.Section)
		labels(s)
		before := encode(rt, s)
		want := modelOf(s.Blocks)
		var ids []string
		s.Blocks.Walk(func(b models.Block, _ int) bool { ids = append(ids, b.Base().ID); return true })
		var ops []patch.Op
		var refused error
		for range rapid.IntRange(0, 5).Draw(rt, "ops") {
			o := drawOp(rt, ids)
			ops = append(ops, o)
			if refused == nil {
				refused = want.apply(o)
			}
		}
		err := patch.Blocks(s, "blocks", ops)
		switch {
		case (err == nil) != (refused == nil):
			rt.Fatalf("%s\nerror %v, the model says %v", encode(rt, ops), err, refused)
		case err != nil && encode(rt, s) != before:
			rt.Fatal("refused operations changed the record")
		case err != nil:
			return
		}
		if err := models.Validate(s); err != nil {
			rt.Fatal(err)
		}
		if got := modelOf(s.Blocks); fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("%s\ngot  %v\nwant %v", encode(rt, ops), got, want)
		}
	})
}
