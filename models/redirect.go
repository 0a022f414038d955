package models

import "time"

// Redirect leads an old path to the record that lives on under another one. It is made at publish, when a live slug
// changes, and served as 308 with the query kept. A live slug beats an old one.
type Redirect struct {
	Path      string    `json:"path" validate:"required,max=2000"` // root-relative
	To        Ref       `json:"to"`
	CreatedAt time.Time `json:"created_at"`
}

// Op is what happened to a live record.
type Op string

// The operations of the change log.
const (
	OpPublish   Op = "publish"
	OpUnpublish Op = "unpublish"
)

// Change is one entry of the log of live content. All entries of one publish share its content revision.
type Change struct {
	Revision int64     `json:"revision"`
	Kind     Kind      `json:"kind"`
	ID       ID        `json:"id"`
	Op       Op        `json:"op"`
	At       time.Time `json:"at"`
}
