package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/target"
	"github.com/lectern-cms/lectern/store"
)

// ExportRequest says what is to be written of which course.
type ExportRequest struct {
	Course    string `json:"course"`    // slug or id
	Format    string `json:"format"`    // json, markdown
	Public    bool   `json:"public"`    // only what readers may see
	Revisions bool   `json:"revisions"` // all saves of each record too
}

// Export is an export as its users see it.
type Export struct {
	Transfer
	ExportRequest
	File *string `json:"file"` // where it can be downloaded; null until it is done, and when it has expired
}

func (s *Service) exportView(x *store.Transfer) (out Export, err error) {
	if out.Transfer, err = transferView(x); err != nil {
		return out, err
	}
	if x.State == store.TransferDone && x.ExpiresAt != nil && s.Now().Before(*x.ExpiresAt) {
		out.File = new("/v1/admin/exports/" + string(x.ID) + "/file")
	}
	return out, models.Decode([]byte(x.Options), &out.ExportRequest)
}

// check finds what is wrong with a request itself.
func (req ExportRequest) check() (Format, error) {
	var fields []models.FieldError
	bad := func(pointer, detail string) {
		fields = append(fields, models.FieldError{Pointer: pointer, Detail: detail})
	}
	format, known := FormatNamed(req.Format)
	if !known {
		bad("/format", "must be json or markdown")
	}
	if req.Course == "" {
		bad("/course", "must be the slug or the id of a course")
	}
	if req.Revisions && req.Public {
		bad("/revisions", "what was saved before is not for readers")
	}
	if req.Revisions && format.Edited {
		bad("/revisions", "the format "+format.Name+" has no room for them")
	}
	return format, models.Invalid("the export can't be made", fields)
}

// Export writes down that a course is to be written into a file, for those who may read all of it, private fields too; for
// those who may read its drafts what readers may see. It fails with NotFound when there is no such course.
func (s *Service) Export(ctx context.Context, who access.Subject, from access.Origin, req ExportRequest) (out Export, err error) {
	if _, err := req.check(); err != nil {
		return out, err
	}
	course, err := s.course(ctx, req.Course)
	if err != nil {
		return out, err
	}
	if err := mayExport(who, req, course); err != nil {
		return out, err
	}
	options, err := models.Encode(req)
	if err != nil {
		return out, err
	}
	x := &store.Transfer{
		ID: models.NewID(), Direction: store.Export, CourseID: course.Base().ID, Options: string(options),
		Name: fmt.Sprintf("%s-%s.zip", course.Name(), req.Format),
	}
	if err := s.add(ctx, who, from, x, WorkExport); err != nil {
		return out, err
	}
	return s.exportView(x)
}

// course finds a course by slug or id.
func (s *Service) course(ctx context.Context, name string) (models.Record, error) {
	ref := models.Ref{Type: models.KindCourse, ID: models.ID(name)}
	if !ref.ID.Valid() {
		var err error
		if ref, err = s.Content.FindDraft(ctx, []string{name}); err != nil {
			return nil, err
		}
	}
	return s.Content.Draft(ctx, ref)
}

// mayExport asks for the grants that an export takes. What may not be read is not found.
func mayExport(who access.Subject, req ExportRequest, course models.Record) error {
	at := access.Place{Course: course.Base().ID}
	if !who.Decide(access.Read, models.KindCourse, at).Allowed {
		return models.NotFound(models.KindCourse, req.Course)
	}
	action := access.ReadPrivate
	if req.Public {
		action = access.Read
	}
	for _, kind := range []models.Kind{models.KindCourse, models.KindModule} { // a grant for one module is not enough
		if d := who.Decide(action, kind, at); !d.Allowed {
			return models.Forbidden(d.Reason)
		}
	}
	return nil
}

// Exports lists exports by id: one's own, or everybody's for those who may create courses.
func (s *Service) Exports(ctx context.Context, who access.Subject, after models.ID, limit int) ([]Export, error) {
	rows, err := s.list(ctx, who, store.Export, after, limit)
	out := make([]Export, len(rows))
	for i := range rows {
		if err == nil {
			out[i], err = s.exportView(&rows[i])
		}
	}
	return out, err
}

// ExportOf reads one.
func (s *Service) ExportOf(ctx context.Context, who access.Subject, id models.ID) (Export, error) {
	x, err := s.read(ctx, who, store.Export, id)
	if err != nil {
		return Export{}, err
	}
	return s.exportView(x)
}

// ExportFile opens the file of an export, a zip archive, for those who might have asked for it. It fails with Conflict
// when it is not done, and with Gone when its time is over.
func (s *Service) ExportFile(ctx context.Context, who access.Subject, from access.Origin, id models.ID) (f *os.File, name string, err error) {
	x, err := s.read(ctx, who, store.Export, id)
	if err != nil {
		return nil, "", err
	}
	var req ExportRequest
	if err := models.Decode([]byte(x.Options), &req); err != nil {
		return nil, "", err
	}
	course, err := s.Content.Draft(ctx, models.Ref{Type: models.KindCourse, ID: x.CourseID})
	if err != nil {
		return nil, "", err
	}
	if err := mayExport(who, req, course); err != nil {
		return nil, "", err
	}
	gone := &models.Error{Kind: models.KindGone, Message: "the file of the export has been removed: make another one"}
	switch {
	case x.State != store.TransferDone:
		return nil, "", models.Conflict("the export has no file: it is "+string(x.State), nil)
	case x.ExpiresAt == nil || !s.Now().Before(*x.ExpiresAt):
		return nil, "", gone
	}
	f, err = os.Open(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", gone
	}
	if err != nil {
		return nil, "", fmt.Errorf("open an export: %w", err)
	}
	err = s.Store.InTx(ctx, func(tx *store.Tx) error { return s.note(tx, who, from, x, "download", nil) })
	if err != nil {
		return nil, "", errors.Join(err, f.Close())
	}
	return f, x.Name, nil
}

// DiscardExport stops an export if need be, and forgets it with its file.
func (s *Service) DiscardExport(ctx context.Context, who access.Subject, from access.Origin, id models.ID) error {
	return s.discard(ctx, who, from, store.Export, id)
}

// RunExport does an export that is still to be done. It may be called again.
func (s *Service) RunExport(ctx context.Context, id models.ID) error {
	return s.do(ctx, store.Export, id, s.doExport)
}

func (s *Service) doExport(ctx context.Context, who access.Subject, x *store.Transfer) error {
	var req ExportRequest
	if err := models.Decode([]byte(x.Options), &req); err != nil {
		return err
	}
	format, err := req.check()
	if err != nil {
		return err
	}
	course, err := s.Content.Draft(ctx, models.Ref{Type: models.KindCourse, ID: x.CourseID})
	if err != nil {
		return err
	}
	if err := mayExport(who, req, course); err != nil {
		return err
	}
	to, err := target.OpenZip(s.path(x.ID), func(fs.FS) error { return nil })
	if err != nil {
		return err
	}
	err = format.Write(ctx, s.Content, s.Files, content.ExportRequest{Course: x.CourseID, Public: req.Public, Revisions: req.Revisions}, to)
	if err == nil {
		err = to.Commit()
	}
	if err != nil {
		return errors.Join(err, to.Abort())
	}
	x.ExpiresAt = new(s.Now().Add(keepExport))
	return nil
}
