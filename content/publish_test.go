package content_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// A shared record that is live and changed is listed with its uses, and goes along only when it is named.
func TestChangedSharedRecordsStayUnlessNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := bake(s)
		change(s, b.mix, func(sec *models.Section) { citing(sec, "1", b.book) })
		change(s, b.heat, func(sec *models.Section) { citing(sec, "1", b.book) })
		s.publish(b.course)
		change(s, b.book, func(src *models.Source) { src.CSL.Title = "New" })
		change(s, b.mix, func(sec *models.Section) { sec.Title = "Mix!" })

		plan, err := s.DryRun(t.Context(), one(b.mix))
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, inWords(plan), outcome{Put: []string{"section Mix!"}, Shared: []string{"source New"}})
		wantEqual(t, plan.Shared[0].Uses, refs(b.mix, b.heat))

		s.publish(b.mix)
		if live := s.live(); !slices.Contains(live, "source book") || slices.Contains(live, "source New") {
			t.Errorf("the source went along: %v", live)
		}
		change(s, b.mix, func(sec *models.Section) { sec.Title = "Mix?" })
		req := one(b.mix)
		req.Also = refs(b.book)
		s.wantOutcome(t, req, outcome{Put: []string{"section Mix?", "source New"}})

		change(s, b.mix, func(sec *models.Section) { sec.Title = "Mix." })
		s.wantOutcome(t, req, outcome{Put: []string{"section Mix."}}) // named again, but it has not changed
	})
}

func TestPublishOfAnotherClosureThanPreviewedIsStale(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := baked(s)
		change(s, b.mix, func(sec *models.Section) { sec.Title = "Mix 2" })
		plan, err := s.DryRun(t.Context(), one(b.dough))
		if err != nil {
			t.Fatal(err)
		}
		change(s, b.mix, func(sec *models.Section) { sec.Title = "Mix 3" })
		before, revision := s.live(), s.revision()
		req := one(b.dough)
		req.Token = plan.Token
		now, _, err := s.Publish(t.Context(), req)
		wantKind(t, err, models.KindStale)
		wantEqual(t, inWords(now), outcome{Put: []string{"section Mix 3"}})
		wantEqual(t, s.live(), before)
		wantEqual(t, s.revision(), revision)
	})
}

func TestUnpublish(t *testing.T) {
	for name, tt := range map[string]struct {
		given func(*bread) []models.Record
		want  []string // what leaves
	}{
		"a section leaves with those below it": {
			func(b *bread) []models.Record { return []models.Record{b.knead} },
			[]string{"section fold", "section knead"},
		},
		"a module leaves with its sections and worksheets": {
			func(b *bread) []models.Record { return []models.Record{b.dough} },
			[]string{"module dough", "section fold", "section knead", "section mix", "worksheet loaf"},
		},
		"a course leaves with all": {
			func(b *bread) []models.Record {
				b.publish(b.book, b.licence, b.photo) // nobody uses them
				return []models.Record{b.course}
			},
			[]string{
				"asset photo", "course bread", "fragment licence", "module dough", "module oven", "section fold", "section heat",
				"section knead", "section mix", "source book", "worksheet loaf",
			},
		},
		"named beside its owner": {
			func(b *bread) []models.Record { return []models.Record{b.oven, b.heat} },
			[]string{"module oven", "section heat"},
		},
		"nothing": {func(*bread) []models.Record { return nil }, nil},
		"what only it showed leaves, what others show stays": {
			func(b *bread) []models.Record {
				change(b.site, b.mix, func(s *models.Section) { citing(s, "1", b.book).Blocks[0] = shows(b.photo) })
				change(b.site, b.heat, func(s *models.Section) { citing(s, "1", b.book) })
				b.publish(b.course)
				return []models.Record{b.mix}
			},
			[]string{"asset photo", "section mix"},
		},
		"a file that only its text links to leaves too": {
			func(b *bread) []models.Record {
				change(b.site, b.mix, func(s *models.Section) { s.Blocks = models.Blocks{link(b.photo)} })
				b.publish(b.mix)
				return []models.Record{b.mix}
			},
			[]string{"asset photo", "section mix"},
		},
		"a worksheet that stayed for a link leaves with that": {
			func(b *bread) []models.Record {
				change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{link(b.loaf)} })
				b.publish(b.heat)
				b.unpublish(b.dough)
				return []models.Record{b.heat}
			},
			[]string{"section heat", "worksheet loaf"},
		},
		"what only its worksheet showed leaves too": {
			func(b *bread) []models.Record {
				change(b.site, b.loaf, func(w *models.Worksheet) { w.Instructions = models.Blocks{shows(b.photo)} })
				change(b.site, b.mix, func(s *models.Section) { s.Blocks = models.Blocks{shows(b.photo), uses(b.loaf)} })
				b.publish(b.course)
				return []models.Record{b.dough}
			},
			[]string{"asset photo", "module dough", "section fold", "section knead", "section mix", "worksheet loaf"},
		},
		"a worksheet that another module shows stays": {
			func(b *bread) []models.Record {
				change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{uses(b.loaf)} })
				b.publish(b.course)
				return []models.Record{b.dough}
			},
			[]string{"module dough", "section fold", "section knead", "section mix"},
		},
		"a worksheet that stayed leaves with the course": {
			func(b *bread) []models.Record {
				change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{uses(b.loaf)} })
				b.publish(b.course)
				b.unpublish(b.dough)
				b.trash(b.heat)
				b.publish(b.oven)
				return []models.Record{b.course}
			},
			[]string{"course bread", "module oven", "worksheet loaf"},
		},
		"a section that an objective points to stays": {
			func(b *bread) []models.Record {
				change(b.site, b.oven, func(m *models.Module) {
					m.Objectives = []models.Objective{{ID: "o", Text: "Mix", Section: ref(b.mix)}}
				})
				b.publish(b.course)
				return []models.Record{b.oven}
			},
			[]string{"module oven", "section heat"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := baked(newSite(t))
			targets := tt.given(b)
			before, revision := b.live(), b.revision()
			b.unpublish(targets...)
			after := b.live()
			left := slices.DeleteFunc(before, func(name string) bool { return slices.Contains(after, name) })
			slices.Sort(left)
			wantEqual(t, left, tt.want)
			if grown := b.revision() - revision; grown != int64(min(len(left), 1)) {
				t.Errorf("the content revision grew by %d", grown)
			}
		})
	}
}

func TestWhatIsShownCanNotBeUnpublished(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.heat, func(s *models.Section) { citing(s, "1", b.book) })
	b.publish(b.heat)
	before := b.live()
	_, _, err := b.Unpublish(t.Context(), *ref(b.book))
	wantKind(t, err, models.KindConflict)
	wantEqual(t, b.live(), before)
}

func TestWhatHasLeftIsGoneUntilItComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := baked(s)
		read := func() error {
			_, err := s.Section(t.Context(), b.heat.ID, content.ReadRequest{})
			return err
		}
		s.unpublish(b.oven)
		wantKind(t, read(), models.KindGone)
		_, err := s.Module(t.Context(), b.oven.ID, content.ReadRequest{})
		wantKind(t, err, models.KindGone)
		_, err = s.Module(t.Context(), nobody, content.ReadRequest{})
		wantKind(t, err, models.KindNotFound)
		_, _, err = s.Unpublish(t.Context(), *ref(b.oven))
		wantKind(t, err, models.KindNotFound)
		if state := s.draft(b.heat).Base().State(); state != models.StateDraft {
			t.Errorf("its draft has the state %s", state)
		}
		s.publish(b.heat)
		if err := read(); err != nil {
			t.Error(err)
		}
	})
}

// All that must never be read, in every place where it could be written.
func TestSecretsNeverGoLive(t *testing.T) {
	const secret = "SECRET"
	raw := func() models.Block {
		return &models.RawHTML{BlockBase: id(), HTML: "<b>seen</b><!-- SECRET --><!SECRET><?SECRET?><i><!-- SECRET"}
	}
	onBoth(t, func(t *testing.T, s *site) {
		b := bake(s)
		extra := models.Extra{"_note": jsontext.Value(`"SECRET"`), "layout": jsontext.Value(`"seen"`)}
		change(s, b.dough, func(m *models.Module) { m.Owners, m.Extra = []string{secret}, extra })
		change(s, b.licence, func(f *models.Fragment) { f.Blocks = models.Blocks{raw()} })
		change(s, b.loaf, func(w *models.Worksheet) {
			w.Instructions = models.Blocks{raw()}
			w.AnswerKey = []models.Answer{{Blocks: models.Blocks{text(secret)}}}
		})
		change(s, b.mix, func(sec *models.Section) {
			sec.Blocks = models.Blocks{&models.Quote{BlockBase: id(), Blocks: models.Blocks{raw()}}, uses(b.loaf), includes(b.licence)}
			sec.EditorNotes = []models.EditorNote{{ID: "n", Text: secret}}
		})
		s.publish(b.course)
		for _, r := range []models.Record{b.course, b.dough, b.mix, b.knead, b.loaf} {
			change(s, r, func(r models.Record) { retitle(r, "a SECRET draft") })
		}
		wantNowhere(t, s, secret)
		served(t, s, func(what, json string) {
			if what == "section" && strings.Count(json, "seen") < 6 { // three blocks of raw HTML, in text and html
				t.Errorf("what is not secret is missing: %s", json)
			}
		})
	})
}

func retitle(r models.Record, title string) {
	switch r := r.(type) {
	case *models.Course:
		r.Title = title
	case *models.Module:
		r.Title = title
	case *models.Section:
		r.Title = title
	case *models.Worksheet:
		r.Title = title
	}
}

// wantNowhere fails if any answer, live record or document for an index holds a word.
func wantNowhere(t tester, s *site, word string) {
	t.Helper()
	served(t, s, func(what, json string) {
		if strings.Contains(json, word) {
			t.Errorf("the %s holds %s: %s", what, word, json)
		}
	})
}

// served visits the JSON of all that readers can get.
func served(t tester, s *site, visit func(what, json string)) {
	t.Helper()
	show := func(what string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		data, err := models.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		visit(what, string(data))
	}
	ctx, all := t.Context(), content.ListRequest{Limit: 100, Body: allBodies}
	courses, err := s.Courses(ctx, all)
	show("course", courses.Items, err)
	modules, err := s.Modules(ctx, all)
	show("module", modules.Items, err)
	sections, err := s.Sections(ctx, all)
	show("section", sections.Items, err)
	worksheets, err := s.Worksheets(ctx, all)
	show("worksheet", worksheets.Items, err)
	sources, err := s.Sources(ctx, all)
	show("source", sources.Items, err)
	citations, err := s.Citations(ctx, all)
	show("citation", citations.Items, err)
	for _, m := range modules.Items {
		tree, err := s.Tree(ctx, *m.Course.Slug, m.Slug, content.ReadRequest{Body: allBodies})
		show("tree", tree, err)
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		for _, kind := range models.StoredKinds() {
			rs, err := tx.Live.List(store.Query{Kind: kind, Bodies: true})
			show("live "+string(kind), rs, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A course's numbering is shown by its sections, which are rendered at publish.
func TestChangedNumberingReachesLiveSections(t *testing.T) {
	b := bake(newSite(t))
	for _, sec := range []*models.Section{b.mix, b.heat} {
		change(b.site, sec, func(s *models.Section) { citing(s, "9", b.book) })
	}
	b.publish(b.course)
	change(b.site, b.course, func(c *models.Course) { c.Numbering = models.NumberFirstUse })
	change(b.site, b.mix, func(s *models.Section) { s.Title = "Mix!" })
	b.publish(b.course)
	for _, sec := range []*models.Section{b.mix, b.heat} {
		if html := *b.section(sec).HTML; !strings.Contains(html, ">1</a></sup>") || strings.Contains(html, ">9</a></sup>") {
			t.Errorf("%s shows %s", sec.Slug, html)
		}
	}
}

func TestListenersHearOfEachRevision(t *testing.T) {
	b := bake(newSite(t))
	var heard []int64
	b.OnPublish(func(revision int64) { heard = append(heard, revision) })
	b.publish(b.course)
	b.publish(b.course) // nothing to do
	b.unpublish(b.oven)
	b.unpublish()
	wantEqual(t, heard, []int64{1, 2})
}
