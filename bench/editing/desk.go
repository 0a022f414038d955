package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// The sizes of what is edited: a very long section, and a large module.
const (
	blocksOfSection = 200
	sectionsOfIt    = 100
	blocksOfEach    = 10
)

// desk is an editor with a course to work on.
type desk struct {
	*content.Editor
	path    string
	store   *store.Store
	long    models.Ref // section
	blocks  []string   // their ids
	module  models.Ref
	version int64 // of the long section
	parts   []models.ID
	edits   int64 // of each part
}

func openDesk(ctx context.Context, path string) (*desk, error) {
	s, err := store.Open(ctx, store.Config{Path: path})
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	who := access.Subject{ID: models.NewID(), Name: "The Editor", Grants: []access.Grant{{Role: access.Editor}}}
	d := &desk{path: path, store: s}
	d.Editor = content.New(s, slog.New(slog.DiscardHandler), time.Now).As(who, access.Origin{Address: "127.0.0.1"})
	return d, d.fill(ctx)
}

func (d *desk) close() { _ = d.store.Close() }

// fill makes a course of two modules and publishes it.
func (d *desk) fill(ctx context.Context) error {
	course, other := models.NewID(), models.NewID()
	d.module = models.Ref{Type: models.KindModule, ID: models.NewID()}
	d.long = models.Ref{Type: models.KindSection, ID: models.NewID()}
	ops := []content.Operation{
		create(models.KindCourse, `{"id": %q, "title": "Course", "language": "en"}`, course),
		create(models.KindModule, `{"id": %q, "course_id": %q, "title": "Large"}`, d.module.ID, course),
		create(models.KindModule, `{"id": %q, "course_id": %q, "title": "Other"}`, other, course),
		create(models.KindSection, `{"id": %q, "module_id": %q, "title": "Long", "blocks": %s}`, d.long.ID, other, paragraphs(blocksOfSection)),
	}
	for i := range sectionsOfIt {
		id := models.NewID()
		d.parts = append(d.parts, id)
		ops = append(ops, create(models.KindSection, `{"id": %q, "module_id": %q, "title": "Part %d", "blocks": %s}`, id, d.module.ID, i, paragraphs(blocksOfEach)))
	}
	if _, err := d.Batch(ctx, ops); err != nil {
		return err
	}
	long, err := d.Draft(ctx, d.long)
	if err != nil {
		return err
	}
	var blocks []struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(long.Members["blocks"], &blocks); err != nil {
		return err
	}
	for _, b := range blocks {
		d.blocks = append(d.blocks, b.ID)
	}
	d.version, d.edits = 1, 1
	_, _, err = d.Publish(ctx, content.PublishRequest{Targets: []models.Ref{{Type: models.KindCourse, ID: course}}})
	return err
}

func create(kind models.Kind, format string, args ...any) content.Operation {
	return content.Operation{Op: "create", Kind: kind, Data: fmt.Appendf(nil, format, args...)}
}

// paragraphs is the JSON of n blocks.
func paragraphs(n int) string {
	blocks := make([]string, n)
	for i := range blocks {
		blocks[i] = fmt.Sprintf(`{"kind": "paragraph", "text": %q}`, sentence(i))
	}
	return "[" + strings.Join(blocks, ",") + "]"
}

func sentence(n int) string {
	return fmt.Sprintf("Step %d: ask *who* is there, [show](https://example.org/%d) the plan, and write down what **they** say. ", n, n) +
		strings.Repeat("Then look at it again in a week. ", 6)
}

// save changes one block of the long section.
func (d *desk) save(ctx context.Context) step {
	var ops []patch.Op
	return step{
		ready: func() error {
			n := int(d.version)
			id := d.blocks[n%len(d.blocks)]
			block := jsontext.Value(fmt.Sprintf(`{"id": %q, "kind": "paragraph", "text": %q}`, id, sentence(1000+n)))
			ops = []patch.Op{{Op: patch.OpReplace, ID: id, Block: block}}
			return nil
		},
		do: func() error {
			draft, err := d.EditBlocks(ctx, d.long, d.version, "blocks", ops, "")
			d.version = draft.Version
			return err
		},
	}
}

// publish publishes the large module, of which every section has changed.
func (d *desk) publish(ctx context.Context) step {
	return step{
		ready: func() error {
			var ops []content.Operation
			for _, id := range d.parts {
				ops = append(ops, content.Operation{
					Op: "update", Kind: models.KindSection, ID: id, Version: &d.edits, Data: fmt.Appendf(nil, `{"summary": "Edit %d"}`, d.edits),
				})
			}
			_, err := d.Batch(ctx, ops)
			d.edits++
			return err
		},
		do: func() error {
			plan, _, err := d.Publish(ctx, content.PublishRequest{Targets: []models.Ref{d.module}})
			if err == nil && len(plan.Put) != len(d.parts) {
				err = fmt.Errorf("%d records went live, not %d", len(plan.Put), len(d.parts))
			}
			return err
		},
	}
}
