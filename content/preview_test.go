package content_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// elsewhere is a tester with a context of its own.
type elsewhere struct {
	tester
	ctx context.Context
}

func (e elsewhere) Context() context.Context { return e.ctx }

var zoe = access.Subject{ID: models.NewID(), Name: "zoe", Grants: []access.Grant{{Role: access.Editor}}}

// preview makes a preview of a record and gives a site that is seen through it.
func preview(s *site, r models.Record) (*site, *content.NewPreview) {
	s.t.Helper()
	p, err := s.As(zoe, access.Origin{}).CreatePreview(s.t.Context(), *ref(r), content.PreviewRequest{})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, err := s.InPreview(s.t.Context(), p.Token)
	if err != nil {
		s.t.Fatal(err)
	}
	return &site{t: elsewhere{s.t, ctx}, Service: s.Service, store: s.store, onPostgres: s.onPostgres}, p
}

// inPreview reads what a preview of a record shows.
func inPreview[V any](s *site, r models.Record, read func(*site) V) V {
	s.t.Helper()
	seen, _ := preview(s, r)
	return read(seen)
}

func TestPreviewsShowWhatAPublishWouldServe(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := baked(s)
		change(s, b.knead, func(r *models.Section) {
			r.Title, r.EditorNotes = "knead longer", []models.EditorNote{{ID: "1", Text: "hush"}}
			citing(r, "1", b.book)
		})
		change(s, b.heat, func(r *models.Section) { r.Title = "heat more" })
		s.trash(b.mix)
		fresh := section(b.dough, "rest")
		s.create(fresh)

		before := s.revision()
		seen, _ := preview(s, b.dough)
		all := content.ListRequest{Limit: 100, Body: allBodies}
		shown, err := s.Sections(seen.t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, v := range shown.Items {
			titles = append(titles, v.Title)
			if strings.Contains(*v.HTML+*v.Text, "hush") {
				t.Errorf("the preview shows a note: %s", *v.HTML)
			}
		}
		wantEqual(t, strings.Join(titles, ", "), "knead longer, heat, fold, rest") // by id
		if _, err := s.Section(seen.t.Context(), b.mix.ID, content.ReadRequest{}); models.KindOf(err) != models.KindGone {
			t.Errorf("what leaves is %v", err)
		}
		if _, err := s.SectionBySlug(seen.t.Context(), "bread", "dough", "rest", content.ReadRequest{}); err != nil {
			t.Errorf("what is new is %v by its path", err)
		}
		if v := s.section(b.heat); v.Title != "heat" {
			t.Errorf("another module shows %q", v.Title)
		}

		wantEqual(t, s.revision(), before)
		if v := s.section(b.knead); v.Title != "knead" {
			t.Errorf("readers see %q", v.Title)
		}
		if _, err := s.Section(t.Context(), fresh.ID, content.ReadRequest{}); models.KindOf(err) != models.KindNotFound {
			t.Errorf("readers see what is new: %v", err)
		}
		if d := s.draft(b.knead); d.Base().State() != models.StateChanged {
			t.Errorf("the draft is %s", d.Base().State())
		}
		changes, _, err := s.ChangesSince(t.Context(), before, 10)
		if err != nil || len(changes) > 0 {
			t.Errorf("the change log has %v, %v", changes, err)
		}
	})
}

// What would block a publish is there to be looked at.
func TestPreviewsShowWhatCantBePublished(t *testing.T) {
	b := baked(newSite(t))
	change(b.site, b.knead, func(s *models.Section) { s.Blocks = append(s.Blocks, text("So they say[^9].")) })
	if _, _, err := b.Publish(t.Context(), one(b.knead)); models.KindOf(err) != models.KindInvalid {
		t.Fatalf("publish: %v", err)
	}
	seen, _ := preview(b.site, b.knead)
	if html := *seen.section(b.knead).HTML; !strings.Contains(html, "So they say") {
		t.Errorf("the preview shows %s", html)
	}
}

func TestPreviewsEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		short := int64(60)
		for name, end := range map[string]func(*content.NewPreview){
			"revoked": func(p *content.NewPreview) {
				for range 2 { // once more does nothing
					if err := e.RevokePreview(t.Context(), p.ID); err != nil {
						t.Error(err)
					}
				}
			},
			"expired": func(*content.NewPreview) {
				for range 60 { // each look at the clock takes a second
					if _, err := e.Previews(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			},
		} {
			p, err := e.CreatePreview(t.Context(), *refOf(d.a), content.PreviewRequest{ExpiresIn: &short, Note: "for the printer"})
			if err != nil {
				t.Fatal(name, err)
			}
			if _, err := s.InPreview(t.Context(), p.Token); err != nil {
				t.Errorf("%s: at first it is %v", name, err)
			}
			list, err := e.Previews(t.Context())
			if err != nil || len(list) != 1 || list[0].Note != "for the printer" || list[0].Author != "zoe" {
				t.Errorf("%s: listed as %+v, %v", name, list, err)
			}
			end(p)
			_, err = s.InPreview(t.Context(), p.Token)
			wantKind(t, err, models.KindGone)
			if list, err = e.Previews(t.Context()); err != nil || len(list) > 0 {
				t.Errorf("%s: it is listed: %+v, %v", name, list, err)
			}
		}
		for _, secret := range []string{"", "lec_preview_", "lec_preview_" + strings.Repeat("A", 43), string(d.a.ID)} {
			_, err := s.InPreview(t.Context(), secret)
			wantKind(t, err, models.KindNotFound)
		}
	})
}

func TestWhoMayMakePreviews(t *testing.T) {
	d := newDesk(t, newSite(t))
	inA := access.Limit{Course: d.course.ID, Module: &d.a.ID}
	for name, tt := range map[string]struct {
		who  access.Grant
		of   *models.Module
		want models.ErrorKind
	}{
		"an editor":                        {access.Grant{Role: access.Editor}, d.a, 0},
		"an editor of the module":          {access.Grant{Role: access.Editor, Limits: []access.Limit{inA}}, d.a, 0},
		"an editor of another module":      {access.Grant{Role: access.Editor, Limits: []access.Limit{inA}}, d.b, models.KindNotFound},
		"somebody who only reads":          {access.Grant{Role: access.Viewer}, d.a, models.KindForbidden},
		"an author of somebody's elses":    {access.Grant{Role: access.Author}, d.a, models.KindForbidden},
		"somebody without any grant":       {access.Grant{}, d.a, models.KindNotFound},
		"a translator, who changes texts ": {access.Grant{Role: access.Translator}, d.a, 0},
	} {
		_, err := d.as("mia", tt.who).CreatePreview(t.Context(), *refOf(tt.of), content.PreviewRequest{})
		if (tt.want == 0) != (err == nil) || err != nil && models.KindOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := d.as("mia", access.Grant{Role: access.Viewer, Limits: []access.Limit{{Course: d.course.ID, Module: &d.b.ID}}}).Previews(t.Context())
	if err != nil || len(list) > 0 {
		t.Errorf("who reads another module sees %+v, %v", list, err)
	}
	all, err := d.editor().Previews(t.Context())
	if err != nil || len(all) != 3 {
		t.Fatalf("an editor sees %+v, %v", all, err)
	}
	wantKind(t, d.as("mia", access.Grant{Role: access.Viewer}).RevokePreview(t.Context(), all[0].ID), models.KindForbidden)
	wantKind(t, d.as("mia").RevokePreview(t.Context(), all[0].ID), models.KindNotFound)
	d.trash(d.a)
	_, err = d.editor().CreatePreview(t.Context(), *refOf(d.a), content.PreviewRequest{})
	wantKind(t, err, models.KindConflict)
}

func TestPreviewRequestsThatAreRefused(t *testing.T) {
	d := newDesk(t, newSite(t))
	seconds := func(n int64) *int64 { return &n }
	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		req  content.PreviewRequest
		want []string
	}{
		"over at once":  {content.PreviewRequest{ExpiresIn: seconds(1)}, []string{"/expires_in"}},
		"too long":      {content.PreviewRequest{ExpiresIn: seconds(91 * 24 * 3600)}, []string{"/expires_in"}},
		"an overflow":   {content.PreviewRequest{ExpiresIn: seconds(1 << 62)}, []string{"/expires_in"}},
		"below nothing": {content.PreviewRequest{ExpiresIn: seconds(-1)}, []string{"/expires_in"}},
		"in the past":   {content.PreviewRequest{ExpiresAt: &past}, []string{"/expires_at"}},
		"two of it":     {content.PreviewRequest{ExpiresAt: &past, ExpiresIn: seconds(60)}, []string{"/expires_at"}},
		"a NUL":         {content.PreviewRequest{Note: "\x00"}, []string{"/note"}},
		"all of it": {
			content.PreviewRequest{ExpiresIn: seconds(1), Note: strings.Repeat("n", 501)}, []string{"/expires_in", "/note"},
		},
	} {
		_, err := d.editor().CreatePreview(t.Context(), *refOf(d.a), tt.req)
		wantKind(t, err, models.KindInvalid)
		wantEqual(t, pointers(err), tt.want)
		if list, err := d.editor().Previews(t.Context()); err != nil || len(list) > 0 {
			t.Errorf("%s: there is %+v, %v", name, list, err)
		}
	}
}

// A preview that can't have the write connection in time says so, and leaves saving as it was.
func TestPreviewsDoNotWaitForEver(t *testing.T) {
	d := newDesk(t, newSite(t))
	seen, _ := preview(d.site, d.a)
	err := d.store.InTx(t.Context(), func(*store.Tx) error {
		ctx, cancel := context.WithTimeout(seen.t.Context(), 10*time.Millisecond)
		defer cancel()
		_, err := d.Module(ctx, d.a.ID, content.ReadRequest{})
		return err
	})
	if err == nil {
		t.Error("a preview read beside a write on SQLite")
	}
	if _, err := d.Module(seen.t.Context(), d.a.ID, content.ReadRequest{}); err != nil {
		t.Errorf("after it: %v", err)
	}
	change(d.site, d.a, func(m *models.Module) { m.Title = "saved" })
}

// pointers lists the fields that an error names.
func pointers(err error) (out []string) {
	e, _ := errors.AsType[*models.Error](err)
	for _, f := range e.Fields {
		out = append(out, f.Pointer)
	}
	return out
}
