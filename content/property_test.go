package content_test

import (
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Whatever is created, changed, renamed, trashed, published and unpublished, in whatever order: what is live is what
// the model says, and every reference in an answer is to a live record.
func TestLiveContentFollowsTheModel(t *testing.T) {
	if !proof.Full() { // the small size
		setChecks(t, "12")
	}
	s := newSite(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(s.checked(rt))
		rt.Repeat(map[string]func(*rapid.T){
			"create":    p.create,
			"change":    p.change,
			"rename":    p.rename,
			"trash":     p.trash,
			"publish":   p.publish,
			"unpublish": p.unpublish,
			"":          p.check,
		})
		p.end()
	})
}

// setChecks says how often rapid tries, in this test alone.
func setChecks(t *testing.T, n string) {
	t.Helper()
	before := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
}

// play is a course in the database and the model of it, which take the same steps.
type play struct {
	*site
	world
	start, took int64 // the content revision at first, and how many were taken since
}

func newPlay(s *site) *play {
	p := &play{site: s, start: s.revision()}
	c := course("c-" + string(models.NewID()))
	a, b := module(c, "a"), module(c, "b")
	loaf, book := worksheet(a, "loaf"), source(c, "book")
	knead := citing(section(a, "knead"), "1", book)
	fold := below(knead, "fold")
	heat := citing(section(b, "heat", link(knead), link(loaf), uses(loaf)), "1", book)
	s.create(c, a, b, book, loaf, knead, fold, heat)

	top := p.add(c, nil)
	ma, mb, src := p.add(a, top), p.add(b, top), p.add(book, top)
	sheet := p.add(loaf, ma)
	p.add(fold, p.add(knead, ma, src))
	p.add(heat, mb, src, sheet).links = []*thing{sheet}
	return p
}

// pick draws one of the things that are so.
func (p *play) pick(rt *rapid.T, is func(*thing) bool) *thing {
	var some []*thing
	for _, x := range p.things {
		if is(x) {
			some = append(some, x)
		}
	}
	if len(some) == 0 {
		rt.Skip("nothing to pick")
	}
	return rapid.Custom(func(rt *rapid.T) *thing { return some[rapid.IntRange(0, len(some)-1).Draw(rt, "which")] }).Draw(rt, "thing")
}

func drawSlug(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"x", "y", "knead", "heat"}).Draw(rt, "slug")
}

// taken tells whether a section that is not in the trash has a slug.
func (p *play) taken(module *thing, slug string, but *thing) bool {
	for _, x := range p.things {
		if x != but && !x.trashed && x.Kind() == models.KindSection && x.module(false) == module && x.slug == slug {
			return true
		}
	}
	return false
}

func (p *play) create(rt *rapid.T) {
	owner := p.pick(rt, func(x *thing) bool {
		return !x.trashed && (x.Kind() == models.KindModule || x.Kind() == models.KindSection && !x.module(false).trashed)
	})
	home := owner.module(false)
	sec := section(home.Record.(*models.Module), drawSlug(rt))
	if owner != home {
		sec.ParentID = &owner.Base().ID
	}
	err := p.Create(rt.Context(), sec, by)
	if p.taken(home, sec.Slug, nil) {
		wantKind(p.t, err, models.KindConflict)
		return
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.add(sec, owner)
}

func (p *play) change(rt *rapid.T) {
	x := p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindSource })
	x.version++
	x.title = fmt.Sprint(x.Record.Name(), " ", x.version)
	change(p.site, x.Record, func(r models.Record) { retitle(r, x.title) })
}

func (p *play) rename(rt *rapid.T) {
	x := p.pick(rt, func(x *thing) bool { return x.Kind() == models.KindSection && !x.trashed })
	slug := drawSlug(rt)
	_, err := p.Update(rt.Context(), *ref(x.Record), p.draft(x.Record).Base().Version, func(r models.Record) error {
		r.(*models.Section).Slug = slug
		return nil
	}, by)
	if p.taken(x.module(false), slug, x) {
		wantKind(p.t, err, models.KindConflict)
		return
	}
	if err != nil {
		p.t.Fatal(err)
	}
	x.version++
	x.slug = slug
}

func (p *play) trash(rt *rapid.T) {
	x := p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindCourse && !x.trashed })
	p.site.trash(x.Record)
	x.trashed = true
}

func (p *play) publish(rt *rapid.T) {
	x := p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindSource && x.Kind() != models.KindWorksheet })
	want := p.publishing(x)
	var shown map[string]string
	if !want.blocked {
		shown = inPreview(p.site, x.Record, p.now)
	}
	_, revision, err := p.Publish(rt.Context(), content.PublishRequest{Targets: refs(x.Record)})
	if want.blocked {
		wantKind(p.t, err, models.KindInvalid)
		return
	}
	p.done(want, revision, err)
	wantEqual(p.t, shown, p.now(p.site))
}

// now is all that readers see, but for when it was published.
func (p *play) now(s *site) map[string]string {
	out := map[string]string{}
	served(s.t, s, func(what, json string) {
		if !strings.HasPrefix(what, "live") { // as it stands in tables, which no preview changes
			out[what] += publishedAt.ReplaceAllString(json, "")
		}
	})
	if pages, err := s.Sitemap(s.t.Context(), string(p.things[0].Base().ID)); err == nil {
		for _, page := range pages {
			out["sitemap"] += string(page.ID) + " "
		}
	}
	return out
}

var publishedAt = regexp.MustCompile(`"published_at":"[^"]*"`)

func (p *play) unpublish(rt *rapid.T) {
	x := p.pick(rt, func(*thing) bool { return true })
	want := p.unpublishing(x)
	_, revision, err := p.Unpublish(rt.Context(), *ref(x.Record))
	switch {
	case x.live == 0:
		wantKind(p.t, err, models.KindNotFound)
	case want.blocked:
		wantKind(p.t, err, models.KindConflict)
	default:
		p.done(want, revision, err)
	}
}

// done takes a step in the model too. What changes anything takes exactly one revision.
func (p *play) done(s *step, revision int64, err error) {
	if err != nil {
		p.t.Fatal(err)
	}
	s.apply()
	if len(s.put)+len(s.remove) == 0 {
		wantSame(p.t, revision, int64(0))
		return
	}
	p.took++
	wantSame(p.t, revision-p.start, p.took)
}

// reference finds the addresses of records in JSON and in the HTML within.
var reference = regexp.MustCompile(`/v1/[a-z]+/([0-9a-f-]{36})`)

// around is how much JSON is shown on each side of what is wrong in it, in bytes.
const around = 300

func (p *play) check(rt *rapid.T) {
	live := map[models.ID]bool{}
	err := p.store.View(rt.Context(), func(tx *store.Tx) error {
		for _, x := range p.things {
			r, err := tx.Live.Record(x.Kind(), x.Base().ID)
			if is := err == nil; is != (x.live != 0) {
				p.t.Fatalf("%s %s is live: %t (%v), want %t", x.Kind(), x.title, is, err, x.live != 0)
			}
			if err == nil {
				live[x.Base().ID] = true
				wantSame(p.t, [2]string{r.Label(), r.Name()}, [2]string{x.shown.title, x.shown.slug})
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	wantSame(p.t, p.revision()-p.start, p.took)
	served(p.t, p.site, func(what, json string) {
		for _, at := range reference.FindAllStringSubmatchIndex(json, -1) {
			if !live[models.ID(json[at[2]:at[3]])] {
				p.t.Errorf("the %s refers to what is not live: …%s…", what, json[max(0, at[0]-around):min(len(json), at[1]+around)])
			}
		}
	})
}

// end takes the course out of live content, so that the next one is alone.
func (p *play) end() {
	if p.things[0].live != 0 {
		p.site.unpublish(p.things[0].Record)
	}
	wantSame(p.t, p.site.live(), []string(nil))
}
