package diff_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// law checks a property of two versions of a made record of each kind.
func law(t *testing.T, check func(rt *rapid.T, from, to models.Record)) {
	for _, kind := range models.StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				m := &modelstest.Maker{RT: rt}
				from, other := m.Record(kind), m.Record(kind)
				check(rt, from, edit(m, from, other))
			})
		})
	}
}

// edit makes another version: some members are of another record, some texts are changed, some blocks moved.
func edit(m *modelstest.Maker, from, other models.Record) models.Record {
	is, new := fields(m.RT, from), fields(m.RT, other)
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if m.Draw(0, 3) == 0 {
			is[name] = new[name]
		}
	}
	to := models.NewRecord(from.Kind())
	if err := models.Decode([]byte(encode(m.RT, is)), to); err != nil {
		m.RT.Fatal(err)
	}
	models.EachText(to, func(_ string, text *models.Text) {
		if m.Draw(0, 3) == 0 {
			*text += models.Text(" " + m.Text())
		}
	})
	switch r := to.(type) {
	case *models.Section:
		move(m, &r.Blocks)
	case *models.Worksheet:
		move(m, &r.Instructions)
	case *models.Fragment:
		move(m, &r.Blocks)
	}
	return to
}

// move takes blocks out of any list, and puts most of them into another one.
func move(m *modelstest.Maker, top *models.Blocks) {
	for range m.Draw(0, 3) {
		from := rapid.SampledFrom(lists(top)).Draw(m.RT, "from")
		if len(*from) == 0 {
			continue
		}
		at := m.Draw(0, len(*from)-1)
		b := (*from)[at]
		*from = slices.Delete(slices.Clone(*from), at, at+1)
		if m.Draw(0, 3) > 0 {
			to := rapid.SampledFrom(lists(top)).Draw(m.RT, "to")
			*to = slices.Insert(slices.Clone(*to), m.Draw(0, len(*to)), b)
		}
	}
}

func lists(top *models.Blocks) []*models.Blocks {
	out := []*models.Blocks{top}
	top.Walk(func(b models.Block, _ int) bool {
		out = append(out, models.Children(b)...)
		return true
	})
	return out
}

func fields(rt rapid.TB, r models.Record) map[string]any {
	var out map[string]any
	if err := json.Unmarshal([]byte(encode(rt, r)), &out); err != nil {
		rt.Fatal(err)
	}
	return out
}

func TestARecordDoesNotDifferFromItself(t *testing.T) {
	law(t, func(rt *rapid.T, from, _ models.Record) {
		if d := between(rt, from, models.Clone(from)); !d.Empty() || d.Counts != (diff.Counts{}) {
			rt.Fatal(encode(rt, d))
		}
	})
}

// ignored are the members that a diff does not compare, and those that say which element something is.
var ignored = strings.Fields("id kind prompt created_at updated_at position parent_id module_id course_id")

// leaves counts the values in JSON, but for the empty ones.
func leaves(v any, count map[string]int, by int) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if !slices.Contains(ignored, name) {
				leaves(inner, count, by)
			}
		}
	case []any:
		for _, inner := range v {
			leaves(inner, count, by)
		}
	default:
		if s := fmt.Sprint(v); s != "" && s != "0" && s != "false" && s != "<nil>" {
			count[s] += by
		}
	}
}

// eachField visits the fields of a diff in reading order.
func eachField(d diff.Diff, visit func(diff.Field)) {
	var elements func(es []diff.Element)
	elements = func(es []diff.Element) {
		for _, e := range es {
			for _, f := range e.Fields {
				visit(f)
			}
			elements(e.Elements)
		}
	}
	for _, f := range d.Fields {
		visit(f)
	}
	elements(d.Elements)
}

func TestWhatIsNotToldIsInBoth(t *testing.T) {
	law(t, func(rt *rapid.T, from, to models.Record) {
		d := between(rt, from, to)
		was, is := map[string]int{}, map[string]int{}
		leaves(fields(rt, from), was, 1)
		leaves(fields(rt, to), is, 1)
		eachField(d, func(f diff.Field) {
			if f.Path == "/kind" {
				return
			}
			leaves(without(diff.RunAdded, f.Words), was, -1)
			leaves(without(diff.RunDeleted, f.Words), is, -1)
			leaves(parsed(rt, f.Old), was, -1)
			leaves(parsed(rt, f.New), is, -1)
		})
		for _, counts := range []map[string]int{was, is} {
			maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
		}
		if !maps.Equal(was, is) {
			rt.Fatalf("left of the older  %v\nleft of the newer %v\n%s", was, is, encode(rt, d))
		}
	})
}

func parsed(rt rapid.TB, data []byte) (v any) {
	if data == nil {
		return nil
	}
	if err := json.Unmarshal(data, &v); err != nil {
		rt.Fatal(err)
	}
	return v
}

func TestTheOtherWayRoundAddedIsDeleted(t *testing.T) {
	law(t, func(rt *rapid.T, from, to models.Record) {
		there, back := between(rt, from, to).Counts, between(rt, to, from).Counts
		back.Added, back.Deleted = back.Deleted, back.Added
		if there != back {
			rt.Fatalf("there %+v, back %+v", there, back)
		}
	})
}

func TestCountsAreOfWhatIsTold(t *testing.T) {
	law(t, func(rt *rapid.T, from, to models.Record) {
		d := between(rt, from, to)
		var got diff.Counts
		var count func(es []diff.Element)
		count = func(es []diff.Element) {
			for _, e := range es {
				switch e.Change {
				case diff.Added:
					got.Added++
				case diff.Deleted:
					got.Deleted++
				case diff.Changed:
					got.Changed++
				}
				if e.Moved != nil {
					got.Moved++
				}
				count(e.Elements)
			}
		}
		count(d.Elements)
		if got != d.Counts {
			rt.Fatalf("counted %+v, told %+v", got, d.Counts)
		}
	})
}

func TestThePageShowsBothTextsOfEachField(t *testing.T) {
	law(t, func(rt *rapid.T, from, to models.Record) {
		d := between(rt, from, to)
		root, err := html.Parse(strings.NewReader(diff.HTML(d)))
		if err != nil {
			rt.Fatal(err)
		}
		var got, want [][2]string
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && slices.Contains(n.Attr, html.Attribute{Key: "class", Val: "diff-text"}) {
				got = append(got, [2]string{shown(n, "ins"), shown(n, "del")})
			}
		}
		eachField(d, func(f diff.Field) {
			if f.Words != nil {
				want = append(want, [2]string{without(diff.RunAdded, f.Words), without(diff.RunDeleted, f.Words)})
			}
		})
		if !slices.Equal(got, want) {
			rt.Fatalf("got  %q\nwant %q", got, want)
		}
	})
}

// shown is the text of a node, but for what is in elements of one name.
func shown(n *html.Node, but string) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Data != but:
			b.WriteString(shown(c, but))
		}
	}
	return b.String()
}
