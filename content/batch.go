package content

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// MaxBatch is how many operations a batch may have: as many records as a large module has, and few enough that nobody
// waits long for the write lock.
const MaxBatch = 1000

// Operation is one step of a batch. Which members it has depends on Op, see operations.
type Operation struct {
	Op      string         `json:"op"`
	Kind    models.Kind    `json:"kind"`
	ID      models.ID      `json:"id,omitzero"`
	Version *int64         `json:"version,omitzero"` // that the caller has read; may be absent for what the batch itself has made or changed
	Data    jsontext.Value `json:"data,omitzero"`    // a new record, a merge patch, a position, or a list of operations on blocks
	List    string         `json:"list,omitzero"`    // of "blocks": which list
	Detach  bool           `json:"detach,omitzero"`  // of "trash"
	Message string         `json:"message,omitzero"`
}

// Outcome is what an operation of a batch did.
type Outcome struct {
	Op     string     `json:"op"`
	Record models.Ref `json:"record"`
	// Version is the record's after the operation; later operations of the batch may have taken it further.
	Version int64 `json:"version"`
}

// operation is how one kind of operation is done, and which members it needs.
type operation struct {
	id, data bool
	do       func(*work, Operation, int64) (models.Record, error)
}

// operations are those of batches.
var operations = map[string]operation{
	"create": {data: true, do: func(w *work, o Operation, _ int64) (models.Record, error) {
		r, err := w.create(o.Kind, o.Data, o.Message)
		return r, models.Under("/data", err)
	}},
	"update": {id: true, data: true, do: func(w *work, o Operation, read int64) (models.Record, error) {
		r, err := w.patch(o.ref(), read, o.Data, o.Message)
		return r, models.Under("/data", err)
	}},
	"blocks": {id: true, data: true, do: func(w *work, o Operation, read int64) (models.Record, error) {
		var ops []patch.Op
		if err := models.Decode(o.Data, &ops); err != nil {
			return nil, models.Under("/data", err)
		}
		r, err := w.editBlocks(o.ref(), read, o.List, ops, o.Message)
		return r, models.Under("/data", err)
	}},
	"move": {id: true, data: true, do: func(w *work, o Operation, read int64) (models.Record, error) {
		var to Position
		if err := models.Decode(o.Data, &to); err != nil {
			return nil, models.Under("/data", err)
		}
		r, err := w.move(o.ref(), read, to)
		return r, models.Under("/data", err)
	}},
	"duplicate": {id: true, do: func(w *work, o Operation, _ int64) (models.Record, error) { return w.duplicate(o.ref(), o.Message) }},
	"trash": {id: true, do: func(w *work, o Operation, read int64) (models.Record, error) {
		return w.trash(o.ref(), TrashRequest{Version: read, Detach: o.Detach})
	}},
	"untrash": {id: true, do: func(w *work, o Operation, read int64) (models.Record, error) { return w.untrash(o.ref(), read) }},
}

func (o Operation) ref() models.Ref { return models.Ref{Type: o.Kind, ID: o.ID} }

// Batch does operations one after the other in one transaction: all or nothing. An error has pointers, which begin with
// the place of the operation in the list.
func (e *Editor) Batch(ctx context.Context, ops []Operation) (out []Outcome, err error) {
	if len(ops) > MaxBatch {
		return nil, models.Malformed(fmt.Sprintf("a batch of %d operations is too large: at most %d are allowed", len(ops), MaxBatch), nil)
	}
	if err := checkBatch(ops); err != nil {
		return nil, err
	}
	err = e.change(ctx, func(w *work) error {
		out = make([]Outcome, len(ops))
		mine := map[models.ID]bool{} // what this batch has changed: its versions are known to it
		for i, o := range ops {
			r, err := w.operate(o, mine)
			if err != nil {
				return inOperation(i, err)
			}
			mine[r.Base().ID] = true
			if owner := ownerOfPlace(r); owner != nil {
				mine[owner[0].ID] = mine[owner[0].ID] || o.Op != "update" && o.Op != "blocks"
			}
			out[i] = Outcome{Op: o.Op, Record: adminRef(r), Version: r.Base().Version}
		}
		return nil
	})
	return out, err
}

// inOperation has an error lead to the operation that failed: into it, or to all of it.
func inOperation(i int, err error) error {
	pointer := fmt.Sprintf("/operations/%d", i)
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) > 0 {
		return models.Under(pointer, err)
	}
	whole := *e
	whole.Fields = []models.FieldError{{Pointer: pointer, Detail: e.Message}}
	return &whole
}

// checkBatch looks at the shape of all operations before any is done.
func checkBatch(ops []Operation) error {
	var fields []models.FieldError
	for i, o := range ops {
		at := fmt.Sprintf("/operations/%d", i)
		bad := func(member, detail string) {
			fields = append(fields, models.FieldError{Pointer: at + member, Detail: detail})
		}
		kind, known := operations[o.Op]
		if !known {
			bad("/op", "must be one of create, update, blocks, move, duplicate, trash, untrash")
			continue
		}
		if !isStored(o.Kind) {
			bad("/kind", "is no kind of record")
		}
		if kind.id && !o.ID.Valid() {
			bad("/id", "must be the id of a record")
		}
		if !kind.id && o.ID != "" {
			bad("/id", "belongs into data")
		}
		if kind.data && o.Data == nil {
			bad("/data", "is required")
		}
	}
	return models.Invalid("the batch is not right", fields)
}

// operate does one operation. Without a version it takes the one that there is, of what the batch itself has changed.
func (w *work) operate(o Operation, mine map[models.ID]bool) (models.Record, error) {
	kind := operations[o.Op]
	if !kind.id || o.Op == "duplicate" {
		return kind.do(w, o, 0)
	}
	if o.Version != nil {
		return kind.do(w, o, *o.Version)
	}
	r, err := w.tx.Draft.Record(o.Kind, o.ID)
	if err != nil {
		return nil, err
	}
	if o.Op == "move" {
		if r, err = w.keeper(r); err != nil {
			return nil, err
		}
	}
	if !mine[r.Base().ID] {
		return nil, &models.Error{Kind: models.KindPreconditionRequired, Message: fmt.Sprintf("the version of the %s is required", r.Kind())}
	}
	return kind.do(w, o, r.Base().Version)
}
