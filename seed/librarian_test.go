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
	"github.com/lectern-cms/lectern/search/searchtest"
)

// successAtThree is the share of questions of which one of the first three hits must be an answer.
const successAtThree = .9

func TestLibrariansFindWhatTheyAskFor(t *testing.T) {
	c, paths, index := libraryIndex(t)
	for _, set := range []struct {
		name    string
		queries []librarianQuery
	}{
		{"first", librarianQueries},
		{"fresh", freshQueries},
	} {
		t.Run(set.name, func(t *testing.T) {
			found := 0
			for _, q := range set.queries {
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
			share := float64(found) / float64(len(set.queries))
			t.Logf("%d of %d questions are answered among the first three hits", found, len(set.queries))
			if share < successAtThree {
				t.Errorf("success@3 is %.3f, want %.2f", share, successAtThree)
			}
		})
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
	for _, ref := range searchtest.Refs(t, c) {
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
