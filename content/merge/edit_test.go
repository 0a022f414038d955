package merge

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

// edit makes a changed copy of a record as a person does it: texts changed, things inserted, deleted and moved. Who
// marks what is new. It gives the texts of the paragraphs that it inserted.
func (m *maker) edit(r models.Record, who string, times int) (models.Record, []string) {
	r = models.Clone(r)
	var inserted []string
	for i := range times {
		before := models.Clone(r)
		switch m.Draw(0, 4) {
		case 0:
			m.changeText(r)
		case 1:
			m.remove(r)
		case 2:
			m.move(r)
		case 3:
			m.add(r, who+strconv.Itoa(i))
		case 4:
			text := m.Text() + " " + who + m.Token()
			if m.paragraph(r, text) {
				inserted = append(inserted, text)
			}
		}
		if models.Validate(r) != nil { // a label twice, something too deep
			r = before
		}
	}
	still := map[string]bool{}
	for _, text := range texts(r) {
		still[text] = true
	}
	return r, slices.DeleteFunc(inserted, func(text string) bool { return !still[text] })
}

func texts(r models.Record) []string {
	var out []string
	models.EachText(r, func(_ string, t *models.Text) { out = append(out, string(*t)) })
	return out
}

func (m *maker) changeText(r models.Record) {
	root := grow(r)
	var fields []field
	add := func(n *node) {
		for _, f := range n.fields {
			if f.value.Kind() == reflect.String && (f.value.Type() == reflect.TypeFor[models.Text]() || f.path == "/title" || f.path == "/label") {
				fields = append(fields, f)
			}
		}
	}
	add(root)
	root.walk(add)
	if len(fields) > 0 {
		f := rapid.SampledFrom(fields).Draw(m.RT, "field")
		text := m.Text()
		if m.Coin() {
			text = f.value.String() + " " + text
		}
		if f.path == "/label" {
			text = m.Token()
		}
		f.value.SetString(text)
	}
}

func lists(r models.Record, which func(*list) bool) []*list {
	root := grow(r)
	var out []*list
	add := func(n *node) {
		for _, l := range n.lists {
			if which(l) {
				out = append(out, l)
			}
		}
	}
	add(root)
	root.walk(add)
	return out
}

func (m *maker) remove(r models.Record) {
	from := lists(r, func(l *list) bool { return len(l.nodes) > 1 || len(l.nodes) == 1 && !l.min })
	if len(from) > 0 {
		l := rapid.SampledFrom(from).Draw(m.RT, "from")
		cutOut(l, m.Draw(0, len(l.nodes)-1))
	}
}

func cutOut(l *list, i int) reflect.Value {
	v := reflect.New(l.value.Type().Elem()).Elem()
	v.Set(l.value.Index(i))
	l.value.Set(reflect.AppendSlice(reflect.AppendSlice(reflect.Zero(l.value.Type()), l.value.Slice(0, i)), l.value.Slice(i+1, l.value.Len())))
	return v
}

func putIn(l *list, i int, v reflect.Value) {
	out := reflect.Append(reflect.AppendSlice(reflect.Zero(l.value.Type()), l.value.Slice(0, i)), v)
	l.value.Set(reflect.AppendSlice(out, l.value.Slice(i, l.value.Len())))
}

// move takes an element to another place in its list, or a block or prompt to any list of its kind.
func (m *maker) move(r models.Record) {
	from := lists(r, func(l *list) bool { return len(l.nodes) > 1 || len(l.nodes) == 1 && !l.min })
	if len(from) == 0 {
		return
	}
	l := rapid.SampledFrom(from).Draw(m.RT, "from")
	v := cutOut(l, m.Draw(0, len(l.nodes)-1))
	to := []*list{l}
	if l.class.prefix != "" && m.Coin() {
		if t := lists(r, func(t *list) bool { return t.class == l.class }); len(t) > 0 {
			to = t
		}
	}
	t := rapid.SampledFrom(to).Draw(m.RT, "to")
	putIn(t, m.Draw(0, t.value.Len()), v)
}

// add inserts a made element of any kind. Its ids are its own.
func (m *maker) add(r models.Record, who string) {
	all := lists(r, func(*list) bool { return true })
	if len(all) == 0 {
		return
	}
	l := rapid.SampledFrom(all).Draw(m.RT, "into")
	m.Depth = 3
	v := m.Element(l.value.Type().Elem(), "oneof=new"+who)
	m.Depth = 0
	putIn(l, m.Draw(0, l.value.Len()), v)
}

// paragraph inserts one. The id is in the manner of the editor: the next number.
func (m *maker) paragraph(r models.Record, text string) bool {
	all := lists(r, func(l *list) bool { return l.class.noun == "block" })
	if len(all) == 0 {
		return false
	}
	id := newNames(grow(r)).fresh(all[0].class)
	l := rapid.SampledFrom(all).Draw(m.RT, "into")
	p := &models.Paragraph{BlockBase: models.BlockBase{ID: id, Kind: models.BlockParagraph}, Text: models.Text(text)}
	putIn(l, m.Draw(0, l.value.Len()), reflect.ValueOf(p))
	return true
}
