package content_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		runUntilKilled(path)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit))
}

// site is a service over a database of its own, with what these tests do most.
type site struct {
	t tester
	*content.Service
	store *store.Store

	onPostgres bool
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	rapid.TB
	Context() context.Context
}

// onBoth runs a fact on an empty site over each database.
func onBoth(t *testing.T, fact func(*testing.T, *site)) {
	t.Run("sqlite", func(t *testing.T) { fact(t, newSite(t)) })
	t.Run("postgres", func(t *testing.T) { fact(t, openSite(t, store.Config{PostgresURL: pgtest.URL(t)})) })
}

func newSite(t testing.TB) *site {
	return openSite(t, store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")})
}

func openSite(t testing.TB, cfg store.Config) *site {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	tick := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	clock := func() time.Time { tick = tick.Add(time.Second); return tick }
	return &site{t, content.New(db, slog.New(slog.DiscardHandler), clock), db, cfg.PostgresURL != ""}
}

// by is who saves in these tests.
var by = content.Save{Author: "zoe"}

func (s *site) create(rs ...models.Record) {
	s.t.Helper()
	for _, r := range rs {
		if err := s.Create(s.t.Context(), r, by); err != nil {
			s.t.Fatalf("create %s %q: %v", r.Kind(), r.Label(), err)
		}
	}
}

func (s *site) draft(r models.Record) models.Record {
	s.t.Helper()
	d, err := s.Draft(s.t.Context(), *ref(r))
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// change saves a change to a draft.
func change[R models.Record](s *site, r R, edit func(R)) {
	s.t.Helper()
	version := s.draft(r).Base().Version
	_, err := s.Update(s.t.Context(), *ref(r), version, func(d models.Record) error { edit(d.(R)); return nil }, by)
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) trash(rs ...models.Record) {
	s.t.Helper()
	for _, r := range rs {
		if err := s.Trash(s.t.Context(), *ref(r), s.draft(r).Base().Version); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *site) publish(rs ...models.Record) (*content.Plan, int64) {
	s.t.Helper()
	plan, revision, err := s.Publish(s.t.Context(), content.PublishRequest{Targets: refs(rs...)})
	if err != nil {
		s.t.Fatal(err)
	}
	return plan, revision
}

func (s *site) unpublish(rs ...models.Record) {
	s.t.Helper()
	if _, _, err := s.Unpublish(s.t.Context(), refs(rs...)...); err != nil {
		s.t.Fatal(err)
	}
}

// live names all live records of the stored kinds.
func (s *site) live() (names []string) {
	s.t.Helper()
	err := s.store.View(s.t.Context(), func(tx *store.Tx) error {
		for _, kind := range models.StoredKinds() {
			rs, err := tx.Live.List(store.Query{Kind: kind})
			if err != nil {
				return err
			}
			for _, r := range rs {
				names = append(names, name(kind, r.Label()))
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return names
}

func (s *site) revision() int64 {
	s.t.Helper()
	revision, err := s.ContentRevision(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return revision
}

// section reads a live section with all forms of its body.
func (s *site) section(sec *models.Section) content.SectionView {
	s.t.Helper()
	v, err := s.Section(s.t.Context(), sec.ID, content.ReadRequest{Body: allBodies})
	if err != nil {
		s.t.Fatal(err)
	}
	return v.Data
}

var allBodies = content.BodySet{content.BodyBlocks: true, content.BodyHTML: true, content.BodyMarkdown: true, content.BodyText: true}

func ref(r models.Record) *models.Ref { return models.NewRef(r.Kind(), r.Base().ID) }

func refs(rs ...models.Record) (out []models.Ref) {
	for _, r := range rs {
		out = append(out, *ref(r))
	}
	return out
}

// name is how these tests call a record: its kind and title.
func name(kind models.Kind, title string) string { return string(kind) + " " + title }

func names(refs []models.Ref) (out []string) {
	for _, r := range refs {
		out = append(out, name(r.Type, *r.Title))
	}
	return out
}

func wantEqual(t rapid.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func wantKind(t rapid.TB, err error, want models.ErrorKind) {
	t.Helper()
	if err == nil || models.KindOf(err) != want {
		t.Errorf("got error %v of kind %d, want kind %d", err, models.KindOf(err), want)
	}
}

// What follows makes records. Their slugs are their titles, and their ids are there from the start.

func base() models.Meta { return models.Meta{ID: models.NewID()} }

func course(slug string) *models.Course {
	return &models.Course{Meta: base(), Slug: slug, Title: slug, Language: "en", Numbering: models.NumberAsWritten}
}

func module(c *models.Course, slug string) *models.Module {
	return &models.Module{Meta: base(), CourseID: c.ID, Slug: slug, Title: slug}
}

func section(m *models.Module, slug string, blocks ...models.Block) *models.Section {
	return &models.Section{Meta: base(), CourseID: m.CourseID, ModuleID: m.ID, Slug: slug, Title: slug, Blocks: blocks}
}

// below is a section under another.
func below(parent *models.Section, slug string) *models.Section {
	s := section(&models.Module{Meta: models.Meta{ID: parent.ModuleID}, CourseID: parent.CourseID}, slug)
	s.ParentID = &parent.ID
	return s
}

func worksheet(m *models.Module, slug string, instructions ...models.Block) *models.Worksheet {
	return &models.Worksheet{Meta: base(), ModuleID: m.ID, Slug: slug, Word: models.WordActivity, Title: slug, Instructions: instructions}
}

func source(c *models.Course, key string) *models.Source {
	return &models.Source{Meta: base(), CourseID: c.ID, Key: key, Parse: models.ParseParsed, CSL: models.CSL{Type: "book"}}
}

func fragment(c *models.Course, slug string, blocks ...models.Block) *models.Fragment {
	return &models.Fragment{Meta: base(), CourseID: c.ID, Slug: slug, Title: slug, Blocks: blocks}
}

func asset(c *models.Course, file string) *models.Asset {
	const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	return &models.Asset{Meta: base(), CourseID: c.ID, Alt: file, File: models.File{Name: file, Sha256: hash, MediaType: "image/png"}}
}

func id() models.BlockBase { return models.BlockBase{ID: string(models.NewID())} }

func text(t string) *models.Paragraph {
	return &models.Paragraph{BlockBase: id(), Text: models.Text(t)}
}

func link(r models.Record) *models.Paragraph {
	return text("See [" + r.Label() + "](lectern:" + string(r.Kind()) + "/" + string(r.Base().ID) + ").")
}

func uses(w *models.Worksheet) models.Block {
	return &models.WorksheetUse{BlockBase: id(), Worksheet: ref(w), Role: models.RoleFirst}
}

func includes(f *models.Fragment) models.Block {
	return &models.FragmentUse{BlockBase: id(), Fragment: ref(f)}
}

func shows(a *models.Asset) models.Block {
	return &models.Image{BlockBase: id(), Asset: ref(a), Alt: "alt"}
}

// citing adds a citation with its mark.
func citing(s *models.Section, label string, src *models.Source) *models.Section {
	s.Blocks = append(s.Blocks, text("So they say[^"+label+"]."))
	s.Citations = append(s.Citations, models.Citation{ID: models.NewID(), Label: label, Written: "W.", Source: ref(src)})
	return s
}

// blocksOf reads served blocks.
func blocksOf(t testing.TB, served models.Written) (bs models.Blocks) {
	t.Helper()
	readServed(t, served, &bs)
	return bs
}

func readServed(t testing.TB, served models.Written, into any) {
	t.Helper()
	data, err := served.AppendJSON(nil)
	if err := errors.Join(err, json.Unmarshal(data, into)); err != nil {
		t.Fatal(err)
	}
}

// citationsOf reads served citations.
func citationsOf(t testing.TB, served models.Written) (out []models.Citation) {
	t.Helper()
	readServed(t, served, &out)
	return out
}
