package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// shelf is what the records of the filter facts belong to: two courses with a module each.
type shelf struct {
	courses [2]*models.Course
	modules [2]*models.Module
	next    map[models.ID]time.Time // what is scheduled next for drafts
}

// filtering says that each filter of each field of each kind gives what a plain search through all records gives.
func filtering(t *testing.T, s *store.Store) {
	sh := shelf{}
	for i, slug := range []string{"sewing", "welding"} {
		sh.courses[i] = course(slug)
		sh.modules[i] = module(sh.courses[i].ID, slug)
		put(t, s, sh.courses[i], sh.modules[i])
	}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(models.StoredKinds()).Draw(rt, "kind")
		var rs []models.Record
		for range rapid.IntRange(0, 6).Draw(rt, "records") {
			rs = append(rs, sh.draw(rt, kind))
		}
		put(t, s, rs...)
		field := rapid.SampledFrom(store.Fields(kind)).Draw(rt, "field")
		op := rapid.SampledFrom(field.Ops()).Draw(rt, "op")
		values := sh.drawValues(rt, field, op, rs)
		written := writeValues(op, values)
		f, err := store.NewFilter(kind, field.Name, op, written)
		if err != nil {
			rt.Fatalf("%s %s %q: %v", field.Name, op, written, err)
		}
		var want []models.ID
		for _, r := range rs {
			if passes(sh.values(r, field.Name), field.Type, op, values) {
				want = append(want, r.Base().ID)
			}
		}
		slices.Sort(want)
		ids := make([]models.ID, len(rs))
		for i, r := range rs {
			ids[i] = r.Base().ID
		}
		var got []models.Record
		var n int64
		read(t, s, func(tx *store.Tx) (err error) {
			q := store.Query{Kind: kind, IDs: ids, Filters: []store.Filter{f}}
			if got, err = tx.Live.List(q); err != nil {
				return err
			}
			n, err = tx.Live.Count(q)
			return err
		})
		if !slices.Equal(idsOf(got), want) || n != int64(len(want)) {
			rt.Fatalf("filter[%s][%s]=%s of %s gives %v and counts %d, want %v", field.Name, op, written, kind, idsOf(got), n, want)
		}
		write(t, s, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := tx.Live.Remove(kind, id); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

var (
	someTitles = []string{"Élan", "elan vital", "a lan", "Zigzag", "Zig", "z", "10 knots"}
	someWords  = []string{"", "a", "ab", "B", "a%", "é", "a,b", `a\b`, `a\,`, ",", `\`}
)

func (sh shelf) draw(rt *rapid.T, kind models.Kind) models.Record {
	title := rapid.SampledFrom(someTitles).Draw(rt, "title")
	w := func(name string) string { return rapid.SampledFrom(someWords).Draw(rt, name) }
	terms := func(name string) []string {
		return rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "Z", "x, y"}), 0, 3).Draw(rt, name)
	}
	flag := func(name string) bool { return rapid.Bool().Draw(rt, name) }
	minutes := rapid.SampledFrom([]*int{nil, new(5), new(10), new(45)}).Draw(rt, "minutes")
	which := rapid.IntRange(0, 1).Draw(rt, "course")
	owner, mod := sh.courses[which].ID, sh.modules[which].ID
	slug := "s-" + string(models.NewID())
	moment := at.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "moment")) * 24 * time.Hour)
	m := models.Meta{ID: models.NewID(), CreatedAt: moment, UpdatedAt: moment.Add(time.Hour), PublishedAt: moment.Add(2 * time.Hour)}
	switch kind {
	case models.KindCourse:
		return &models.Course{Meta: m, Slug: slug, Title: title, Language: w("language"), License: w("license"), Publisher: w("publisher")}
	case models.KindModule:
		return &models.Module{
			Meta: m, CourseID: owner, Slug: slug, Title: title, InMenu: flag("in menu"), License: w("license"), DurationMinutes: minutes,
			Audience: terms("audience"), Level: terms("level"), Subjects: terms("subjects"), Keywords: terms("keywords"),
		}
	case models.KindSection:
		parent := rapid.SampledFrom([]*models.ID{nil, &mod}).Draw(rt, "parent")
		return &models.Section{
			Meta: m, CourseID: owner, ModuleID: mod, ParentID: parent, Slug: slug, Title: title, Number: w("number"), InMenu: flag("in menu"), DurationMinutes: minutes,
		}
	case models.KindWorksheet:
		return &models.Worksheet{Meta: m, ModuleID: mod, Slug: slug, Title: title, Number: w("number"), Word: models.WorksheetWord(w("word")), DurationMinutes: minutes}
	case models.KindSource:
		csl := models.CSL{Type: rapid.SampledFrom([]string{"", "book", "webpage"}).Draw(rt, "type"), Title: title}
		if year := rapid.SampledFrom([]int{-1, 0, 987, 2001, 2019, 12019}).Draw(rt, "year"); year >= 0 {
			csl.Issued = &models.CSLDate{DateParts: [][]int{{year, 5}}}
		}
		return &models.Source{Meta: m, CourseID: owner, Key: slug, CSL: csl, Parse: models.ParseState(w("parse")), Recogniser: w("recogniser")}
	case models.KindFragment:
		return &models.Fragment{Meta: m, CourseID: owner, Slug: slug, Title: title}
	default:
		file := models.File{Name: title, MediaType: rapid.SampledFrom([]string{"image/png", "text/plain"}).Draw(rt, "media type")}
		return &models.Asset{Meta: m, CourseID: owner, File: file, License: w("license"), Decorative: flag("decorative")}
	}
}

// values gives what a record has in a field, as a client would write it: none when it is absent.
func (sh shelf) values(r models.Record, field string) []string {
	meta := r.Base()
	moment := func(t time.Time) []string { return []string{t.UTC().Format(time.RFC3339Nano)} }
	switch field {
	case "id":
		return []string{string(meta.ID)}
	case "created_at":
		return moment(meta.CreatedAt)
	case "updated_at":
		return moment(meta.UpdatedAt)
	case "published_at":
		return moment(meta.PublishedAt)
	case "scheduled_at":
		if next, ok := sh.next[meta.ID]; ok {
			return moment(next)
		}
		return nil
	case "title":
		return []string{r.Label()}
	case "slug":
		return []string{r.Name()}
	}
	courseOf := func(id models.ID) []string {
		at := slices.IndexFunc(sh.courses[:], func(c *models.Course) bool { return c.ID == id })
		return []string{string(id), sh.courses[at].Slug}
	}
	minutes := func(n *int) []string {
		if n == nil {
			return nil
		}
		return []string{strconv.Itoa(*n)}
	}
	switch r := r.(type) {
	case *models.Course:
		return map[string][]string{"language": {r.Language}, "license": {r.License}, "publisher": {r.Publisher}}[field]
	case *models.Module:
		return map[string][]string{
			"course": courseOf(r.CourseID), "in_menu": {strconv.FormatBool(r.InMenu)}, "license": {r.License}, "duration_minutes": minutes(r.DurationMinutes),
			"audience": r.Audience, "level": r.Level, "subjects": r.Subjects, "keywords": r.Keywords,
		}[field]
	case *models.Section:
		var parent []string
		if r.ParentID != nil {
			parent = []string{string(*r.ParentID)}
		}
		return map[string][]string{
			"course": courseOf(r.CourseID), "module": {string(r.ModuleID)}, "parent": parent, "number": {r.Number},
			"in_menu": {strconv.FormatBool(r.InMenu)}, "duration_minutes": minutes(r.DurationMinutes),
		}[field]
	case *models.Worksheet:
		at := slices.IndexFunc(sh.modules[:], func(m *models.Module) bool { return m.ID == r.ModuleID })
		return map[string][]string{
			"course": courseOf(sh.courses[at].ID), "module": {string(r.ModuleID)}, "number": {r.Number}, "word": {string(r.Word)},
			"duration_minutes": minutes(r.DurationMinutes),
		}[field]
	case *models.Source:
		var kind, year []string
		if r.CSL.Type != "" {
			kind = []string{r.CSL.Type}
		}
		if r.CSL.Issued != nil && r.CSL.Issued.DateParts[0][0] < 10_000 {
			year = []string{fmt.Sprintf("%04d", r.CSL.Issued.DateParts[0][0])}
		}
		return map[string][]string{"key": {r.Key}, "course": courseOf(r.CourseID), "type": kind, "year": year, "parse": {string(r.Parse)}, "recogniser": {r.Recogniser}}[field]
	case *models.Fragment:
		return courseOf(r.CourseID)
	case *models.Asset:
		return map[string][]string{
			"course": courseOf(r.CourseID), "media_type": {r.File.MediaType}, "license": {r.License}, "decorative": {strconv.FormatBool(r.Decorative)},
		}[field]
	}
	return nil
}

// writeValues writes the values of a filter as a client does.
func writeValues(op store.Op, values []string) string {
	if op != store.OpIn && op != store.OpNin {
		return values[0]
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.NewReplacer(`\`, `\\`, `,`, `\,`).Replace(v)
	}
	return strings.Join(out, ",")
}

// drawValues draws values that some of the records may have: several where the comparison takes several.
func (sh shelf) drawValues(rt *rapid.T, f store.Field, op store.Op, rs []models.Record) []string {
	if op == store.OpExists || f.Type == store.FieldBool {
		return []string{rapid.SampledFrom([]string{"true", "false"}).Draw(rt, "flag")}
	}
	choose := map[store.FieldType][]string{
		store.FieldID: {string(models.NewID())}, store.FieldCourse: {"sewing", "knitting", string(sh.courses[1].ID)}, store.FieldWord: someWords,
		store.FieldTitle: {"ELAN", "lan", "Zig!", "z", "1"}, store.FieldNumber: {"-3", "5", "7", "45"}, store.FieldTerm: {"x", "z", "x, y", "book", "image/png"},
		store.FieldYear: {"0000", "0987", "2001", "2010"}, store.FieldTime: {at.UTC().Format(time.RFC3339Nano), at.Add(24 * time.Hour).UTC().Format(time.DateOnly)},
	}[f.Type]
	for _, r := range rs {
		if vs := sh.values(r, f.Name); len(vs) > 0 && store.Fold(vs[0]) != "" {
			choose = append(choose, vs[0])
		}
	}
	most := 1
	if op == store.OpIn || op == store.OpNin {
		most = 3
	}
	return rapid.SliceOfN(rapid.SampledFrom(choose), 1, most).Draw(rt, "values")
}

// passes is a filter as one would write it without a database.
func passes(has []string, kind store.FieldType, op store.Op, values []string) bool {
	norm := func(s string) string {
		if kind == store.FieldTitle {
			return store.Fold(s)
		}
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil && kind == store.FieldTime {
				return t.Format("2006-01-02T15:04:05.000000000")
			}
		}
		return s
	}
	any := func(test func(string) bool) bool {
		return slices.ContainsFunc(has, func(s string) bool { return test(norm(s)) })
	}
	want := norm(values[0])
	less := func(a, b string) bool {
		if kind == store.FieldNumber {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x < y
		}
		return a < b
	}
	in := func(s string) bool { return slices.Contains(values, s) }
	switch op {
	case store.OpEq:
		return any(func(s string) bool { return s == want })
	case store.OpNe:
		return !any(func(s string) bool { return s == want })
	case store.OpIn:
		return any(in)
	case store.OpNin:
		return !any(in)
	case store.OpLt:
		return any(func(s string) bool { return less(s, want) })
	case store.OpLte:
		return any(func(s string) bool { return !less(want, s) })
	case store.OpGt:
		return any(func(s string) bool { return less(want, s) })
	case store.OpGte:
		return any(func(s string) bool { return !less(s, want) })
	case store.OpContains:
		return any(func(s string) bool { return strings.Contains(s, want) })
	case store.OpStarts:
		return any(func(s string) bool { return strings.HasPrefix(s, want) })
	}
	return (len(has) > 0) == (values[0] == "true")
}

// lists says how the values of a list are told apart.
func lists(t *testing.T, s *store.Store) {
	for written, want := range map[string][]string{
		`a,b`: {"a", "b"}, `a\,b`: {"a,b"}, `a\\,b`: {`a\`, "b"}, `a\\\,b`: {`a\,b`}, ``: {""}, `,`: {"", ""}, `\,`: {","},
	} {
		for _, word := range []string{"a", "b", "a,b", `a\`, `a\,b`, "", ",", `\`} {
			c := course("c-" + string(models.NewID()))
			c.Publisher = word
			put(t, s, c)
			f, err := store.NewFilter(models.KindCourse, "publisher", store.OpIn, written)
			if err != nil {
				t.Fatalf("%q: %v", written, err)
			}
			read(t, s, func(tx *store.Tx) error {
				n, err := tx.Live.Count(store.Query{Kind: models.KindCourse, IDs: []models.ID{c.ID}, Filters: []store.Filter{f}})
				if (n == 1) != slices.Contains(want, word) {
					t.Errorf("%q and %q: %d", written, word, n)
				}
				return err
			})
		}
	}
	for _, written := range []string{`\`, `a\`, `a\b`, `a,\ b`, `\\\`} {
		if _, err := store.NewFilter(models.KindCourse, "publisher", store.OpNin, written); err == nil {
			t.Errorf("%q is read", written)
		}
	}
}
