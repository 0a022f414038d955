// Package models holds the words of Lectern's domain: records, blocks, prompts, requests and errors, with their JSON
// and their rules. It does no I/O.
package models

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// ID names a record for ever: a UUIDv7 (RFC 9562) in its canonical lower-case text form, minted once and portable
// between installations.
type ID string

// NewID mints an ID. IDs minted by one process sort in the order in which they were minted.
func NewID() ID {
	return ID(uuid.Must(uuid.NewV7()).String())
}

// Valid tells whether the ID is a UUID in canonical form, of any version: imported records keep the ids they have.
func (id ID) Valid() bool {
	u, err := uuid.Parse(string(id))
	return err == nil && u.String() == string(id)
}

// Timestamp rounds a time to what every database keeps: milliseconds in UTC.
func Timestamp(t time.Time) time.Time {
	return t.UTC().Truncate(time.Millisecond)
}

// Kind names a kind of record, as references and URLs spell it.
type Kind string

// The kinds of record.
const (
	KindCourse    Kind = "course"
	KindModule    Kind = "module"
	KindSection   Kind = "section"
	KindCitation  Kind = "citation"
	KindSource    Kind = "source"
	KindWorksheet Kind = "worksheet"
	KindAsset     Kind = "asset"
	KindFragment  Kind = "fragment"
)

// StoredKinds are the kinds that are saved, versioned and published as one record each, parents before what belongs
// to them. Citations are not among them: they live and move with their section.
func StoredKinds() []Kind {
	return []Kind{KindCourse, KindModule, KindSource, KindAsset, KindFragment, KindWorksheet, KindSection}
}

// Valid tells whether k is one of the kinds above.
func (k Kind) Valid() bool {
	return k.Plural() != ""
}

// Plural is the kind's name in URLs and lists, or "" for an unknown kind.
func (k Kind) Plural() string {
	switch k {
	case KindCourse, KindModule, KindSection, KindCitation, KindSource, KindWorksheet, KindAsset, KindFragment:
		return string(k) + "s"
	}
	return ""
}

// Ref refers to a record by its immutable id. Stored references hold type and id only. Served ones also hold what a
// front end needs to show a link: Slug (empty for kinds without one), Title, Href (root-relative) and Path.
type Ref struct {
	Type  Kind    `json:"type"`
	ID    ID      `json:"id"`
	Slug  *string `json:"slug,omitzero"`
	Title *string `json:"title,omitzero"`
	Href  *string `json:"href,omitzero"`
	Path  *Path   `json:"path,omitzero"`
}

// Path is where a front end should show a live record: /course/module/section for instance. It is empty, in JSON null,
// for records that have no page of their own.
type Path string

// MarshalJSONTo writes the empty path as null.
func (p Path) MarshalJSONTo(enc *jsontext.Encoder) error {
	if p == "" {
		return enc.WriteToken(jsontext.Null)
	}
	return enc.WriteToken(jsontext.String(string(p)))
}

// NewRef makes a stored reference.
func NewRef(kind Kind, id ID) *Ref {
	return &Ref{Type: kind, ID: id}
}

// Key is the reference without its decoration, fit for map keys.
func (r Ref) Key() Ref {
	return Ref{Type: r.Type, ID: r.ID}
}

// Href is the content API's address of a record.
func Href(kind Kind, id ID) string {
	return "/v1/" + kind.Plural() + "/" + string(id)
}

// FileHref is the content API's address of an asset's bytes.
func FileHref(asset ID) string {
	return Href(KindAsset, asset) + "/file"
}
