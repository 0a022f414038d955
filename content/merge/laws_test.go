package merge

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
	"pgregory.net/rapid"
)

// law checks a property over a made record of each kind and edits of both sides.
func law(t *testing.T, unique bool, check func(rt *rapid.T, m *maker, base models.Record)) {
	for _, kind := range models.StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				m := &maker{modelstest.Maker{RT: rt, Unique: unique}}
				check(rt, m, m.record(kind))
			})
		})
	}
}

const maxEdits = 6

func (m *maker) ours(base models.Record) (models.Record, []string) {
	return m.edit(base, "ours", m.Draw(0, maxEdits))
}

// theirs is another version as a source gives it: with ids of its own.
func (m *maker) theirs(base models.Record) (models.Record, []string) {
	r, inserted := m.edit(base, "theirs", m.Draw(0, maxEdits))
	renumber(r)
	return r, inserted
}

func jsonOf(rt rapid.TB, r models.Record) string {
	data, err := models.Encode(r)
	if err != nil {
		rt.Fatal(err)
	}
	return string(data)
}

func wantSame(rt rapid.TB, what string, got, want models.Record) {
	rt.Helper()
	if g, w := jsonOf(rt, got), jsonOf(rt, want); g != w {
		rt.Fatalf("%s:\n%s", what, cmp.Diff(w, g))
	}
}

func TestWhatOnlyTheSourceChangedIsTaken(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		theirs, _ := m.theirs(base)
		got, conflicts := three(base, base, theirs)
		Align(base, theirs)
		wantSame(rt, "merged is not theirs", got, theirs)
		if len(conflicts) > 0 {
			rt.Fatalf("conflicts: %v", conflicts)
		}
	})
}

func TestWhatOnlyAnEditorChangedStays(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		ours, _ := m.ours(base)
		got, conflicts := three(base, ours, base)
		wantSame(rt, "merged is not ours", got, ours)
		if len(conflicts) > 0 {
			rt.Fatalf("conflicts: %v", conflicts)
		}
	})
}

func TestTheSameChangeOnBothSidesIsNoConflict(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		ours, _ := m.ours(base)
		theirs := models.Clone(ours)
		if m.Coin() {
			renumber(theirs)
		}
		got, conflicts := three(base, ours, theirs)
		wantSame(rt, "merged is not ours", got, ours)
		if len(conflicts) > 0 {
			rt.Fatalf("conflicts: %v", conflicts)
		}
	})
}

func TestMergedIsSoundAndNothingInsertedIsLost(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		ours, oursNew := m.ours(base)
		theirs, theirsNew := m.theirs(base)
		before := []string{jsonOf(rt, base), jsonOf(rt, ours), jsonOf(rt, theirs)}
		got, conflicts := three(base, ours, theirs)
		if err := models.Validate(got); err != nil {
			rt.Fatalf("merged: %v", err)
		}
		if after := []string{jsonOf(rt, base), jsonOf(rt, ours), jsonOf(rt, theirs)}; !slices.Equal(before, after) {
			rt.Fatalf("an input was changed: %s", cmp.Diff(before, after))
		}
		again, _ := three(base, ours, theirs)
		wantSame(rt, "merging again gives something else", again, got)
		there := texts(got)
		for _, text := range oursNew {
			if !slices.Contains(there, text) {
				rt.Fatalf("lost %q of ours", text)
			}
		}
		both := compare(models.Clone(base), models.Clone(ours), models.Clone(theirs))
		for _, text := range theirsNew {
			if !slices.Contains(there, text) && !told(both.theirs, text, conflicts) {
				rt.Fatalf("lost %q of theirs without a word: %v", text, conflicts)
			}
		}
		checkPointers(rt, got, conflicts)
	})
}

// told tells whether a conflict speaks of a paragraph, or of what it is in.
func told(t *tree, text string, conflicts []Conflict) bool {
	for _, n := range t.order {
		p, ok := n.value.Addr().Interface().(*models.Paragraph)
		if !ok || string(p.Text) != text {
			continue
		}
		for up := n; up.up != nil; up = up.up {
			if slices.ContainsFunc(conflicts, func(c Conflict) bool { return c.Field == title(up) }) {
				return true
			}
		}
	}
	return false
}

// Each side appends to texts that the other leaves alone.
func TestEditsOfDifferentFieldsAreNoConflict(t *testing.T) {
	law(t, true, func(rt *rapid.T, m *maker, base models.Record) {
		ours, theirs := models.Clone(base), models.Clone(base)
		var want []string
		fo, ft := textFields(ours), textFields(theirs)
		for i := range fo {
			side := rapid.SampledFrom([][]field{fo, ft, nil}).Draw(rt, "side")
			if side != nil && side[i].value.String() != "" {
				text := side[i].value.String() + " more"
				side[i].value.SetString(text)
				want = append(want, text)
			}
		}
		renumber(theirs)
		got, conflicts := three(base, ours, theirs)
		if len(conflicts) > 0 {
			rt.Fatalf("conflicts: %v", conflicts)
		}
		there := texts(got)
		for _, text := range want {
			if !slices.Contains(there, text) {
				rt.Fatalf("lost %q", text)
			}
		}
	})
}

func textFields(r models.Record) []field {
	var out []field
	grow(r).walk(func(n *node) {
		for _, f := range n.fields {
			if f.value.Type() == reflect.TypeFor[models.Text]() {
				out = append(out, f)
			}
		}
	})
	return out
}

func TestWithoutConflictsMergedHoldsBothEdits(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		ours, _ := m.ours(base)
		theirs, _ := m.theirs(base)
		got, conflicts := three(base, ours, theirs)
		if len(conflicts) > 0 {
			return
		}
		both := compare(models.Clone(base), models.Clone(ours), models.Clone(theirs))
		if sameBut(ours, theirs) {
			return
		}
		rt.Logf("base %s\nours %s\ntheirs %s\nmerged %s", jsonOf(rt, base), jsonOf(rt, ours), jsonOf(rt, theirs), jsonOf(rt, got))
		merged := map[string]*node{}
		grow(got).walk(func(n *node) { merged[keyOf(n)] = n })
		for _, side := range []*tree{both.ours, both.theirs} {
			for _, n := range side.order {
				if !n.name.IsValid() {
					continue
				}
				wantFields(rt, both.was(n.id), n, merged[n.key()], side.root.value.Type().String())
			}
		}
	})
}

func keyOf(n *node) string {
	if n.name.IsValid() {
		return n.key()
	}
	return ""
}

// wantFields checks that what a side changed in an element is in merged.
func wantFields(rt *rapid.T, base, side, merged *node, where string) {
	if base != nil && base.own() == side.own() {
		return
	}
	if merged == nil {
		rt.Fatalf("%s: %s is lost", where, side.id)
		return
	}
	if merged.value.Type() != side.value.Type() {
		rt.Fatalf("%s: %s has another kind", where, side.id)
	}
	for i, f := range side.fields {
		if base != nil && base.value.Type() == side.value.Type() && equal(base.fields[i].value, f.value) {
			continue
		}
		if !equal(merged.fields[i].value, f.value) && f.value.Kind() == reflect.String {
			rt.Fatalf("%s: %s%s is %q, want %q", where, side.id, f.path, plain(merged.fields[i].value), plain(f.value))
		}
	}
}

func TestAlignKeepsTheIdsOfWhatIsUntouched(t *testing.T) {
	law(t, true, func(rt *rapid.T, m *maker, base models.Record) {
		next, _ := m.theirs(base)
		rt.Logf("base %s\nnext %s", jsonOf(rt, base), jsonOf(rt, next))
		Align(base, next)
		count, id := map[string]int{}, map[string]string{}
		grow(base).walk(func(n *node) {
			if n.in.class.prefix != "" {
				count[n.content]++
				id[n.content] = n.key()
			}
		})
		seen, times := map[string]bool{}, map[string]int{}
		grow(next).walk(func(n *node) { times[n.content]++ })
		grow(next).walk(func(n *node) {
			if !n.name.IsValid() || n.in.class.noun == "answer" {
				return
			}
			if count[n.content] == 1 && times[n.content] == 1 && id[n.content] != n.key() && len(n.words) > 0 {
				rt.Fatalf("%s is %s now", id[n.content], n.key())
			}
			if seen[n.key()] {
				rt.Fatalf("%s twice", n.key())
			}
			seen[n.key()] = true
		})
	})
}

func TestAlignChangesIdsOnlyAndOnce(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		next, _ := m.theirs(base)
		content := grow(next).content
		Align(base, next)
		if grow(next).content != content {
			rt.Fatal("the content is another one")
		}
		if err := models.Validate(next); err != nil {
			rt.Fatal(err)
		}
		again := models.Clone(next)
		Align(base, again)
		wantSame(rt, "aligning twice", again, next)
		same := models.Clone(base)
		renumber(same)
		Align(base, same)
		wantSame(rt, "aligning what did not change", same, base)
	})
}
