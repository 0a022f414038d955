package content_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Two people edit one course at once, each from what they have read, which may be old by now. Whatever they do, in
// whatever order: what is live is what the model says; who has read an old version changes nothing; each change is in
// history under the name of who made it; no two siblings stand at one place; and no relation is lost.
func TestTwoEditorsFollowTheModel(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		checks := "6" // the small size
		if proof.Full() {
			checks = "300"
		}
		if s.onPostgres {
			checks = "2"
		}
		setChecks(t, checks)
		rapid.Check(t, func(rt *rapid.T) {
			p := newEditing(s.checked(rt))
			rt.Repeat(map[string]func(*rapid.T){
				"create":    p.create,
				"change":    p.change,
				"blocks":    p.blocks,
				"move":      p.move,
				"duplicate": p.duplicate,
				"trash":     p.trash,
				"untrash":   p.untrash,
				"restore":   p.restore,
				"publish":   p.publish,
				"unpublish": p.unpublish,
				"":          p.check,
			})
			p.end()
		})
	})
}

// editing is a play with people in it.
type editing struct {
	*play
	people [2]*pen
	titles int // that were given
}

// pen is somebody who edits, and the versions that they have read.
type pen struct {
	*content.Editor
	name string
	read map[*thing]int
}

func newEditing(s *site) *editing {
	p := &editing{play: newPlay(s)}
	for i, name := range []string{"ada", "bob"} {
		who := access.Subject{ID: models.NewID(), Name: name, Grants: []access.Grant{{Role: access.Editor}}}
		p.people[i] = &pen{s.As(who, access.Origin{}), name, map[*thing]int{}}
	}
	for _, x := range p.things {
		x.saved(by.Author)
	}
	p.refresh()
	return p
}

func (p *editing) pen(rt *rapid.T) *pen { return p.people[rapid.IntRange(0, 1).Draw(rt, "who")] }

func (p *editing) title() string {
	p.titles++
	return fmt.Sprintf("T%d", p.titles)
}

// version is the one of a thing that somebody has read.
func (e *pen) version(x *thing) int64 {
	if e.read[x] == 0 {
		e.read[x] = x.version
	}
	return int64(e.read[x])
}

// stale is how a write fails whose writer has not read the newest version, and otherwise the other way, if any.
func (e *pen) stale(x *thing, otherwise models.ErrorKind) models.ErrorKind {
	if e.version(x) != int64(x.version) {
		return models.KindStale
	}
	return otherwise
}

// none is the kind of no error.
const none = models.KindInternal

// done compares how a write went with how it should have gone. Who was refused for being late reads again.
func (e *pen) done(t tester, err error, want models.ErrorKind, x *thing) bool {
	if want != none {
		wantKind(t, err, want)
		delete(e.read, x)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}

// save takes the next version of a thing in the model, which who made it has read.
func (e *pen) save(x *thing) {
	x.saved(e.name)
	e.read[x] = x.version
}

func (p *editing) course() *thing { return p.things[0] }

func (x *thing) ref() models.Ref { return *ref(x.Record) }

// nameTaken tells whether another thing has a slug at the same place.
func (p *editing) nameTaken(x *thing, slug string, home *thing) bool {
	return slug != "" && slices.ContainsFunc(p.things, func(y *thing) bool {
		return y != x && !y.trashed && y.Kind() == x.Kind() && y.slug == slug && y.keeper(false) == home && x.Kind() != models.KindSource
	})
}

func isKind(kinds ...models.Kind) func(*thing) bool {
	return func(x *thing) bool { return slices.Contains(kinds, x.Kind()) }
}

// refresh reads where things stand: a move gives numbers to all siblings.
func (p *editing) refresh() {
	p.each(func(_ *store.Tx, x *thing, draft models.Record) error {
		x.position = position(draft)
		x.place = placeOf(draft)
		return nil
	})
}

func (p *editing) each(fn func(*store.Tx, *thing, models.Record) error) {
	err := p.store.View(p.t.Context(), func(tx *store.Tx) error {
		for _, x := range p.things {
			draft, err := tx.Draft.Record(x.Kind(), x.Base().ID)
			if err == nil {
				err = fn(tx, x, draft)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// placeOf says where a record stands, "" for kinds without a place.
func placeOf(r models.Record) string {
	if position(r) < 0 {
		return ""
	}
	home := models.ID("")
	if s, ok := r.(*models.Section); ok {
		home = s.ModuleID
	}
	return fmt.Sprint(home, r.Owner().ID, position(r))
}

func (p *editing) check(rt *rapid.T) {
	p.play.check(rt)
	taken := map[string]*thing{}
	p.each(func(tx *store.Tx, x *thing, draft models.Record) error {
		p.checkDraft(x, draft)
		if at := fmt.Sprint(x.Kind(), x.keeper(false), position(draft)); !x.trashed && position(draft) >= 0 {
			if other := taken[at]; other != nil {
				p.t.Errorf("%s and %s stand at one place", x.title, other.title)
			}
			taken[at] = x
		}
		if x.live != 0 {
			if err := p.checkLive(tx, x); err != nil {
				return err
			}
		}
		revisions, err := tx.Revisions(x.Base().ID)
		if err != nil {
			return err
		}
		var authors, want []string
		for i, r := range slices.Backward(revisions) {
			authors = append(authors, r.Author)
			if int(r.Version) != len(revisions)-i {
				p.t.Errorf("history of %s has version %d at %d", x.title, r.Version, i)
			}
		}
		for _, s := range x.past {
			want = append(want, s.author)
		}
		wantSame(p.t, authors, want)
		return nil
	})
}

func (p *editing) checkDraft(x *thing, draft models.Record) {
	m := draft.Base()
	wantSame(p.t, []any{draft.Label(), draft.Name(), int(m.Version), m.TrashedAt != nil, placeOf(draft)},
		[]any{x.title, x.slug, x.version, x.trashed, x.place})
	if owner := draft.Owner(); (owner == nil) != (x.owner == nil) || owner != nil && owner.ID != x.owner.Base().ID {
		p.t.Errorf("%s belongs to %v", x.title, owner)
	}
	wantSame(p.t, relations(draft), idsOf(x.shows))
	wantSame(p.t, rulesOf(draft), x.rules)
}

// checkLive compares what readers see with what the model says. What a live section stands below is live in the same
// module.
func (p *editing) checkLive(tx *store.Tx, x *thing) error {
	live, err := tx.Live.Record(x.Kind(), x.Base().ID)
	if err != nil {
		return err
	}
	wantSame(p.t, placeOf(live), x.shown.place)
	wantSame(p.t, relations(live), idsOf(x.shown.shows))
	wantSame(p.t, rulesOf(live), x.shown.rules)
	s, ok := live.(*models.Section)
	if !ok || s.ParentID == nil {
		return nil
	}
	above := &models.Section{}
	if err := tx.Live.Get(above, *s.ParentID); err != nil {
		p.t.Errorf("what %s stands below is not live: %v", x.title, err)
	}
	wantSame(p.t, above.ModuleID, s.ModuleID)
	return nil
}

// relations are the records that one can't do without.
func relations(r models.Record) []models.ID {
	found := map[models.ID]bool{}
	for _, at := range models.Refs(r) {
		found[(*at).ID] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func idsOf(things []*thing) (out []models.ID) {
	for _, x := range things {
		out = append(out, x.Base().ID)
	}
	slices.Sort(out)
	return out
}

func rulesOf(r models.Record) (n int) {
	if s, ok := r.(*models.Section); ok {
		for _, b := range s.Blocks {
			if _, is := b.(*models.Rule); is {
				n++
			}
		}
	}
	return n
}
