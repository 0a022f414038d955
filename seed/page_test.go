package seed

import (
	"strings"
	"testing"
)

func TestUnpublishedPage(t *testing.T) {
	tree, err := readOne("modules/bread/section-1-1.md", strings.Replace(siteHead, "layout", "published: false\nlayout", 1)+"Knead.")
	if err != nil {
		t.Fatal(err)
	}
	s := sections(tree)["modules/bread/section-1-1.md"]
	if !s.Draft || s.Record.InMenu || len(tree.Warnings) != 1 || tree.Warnings[0].Line != 2 {
		t.Errorf("draft %v, in menu %v, warnings %v", s.Draft, s.Record.InMenu, tree.Warnings)
	}
}

func TestLongTitles(t *testing.T) {
	words := strings.Repeat("dough ", 30)
	tree, err := readOne("rye-bread.txt", words+"\n\nKnead it.\n")
	if err != nil {
		t.Fatal(err)
	}
	s := sections(tree)["rye-bread.txt"]
	if s.Record.Title != "Rye Bread" || len(tree.Warnings) != 1 || !strings.Contains(string(encode(s.Record.Blocks)), "dough dough") {
		t.Errorf("%q, %s, warnings %v", s.Record.Title, encode(s.Record.Blocks), tree.Warnings)
	}
	tree, err = readOne("a.md", "---\nlayout: module\ntitle: "+strings.Repeat(words, 10)+"\n---\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Warnings) != 1 || tree.Warnings[0].Line != 3 || tree.Modules[0].Sections[0].Record.Extra["title"] == nil {
		t.Errorf("warnings %v", tree.Warnings)
	}
}
