package access

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

var update = flag.Bool("update", false, "write the golden file")

var (
	bread  = models.NewID()
	cheese = models.NewID()
	dough  = models.NewID() // a module of bread
	ovens  = models.NewID() // another
)

func limited(role Role, limits ...Limit) Subject {
	return Subject{Name: "ada", Grants: []Grant{{Role: role, Limits: limits}}}
}

func TestDecide(t *testing.T) {
	inDough := Place{Course: bread, Module: dough}
	mine := Place{Course: bread, Module: dough, Mine: true}
	for name, tt := range map[string]struct {
		who    Subject
		action Action
		kind   models.Kind
		at     Place
		want   bool
	}{
		"nobody reads drafts":                              {Subject{}, Read, models.KindSection, inDough, false},
		"a viewer reads drafts":                            {limited(Viewer), Read, models.KindSection, inDough, true},
		"a viewer does not read answers":                   {limited(Viewer), ReadPrivate, models.KindWorksheet, inDough, false},
		"a viewer sees no searches":                        {limited(Viewer), ReadSearches, models.KindCourse, Place{Course: bread}, false},
		"an editor sees searches":                          {limited(Editor), ReadSearches, models.KindCourse, Place{}, true},
		"one of a course sees those of the course":         {limited(Editor, Limit{Course: bread}), ReadSearches, models.KindCourse, Place{Course: bread}, true},
		"and not those of the site":                        {limited(Editor, Limit{Course: bread}), ReadSearches, models.KindCourse, Place{}, false},
		"one of a module sees no searches":                 {limited(Editor, Limit{bread, &dough}), ReadSearches, models.KindCourse, Place{Course: bread}, false},
		"a viewer changes nothing":                         {limited(Viewer), Update, models.KindSection, inDough, false},
		"a translator changes":                             {limited(Translator), Update, models.KindSection, inDough, true},
		"a translator moves nothing":                       {limited(Translator), Arrange, models.KindSection, inDough, false},
		"an author moves what is theirs":                   {limited(Author), Arrange, models.KindSection, mine, true},
		"an author does not move modules":                  {limited(Author), Arrange, models.KindModule, mine, false},
		"a translator creates nothing":                     {limited(Translator), Create, models.KindSection, inDough, false},
		"an author changes what is theirs":                 {limited(Author), Update, models.KindSection, mine, true},
		"an author leaves alone what is not":               {limited(Author), Update, models.KindSection, inDough, false},
		"an author does not publish, even what is theirs":  {limited(Author), Publish, models.KindSection, mine, false},
		"an editor publishes":                              {limited(Editor), Publish, models.KindModule, inDough, true},
		"an editor does not manage users":                  {limited(Editor), ManageUsers, "", Place{}, false},
		"an editor does not purge":                         {limited(Editor), Purge, models.KindSection, inDough, false},
		"an owner manages users":                           {limited(Owner), ManageUsers, "", Place{}, true},
		"an owner of one course does not manage users":     {limited(Owner, Limit{Course: bread}), ManageUsers, "", Place{}, false},
		"a limit to a course holds there":                  {limited(Editor, Limit{Course: bread}), Update, models.KindSection, inDough, true},
		"and not elsewhere":                                {limited(Editor, Limit{Course: cheese}), Update, models.KindSection, inDough, false},
		"nor for courses that are not there yet":           {limited(Editor, Limit{Course: bread}), Create, models.KindCourse, Place{}, false},
		"a limit to a module holds there":                  {limited(Editor, Limit{bread, &dough}), Update, models.KindSection, inDough, true},
		"and not in its neighbour":                         {limited(Editor, Limit{bread, &ovens}), Update, models.KindSection, inDough, false},
		"nor for its course":                               {limited(Editor, Limit{bread, &dough}), Update, models.KindCourse, Place{Course: bread}, false},
		"but its course can be read":                       {limited(Editor, Limit{bread, &dough}), Read, models.KindCourse, Place{Course: bread}, true},
		"and sources added to it":                          {limited(Editor, Limit{bread, &dough}), Create, models.KindSource, Place{Course: bread}, true},
		"and not changed, for other modules use them, too": {limited(Editor, Limit{bread, &dough}), Update, models.KindSource, Place{Course: bread}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := tt.who.Decide(tt.action, tt.kind, tt.at)
			if d.Allowed != tt.want || d.Reason == "" || d.Allowed != (d.Grant != nil) {
				t.Errorf("decided %+v, want %v", d, tt.want)
			}
		})
	}
}

func TestAnyGrantOfSeveralIsEnough(t *testing.T) {
	who := Subject{Name: "ada", Grants: []Grant{{Role: Viewer}, {Role: Editor, Limits: []Limit{{Course: bread}}}}}
	d := who.Decide(Publish, models.KindModule, Place{Course: bread, Module: dough})
	if !d.Allowed || d.Grant.Role != Editor {
		t.Errorf("decided %+v", d)
	}
	if d := who.Decide(Publish, models.KindModule, Place{Course: cheese}); d.Allowed {
		t.Errorf("decided %+v", d)
	}
}

func TestScopesOnlyTakeAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		who := limited(rapid.SampledFrom(Roles()).Draw(t, "role"))
		a := rapid.SampledFrom(Actions()).Draw(t, "action")
		var kind models.Kind
		if a.OnRecords() {
			kind = rapid.SampledFrom(models.StoredKinds()).Draw(t, "kind")
		}
		at := Place{Course: bread, Module: dough, Mine: rapid.Bool().Draw(t, "mine")}
		without := who.Decide(a, kind, at)
		who.Scopes = rapid.SliceOfDistinct(rapid.SampledFrom(Scopes()), rapid.ID).Draw(t, "scopes")
		with := who.Decide(a, kind, at)
		if want := without.Allowed && slices.Contains(who.Scopes, scopes[a]); with.Allowed != want {
			t.Errorf("with scopes %v decided %+v, without %+v", who.Scopes, with, without)
		}
	})
}

// What Reach says of lists is what Decide says of each record.
func TestReachAgreesWithDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]Limit{{Course: bread}, {Course: cheese}, {bread, &dough}, {bread, &ovens}})
		who := Subject{Name: "ada", Grants: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Grant {
			return Grant{rapid.SampledFrom(Roles()).Draw(t, "role"), rapid.SliceOfN(limit, 0, 2).Draw(t, "limits")}
		}), 0, 3).Draw(t, "grants")}
		kind := rapid.SampledFrom(models.StoredKinds()).Draw(t, "kind")
		at := rapid.SampledFrom([]Place{{Course: bread}, {Course: cheese}, {Course: bread, Module: dough}, {Course: bread, Module: ovens}}).Draw(t, "place")
		if inModule := slices.Contains(inModules, kind); inModule != (at.Module != "") {
			return
		}
		r := who.Reach(kind)
		reached := r.All || slices.Contains(r.Courses, at.Course) || slices.Contains(r.Modules, at.Module)
		if d := who.Decide(Read, kind, at); d.Allowed != reached {
			t.Errorf("%s at %+v: reach %+v, decided %+v", kind, at, r, d)
		}
	})
}

// What people search for is told of whole courses: what SearchReach says is what Decide says of each.
func TestSearchReachAgreesWithDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]Limit{{Course: bread}, {Course: cheese}, {bread, &dough}})
		who := Subject{Name: "ada", Grants: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Grant {
			return Grant{rapid.SampledFrom(Roles()).Draw(t, "role"), rapid.SliceOfN(limit, 0, 2).Draw(t, "limits")}
		}), 0, 3).Draw(t, "grants")}
		if rapid.Bool().Draw(t, "token") {
			who.Scopes = rapid.SliceOfDistinct(rapid.SampledFrom(Scopes()), rapid.ID).Draw(t, "scopes")
		}
		r := who.SearchReach()
		for _, course := range []models.ID{"", bread, cheese} {
			reached := r.All || slices.Contains(r.Courses, course)
			if d := who.Decide(ReadSearches, models.KindCourse, Place{Course: course}); d.Allowed != reached {
				t.Errorf("course %q: reach %+v, decided %+v", course, r, d)
			}
		}
	})
}

// The whole table, for a person to look at, is in testdata/table.golden.
func TestTable(t *testing.T) {
	var b strings.Builder
	kinds := append([]models.Kind{""}, models.StoredKinds()...) // "" is the installation
	for _, role := range Roles() {
		for _, a := range Actions() {
			var cells []string
			for _, kind := range kinds {
				if e := role.extent(a, kind); e != none {
					cells = append(cells, string(kind)+map[extent]string{own: " (own)"}[e])
				}
			}
			if len(cells) > 0 {
				fmt.Fprintf(&b, "%-10s %-13s %s\n", role, a, strings.Join(cells, ", "))
			}
		}
	}
	golden := filepath.Join("testdata", "table.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s (%v) is not the table:\n%s", golden, err, b.String())
	}
}

// docs/users.md has the table, line by line.
func TestTheTableIsDocumented(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join("testdata", "table.golden"))
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile(filepath.Join("..", "docs", "users.md"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for line := range strings.Lines(string(golden)) {
		words := strings.Fields(line)
		row := fmt.Sprintf("| %s | %s | %s |", words[0], words[1], strings.Join(words[2:], " "))
		want = append(want, strings.ReplaceAll(row, "|  |", "| |"))
	}
	for line := range strings.Lines(string(docs)) {
		if role, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " "); Role(role).Valid() {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("docs/users.md has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
