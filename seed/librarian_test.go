package seed

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// librarianQueries are what people at a desk ask, each with what answers it: a part of the path of a page, or of
// "worksheet:" and the title where that is what is asked for.
var librarianQueries = []struct {
	ask   string
	pages []string
}{
	{"what does connected learning mean", []string{"section-1-1.md", "introduction-1-1", "introduction/section-1.md", "about-this-module", "module3/section-1.md", "module4/section-1.md", "three-spheres"}},
	{"theory of Piaget about how children think", []string{"youth-development/section-1-1"}},
	{"vygotsky zone of proximal development", []string{"youth-development/section-1-2"}},
	{"papert learning by making things", []string{"youth-development/section-1-3"}},
	{"bandura self efficacy", []string{"youth-development/section-1-4"}},
	{"bronfenbrenner ecological systems", []string{"youth-development/section-1-5"}},
	{"erikson stages psychosocial", []string{"youth-development/section-1-6"}},
	{"how teenagers form their identity", []string{"youth-development/section-2-1", "youth-development/section-2-0"}},
	{"moral development adolescents", []string{"youth-development/section-2-3"}},
	{"video games and learning", []string{"youth-development/section-3-3"}},
	{"teens social media texting friends", []string{"youth-development/section-3-2", "youth-development/section-3-1"}},
	{"what is a community asset map", []string{"communitymapping/section-1-1"}},
	{"asset based community development", []string{"communitymapping/section-2-1"}},
	{"walking around the neighborhood to meet neighbors", []string{"communitymapping/section-3-2", "communitymapping/section-3-1"}},
	{"census data about our town", []string{"communitymapping/section-1-3"}},
	{"organisations near the library as partners", []string{"communitymapping/section-3-3"}},
	{"design thinking process steps", []string{"design-thinking/section-1-3", "design-thinking/section-1-1"}},
	{"warm up exercises before a design challenge", []string{"design-thinking/section-2-4"}},
	{"brainstorming ideation with youth", []string{"design-thinking/section-3-2"}},
	{"iteration prototypes", []string{"design-thinking/section-3-3"}},
	{"design thinking for youth librarians", []string{"design-thinking/section-1-2"}},
	{"backward design of programs", []string{"programming/section-2-1", "backwards-design"}},
	{"theory of change", []string{"programming/section-2-2"}},
	{"who facilitates a program", []string{"programming/section-3-5"}},
	{"program outcomes", []string{"programming/section-3-1", "worksheet:Program design activity: Outcomes"}},
	{"logic model inputs outputs outcomes", []string{"logic-models", "building-logic-models"}},
	{"participatory design techniques", []string{"participatory-design", "design-techniques"}},
	{"what is a mentor", []string{"mentoring/section-1-1", "what-is-mentoring", "who-can-be-a-mentor"}},
	{"ending a mentoring relationship", []string{"step-4-ending", "mentoring/section-6-3"}},
	{"mentors who never worked with young people", []string{"mentoring/section-6-2"}},
	{"digital media mentor", []string{"mentoring/section-3-3"}},
	{"youth mentoring other youth", []string{"mentoring/section-4-1", "mentoring/section-4-0"}},
	{"matching mentors and mentees", []string{"step-2-connect"}},
	{"roadmap for a mentoring program", []string{"step-1-mentoring-roadmap", "worksheet:a mentoring roadmap", "Mentoring Roadmap"}},
	{"troubleshoting mentoring", []string{"mentoring/_posts/2002-08-01-troubleshooting", "mentoring/section-6-0"}},
	{`"civic engagement" library roles`, []string{"civic-engagement-library", "2002-02-01-roles"}},
	{"small library with few staff capacity", []string{"capacity-at-any-size", "building-capacity", "2000-01-01-capacity"}},
	{"internal asset mapping", []string{"internal-assets"}},
	{"why libraries should promote equity", []string{"promoting-equity", "section-3-1"}},
	{"title:sponsorship", []string{"section-2-4", "2-4-sponsorship"}},
}

// successAtThree is the share of questions of which one of the first three hits must be an answer.
const successAtThree = .9

func TestLibrariansFindWhatTheyAskFor(t *testing.T) {
	c, paths, index := libraryIndex(t)
	found := 0
	for _, q := range librarianQueries {
		answer, err := c.Search(t.Context(), index, search.Query{Text: q.ask, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range answer.Hits {
			got = append(got, paths[h.Ref.Key()])
		}
		if slices.ContainsFunc(got, func(path string) bool {
			return slices.ContainsFunc(q.pages, func(page string) bool { return strings.Contains(path, page) })
		}) {
			found++
			continue
		}
		t.Logf("%q finds %q", q.ask, got)
	}
	share := float64(found) / float64(len(librarianQueries))
	t.Logf("%d of %d questions are answered among the first three hits", found, len(librarianQueries))
	if share < successAtThree {
		t.Errorf("success@3 is %.3f, want %.2f", share, successAtThree)
	}
}

// libraryIndex imports, publishes and indexes both corpora, and tells the page of each section.
func libraryIndex(t *testing.T) (*content.Service, map[models.Ref]string, search.Index) {
	t.Helper()
	dir := shared(t)
	c, files := lectern(t)
	for _, corpus := range []string{"connectedlib-site", "connectedlib-toolkit"} {
		importCorpus(t, c, Options{Publish: true, Files: files}, filepath.Join(dir, "corpora", corpus))
	}
	index, err := search.OpenEmbedded(filepath.Join(t.TempDir(), "index"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	follower := search.NewFollower(index, c, slog.New(slog.DiscardHandler))
	if err := follower.CatchUp(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	paths := map[models.Ref]string{}
	refs, err := c.SearchedRefs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		draft, err := c.Draft(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		switch r := draft.(type) {
		case *models.Section:
			if r.Origin != nil {
				paths[ref.Key()] = r.Origin.Path
			}
		default:
			paths[ref.Key()] = string(r.Kind()) + ":" + r.Label()
		}
	}
	return c, paths, index
}
