package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// readsSize is how many publishes the proof of freshness makes.
func readsSize() int {
	if proof.Full() {
		return 3_000
	}
	return 40
}

// Many read while one publishes: nobody who asks after a publish was answered sees what was before it.
func TestNobodyReadsWhatWasBeforeAPublish(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	page := models.Href(models.KindSection, l.last.ID)
	paths := []string{page, page + "?fields=title", "/v1/sections?limit=100", "/v1/courses/tea/modules/brewing/tree", "/v1/courses/tea/modules/brewing/sections/leaves"}
	var published, reads atomic.Int64
	var done atomic.Bool
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := i; !done.Load(); n++ {
				path := paths[n%len(paths)]
				least := published.Load()
				got := direct(s.server, http.MethodGet, path)
				reads.Add(1)
				_, after, _ := strings.Cut(got.body, `"Leaves `)
				number, _, _ := strings.Cut(after, `"`)
				if shown, err := strconv.ParseInt(number, 10, 64); err != nil && least > 0 || shown < least {
					t.Errorf("%s shows %d after %d was published", path, shown, least)
					return
				}
			}
		})
	}
	for n := range readsSize() {
		s.rename(l.last, func(r models.Record) { r.(*models.Section).Title = fmt.Sprintf("Leaves %d", n+1) })
		published.Store(int64(n + 1))
	}
	done.Store(true)
	wg.Wait()
	t.Logf("%d publishes, %d reads, %.0f of them from the cache", readsSize(), reads.Load(), s.hits())
	if s.hits() == 0 {
		t.Error("no answer came from the cache")
	}
}

// What another process publishes is seen within a second. It has the same database, and nothing else.
func TestWhatOthersPublishIsSeen(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			cfg := database(t)
			s := startSiteOn(t, t.TempDir(), cfg, time.Now)
			l := s.teach()
			db, err := store.Open(t.Context(), cfg)
			check(t, err)
			defer db.Close()
			other := *s
			other.content = content.New(db, s.server.Log, time.Now)
			path := models.Href(models.KindCourse, l.course.ID)
			for n := range 5 {
				s.get(path)
				title := fmt.Sprintf("By another %d", n)
				other.rename(l.course, func(r models.Record) { r.(*models.Course).Title = title })
				published := time.Now()
				for !strings.Contains(direct(s.server, http.MethodGet, path).body, title) {
					if time.Since(published) > time.Second {
						t.Fatalf("%d: not seen after a second", n)
					}
					time.Sleep(time.Millisecond)
				}
			}
			if s.hits() == 0 {
				t.Error("no answer came from the cache")
			}
		})
	}
}

func TestFreshness(t *testing.T) {
	var f freshness
	if !f.watched(nil, 4) || f.now.Load().revision != 4 {
		t.Fatal("the first look")
	}
	first := f.now.Load()
	if f.watched(first, 4) || f.advance(4) || f.advance(3) || f.now.Load() != first {
		t.Error("nothing has happened")
	}
	if !f.advance(6) || f.now.Load().revision != 6 {
		t.Error("a publish")
	}
	if f.watched(first, 5) || f.now.Load().revision != 6 {
		t.Error("a look that began before a publish does not undo it")
	}
	if now := f.now.Load(); !f.watched(now, 4) || f.now.Load().revision != 4 || f.now.Load() == first {
		t.Error("another database is another state, even of the same revision")
	}
}
