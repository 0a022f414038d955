// Package backup writes a course as JSON Lines and brings it back exactly: for whole backups, and for moves from one
// installation of Lectern to another. The format is described in docs/export.md.
package backup

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// Format is the name of the format, in manifests and as a kind of source.
const Format = "lectern-json"

// Version is the version of the format that Write writes. Load reads it and those before: version 1 had no settings.
const Version = 2

// What an export may hold. A course of 10,000 pages has 50,000 records and 300 MiB.
const (
	MaxFiles     = 100_000   // files of assets
	MaxRecords   = 2_000_000 // of all kinds
	MaxLineBytes = 16 << 20  // a record has up to 4 MiB, and its live side as many

	maxManifestBytes = 32 << 20 // with the most files
)

// Manifest says what an export holds. It is written last, so that an export without one is not whole.
type Manifest struct {
	Format    string `json:"format"`
	Version   int    `json:"version"`
	Course    Course `json:"course"`
	Public    bool   `json:"public"`    // live records only, without private fields
	Revisions bool   `json:"revisions"` // with all saves of each record
	Files     []File `json:"files"`     // in the order in which they were written
}

// Course names the course of an export.
type Course struct {
	ID    models.ID `json:"id"`
	Slug  string    `json:"slug"`
	Title string    `json:"title"`
}

// File is a file of an export.
type File struct {
	Name    string `json:"name"`
	Sha256  string `json:"sha256"` // in lower-case hexadecimal
	Bytes   int64  `json:"bytes"`
	Records int    `json:"records"` // lines; 0 for files of assets
}

// The files of an export.
const (
	manifestFile  = "manifest.json"
	importsFile   = "imports.jsonl"
	redirectsFile = "redirects.jsonl"
	settingsFile  = "settings.jsonl"
	revisionsFile = "revisions.jsonl"
	assetFolder   = "files/" // then the hash
)

// recordFiles are the files of records, owners before what they own.
var recordFiles = []struct {
	name string
	kind models.Kind
}{
	{"course.jsonl", models.KindCourse},
	{"modules.jsonl", models.KindModule},
	{"sources.jsonl", models.KindSource},
	{"assets.jsonl", models.KindAsset},
	{"fragments.jsonl", models.KindFragment},
	{"worksheets.jsonl", models.KindWorksheet},
	{"sections.jsonl", models.KindSection},
}

// parts names the files of lines that an export has, in order.
func (m *Manifest) parts() []string {
	var out []string
	for _, f := range recordFiles {
		out = append(out, f.name)
	}
	if m.Public {
		return out
	}
	out = append(out, importsFile, redirectsFile)
	if m.hasSettings() {
		out = append(out, settingsFile)
	}
	if m.Revisions {
		out = append(out, revisionsFile)
	}
	return out
}

// hasSettings tells whether there is a file for the settings of the course.
func (m *Manifest) hasSettings() bool { return m.Version > 1 && !m.Public }

// line is a record in an export.
type line struct {
	Record      jsontext.Value `json:"record"`  // the draft; in a public export the live record
	Version     int64          `json:"version"` // of the draft
	LiveVersion *int64         `json:"live_version"`
	PublishedAt *time.Time     `json:"published_at"`
	TrashedAt   *time.Time     `json:"trashed_at"`
	GoneAt      *time.Time     `json:"gone_at"`
	Live        jsontext.Value `json:"live"` // what readers see, where that is not what they would see of the draft
}

// lineOf writes a record as a line.
func lineOf(x content.Exported, public bool) ([]byte, error) {
	m := x.Record.Base()
	l := line{Version: m.Version, PublishedAt: x.PublishedAt, GoneAt: x.GoneAt}
	if !public {
		l.LiveVersion, l.TrashedAt = m.LiveVersion, m.TrashedAt
	}
	var err error
	if l.Record, err = models.Encode(x.Record); err != nil {
		return nil, err
	}
	if x.Live != nil {
		if l.Live, err = models.Encode(x.Live); err != nil {
			return nil, err
		}
	}
	return models.Encode(l)
}

// assetFiles lists the files that an asset has.
func assetFiles(a *models.Asset) []models.File {
	out := []models.File{a.File}
	for _, r := range a.Renditions {
		out = append(out, r.File)
	}
	for _, t := range a.CaptionTracks {
		out = append(out, t.File)
	}
	return out
}
