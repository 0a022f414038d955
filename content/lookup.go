package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// lookup finds the live records that an answer refers to, a whole answer's at a time, however many records it has: those that
// are only named in one statement, those that are shown in one a kind.
type lookup struct {
	tx     *store.Tx
	wanted map[models.Kind][]models.ID
	found  map[target]models.Record // nil: asked for, and not live
	bodies bool                     // worksheets and fragments are shown, not only named
	facts  bool                     // of courses, modules and sources all fields are found, not only what references say
	drafts bool                     // drafts are found, those in the trash too, instead of what is live
}

// target is where a reference leads: half as much to hash and compare as a reference, which an answer looks for many times.
type target struct {
	kind models.Kind
	id   models.ID
}

func newLookup(tx *store.Tx) *lookup {
	return &lookup{tx: tx, wanted: map[models.Kind][]models.ID{}, found: make(map[target]models.Record, usualRefs)}
}

// usualRefs is room for the records that most answers refer to: what a map of 16 places takes before it grows.
const usualRefs = 14

func (l *lookup) want(refs ...models.Ref) {
	for _, ref := range refs {
		to := target{ref.Type, ref.ID}
		if _, ok := l.found[to]; !ok && isStored(ref.Type) {
			l.found[to] = nil
			l.wanted[ref.Type] = append(l.wanted[ref.Type], ref.ID)
		}
	}
}

// isStored tells whether records of a kind are found by references: a link to a citation leads nowhere yet.
func isStored(kind models.Kind) bool {
	return slices.Contains(models.StoredKinds(), kind)
}

// maxLookup bounds the values of one statement. Only an answer with thousands of references needs a second one.
const maxLookup = 10_000

// load reads what was wanted since the last load: whole the records that are shown, in a statement a kind, and the names of all
// others in one.
func (l *lookup) load() error {
	for _, kind := range models.StoredKinds() {
		ids := l.wanted[kind]
		if !l.whole(kind) {
			continue
		}
		delete(l.wanted, kind)
		for chunk := range slices.Chunk(ids, maxLookup) {
			side := l.tx.Live
			if l.drafts {
				side = l.tx.Draft
			}
			rs, err := side.List(store.Query{Kind: kind, IDs: chunk, Bodies: l.bodies && isShown(kind), Trashed: l.drafts})
			if err != nil {
				return err
			}
			l.add(rs...)
		}
	}
	if len(l.wanted) == 0 {
		return nil
	}
	rs, err := l.tx.Live.Names(l.wanted, decorate)
	if err != nil {
		return err
	}
	l.add(rs...)
	clear(l.wanted)
	return nil
}

// add makes records found that were read elsewhere.
func (l *lookup) add(rs ...models.Record) {
	for _, r := range rs {
		l.found[target{r.Kind(), r.Base().ID}] = r
	}
}

// whole tells whether more is needed of records of a kind than what references say.
func (l *lookup) whole(kind models.Kind) bool {
	switch kind {
	case models.KindSection:
		return l.drafts // no record shows a section
	case models.KindCourse, models.KindModule, models.KindSource:
		return l.drafts || l.facts
	}
	return l.drafts || l.bodies
}

// isShown tells whether records of a kind are shown in others, not only linked to.
func isShown(kind models.Kind) bool {
	return kind == models.KindWorksheet || kind == models.KindFragment || kind == models.KindAsset
}

// ref resolves a reference: decorated, or nil when the record is not live.
func (l *lookup) ref(to *models.Ref) *models.Ref {
	if to == nil {
		return nil
	}
	r := l.find(*to)
	if r == nil {
		return nil
	}
	if shown := r.Base().Shown; shown != nil {
		return shown
	}
	ref := decorate(r)
	return &ref
}

// refs resolves references, without those to records that are not live.
func (l *lookup) refs(to []models.Ref) (out []models.Ref) {
	for _, ref := range to {
		if resolved := l.ref(&ref); resolved != nil {
			out = append(out, *resolved)
		}
	}
	return out
}

func (l *lookup) byID(kind models.Kind, id models.ID) *models.Ref {
	return l.ref(&models.Ref{Type: kind, ID: id})
}

// resolve puts what readers get in the place of each reference of a record.
func (l *lookup) resolve(r models.Record) {
	for _, at := range models.Refs(r) {
		*at = l.ref(*at)
	}
}

// resolved is what readers get in the place of a reference in stored JSON.
func (l *lookup) resolved(to models.Ref) *models.Ref { return l.ref(&to) }

// find gives a record that was wanted and read, nil when it is not live.
func (l *lookup) find(ref models.Ref) models.Record { return l.found[target{ref.Type, ref.ID}] }

// fill completes HTML that was rendered at publish.
func (l *lookup) fill(html string) string {
	return render.Fill(html, render.Resolver{Href: l.href, HTML: func(ref models.Ref) string {
		switch r := l.find(ref).(type) {
		case *models.Worksheet:
			return render.Fill(r.HTML, render.Resolver{Href: l.href, HTML: nothing})
		case *models.Fragment:
			return r.HTML
		}
		return ""
	}})
}

// nothing is what a worksheet shows of other worksheets: one that showed them could show itself.
func nothing(models.Ref) string { return "" }

// href is where a link to a record leads, for an asset to its file; "" when the record is not live.
func (l *lookup) href(ref models.Ref) string {
	switch {
	case l.find(ref) == nil:
		return ""
	case ref.Type == models.KindAsset:
		return models.FileHref(ref.ID)
	}
	return models.Href(ref.Type, ref.ID)
}

// wantHTML asks for what rendered HTML shows and links to. What fragments and worksheets show and link to in turn is
// asked for by wantInner, once they are loaded.
func (l *lookup) wantHTML(html string) {
	shown, linked := render.Placeholders(html)
	l.want(shown...)
	l.want(linked...)
}

// loadShown reads what was wanted, and where bodies are shown, what they show and link to in turn. A fragment may hold
// a worksheet and that an image, so two rounds more are all it takes.
func (l *lookup) loadShown() error {
	err := l.load()
	for round := 0; err == nil && l.bodies && round < 2; round++ {
		l.wantInner()
		err = l.load()
	}
	return err
}

// wantInner asks for what loaded fragments and worksheets need.
func (l *lookup) wantInner() {
	for _, r := range l.found {
		switch r := r.(type) {
		case *models.Fragment:
			l.wantHTML(r.HTML)
			l.wantBlocks(r.Blocks)
		case *models.Worksheet:
			l.wantHTML(r.HTML)
		}
	}
}

// wantStored reads JSON of blocks or citations, and asks for what it refers to.
func (l *lookup) wantStored(stored string) (models.Stored, error) {
	read, err := models.ReadStored(stored)
	for _, ref := range read.Refs() {
		l.want(ref.Ref)
	}
	return read, err
}

func (l *lookup) wantBlocks(bs models.Blocks) {
	for _, at := range bs.Refs() {
		l.want(**at)
	}
}
