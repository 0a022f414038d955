package content_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

// everyDay is a period that no search of these tests is outside of.
var everyDay = content.SearchPeriod{From: 20260101, To: 20261231}

// chief may see everything.
func (s *site) chief() *content.Editor {
	return s.As(access.Subject{Name: "chief", Grants: []access.Grant{{Role: access.Owner}}}, access.Origin{})
}

// asked lists what the database has been told, most asked first.
func (s *site) asked(e *content.Editor, p content.SearchPeriod) []content.AskedQuery {
	s.t.Helper()
	out, err := e.Searches(s.t.Context(), p, store.SearchQuery{Order: store.SearchesByAsked, Desc: true, Limit: 2 * content.MaxSearchesOfDay})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *site) summary(e *content.Editor, p content.SearchPeriod) *content.SearchSummary {
	s.t.Helper()
	out, err := e.SearchSummary(s.t.Context(), p)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *site) wrote(tally *content.SearchTally) {
	s.t.Helper()
	if err := tally.Write(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// searched counts a search of a text that found so much.
func searched(tally *content.SearchTally, text string, total int, filters ...search.Filter) {
	if a, counts := content.NewAsked(search.Query{Text: text, Filters: filters}, total); counts {
		tally.Count(a)
	}
}

func TestWhatCountsAsASearch(t *testing.T) {
	course, other := string(models.NewID()), string(models.NewID())
	for name, tt := range map[string]struct {
		q    search.Query
		want string // query, and course
	}{
		"words":              {search.Query{Text: "  Rye\t\n BREAD "}, "rye bread"},
		"composed alike":     {search.Query{Text: "Cafe\u0301"}, "caf\u00e9"},
		"a NUL":              {search.Query{Text: "rye\x00bread"}, "rye bread"},
		"syntax":             {search.Query{Text: `title:"Rye" NOT wheat*`}, `title:"rye" not wheat*`},
		"a course":           {search.Query{Text: "rye", Filters: []search.Filter{search.Only(search.FacetCourse, course)}}, "rye in " + course},
		"two courses":        {search.Query{Text: "rye", Filters: []search.Filter{search.Only(search.FacetCourse, course, other)}}, "rye"},
		"no course":          {search.Query{Text: "rye", Filters: []search.Filter{search.Only(search.FacetCourse, "ada@example.org")}}, "rye"},
		"another facet":      {search.Query{Text: "rye", Filters: []search.Filter{search.Only(search.FacetLevel, course)}}, "rye"},
		"all but a course":   {search.Query{Text: "rye", Filters: []search.Filter{{Facet: search.FacetCourse, Op: search.FilterNone, Values: []string{course}}}}, "rye"},
		"nothing":            {search.Query{Text: " \x00 "}, "no search"},
		"a further page":     {search.Query{Text: "rye", Offset: 25}, "no search"},
		"somebody who types": {search.Query{Text: "rye", Typing: true}, "no search"},
		"years":              {search.Query{Text: "year:2013..2016"}, "year:2013..2016"},
		"six digits":         {search.Query{Text: "room 12-34/56"}, "room 12-34/56"},
		"digits and words":   {search.Query{Text: "1984 or 451 then 2001"}, "1984 or 451 then 2001"},

		"an address":           {search.Query{Text: "Letters of Ada@Example.org"}, ""},
		"an account":           {search.Query{Text: "@ada"}, ""},
		"a wide address":       {search.Query{Text: "ada＠example.org"}, ""},
		"a card":               {search.Query{Text: "4111 1111 1111 1111"}, ""},
		"a telephone":          {search.Query{Text: "call +49 (30) 901-820"}, ""},
		"digits of elsewhere":  {search.Query{Text: "٠٣٠٩٠١٨٢٠"}, ""},
		"four years":           {search.Query{Text: "1111 1111 1111 1111"}, ""},
		"an account of a bank": {search.Query{Text: "DE89370400440532013000"}, ""},
		"something pasted":     {search.Query{Text: "what is " + strings.Repeat("x", 41)}, ""},
		"late in a long text":  {search.Query{Text: strings.Repeat("rye ", 60) + "ada@example.org"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, counts := content.NewAsked(tt.q, 7)
			got := a.Query
			switch {
			case !counts:
				got = "no search"
			case a.Course != "":
				got += " in " + string(a.Course)
			}
			if got != tt.want || counts && a.Total != 7 {
				t.Errorf("%+v, %v: %q, want %q", a, counts, got, tt.want)
			}
		})
	}
	long, _ := content.NewAsked(search.Query{Text: strings.Repeat("äß ", 50)}, 0)
	if want := strings.TrimSpace(strings.Repeat("äß ", 34)); long.Query != want[:len(want)-len("ß")] {
		t.Errorf("a long text is %q", long.Query)
	}
}

// Whatever the text, what is kept of it is short, on one line, and what would be kept of itself.
func FuzzAsked(f *testing.F) {
	for _, text := range []string{"Rye  Bread", "x@y", "+49 30 901820", "İ", "ǅ \u0085 \u2028 \x00", strings.Repeat("ŉ ", 120), "\u0344\u0345"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "�") // as requests must be
		a, counts := content.NewAsked(search.Query{Text: text}, 0)
		if !counts || a.Query == "" {
			return
		}
		if n := len([]rune(a.Query)); n > 100 || strings.ContainsAny(a.Query, "\x00\n\t@") || strings.TrimSpace(a.Query) != a.Query {
			t.Errorf("%q is kept as %q", text, a.Query)
		}
		if len([]rune(text)) > 100 { // what is cut off may make a year a number
			return
		}
		again, counts := content.NewAsked(search.Query{Text: a.Query}, 0)
		if !counts || again != a {
			t.Errorf("%q is kept as %q, and that as %q", text, a.Query, again.Query)
		}
	})
}

// However searches are spread over two instances and days, and whenever they write, the counts are those of what was asked.
func TestCountsAreWhatWasAsked(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		start := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
		e := s.chief()
		rapid.Check(t, func(t *rapid.T) {
			if _, err := s.PruneSearches(t.Context(), -100_000); err != nil { // all there is
				t.Fatal(err)
			}
			now := start
			var tallies []*content.SearchTally
			for range 2 {
				tallies = append(tallies, content.New(s.store, nil, func() time.Time { return now }).NewSearchTally())
			}
			type counts struct{ asked, nothing int64 }
			want, days := map[string]counts{}, map[string]counts{}
			var all counts
			write := func(tally *content.SearchTally) {
				if err := tally.Write(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for range rapid.IntRange(0, 40).Draw(t, "searches") {
				tally := rapid.SampledFrom(tallies).Draw(t, "instance")
				switch rapid.IntRange(0, 9).Draw(t, "step") {
				case 0:
					write(tally)
					continue
				case 1:
					now = now.AddDate(0, 0, 1)
				}
				text := rapid.SampledFrom([]string{"rye", "Rye ", "RYE", "spelt", " spelt", "ada@example.org", ""}).Draw(t, "text")
				total := rapid.IntRange(0, 2).Draw(t, "total")
				searched(tally, text, total)
				if text == "" {
					continue
				}
				one := counts{asked: 1}
				if total == 0 {
					one.nothing = 1
				}
				key := strings.ToLower(strings.TrimSpace(text))
				day := now.Format(time.DateOnly)
				want[key] = counts{want[key].asked + 1, want[key].nothing + one.nothing}
				days[day] = counts{days[day].asked + 1, days[day].nothing + one.nothing}
				all = counts{all.asked + 1, all.nothing + one.nothing}
			}
			for _, tally := range tallies {
				write(tally)
				write(tally) // which has nothing left to write
			}
			sum := s.summary(e, everyDay)
			if sum.Asked != all.asked || sum.NothingFound != all.nothing || sum.WithoutWords != want["ada@example.org"].asked || len(sum.Days) != len(days) {
				t.Fatalf("counted %+v, asked %+v, %+v", sum, all, want)
			}
			for _, d := range sum.Days {
				if (counts{d.Asked, d.NothingFound}) != days[d.Day] {
					t.Fatalf("counted %+v, asked %+v", d, days[d.Day])
				}
			}
			delete(want, "ada@example.org")
			got := s.asked(e, everyDay)
			for _, a := range got {
				if (counts{a.Asked, a.NothingFound}) != want[a.Query] {
					t.Fatalf("counted %+v, asked %+v", a, want)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("counted %+v, asked %+v", got, want)
			}
		})
	})
}

// Instances that write at the same time neither lose counts nor wait for each other for ever.
func TestInstancesCountTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		const instances, rounds = 4, 10
		now := func() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }
		var wg sync.WaitGroup
		errs := make([]error, instances)
		for i := range instances {
			wg.Go(func() {
				tally := content.New(s.store, nil, now).NewSearchTally()
				for range rounds {
					for _, text := range []string{"rye", "spelt", "wheat"} {
						searched(tally, text, 1)
					}
					errs[i] = errors.Join(errs[i], tally.Write(t.Context()))
				}
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for _, a := range s.asked(s.chief(), everyDay) {
			if a.Asked != instances*rounds {
				t.Errorf("%s was counted %d times, want %d", a.Query, a.Asked, instances*rounds)
			}
		}
	})
}

// A robot that asks for something else each time fills neither the memory nor the disk; all that it asks is counted, and so
// is what others ask for again.
func TestADayKeepsSoManyQueries(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		e, tally := s.chief(), s.NewSearchTally()
		searched(tally, "rye", 1)
		s.wrote(tally)
		const more = 50
		for _, write := range []bool{false, true} {
			for i := range content.MaxSearchesOfDay + more {
				searched(tally, fmt.Sprintf("robot %t %d", write, i), 0)
				if write && i == more {
					s.wrote(tally)
				}
			}
			searched(tally, "rye", 1)
			s.wrote(tally)
		}
		got := s.asked(e, everyDay)
		if len(got) != content.MaxSearchesOfDay || got[0].Query != "rye" {
			t.Errorf("%d queries are kept, the first is %+v", len(got), got[0])
		}
		asked := int64(2*(content.MaxSearchesOfDay+more) + 3)
		sum := s.summary(e, everyDay)
		if sum.Asked != asked || sum.NothingFound != asked-3 || sum.WithoutWords < 2*more {
			t.Errorf("counted %+v, asked %d", sum, asked)
		}
	})
}

// What can't be written is kept, and written later.
func TestCountsOutlastADatabaseThatIsBusy(t *testing.T) {
	s := newSite(t)
	tally := s.NewSearchTally()
	searched(tally, "rye", 3)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tally.Write(gone); err == nil {
		t.Fatal("the counts were written after the end")
	}
	searched(tally, "rye", 5)
	searched(tally, "spelt", 0)
	s.wrote(tally)
	wantEqual(t, s.asked(s.chief(), everyDay), []content.AskedQuery{
		{Query: "rye", Asked: 2, LastDay: "2026-03-04", LastTotal: 5}, {Query: "spelt", Asked: 1, NothingFound: 1, LastDay: "2026-03-04"},
	})
}

// What was counted is written when the server stops.
func TestTheLastCountsAreWritten(t *testing.T) {
	s := newSite(t)
	tally := s.NewSearchTally()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { tally.Run(ctx) })
	searched(tally, "rye", 3)
	stop()
	wg.Wait()
	if got := s.asked(s.chief(), everyDay); len(got) != 1 || got[0].Asked != 1 {
		t.Errorf("counted %+v", got)
	}
}

// Who is limited to a course sees what was searched for in it; a course that is none counts as the whole site.
func TestSearchesOfACourse(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		s.publish(d.a)
		bread := d.course.ID
		tally := s.NewSearchTally()
		searched(tally, "rye", 1)
		searched(tally, "rye", 0, search.Only(search.FacetCourse, string(bread)))
		searched(tally, "rye", 2, search.Only(search.FacetCourse, string(models.NewID())))
		s.wrote(tally)

		inBread := d.as("ines", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: bread}}})
		of := everyDay
		of.Course = bread
		for name, tt := range map[string]struct {
			who  *content.Editor
			p    content.SearchPeriod
			want int64
		}{
			"everybody's":        {s.chief(), everyDay, 3},
			"a course's":         {s.chief(), of, 1},
			"for its editors":    {inBread, of, 1},
			"who see no others":  {inBread, everyDay, 1},
			"before there's any": {s.chief(), content.SearchPeriod{From: 20260101, To: 20260102}, 0},
		} {
			t.Run(name, func(t *testing.T) {
				if sum := s.summary(tt.who, tt.p); sum.Asked != tt.want || (sum.NothingFoundShare == nil) != (tt.want == 0) {
					t.Errorf("%+v, want %d", sum, tt.want)
				}
				var n int64
				for _, a := range s.asked(tt.who, tt.p) {
					n += a.Asked
				}
				if n != tt.want {
					t.Errorf("the list has %d, want %d", n, tt.want)
				}
			})
		}
		nowhere := everyDay
		nowhere.Course = models.NewID()
		for name, tt := range map[string]struct {
			who  *content.Editor
			p    content.SearchPeriod
			want models.ErrorKind
		}{
			"no such course":        {s.chief(), nowhere, models.KindNotFound},
			"a viewer":              {d.as("vera", access.Grant{Role: access.Viewer}), everyDay, models.KindForbidden},
			"a viewer of a course":  {d.as("vera", access.Grant{Role: access.Viewer}), of, models.KindForbidden},
			"an editor of others":   {d.as("omar", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: nowhere.Course}}}), of, models.KindNotFound},
			"an editor of a module": {d.as("mia", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: bread, Module: new(models.NewID())}}}), everyDay, models.KindForbidden},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := tt.who.Searches(t.Context(), tt.p, store.SearchQuery{Order: store.SearchesByAsked, Limit: 1})
				wantKind(t, err, tt.want)
				_, err = tt.who.SearchSummary(t.Context(), tt.p)
				wantKind(t, err, tt.want)
			})
		}
	})
}

func TestOldCountsOfSearchesGo(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
		later := content.New(s.store, nil, func() time.Time { return now })
		for range 5 {
			tally := later.NewSearchTally()
			searched(tally, "rye", 1)
			s.wrote(tally)
			now = now.AddDate(0, 0, 1)
		}
		now = now.AddDate(0, 0, -1)
		for _, tt := range []struct {
			keep, gone int
			left       int64
		}{{5, 0, 5}, {2, 3, 2}, {2, 0, 2}, {0, 2, 0}, {0, 0, 0}} {
			n, err := later.PruneSearches(t.Context(), tt.keep)
			if sum := s.summary(s.chief(), everyDay); n != tt.gone || err != nil || sum.Asked != tt.left {
				t.Errorf("%d days are kept: %d go, %v, and %d are left, want %d and %d", tt.keep, n, err, sum.Asked, tt.gone, tt.left)
			}
		}
		audited := d.audited()
		if audited[len(audited)-1] != "retention searches.prune" {
			t.Errorf("audited %v", audited)
		}
	})
}
