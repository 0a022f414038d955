package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/archive"
	"github.com/lectern-cms/lectern/store"
)

// ImportRequest says how an archive is to be imported.
type ImportRequest struct {
	Choices
	Publish bool `json:"publish"` // what was imported
	DryRun  bool `json:"dry_run"` // write nothing, and report what would be done: Apply imports the same archive later
}

// Import is an import as its users see it.
type Import struct {
	Transfer
	ImportRequest
	Progress Progress       `json:"progress"`
	Report   jsontext.Value `json:"report"` // what was found and done, when it is done; null in lists
}

// Progress counts pages.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"` // 0 while it is not known, and for exports of Lectern as JSON
}

// progressEvery is how often progress is written down.
const progressEvery = time.Second

func importView(x *store.Transfer) (out Import, err error) {
	if out.Transfer, err = transferView(x); err != nil {
		return out, err
	}
	out.Progress = Progress{x.Done, x.Total}
	if x.Report != nil {
		out.Report = jsontext.Value(*x.Report)
	} else {
		out.Report = jsontext.Value("null")
	}
	return out, models.Decode([]byte(x.Options), &out.ImportRequest)
}

// Upload keeps an archive that is to be imported, and writes down that it is. name is what reports call it. It fails with
// Malformed when it is no archive, and with ErrTooLarge.
func (s *Service) Upload(ctx context.Context, who access.Subject, from access.Origin, name string, r io.Reader, req ImportRequest) (out Import, err error) {
	if err := s.mayImport(ctx, who, req, ""); err != nil {
		return out, err
	}
	options, err := models.Encode(req)
	if err != nil {
		return out, err
	}
	x := &store.Transfer{ID: models.NewID(), Direction: store.Import, Name: name, Options: string(options)}
	if err := s.keep(x.ID, r); err != nil {
		return out, err
	}
	if err := s.add(ctx, who, from, x, WorkImport); err != nil {
		return out, errors.Join(err, s.dropArchive(x.ID))
	}
	return importView(x)
}

// keep saves an archive under its name when it is whole.
func (s *Service) keep(id models.ID, r io.Reader) (err error) {
	f, err := os.CreateTemp(s.Folder, ".new-*")
	if err != nil {
		return fmt.Errorf("keep an archive: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(fill(f, r), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), s.path(id))
}

// ErrTooLarge is the error of an upload with more than MaxArchiveBytes.
var ErrTooLarge = models.Malformed(fmt.Sprintf("the archive has more than %d MiB", MaxArchiveBytes>>20), nil)

func fill(f *os.File, r io.Reader) error {
	head := make([]byte, 4)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if !archive.Is(head[:n]) {
		return models.Malformed("the body is neither a zip nor a tar.gz archive", nil)
	}
	if _, err := f.Write(head[:n]); err != nil {
		return fmt.Errorf("keep an archive: %w", err)
	}
	size, err := io.Copy(f, io.LimitReader(r, MaxArchiveBytes))
	if err != nil {
		return err
	}
	if size+int64(n) > MaxArchiveBytes {
		return ErrTooLarge
	}
	return f.Sync()
}

// mayImport asks for the grants that an import takes: to create and change everything in the course that it is for, or to
// create courses when it names none that is there. course is that of an export, empty for a site.
func (s *Service) mayImport(ctx context.Context, who access.Subject, req ImportRequest, course models.ID) error {
	at := access.Place{}
	switch {
	case course != "":
		_, err := s.Content.Draft(ctx, models.Ref{Type: models.KindCourse, ID: course})
		if err == nil {
			at.Course = course
		} else if models.KindOf(err) != models.KindNotFound {
			return err
		}
	case req.Course != "":
		ref, err := s.Content.FindDraft(ctx, []string{req.Course})
		if err != nil && models.KindOf(err) != models.KindNotFound {
			return err
		}
		at.Course = ref.ID
	}
	wanted := []access.Action{access.Create, access.Update}
	if req.Publish {
		wanted = append(wanted, access.Publish)
	}
	kind := models.KindModule // all that the course has
	if at.Course == "" {
		kind = models.KindCourse
	}
	for _, action := range wanted {
		if d := who.Decide(action, kind, at); !d.Allowed {
			return models.Forbidden(d.Reason)
		}
	}
	return nil
}

// Imports lists imports without their reports, by id: one's own, or everybody's for those who may create courses.
func (s *Service) Imports(ctx context.Context, who access.Subject, after models.ID, limit int) ([]Import, error) {
	rows, err := s.list(ctx, who, store.Import, after, limit)
	out := make([]Import, len(rows))
	for i := range rows {
		if err == nil {
			out[i], err = importView(&rows[i])
		}
	}
	return out, err
}

// Import reads one.
func (s *Service) Import(ctx context.Context, who access.Subject, id models.ID) (Import, error) {
	x, err := s.read(ctx, who, store.Import, id)
	if err != nil {
		return Import{}, err
	}
	return importView(x)
}

// ImportReport writes the report of an import as a page for people. It fails with Conflict when there is none.
func (s *Service) ImportReport(ctx context.Context, who access.Subject, id models.ID, w io.Writer) error {
	x, err := s.read(ctx, who, store.Import, id)
	if err != nil {
		return err
	}
	if x.Report == nil {
		return models.Conflict("the import has no report: it is "+string(x.State), nil)
	}
	var report seed.Report
	if err := models.Decode([]byte(*x.Report), &report); err != nil {
		return fmt.Errorf("read a report: %w", err)
	}
	return seed.WriteHTML(w, []*seed.Report{&report})
}

// DiscardImport stops an import if need be, and forgets it with its archive. What has been imported stays. It fails with
// Conflict when it was done before it could be stopped.
func (s *Service) DiscardImport(ctx context.Context, who access.Subject, from access.Origin, id models.ID) error {
	return s.discard(ctx, who, from, store.Import, id)
}

// ApplyImport imports the very archive that a dry run has looked at. It fails with Conflict when the import is no dry run
// that is done, or its archive has been removed, and with Stale when the drafts of its courses have changed since.
func (s *Service) ApplyImport(ctx context.Context, who access.Subject, from access.Origin, id models.ID) (out Import, err error) {
	x, err := s.read(ctx, who, store.Import, id)
	if err != nil {
		return out, err
	}
	if out, err = importView(x); err != nil {
		return out, err
	}
	if !out.DryRun || x.State != store.TransferDone {
		return out, models.Conflict("only a dry run that is done can be applied", nil)
	}
	if x.ExpiresAt == nil || !s.Now().Before(*x.ExpiresAt) {
		return out, models.Conflict("the archive of the dry run has been removed: upload it again", nil)
	}
	if err := s.mayImport(ctx, who, out.ImportRequest, ""); err != nil {
		return out, err
	}
	if err := s.unchanged(ctx, x); err != nil {
		return out, err
	}
	out.DryRun = false
	options, err := models.Encode(out.ImportRequest)
	if err != nil {
		return out, err
	}
	x.State, x.Options, x.DoneAt, x.ExpiresAt, x.Done, x.Report = store.TransferWaiting, string(options), nil, nil, 0, nil
	err = s.Store.InTx(ctx, func(tx *store.Tx) error {
		moved, err := tx.MoveTransfer(x, store.TransferDone)
		if err != nil {
			return err
		}
		if !moved {
			return models.Conflict("somebody else has applied or discarded it", nil)
		}
		if err := s.Queue.Enqueue(ctx, tx, WorkImport, id, s.Now()); err != nil {
			return err
		}
		return s.note(tx, who, from, x, "apply", map[string]any{"name": x.Name})
	})
	if err != nil {
		return out, err
	}
	return importView(x)
}

// RunImport does an import that is still to be done. Each course of it is saved in one transaction. It may be called
// again, by another process too when this one was killed: what is saved already is found and left as it is.
func (s *Service) RunImport(ctx context.Context, id models.ID) error {
	return s.do(ctx, store.Import, id, s.doImport)
}

func (s *Service) doImport(ctx context.Context, who access.Subject, x *store.Transfer) (err error) {
	var req ImportRequest
	if err := models.Decode([]byte(x.Options), &req); err != nil {
		return err
	}
	if err := s.settle(ctx, x); err != nil {
		return err
	}
	opened, err := seed.OpenArchive(s.path(x.ID), x.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	src, err := Survey(ctx, opened, req.Choices)
	if err != nil {
		return err
	}
	x.Total = len(src.Pages)
	loaded, course, err := src.Load(ctx, seed.Options{
		Publish: req.Publish, DryRun: req.DryRun, Files: s.Files, Staging: s.Staging, Progress: s.progress(ctx, x),
		By: content.Save{Author: who.Name, AuthorID: who.ID, Message: "import of " + x.Name},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, loaded.Close()) }()
	if err := s.mayImport(ctx, who, req, course); err != nil {
		return err
	}
	report, err := loaded.Save(ctx, s.Content)
	if err != nil {
		return err
	}
	return s.imported(ctx, x, req, report)
}

// imported notes what an import has done.
func (s *Service) imported(ctx context.Context, x *store.Transfer, req ImportRequest, report *seed.Report) error {
	data, err := models.Encode(report)
	if err != nil {
		return err
	}
	text := string(data)
	x.Report, x.Done = &text, x.Total
	if !req.DryRun {
		return nil
	}
	x.ExpiresAt = new(s.Now().Add(keepLooked))
	seen := map[string]string{}
	for _, c := range report.Courses {
		if c.Course.Slug == nil {
			continue
		}
		if seen[*c.Course.Slug], err = s.mark(ctx, *c.Course.Slug); err != nil {
			return err
		}
	}
	data, err = models.Encode(seen)
	x.Seen = string(data)
	return err
}

// unchanged fails with Stale when the courses that a dry run has seen are not as they were.
func (s *Service) unchanged(ctx context.Context, x *store.Transfer) error {
	if x.Seen == "" {
		return nil
	}
	var seen map[string]string
	if err := models.Decode([]byte(x.Seen), &seen); err != nil {
		return err
	}
	for slug, was := range seen {
		is, err := s.mark(ctx, slug)
		if err != nil {
			return err
		}
		if is != was {
			return models.Stale(fmt.Sprintf("drafts of the course %q have changed since the dry run: look at it again by another one", slug))
		}
	}
	return nil
}

// settle looks once whether a dry run may still be applied. After that the import itself may have changed drafts, before
// its process was killed.
func (s *Service) settle(ctx context.Context, x *store.Transfer) error {
	if x.Seen == "" {
		return nil
	}
	if err := s.unchanged(ctx, x); err != nil {
		return err
	}
	x.Seen = ""
	return s.Store.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.MoveTransfer(x, store.TransferRunning)
		return err
	})
}

// mark tells which drafts a course has, by its slug: empty when there is no such course.
func (s *Service) mark(ctx context.Context, slug string) (mark string, err error) {
	ref, err := s.Content.FindDraft(ctx, []string{slug})
	if models.KindOf(err) == models.KindNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		mark, err = tx.Draft.CourseMark(ref.ID)
		return err
	})
	return mark, err
}

// progress writes down how many pages are read, now and then.
func (s *Service) progress(ctx context.Context, x *store.Transfer) func(done, total int) {
	var once sync.Once
	var last time.Time
	return func(done, total int) {
		x.Done, x.Total = done, total
		once.Do(func() { last = s.Now() })
		if s.Now().Sub(last) < progressEvery {
			return
		}
		last = s.Now()
		err := s.Store.InTx(ctx, func(tx *store.Tx) error { return tx.SetTransferProgress(x.ID, done, total) })
		if err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "progress was not written down", "id", x.ID, "error", err)
		}
	}
}
