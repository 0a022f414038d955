package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func sorts(t *testing.T, s *store.Store) {
	a, b, c := course("a"), course("b"), course("c")
	a.Title, a.CreatedAt, a.UpdatedAt, a.PublishedAt = "Éclair", at, at.Add(2*time.Second), at.Add(time.Second)
	b.Title, b.CreatedAt, b.UpdatedAt, b.PublishedAt = "apple", at, at.Add(time.Millisecond), at.Add(time.Second)
	c.Title, c.CreatedAt, c.UpdatedAt, c.PublishedAt = "Dough", at.Add(-time.Hour), at, at
	put(t, s, a, b, c)
	for sort, want := range map[string][]models.ID{
		"":             {a.ID, b.ID, c.ID},
		"id":           {a.ID, b.ID, c.ID},
		"title":        {b.ID, c.ID, a.ID},
		"created_at":   {c.ID, a.ID, b.ID},
		"updated_at":   {c.ID, b.ID, a.ID},
		"published_at": {c.ID, a.ID, b.ID},
	} {
		t.Run(sort, func(t *testing.T) {
			wantEqual(t, list(t, s, live, store.Query{Kind: models.KindCourse, Sort: sort}), want)
		})
	}
	for _, sort := range []string{"slug", "title, id; DROP TABLE live_courses", "position"} {
		before := s.Statements()
		err := s.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Live.List(store.Query{Kind: models.KindCourse, Sort: sort})
			return err
		})
		if err == nil || s.Statements() != before {
			t.Errorf("sort %q: error %v after %d statements, want an error and none", sort, err, s.Statements()-before)
		}
	}
}

// Titles that databases would sort each in its own way, in their order here; equal ones by id.
func titleOrder(t *testing.T, s *store.Store) {
	titles := []string{
		"", "🙂", "10 loaves", "9 loaves", "  Apple", "apple", "ÄPFEL", "Ápple", "b-c", "B c", "bC", "E\u0301clair", "éclair",
		"ﬁne", "fine art", "İzmir", "izmir 2", "ss", "Straße", "STRASSE 2", "z", "Żur", "Ωmega", "ж", "東京", "𝒵eta",
	}
	want := []string{
		"", "🙂", "10 loaves", "9 loaves", "ÄPFEL", "  Apple", "apple", "Ápple", "b-c", "B c", "bC", "E\u0301clair", "éclair",
		"ﬁne", "fine art", "İzmir", "izmir 2", "ss", "Straße", "STRASSE 2", "z", "𝒵eta", "Żur", "Ωmega", "ж", "東京",
	}
	for i, title := range titles {
		c := course(string(rune('a' + i)))
		c.Title = title
		insert(t, s, c)
	}
	var got []string
	read(t, s, func(tx *store.Tx) error {
		rs, err := tx.Draft.List(store.Query{Kind: models.KindCourse, Sort: "title"})
		for _, r := range rs {
			got = append(got, r.Label())
		}
		return err
	})
	wantEqual(t, got, want)
}

// paging reads a list in pages while others insert and delete: what is there all the time comes exactly once, nothing
// comes twice, and all of it in order.
func paging(t *testing.T, s *store.Store) {
	for _, sort := range []string{"", "title", "created_at", "updated_at", "published_at"} {
		t.Run(sort, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { pageThrough(t, rt, s, sort) })
		})
	}
}

func pageThrough(t *testing.T, rt *rapid.T, s *store.Store, sort string) {
	owner := models.NewID() // each run has a list of its own
	there := map[models.ID]models.Record{}
	add := func() models.ID {
		m := drawModule(rt, owner)
		put(t, s, m)
		there[m.ID] = m
		return m.ID
	}
	lasting := map[models.ID]bool{}
	for range rapid.IntRange(0, 8).Draw(rt, "at first") {
		lasting[add()] = true
	}
	q := store.Query{Kind: models.KindModule, Course: owner, Sort: sort, Limit: rapid.IntRange(1, 4).Draw(rt, "limit"), Desc: rapid.Bool().Draw(rt, "desc")}
	back := rapid.Bool().Draw(rt, "from the end")
	if back { // before a record that sorts after all others
		q.Before = endOf(sort, q.Desc)
	}
	var seen []models.ID
	for {
		var rs []models.Record
		read(t, s, func(tx *store.Tx) (err error) { rs, err = tx.Live.List(q); return err })
		if back {
			seen = append(idsOf(rs), seen...)
		} else {
			seen = append(seen, idsOf(rs)...)
		}
		if len(rs) < q.Limit {
			break
		}
		if back {
			q.Before = store.Keys(sort, rs[0].Base())
		} else {
			q.After = store.Keys(sort, rs[len(rs)-1].Base())
		}
		if rapid.Bool().Draw(rt, "insert") && len(there) < 16 {
			add()
		}
		if gone := rapid.SampledFrom(append(idsOf(sorted(there, sort)), "")).Draw(rt, "delete"); gone != "" {
			write(t, s, func(tx *store.Tx) error { return tx.Live.Remove(models.KindModule, gone) })
			delete(lasting, gone)
		}
	}
	inOrder := idsOf(sorted(there, sort))
	if q.Desc {
		slices.Reverse(inOrder)
	}
	last := -1
	for _, id := range seen {
		at := slices.Index(inOrder, id)
		if at <= last {
			rt.Fatalf("%s comes after %s", id, inOrder[last])
		}
		last = at
		delete(lasting, id)
	}
	if len(lasting) > 0 {
		rt.Fatalf("pages lack %d records that were there all the time", len(lasting))
	}
}

// endOf is the cursor of a place after all records of an order.
func endOf(sort string, desc bool) []string {
	last := &models.Meta{ID: "ffffffff", SortKey: "\U0010FFFF", CreatedAt: at.AddDate(9, 0, 0), UpdatedAt: at.AddDate(9, 0, 0), PublishedAt: at.AddDate(9, 0, 0)}
	if desc {
		last = &models.Meta{CreatedAt: at.AddDate(-9, 0, 0), UpdatedAt: at.AddDate(-9, 0, 0), PublishedAt: at.AddDate(-9, 0, 0)}
	}
	return store.Keys(sort, last)
}

func drawModule(rt *rapid.T, owner models.ID) *models.Module {
	moment := func(name string) time.Time {
		return at.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, name)) * 5 * time.Millisecond)
	}
	m := module(owner, "m-"+string(models.NewID()))
	m.Title = rapid.SampledFrom([]string{"", "a", "Á", "ab", "a b", "Z", "ж", "🙂"}).Draw(rt, "title")
	m.CreatedAt, m.UpdatedAt, m.PublishedAt = moment("created"), moment("updated"), moment("published")
	return m
}

// sorted is the order that a list should have, without a database.
func sorted(there map[models.ID]models.Record, sort string) []models.Record {
	var rs []models.Record
	for _, r := range there {
		rs = append(rs, r)
	}
	slices.SortFunc(rs, func(x, y models.Record) int {
		a, b := x.Base(), y.Base()
		n := 0
		switch sort {
		case "title":
			n = cmp.Compare(a.SortKey, b.SortKey)
		case "created_at":
			n = a.CreatedAt.Compare(b.CreatedAt)
		case "updated_at":
			n = a.UpdatedAt.Compare(b.UpdatedAt)
		case "published_at":
			n = a.PublishedAt.Compare(b.PublishedAt)
		}
		return cmp.Or(n, cmp.Compare(a.ID, b.ID))
	})
	return rs
}

func foreignCursors(t *testing.T, s *store.Store) {
	for sort, after := range map[string][]string{
		"id":         {"a", "b"},
		"title":      {"a"},
		"created_at": {"yesterday", "a"},
	} {
		err := s.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Live.List(store.Query{Kind: models.KindCourse, Sort: sort, After: after})
			return err
		})
		wantKind(t, err, models.KindMalformed)
	}
}

func filters(t *testing.T, s *store.Store) {
	c1, c2 := models.NewID(), models.NewID()
	a, b, c, d := module(c1, "a"), module(c1, "b"), module(c2, "c"), module(c1, "d")
	insert(t, s, a, b, c, d)
	write(t, s, func(tx *store.Tx) error { return tx.Draft.Trash(models.KindModule, b.ID, at) })
	for name, tt := range map[string]struct {
		q     store.Query
		want  []models.ID
		count int64
	}{
		"all":            {store.Query{}, []models.ID{a.ID, c.ID, d.ID}, 3},
		"with the trash": {store.Query{Trashed: true}, []models.ID{a.ID, b.ID, c.ID, d.ID}, 4},
		"of a course":    {store.Query{Course: c1}, []models.ID{a.ID, d.ID}, 2},
		"some":           {store.Query{IDs: []models.ID{a.ID, b.ID, c.ID}, Course: c2}, []models.ID{c.ID}, 1},
		"none of none":   {store.Query{IDs: []models.ID{}}, nil, 0},
		"a page":         {store.Query{Limit: 1, After: []string{string(a.ID)}}, []models.ID{c.ID}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			tt.q.Kind = models.KindModule
			wantEqual(t, list(t, s, drafts, tt.q), tt.want)
			read(t, s, func(tx *store.Tx) error {
				n, err := tx.Draft.Count(tt.q)
				wantEqual(t, n, tt.count)
				return err
			})
		})
	}
}

func bodies(t *testing.T, s *store.Store) {
	sec := full()[6].(*models.Section)
	put(t, s, sec)
	for _, wanted := range []bool{false, true} {
		read(t, s, func(tx *store.Tx) error {
			rs, err := tx.Live.List(store.Query{Kind: models.KindSection, Bodies: wanted})
			if err != nil {
				return err
			}
			got := rs[0].(*models.Section)
			if (len(got.Blocks) > 0) != wanted || (got.HTML != "") != wanted || len(got.Citations) != 1 {
				t.Errorf("bodies %t: %d blocks, html %q, %d citations", wanted, len(got.Blocks), got.HTML, len(got.Citations))
			}
			return nil
		})
	}
}

func reading(t *testing.T, s *store.Store) {
	c1, c2 := models.NewID(), models.NewID()
	m1, m2 := module(c1, "m1"), module(c1, "m2")
	m1.Position, m2.Position = 1, 0
	other := module(c2, "other")
	s1, s2, w1, w2 := section(m1.ID, "s1"), section(m1.ID, "s2"), worksheet(m1.ID, "w1"), worksheet(m1.ID, "w2")
	s1.Position, w1.Position = 1, 1
	s1.Blocks, s1.ParentID = everyBlock(), &s2.ID
	put(t, s, m1, m2, other, s1, s2, section(other.ID, "s3"), w1, w2)
	read(t, s, func(tx *store.Tx) error {
		modules, err := tx.Live.Children(models.KindModule, []models.ID{c1})
		if err != nil {
			return err
		}
		wantEqual(t, idsOf(modules), []models.ID{m2.ID, m1.ID})
		worksheets, err := tx.Live.Children(models.KindWorksheet, []models.ID{m1.ID, m2.ID})
		if err != nil {
			return err
		}
		wantEqual(t, idsOf(worksheets), []models.ID{w2.ID, w1.ID})
		below, err := tx.Live.Orders(models.KindWorksheet, []models.ID{m1.ID, m2.ID})
		if err != nil {
			return err
		}
		wantEqual(t, below[m1.ID].IDs, []models.ID{w2.ID, w1.ID})
		wantEqual(t, len(below[m2.ID].IDs), 0)
		if below, err = tx.Live.Orders(models.KindModule, []models.ID{c1}); err != nil {
			return err
		}
		wantEqual(t, below[c1].IDs, []models.ID{m2.ID, m1.ID})
		orders, err := tx.Live.Orders(models.KindSection, []models.ID{m1.ID, m2.ID})
		if err != nil {
			return err
		}
		wantEqual(t, orders[m1.ID].IDs, []models.ID{s2.ID, s1.ID})
		wantEqual(t, orders[m1.ID].Above(s1.ID), []models.ID{s2.ID})
		wantEqual(t, orders[m1.ID].Above(s2.ID), []models.ID(nil))
		if next, ok := orders[m1.ID].Near(s2.ID, +1); !ok || next != s1.ID {
			t.Errorf("after s2 is %s %t, want s1", next, ok)
		}
		if id, ok := orders[m1.ID].Near(s1.ID, +1); ok {
			t.Errorf("after the last one is %s", id)
		}
		wantEqual(t, len(orders[m2.ID].IDs), 0)
		none, err := tx.Live.Children(models.KindModule, nil)
		wantEqual(t, none, []models.Record(nil))
		return err
	})
	wantEqual(t, list(t, s, live, store.Query{Kind: models.KindSection, Module: m1.ID}), []models.ID{s2.ID, s1.ID})
}

func citations(t *testing.T, s *store.Store) {
	source := models.NewID()
	sec := full()[6].(*models.Section)
	cite := func(label string) models.Citation {
		return models.Citation{ID: models.NewID(), Label: label, Written: "W", Source: models.NewRef(models.KindSource, source)}
	}
	sec.Citations = []models.Citation{cite("1"), cite("2")}
	put(t, s, sec)
	sec.Citations = []models.Citation{sec.Citations[1], cite("3"), cite("4")}
	put(t, s, sec)
	read(t, s, func(tx *store.Tx) error {
		rows, err := tx.Live.Citations(store.Query{Limit: 2})
		if err != nil {
			return err
		}
		if len(rows) != 2 || rows[0].Label != "2" || rows[1].Label != "3" || *rows[0].SourceID != source || rows[0].ModuleID != sec.ModuleID {
			t.Errorf("citations %+v, want 2 and 3", rows)
		}
		rows, err = tx.Live.Citations(store.Query{Limit: 2, After: []string{string(rows[1].ID)}})
		if err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].Label != "4" {
			t.Errorf("citations %+v, want 4", rows)
		}
		got, err := tx.Live.Citation(sec.Citations[0].ID)
		wantEqual(t, got.Label, "2")
		if err != nil {
			return err
		}
		all, err := tx.Live.Citations(store.Query{})
		wantEqual(t, len(all), 3)
		return err
	})
}

func uses(t *testing.T, s *store.Store) {
	a, b := models.NewID(), models.NewID()
	source, asset := models.Ref{Type: models.KindSource, ID: models.NewID()}, models.Ref{Type: models.KindAsset, ID: models.NewID()}
	set := func(from models.ID, to ...models.Ref) {
		write(t, s, func(tx *store.Tx) error { return tx.Draft.SetUses(models.KindSection, from, to) })
	}
	want := func(of models.Ref, from ...models.ID) {
		t.Helper()
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Draft.Uses(of.ID)
			var refs []models.Ref
			for _, id := range from {
				refs = append(refs, models.Ref{Type: models.KindSection, ID: id})
			}
			wantEqual(t, got, refs)
			other, err2 := tx.Live.Uses(of.ID)
			wantEqual(t, other, []models.Ref(nil))
			if err == nil {
				err = err2
			}
			return err
		})
	}
	set(a, source, asset, source) // twice is once
	set(b, source)
	want(source, a, b)
	want(asset, a)
	set(a, asset)
	want(source, b)
	set(b)
	want(source)
}
