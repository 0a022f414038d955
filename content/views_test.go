package content_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func TestSectionsStandInTheirModule(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := baked(s)
		rest := below(b.fold, "rest")
		wait := below(b.mix, "wait") // made last, read after mix
		s.create(rest, wait)
		s.publish(b.dough)
		for _, tt := range []struct {
			sec             *models.Section
			parent          *models.Section
			above           []string
			previous, next_ string
		}{
			{b.mix, nil, nil, "", "wait"},
			{wait, b.mix, []string{"section mix"}, "mix", "knead"},
			{b.knead, nil, nil, "wait", "fold"},
			{b.fold, b.knead, []string{"section knead"}, "knead", "rest"},
			{rest, b.fold, []string{"section knead", "section fold"}, "fold", ""},
			{b.heat, nil, nil, "", ""},
		} {
			v := s.section(tt.sec)
			owner := "module dough"
			if tt.sec == b.heat {
				owner = "module oven"
			}
			wantEqual(t, names(v.Breadcrumbs), append([]string{"course bread", owner}, tt.above...))
			wantEqual(t, [2]string{titleOf(v.Previous), titleOf(v.Next)}, [2]string{tt.previous, tt.next_})
			if tt.parent != nil {
				wantEqual(t, titleOf(v.Parent), tt.parent.Title)
			} else if v.Parent != nil {
				t.Errorf("%s has the parent %s", v.Slug, titleOf(v.Parent))
			}
		}
		one, err := s.ModuleBySlug(t.Context(), "bread", "dough", content.ReadRequest{})
		if err != nil {
			t.Fatal(err)
		}
		m := one.Data
		wantEqual(t, names(m.Sections), []string{"section mix", "section wait", "section knead", "section fold", "section rest"})
		wantEqual(t, names(m.Worksheets), []string{"worksheet loaf"})

		tree, err := s.Tree(t.Context(), "bread", "dough", content.ReadRequest{})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, shape(tree.Data.Tree), "mix(wait) knead(fold(rest))")
	})
}

func titleOf(ref *models.Ref) string {
	if ref == nil {
		return ""
	}
	return *ref.Title
}

// shape writes a tree as text.
func shape(nodes []*content.TreeNode) string {
	var parts []string
	for _, n := range nodes {
		part := n.Slug
		if len(n.Children) > 0 {
			part += "(" + shape(n.Children) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// What is below a section in the trash leaves with it.
func TestASectionLeavesWithItsParent(t *testing.T) {
	b := baked(newSite(t))
	b.trash(b.knead)
	b.publish(b.dough)
	tree, err := b.Tree(t.Context(), "bread", "dough", content.ReadRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, shape(tree.Data.Tree), "mix")
	_, err = b.Section(t.Context(), b.fold.ID, content.ReadRequest{})
	wantKind(t, err, models.KindGone)
}

func TestANewRecordComesLast(t *testing.T) {
	b := bake(newSite(t))
	b.trash(b.mix, b.fold)
	last, loaf := section(b.dough, "last"), worksheet(b.dough, "second")
	oven := module(b.course, "table")
	b.create(last, loaf)
	b.trash(b.dough)
	b.create(oven)
	for _, pair := range [][2]models.Record{{b.knead, last}, {b.loaf, loaf}, {b.oven, oven}} {
		if before, after := b.draft(pair[0]), b.draft(pair[1]); position(before) >= position(after) {
			t.Errorf("%s has position %d, the new %s %d", before.Label(), position(before), after.Label(), position(after))
		}
	}
}

func position(r models.Record) int {
	switch r := r.(type) {
	case *models.Module:
		return r.Position
	case *models.Section:
		return r.Position
	case *models.Worksheet:
		return r.Position
	}
	return -1
}

// Every reference of an answer is to a live record, or null; it resolves when that goes live, whatever the order.
func TestReferencesResolveWhenTheyGoLive(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.oven, func(m *models.Module) {
		m.Objectives = []models.Objective{{ID: "o", Text: "Mix", Section: ref(b.mix)}}
	})
	change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{link(b.mix)} })
	b.publish(b.oven)
	look := func(want string, html string) {
		t.Helper()
		m, err := b.Module(t.Context(), b.oven.ID, content.ReadRequest{})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, titleOf(m.Data.Objectives[0].Section), want)
		if got := *b.section(b.heat).HTML; !strings.Contains(got, html) {
			t.Errorf("html %s, want %s", got, html)
		}
	}
	look("", "<a>mix</a>")
	b.publish(b.mix)
	href := models.Href(models.KindSection, b.mix.ID)
	look("mix", `<a href="`+href+`" data-lectern="section/`+string(b.mix.ID)+`">mix</a>`)
	change(b.site, b.mix, func(s *models.Section) { s.Title, s.Slug = "Mixing", "mixing" })
	look("mix", href)
	b.publish(b.mix)
	look("Mixing", href)
	b.unpublish(b.dough)
	look("", "<a>mix</a>")
}

func TestBodiesShowWhatIsInTheirPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := bake(s)
		change(s, b.loaf, func(w *models.Worksheet) {
			w.Instructions = models.Blocks{text("Weigh your loaf."), shows(b.photo), link(b.mix)}
		})
		change(s, b.licence, func(f *models.Fragment) { f.Blocks = models.Blocks{text("Free to use."), uses(b.loaf)} })
		change(s, b.heat, func(sec *models.Section) {
			sec.Blocks = models.Blocks{text("Be *careful*."), includes(b.licence)}
			citing(sec, "1", b.book)
		})
		change(s, b.mix, func(sec *models.Section) { sec.Blocks = models.Blocks{uses(b.loaf)} })
		s.publish(b.course)

		image, linked := models.Href(models.KindAsset, b.photo.ID)+"/file", models.Href(models.KindSection, b.mix.ID)
		v := s.section(b.heat)
		wantParts(t, "html", *v.HTML, "<em>careful</em>", "Free to use.", "Weigh your loaf.", image, linked, "note-mark")
		wantParts(t, "markdown", *v.Markdown, "Be *careful*.", "Free to use.", "[^1]: W.")
		wantParts(t, "text", *v.Text, "Be careful.\n", "Free to use.\n", "So they say.")
		if n := len(blocksOf(t, v.Blocks)); n != 3 {
			t.Errorf("%d blocks, want 3", n)
		}
		wantEqual(t, titleOf(blocksOf(t, v.Blocks)[1].(*models.FragmentUse).Fragment), "licence")
		wantEqual(t, titleOf(citationsOf(t, v.Citations)[0].Source), "book")

		wantParts(t, "html with a worksheet", *s.section(b.mix).HTML, "Weigh your loaf.", image, linked)

		read, err := s.WorksheetBySlug(t.Context(), "bread", "dough", "loaf", content.ReadRequest{Body: allBodies})
		if err != nil {
			t.Fatal(err)
		}
		w := read.Data
		wantParts(t, "html of the worksheet", *w.HTML, "Weigh your loaf.", image, linked)
		wantParts(t, "its markdown", *w.Markdown, "Weigh your loaf.")
		wantParts(t, "its text", *w.Text, "Weigh your loaf.")
		wantEqual(t, []string{titleOf(w.Course), titleOf(w.Module)}, []string{"bread", "dough"})
		if len(*w.Instructions) != 3 || w.Prompts == nil {
			t.Errorf("instructions %v, prompts %v", *w.Instructions, w.Prompts)
		}
		served(t, s, func(what, json string) {
			if !strings.HasPrefix(what, "live") && strings.Contains(json, "<!--lectern:") {
				t.Errorf("the %s has an open place: %s", what, json)
			}
		})
	})
}

func wantParts(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("the %s lacks %q:\n%s", what, part, got)
		}
	}
}

func TestOnlyTheAskedBodiesAreThere(t *testing.T) {
	b := baked(newSite(t))
	for body := range allBodies {
		one, err := b.SectionBySlug(t.Context(), "bread", "dough", "mix", content.ReadRequest{Body: content.BodySet{body: true}})
		if err != nil {
			t.Fatal(err)
		}
		v := one.Data
		got := map[content.Body]bool{
			content.BodyBlocks: !reflect.ValueOf(v.Blocks).IsZero(), content.BodyHTML: v.HTML != nil,
			content.BodyMarkdown: v.Markdown != nil, content.BodyText: v.Text != nil,
		}
		want := map[content.Body]bool{content.BodyBlocks: false, content.BodyHTML: false, content.BodyMarkdown: false, content.BodyText: false}
		want[body] = true
		wantEqual(t, got, want)
	}
}

func TestPathsThatLeadNowhere(t *testing.T) {
	b := bake(newSite(t))
	b.publish(b.mix)
	for name, read := range map[string]func() error{
		"course": func() error { _, err := b.CourseBySlug(t.Context(), "cake", content.ReadRequest{}); return err },
		"module": func() error {
			_, err := b.ModuleBySlug(t.Context(), "bread", "oven", content.ReadRequest{})
			return err
		}, // a draft
		"section": func() error {
			_, err := b.SectionBySlug(t.Context(), "bread", "dough", "knead", content.ReadRequest{})
			return err
		},
		"worksheet": func() error {
			_, err := b.WorksheetBySlug(t.Context(), "bread", "oven", "loaf", content.ReadRequest{})
			return err
		},
		"tree": func() error { _, err := b.Tree(t.Context(), "cake", "dough", content.ReadRequest{}); return err },
		"kind": func() error {
			_, err := b.Draft(t.Context(), models.Ref{Type: models.KindCitation, ID: b.mix.ID})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, read(), models.KindNotFound) })
	}
}

func TestListsComeInPages(t *testing.T) {
	b := baked(newSite(t))
	var got []string
	req := content.ListRequest{Limit: 2}
	for {
		page, err := b.Sections(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Items {
			got = append(got, v.Slug)
		}
		if page.Next == nil {
			break
		}
		req.After = page.Next.Value
	}
	wantEqual(t, got, []string{"mix", "knead", "heat", "fold"}) // by id
	modules, err := b.Modules(t.Context(), content.ListRequest{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{"nonsense", "e30", modules.Next.Value} {
		_, err := b.Sections(t.Context(), content.ListRequest{Limit: 1, After: after})
		wantKind(t, err, models.KindMalformed)
	}
}

// The number of statements of an answer does not depend on the number of records in it.
func TestStatementsDoNotGrowWithRecords(t *testing.T) {
	small, large := rich(t, 5), rich(t, 100)
	all := content.ListRequest{Limit: 100, Body: allBodies}
	for name, read := range map[string]func(*site) (int, error){
		"courses":    func(s *site) (int, error) { p, err := s.Courses(t.Context(), all); return len(p.Items), err },
		"modules":    func(s *site) (int, error) { p, err := s.Modules(t.Context(), all); return len(p.Items), err },
		"sections":   func(s *site) (int, error) { p, err := s.Sections(t.Context(), all); return len(p.Items), err },
		"worksheets": func(s *site) (int, error) { p, err := s.Worksheets(t.Context(), all); return len(p.Items), err },
		"sources":    func(s *site) (int, error) { p, err := s.Sources(t.Context(), all); return len(p.Items), err },
		"assets":     func(s *site) (int, error) { p, err := s.Assets(t.Context(), all); return len(p.Items), err },
		"citations":  func(s *site) (int, error) { p, err := s.Citations(t.Context(), all); return len(p.Items), err },
		"tree": func(s *site) (int, error) {
			v, err := s.Tree(t.Context(), "course-0", "module", content.ReadRequest{Body: allBodies})
			return len(v.Data.Tree), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			few, many := small.cost(t, 5, read), large.cost(t, 100, read)
			if few != many || few == 0 {
				t.Errorf("%d statements for 5 records, %d for 100", few, many)
			}
		})
	}
}

// cost counts the statements of a read that must give so many records.
func (s *site) cost(t *testing.T, want int, read func(*site) (int, error)) int64 {
	t.Helper()
	before := s.store.Statements()
	got, err := read(s)
	if err != nil || got != want {
		t.Fatalf("%d records (%v), want %d", got, err, want)
	}
	return s.store.Statements() - before
}

// rich is a site with n live records of every kind. The sections are in one module, and each refers to all kinds.
func rich(t *testing.T, n int) *site {
	t.Helper()
	s := newSite(t)
	in := &readPages{Import: content.Import{Course: course("course-0"), Publish: true}}
	add := func(key string, r models.Record) {
		in.items = append(in.items, content.ImportItem{Key: key, Record: r})
	}
	home := module(in.Course, "module")
	add("home", home)
	for i := range n {
		if i > 0 {
			m := module(in.Course, fmt.Sprint("module-", i))
			add(m.Slug, m)
		}
		number := fmt.Sprint(i)
		src, img := source(in.Course, "s"+number), asset(in.Course, "i"+number)
		sheet := worksheet(home, "w"+number, shows(img))
		frag := fragment(in.Course, "f"+number, uses(sheet))
		sec := citing(section(home, "s"+number, includes(frag), shows(img)), "1", src)
		sec.Blocks = append(sec.Blocks, link(sec), link(home))
		for _, r := range []models.Record{src, img, sheet, frag, sec} {
			add(string(r.Kind())+number, r)
		}
	}
	if result, err := s.Import(t.Context(), in.spooled(t)); err != nil || result.Revision != 1 {
		t.Fatalf("import: %v, %+v", err, result)
	}
	for i := 1; i < n; i++ {
		c := course(fmt.Sprint("course-", i))
		s.create(c)
		s.publish(c)
	}
	return s
}
