package server

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// An index that lacks what is live, and has what is not, is mended: when a server starts, and when one asks for it.
func TestWrongIndexIsMended(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	alien := models.Ref{Type: models.KindSection, ID: models.NewID()}
	revision, err := s.index.Revision(t.Context())
	check(t, err)
	spoil := func() {
		t.Helper()
		check(t, s.index.Apply(t.Context(), search.Batch{
			Put: []search.Document{{Ref: alien, Title: "Kettle of an alien", Language: "en"}}, Delete: []models.Ref{*ref(l.page), *ref(l.source)}, Revision: revision,
		}))
	}
	compare := func() search.Difference {
		t.Helper()
		d, err := search.Compare(t.Context(), s.index, s.content)
		check(t, err)
		return d
	}

	spoil()
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { s.follower.Run(ctx); close(stopped) }()
	defer func() { stop(); <-stopped }()
	for !compare().Sound() {
		if t.Context().Err() != nil {
			t.Fatal("a server that starts never mends its index")
		}
		time.Sleep(time.Millisecond)
	}

	spoil()
	control, err := s.server.StartControl(t.Context(), s.dir)
	check(t, err)
	t.Cleanup(func() { check(t, control.Close()) })
	server, err := FindRunning(t.Context(), s.dir)
	check(t, err)
	found, err := server.Mend(t.Context())
	check(t, err)
	want := search.Difference{Missing: []models.Ref{*ref(l.page), *ref(l.source)}, Extra: []models.Ref{alien}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("what was mended (-want +got):\n%s", diff)
	}
	if d := compare(); !d.Sound() {
		t.Errorf("index and database differ: %+v", d)
	}
	if again, err := server.Mend(t.Context()); err != nil || !again.Sound() {
		t.Errorf("a sound index has %+v to mend, error %v", again, err)
	}
}
