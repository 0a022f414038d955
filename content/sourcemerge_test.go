package content_test

import (
	"errors"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// library is a desk with a source that is there three times.
type library struct {
	*desk
	kept, twin, copied *models.Source
	cites, quotes      *models.Section
	sheet              *models.Worksheet
}

func newLibrary(t *testing.T, s *site) *library {
	d := newDesk(t, s)
	l := &library{desk: d, kept: source(d.course, "kept"), twin: source(d.course, "twin"), copied: source(d.course, "copied")}
	quote := func(id string) *models.Quote {
		return &models.Quote{BlockBase: models.BlockBase{ID: id}, Source: ref(l.copied), Blocks: models.Blocks{text("Flour.")}}
	}
	l.cites = citing(citing(section(d.a, "cites"), "1", l.twin), "2", l.kept)
	l.quotes = section(d.b, "quotes", quote("q1"))
	l.sheet = worksheet(d.b, "sheet")
	l.sheet.AnswerKey = []models.Answer{{Blocks: models.Blocks{quote("k1")}}}
	s.create(l.kept, l.twin, l.copied, l.cites, l.quotes, l.sheet)
	return l
}

func (l *library) merge(e *content.Editor) (*content.SourceMerge, error) {
	return e.MergeSources(l.t.Context(), l.kept.ID, 1, []content.Merged{{l.twin.ID, 1}, {l.copied.ID, 1}})
}

// cited lists which sources drafts point to.
func (l *library) cited() (out []string) {
	called := map[models.ID]string{l.kept.ID: "kept", l.twin.ID: "twin", l.copied.ID: "copied"}
	for _, r := range []models.Record{l.cites, l.quotes, l.sheet} {
		for _, at := range models.Refs(l.draft(r)) {
			if (*at).Type == models.KindSource {
				out = append(out, called[(*at).ID])
			}
		}
	}
	return out
}

func TestMergingSourcesAndBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		l := newLibrary(t, s)
		e := l.editor()
		s.publish(l.course)
		m, err := l.merge(e)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, l.cited(), []string{"kept", "kept", "kept", "kept"})
		if len(m.Merged) != 2 || len(m.Changed) != 3 || *m.Source.Title != l.kept.Label() || l.draft(l.twin).Base().TrashedAt == nil {
			t.Errorf("the merge is %+v", m)
		}
		if _, err := s.Source(t.Context(), l.twin.ID, content.ReadRequest{}); err != nil {
			t.Errorf("before a publish readers get %v", err)
		}
		s.publish(l.course)
		_, err = s.Source(t.Context(), l.twin.ID, content.ReadRequest{})
		wantKind(t, err, models.KindGone)

		list, err := e.SourceMerges(t.Context(), l.course.ID, "", 10)
		if err != nil || len(list) != 1 || list[0].ID != m.ID || list[0].UndoneAt != nil {
			t.Errorf("listed as %+v, %v", list, err)
		}
		change(s, l.cites, func(r *models.Section) { r.Title = "changed elsewhere" })
		if m, err = e.UndoSourceMerge(t.Context(), m.ID); err != nil || m.UndoneAt == nil {
			t.Fatal(m, err)
		}
		wantEqual(t, l.cited(), []string{"twin", "kept", "copied", "copied"})
		if l.draft(l.cites).Label() != "changed elsewhere" || l.draft(l.twin).Base().TrashedAt != nil {
			t.Error("what was changed since is lost, or a source is in the trash still")
		}
		_, err = e.UndoSourceMerge(t.Context(), m.ID)
		wantKind(t, err, models.KindConflict)
	})
}

// What was changed since in the same places is in the way of undoing a merge; nothing is done then.
func TestMergesThatCantBeUndone(t *testing.T) {
	for name, change := range map[string]func(*library){
		"a citation that points elsewhere": func(l *library) {
			other := source(l.course, "other")
			l.create(other)
			change(l.site, l.cites, func(r *models.Section) { r.Citations[0].Source = ref(other) })
		},
		"a quote that is gone": func(l *library) {
			change(l.site, l.quotes, func(r *models.Section) { r.Blocks = nil })
		},
		"a source out of the trash": func(l *library) {
			if _, err := l.editor().Untrash(l.t.Context(), *ref(l.twin), 1); err != nil {
				l.t.Fatal(err)
			}
		},
		"a source that was purged": func(l *library) {
			if err := l.as("owner", access.Grant{Role: access.Owner}).Purge(l.t.Context(), *ref(l.twin), 1); err != nil {
				l.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLibrary(t, newSite(t))
			m, err := l.merge(l.editor())
			if err != nil {
				t.Fatal(err)
			}
			change(l)
			before := l.cited()
			_, err = l.editor().UndoSourceMerge(t.Context(), m.ID)
			wantKind(t, err, models.KindConflict)
			if e, _ := errors.AsType[*models.Error](err); len(e.Fields) != 1 {
				t.Errorf("in the way is %+v", e.Fields)
			}
			wantEqual(t, l.cited(), before)
		})
	}
}

func TestMergesThatAreRefused(t *testing.T) {
	l := newLibrary(t, newSite(t))
	other := course("other")
	far := source(other, "far")
	l.create(other, far)
	e := l.editor()
	for name, tt := range map[string]struct {
		version int64
		from    []content.Merged
		want    models.ErrorKind
	}{
		"nothing":              {1, nil, models.KindInvalid},
		"into itself":          {1, []content.Merged{{l.kept.ID, 1}}, models.KindInvalid},
		"twice":                {1, []content.Merged{{l.twin.ID, 1}, {l.twin.ID, 1}}, models.KindInvalid},
		"no source":            {1, []content.Merged{{models.NewID(), 1}}, models.KindInvalid},
		"of another course":    {1, []content.Merged{{far.ID, 1}}, models.KindInvalid},
		"an old kept source":   {7, []content.Merged{{l.twin.ID, 1}}, models.KindStale},
		"an old merged source": {1, []content.Merged{{l.twin.ID, 7}}, models.KindStale},
	} {
		_, err := e.MergeSources(t.Context(), l.kept.ID, tt.version, tt.from)
		if models.KindOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := l.merge(l.as("mia", access.Grant{Role: access.Author}))
	wantKind(t, err, models.KindForbidden)
	inA := []access.Limit{{Course: l.course.ID, Module: &l.a.ID}}
	_, err = l.merge(l.as("mia", access.Grant{Role: access.Editor, Limits: inA}))
	wantKind(t, err, models.KindForbidden)
	wantEqual(t, l.cited(), []string{"twin", "kept", "copied", "copied"})
	_, err = e.UndoSourceMerge(t.Context(), models.NewID())
	wantKind(t, err, models.KindNotFound)
}
