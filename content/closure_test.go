package content_test

import (
	"slices"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// outcome is a plan in words.
type outcome struct{ Put, Remove, Shared, Blockers []string }

func inWords(p *content.Plan) (o outcome) {
	for _, i := range p.Put {
		o.Put = append(o.Put, name(i.Ref.Type, *i.Ref.Title))
	}
	for _, i := range p.Remove {
		o.Remove = append(o.Remove, name(i.Ref.Type, *i.Ref.Title))
	}
	for _, s := range p.Shared {
		o.Shared = append(o.Shared, name(s.Ref.Type, *s.Ref.Title))
	}
	for _, b := range p.Blockers {
		o.Blockers = append(o.Blockers, name(b.Ref.Type, *b.Ref.Title)+" "+b.Detail)
	}
	for _, list := range [][]string{o.Put, o.Remove, o.Shared, o.Blockers} {
		slices.Sort(list)
	}
	return o
}

// bread is a small course: module dough with sections mix, knead and below it fold, worksheet loaf; module oven with
// section heat.
type bread struct {
	*site
	course           *models.Course
	dough, oven      *models.Module
	mix, knead, fold *models.Section
	heat             *models.Section
	loaf             *models.Worksheet
	book             *models.Source
	licence          *models.Fragment
	photo            *models.Asset
}

func bake(s *site) *bread {
	b := &bread{site: s, course: course("bread")}
	b.dough, b.oven = module(b.course, "dough"), module(b.course, "oven")
	b.mix, b.knead, b.heat = section(b.dough, "mix"), section(b.dough, "knead"), section(b.oven, "heat")
	b.fold, b.loaf = below(b.knead, "fold"), worksheet(b.dough, "loaf")
	b.book, b.licence, b.photo = source(b.course, "book"), fragment(b.course, "licence"), asset(b.course, "photo")
	s.create(b.course, b.dough, b.oven, b.mix, b.knead, b.fold, b.heat, b.loaf, b.book, b.licence, b.photo)
	return b
}

// baked is the course with all of it live that goes live with the course.
func baked(s *site) *bread {
	b := bake(s)
	s.publish(b.course)
	return b
}

// kneadInOven takes knead to the module oven, with fold and with turn, which readers see below it too.
func (b *bread) kneadInOven() {
	b.t.Helper()
	turn := below(b.knead, "turn")
	b.create(turn)
	b.publish(turn)
	b.move(b.knead, b.dough, content.Position{Module: b.oven.ID})
}

// move puts a section of a module at another place.
func (b *bread) move(s *models.Section, from *models.Module, to content.Position) {
	b.t.Helper()
	editor := b.As(access.Subject{Name: "zoe", Grants: []access.Grant{{Role: access.Editor}}}, access.Origin{})
	if _, err := editor.Move(b.t.Context(), *ref(s), b.draft(from).Base().Version, to); err != nil {
		b.t.Fatal(err)
	}
}

// nobody is the id of no record.
const nobody = "01890000-0000-7000-8000-000000000000"

// one asks for a closure of some records.
func one(rs ...models.Record) content.PublishRequest {
	return content.PublishRequest{Targets: refs(rs...)}
}

func TestClosuresOfWhatWasNeverLive(t *testing.T) {
	for name, tt := range map[string]struct {
		given func(*bread) content.PublishRequest
		want  outcome
	}{
		"a section brings its ancestors with their own fields only": {
			func(b *bread) content.PublishRequest { return one(b.fold) },
			outcome{Put: []string{"course bread", "module dough", "section fold", "section knead"}},
		},
		"a section brings the sections below it": {
			func(b *bread) content.PublishRequest { return one(b.knead) },
			outcome{Put: []string{"course bread", "module dough", "section fold", "section knead"}},
		},
		"a module brings its sections and worksheets": {
			func(b *bread) content.PublishRequest { return one(b.dough) },
			outcome{Put: []string{"course bread", "module dough", "section fold", "section knead", "section mix", "worksheet loaf"}},
		},
		"alone means without what it owns": {
			func(b *bread) content.PublishRequest { return content.PublishRequest{Alone: refs(b.dough)} },
			outcome{Put: []string{"course bread", "module dough"}},
		},
		"what it cites, includes and shows goes along, and what that shows": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.licence, func(f *models.Fragment) { f.Blocks = models.Blocks{shows(b.photo)} })
				change(b.site, b.heat, func(s *models.Section) {
					citing(s, "1", b.book)
					s.Blocks = append(s.Blocks, includes(b.licence))
				})
				return one(b.heat)
			},
			outcome{Put: []string{"asset photo", "course bread", "fragment licence", "module oven", "section heat", "source book"}},
		},
		"a worksheet of another module brings that module's own fields": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{uses(b.loaf)} })
				return one(b.heat)
			},
			outcome{Put: []string{"course bread", "module dough", "module oven", "section heat", "worksheet loaf"}},
		},
		"a link brings nothing": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.heat, func(s *models.Section) { s.Blocks = models.Blocks{link(b.mix), link(b.loaf)} })
				return one(b.heat)
			},
			outcome{Put: []string{"course bread", "module oven", "section heat"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := bake(newSite(t))
			b.wantOutcome(t, tt.given(b), tt.want)
		})
	}
}

func TestClosuresOfWhatIsLive(t *testing.T) {
	for name, tt := range map[string]struct {
		given func(*bread) content.PublishRequest
		want  outcome
	}{
		"nothing has changed": {
			func(b *bread) content.PublishRequest { return one(b.course, b.dough, b.fold) },
			outcome{},
		},
		"a changed section goes without its changed owner": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.dough, func(m *models.Module) { m.Title = "Dough!" })
				change(b.site, b.mix, func(s *models.Section) { s.Title = "Mix!" })
				return one(b.mix)
			},
			outcome{Put: []string{"section Mix!"}},
		},
		"a trashed section leaves with its module": {
			func(b *bread) content.PublishRequest { b.trash(b.mix); return one(b.dough) },
			outcome{Remove: []string{"section mix"}},
		},
		"a trashed section leaves with its parent section": {
			func(b *bread) content.PublishRequest { b.trash(b.fold); return one(b.knead) },
			outcome{Remove: []string{"section fold"}},
		},
		"a trashed worksheet leaves with its module": {
			func(b *bread) content.PublishRequest { b.trash(b.loaf); return one(b.dough) },
			outcome{Remove: []string{"worksheet loaf"}},
		},
		"a trashed module leaves with all that it owns": {
			func(b *bread) content.PublishRequest { b.trash(b.dough); return one(b.course) },
			outcome{Remove: []string{"module dough", "section fold", "section knead", "section mix", "worksheet loaf"}},
		},
		"a record that leaves for two reasons leaves once": {
			func(b *bread) content.PublishRequest { b.trash(b.mix); return one(b.course, b.dough) },
			outcome{Remove: []string{"section mix"}},
		},
		"a section moved to another module is put, not removed": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { s.ModuleID = b.oven.ID })
				return one(b.course)
			},
			outcome{Put: []string{"section mix"}},
		},
		"a section brings the one above it that goes to another module, and what readers see below that": {
			func(b *bread) content.PublishRequest { b.kneadInOven(); return one(b.fold) },
			outcome{Put: []string{"section fold", "section knead", "section turn"}},
		},
		"a section that goes to another module alone takes along what readers see below it": {
			func(b *bread) content.PublishRequest {
				b.kneadInOven()
				return content.PublishRequest{Alone: refs(b.knead)}
			},
			outcome{Put: []string{"section fold", "section knead", "section turn"}},
		},
		"a section that is new below one that goes to another module brings it too": {
			func(b *bread) content.PublishRequest {
				b.kneadInOven()
				rest := section(b.oven, "rest")
				rest.ParentID = &b.fold.ID
				b.create(rest)
				return one(rest)
			},
			outcome{Put: []string{"section fold", "section knead", "section rest", "section turn"}},
		},
		"a section above that was moved within its module stays as readers see it": {
			func(b *bread) content.PublishRequest {
				b.move(b.knead, b.dough, content.Position{Parent: []byte(`"` + b.mix.ID + `"`)})
				change(b.site, b.fold, func(s *models.Section) { s.Title = "Fold!" })
				return one(b.fold)
			},
			outcome{Put: []string{"section Fold!"}},
		},
		"a new section joins its live siblings": {
			func(b *bread) content.PublishRequest { b.create(section(b.oven, "cool")); return one(b.oven) },
			outcome{Put: []string{"section cool"}},
		},
		"slugs may change hands in one publish": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { s.Slug = "for-now" })
				change(b.site, b.knead, func(s *models.Section) { s.Slug = "mix" })
				change(b.site, b.mix, func(s *models.Section) { s.Slug = "knead" })
				return one(b.dough)
			},
			outcome{Put: []string{"section knead", "section mix"}},
		},
		"an unresolved mark blocks": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { s.Blocks = models.Blocks{text("Why[^7]?[^7]")} })
				return one(b.mix)
			},
			outcome{Put: []string{"section mix"}, Blockers: []string{"section mix marks citation 7, which the section does not have"}},
		},
		"a reference to the trash blocks": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { citing(s, "1", b.book) })
				b.trash(b.book)
				return one(b.mix)
			},
			outcome{Put: []string{"section mix"}, Blockers: []string{`section mix refers to the source "book", which is in the trash`}},
		},
		"a reference to nothing blocks": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { s.Blocks = models.Blocks{shows(&models.Asset{Meta: models.Meta{ID: nobody}})} })
				return one(b.mix)
			},
			outcome{Put: []string{"section mix"}, Blockers: []string{"section mix refers to the asset " + nobody + ", which does not exist"}},
		},
		"a slug that a live sibling has blocks": {
			func(b *bread) content.PublishRequest {
				change(b.site, b.mix, func(s *models.Section) { s.Slug = "new-mix" })
				change(b.site, b.knead, func(s *models.Section) { s.Slug = "mix" })
				return one(b.knead)
			},
			outcome{Put: []string{"section knead"}, Blockers: []string{`section knead has the slug "mix", which another section at the same place has`}},
		},
		"the trash itself can't be published": {
			func(b *bread) content.PublishRequest { b.trash(b.mix); return one(b.mix) },
			outcome{Blockers: []string{"section mix is in the trash"}},
		},
		"nor what belongs to the trash": {
			func(b *bread) content.PublishRequest { b.trash(b.dough); return one(b.mix) },
			outcome{Blockers: []string{"module dough is in the trash, and section mix belongs to it"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := baked(newSite(t))
			b.wantOutcome(t, tt.given(b), tt.want)
		})
	}
}

// wantOutcome asks for a dry run, and then publishes what it showed.
func (s *site) wantOutcome(t *testing.T, req content.PublishRequest, want outcome) {
	t.Helper()
	before, revision := s.live(), s.revision()
	plan, err := s.DryRun(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, inWords(plan), want)
	wantEqual(t, s.live(), before)

	req.Token = plan.Token
	done, got, err := s.Publish(t.Context(), req)
	if len(want.Blockers) > 0 {
		wantKind(t, err, models.KindInvalid)
		wantEqual(t, s.live(), before)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, inWords(done), want)
	if len(want.Put)+len(want.Remove) == 0 {
		wantEqual(t, got, int64(0))
		wantEqual(t, s.revision(), revision)
		return
	}
	wantEqual(t, got, revision+1)
	after := s.live()
	for _, name := range want.Remove {
		if slices.Contains(after, name) {
			t.Errorf("%s is still live", name)
		}
	}
	for _, name := range want.Put {
		if !slices.Contains(after, name) {
			t.Errorf("%s is not live", name)
		}
	}
	again, err := s.DryRun(t.Context(), content.PublishRequest{Targets: req.Targets, Alone: req.Alone})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, inWords(again), outcome{})
	s.wantSound(t)
}

// wantSound asks for problems of what is live, and expects those.
func (s *site) wantSound(t *testing.T, want ...string) {
	t.Helper()
	problems, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, problems, want)
}

func TestCheckFindsWhatReadersSeeBelowNothing(t *testing.T) {
	b := baked(newSite(t))
	err := b.store.InTx(t.Context(), func(tx *store.Tx) error { return tx.Live.Remove(models.KindSection, b.knead.ID) })
	if err != nil {
		t.Fatal(err)
	}
	b.wantSound(t, `live section "fold": the section above it is not live in its module`)
}
