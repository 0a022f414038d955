package merge

import (
	"reflect"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

func paragraph(id, text string) *models.Paragraph {
	return &models.Paragraph{BlockBase: models.BlockBase{ID: id}, Text: models.Text(text)}
}

func TestNamesGoOnWhereTheLastOneStands(t *testing.T) {
	note := func(id string) models.EditorNote { return models.EditorNote{ID: id, Text: "later"} }
	was := &models.Section{Blocks: models.Blocks{paragraph("b7", "gone by now")}}
	is := &models.Section{
		Blocks: models.Blocks{paragraph("", "new"), &models.Box{
			BlockBase: models.BlockBase{ID: "b3"}, Blocks: models.Blocks{paragraph("", "within"), paragraph("intro", "by hand")},
		}},
		Citations:   []models.Citation{{Label: "1"}},
		EditorNotes: []models.EditorNote{note("n1"), note("")},
	}
	Name(is, was)
	var ids []string
	is.Blocks.Walk(func(b models.Block, _ int) bool { ids = append(ids, b.Base().ID); return true })
	if got := strings.Join(ids, " "); got != "b8 b3 b9 intro" {
		t.Errorf("blocks %s", got)
	}
	if is.EditorNotes[0].ID != "n1" || is.EditorNotes[1].ID != "n2" {
		t.Errorf("notes %v", is.EditorNotes)
	}
	if !is.Citations[0].ID.Valid() {
		t.Errorf("citation %q", is.Citations[0].ID)
	}
}

func TestAHugeNumberIsAnIDLikeAnyOther(t *testing.T) {
	r := &models.Section{Blocks: models.Blocks{paragraph("b9223372036854775807", "one"), paragraph("", "two")}}
	Name(r)
	if got := r.Blocks[1].Base().ID; got != "b1" {
		t.Errorf("id %q", got)
	}
}

func TestNamingCompletesARecord(t *testing.T) {
	law(t, false, func(rt *rapid.T, m *maker, base models.Record) {
		r := models.Clone(base)
		grow(r).walk(func(n *node) {
			if n.name.IsValid() && n.in.class.noun != "answer" && m.Coin() {
				n.name.SetString("")
			}
		})
		Name(r, base)
		if err := models.Validate(r); err != nil {
			rt.Fatal(err)
		}
		var before, after []reflect.Type
		grow(base).walk(func(n *node) { before = append(before, n.value.Type()) })
		grow(r).walk(func(n *node) { after = append(after, n.value.Type()) })
		if !reflect.DeepEqual(before, after) {
			rt.Fatal("something else has changed")
		}
	})
}
