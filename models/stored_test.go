package models_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
)

// References are found in stored JSON, and replaced, as they are in what it says: whatever texts say between them.
func TestRefsInStoredJSON(t *testing.T) {
	title := `a "title" with {"type":"section","id":"x"} in it \`
	rapid.Check(t, func(rt *rapid.T) {
		m := modelstest.Maker{RT: rt}
		s := m.Record(models.KindSection).(*models.Section)
		s.Blocks = append(s.Blocks, &models.Paragraph{BlockBase: models.BlockBase{ID: "last", Kind: models.BlockParagraph}, Text: models.Text(title)})
		for _, stored := range []any{s.Blocks, s.Citations} {
			checkRefs(rt, stored, func(to models.Ref) *models.Ref {
				if to.ID[len(to.ID)-1]%2 == 0 {
					return nil
				}
				return &models.Ref{Type: to.Type, ID: to.ID, Title: &title}
			})
		}
	})
}

func checkRefs(rt *rapid.T, stored any, resolve func(models.Ref) *models.Ref) {
	of := &models.Section{}
	switch stored := stored.(type) {
	case models.Blocks:
		of.Blocks = stored
	case []models.Citation:
		of.Citations = stored
	}
	for _, at := range models.Refs(of) {
		(*at).Slug, (*at).Title, (*at).Href, (*at).Path = nil, nil, nil, nil // stored references have none
	}
	written := encode(rt, stored)
	var found []models.Ref
	read, err := models.ReadStored(string(written))
	if err != nil {
		rt.Fatal(err)
	}
	for _, ref := range read.Refs() {
		found = append(found, ref.Ref)
		if got := encode(rt, ref.Ref); string(got) != string(written[ref.Begin:ref.End]) {
			rt.Fatalf("%s is at %d, where %s is", got, ref.Begin, written[ref.Begin:ref.End])
		}
	}
	var want []models.Ref
	for _, at := range models.Refs(of) {
		want = append(want, **at)
	}
	if len(want) != len(found) {
		rt.Fatalf("%d references found in %s, want %d", len(found), written, len(want))
	}
	replaced, err := read.Written(resolve).AppendJSON(nil)
	if err != nil {
		rt.Fatal(err)
	}
	if got := encode(rt, read.Written(resolve)); string(got) != string(replaced) {
		rt.Fatalf("encoded:\n%s\nappended:\n%s", got, replaced)
	}
	for _, at := range models.Refs(of) {
		*at = resolve(**at)
	}
	if got := encode(rt, stored); string(got) != string(replaced) {
		rt.Fatalf("replaced:\n%s\nwant:\n%s", replaced, got)
	}
}

func encode(rt *rapid.T, v any) []byte {
	data, err := models.Encode(v)
	if err != nil {
		rt.Fatal(err)
	}
	return data
}
