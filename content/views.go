package content

import (
	"time"

	"github.com/lectern-cms/lectern/models"
)

// What the content API serves: live records with their references resolved. Keys are never missing, except the
// bodies, which come when they are asked for.

// ViewBase is what every served record has.
type ViewBase struct {
	ID          models.ID    `json:"id"`
	CreatedAt   time.Time    `json:"created_at"`
	UpdatedAt   time.Time    `json:"updated_at"`
	PublishedAt time.Time    `json:"published_at"`
	Extra       models.Extra `json:"extra"`
}

// CourseView is a live course.
type CourseView struct {
	ViewBase
	Slug      string              `json:"slug"`
	Title     string              `json:"title"`
	Summary   models.Text         `json:"summary"`
	Language  string              `json:"language"`
	License   string              `json:"license"`
	Publisher string              `json:"publisher"`
	Numbering models.Numbering    `json:"numbering"`
	Source    models.CourseSource `json:"source"`
	Modules   []models.Ref        `json:"modules"` // in order
}

// ModuleView is a live module.
type ModuleView struct {
	ViewBase
	Slug            string               `json:"slug"`
	Title           string               `json:"title"`
	MenuLabel       string               `json:"menu_label"`
	InMenu          bool                 `json:"in_menu"`
	Summary         models.Text          `json:"summary"`
	Course          *models.Ref          `json:"course"`
	Objectives      []models.Objective   `json:"objectives"`
	Prerequisites   []string             `json:"prerequisites"`
	Audience        []string             `json:"audience"`
	Level           []string             `json:"level"`
	DurationMinutes *int                 `json:"duration_minutes"`
	Subjects        []string             `json:"subjects"`
	Keywords        []string             `json:"keywords"`
	License         string               `json:"license"`
	Cover           *models.Ref          `json:"cover"`
	Contributors    []models.Contributor `json:"contributors"`
	Sections        []models.Ref         `json:"sections"`   // all levels, in reading order
	Worksheets      []models.Ref         `json:"worksheets"` // in order
}

// TreeView is a module with its sections nested in order.
type TreeView struct {
	ModuleView
	Tree []*TreeNode `json:"tree"`
}

// TreeNode is a section in its place, with those below it.
type TreeNode struct {
	SectionView
	Children []*TreeNode `json:"children"`
}

// Bodies are the forms in which the content of a record can be asked for. A form that was not asked for is absent.
type Bodies struct {
	Blocks   models.Written `json:"blocks,omitzero"` // models.Blocks
	HTML     *string        `json:"html,omitzero"`
	Markdown *string        `json:"markdown,omitzero"`
	Text     *string        `json:"text,omitzero"`
}

// SectionView is a live section.
type SectionView struct {
	ViewBase
	Slug            string         `json:"slug"`
	Title           string         `json:"title"`
	MenuLabel       string         `json:"menu_label"`
	Number          string         `json:"number"`
	InMenu          bool           `json:"in_menu"`
	Origin          *models.Origin `json:"origin"`
	Summary         models.Text    `json:"summary"`
	DurationMinutes *int           `json:"duration_minutes"`
	Course          *models.Ref    `json:"course"`
	Module          *models.Ref    `json:"module"`
	Parent          *models.Ref    `json:"parent"`
	Breadcrumbs     []models.Ref   `json:"breadcrumbs"` // course, module, sections above, outermost first
	Previous        *models.Ref    `json:"previous"`    // in reading order within the module
	Next            *models.Ref    `json:"next"`
	Citations       models.Written `json:"citations"` // a list of models.Citation
	Bodies
}

// WorksheetView is a live worksheet. Instructions and Prompts are its blocks form.
type WorksheetView struct {
	ViewBase
	Slug            string               `json:"slug"`
	Word            models.WorksheetWord `json:"word"`
	Number          string               `json:"number"`
	Title           string               `json:"title"`
	DurationMinutes *int                 `json:"duration_minutes"`
	Document        *models.Document     `json:"document"`
	Course          *models.Ref          `json:"course"`
	Module          *models.Ref          `json:"module"`
	ShownIn         []models.Ref         `json:"shown_in"` // the sections that show it, where the notes of its marks stand
	Instructions    *models.Blocks       `json:"instructions,omitzero"`
	Prompts         *models.Prompts      `json:"prompts,omitzero"`
	HTML            *string              `json:"html,omitzero"`
	Markdown        *string              `json:"markdown,omitzero"`
	Text            *string              `json:"text,omitzero"`
}

// FragmentView is live shared content.
type FragmentView struct {
	ViewBase
	Slug   string      `json:"slug"`
	Title  string      `json:"title"`
	Course *models.Ref `json:"course"`
	Bodies
}

// SourceView is a live source.
type SourceView struct {
	ViewBase
	Key        string            `json:"key"`
	CSL        models.Written    `json:"csl"` // models.CSL
	Written    models.Text       `json:"written"`
	Parse      models.ParseState `json:"parse"`
	Recogniser string            `json:"recogniser"`
	Course     *models.Ref       `json:"course"`
}

// CitationView is a citation of a live section, read on its own.
type CitationView struct {
	ViewBase
	Label   string          `json:"label"`
	Locator *models.Locator `json:"locator"`
	Written models.Text     `json:"written"`
	Section *models.Ref     `json:"section"`
	Module  *models.Ref     `json:"module"`
	Course  *models.Ref     `json:"course"`
	Source  *models.Ref     `json:"source"`
}

// AssetView is a live asset. URL is where its bytes are.
type AssetView struct {
	ViewBase
	File          models.File           `json:"file"`
	URL           string                `json:"url"`
	Alt           string                `json:"alt"`
	Decorative    bool                  `json:"decorative"`
	Caption       models.Text           `json:"caption"`
	Credit        models.Text           `json:"credit"`
	License       string                `json:"license"`
	Transcript    models.Text           `json:"transcript"`
	CaptionTracks []models.CaptionTrack `json:"caption_tracks"`
	FocalPoint    *models.FocalPoint    `json:"focal_point"`
	Renditions    []models.Rendition    `json:"renditions"`
	Course        *models.Ref           `json:"course"`
}

// Body names a form in which content can be asked for.
type Body string

// The forms of content.
const (
	BodyBlocks   Body = "blocks"
	BodyHTML     Body = "html"
	BodyMarkdown Body = "markdown"
	BodyText     Body = "text"
)

// BodySet is the forms that a request asks for.
type BodySet map[Body]bool

func viewBase(m *models.Meta) ViewBase {
	return ViewBase{ID: m.ID, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt, PublishedAt: m.PublishedAt, Extra: m.Extra}
}

// decorate makes the served reference to a record. Of a draft it says no path: readers have none to it, or another one.
func decorate(r models.Record) models.Ref {
	slug, title, href := r.Name(), r.Label(), models.Href(r.Kind(), r.Base().ID)
	ref := models.Ref{Type: r.Kind(), ID: r.Base().ID, Slug: &slug, Title: &title, Href: &href}
	if !r.Base().PublishedAt.IsZero() {
		path := publicPath(r)
		ref.Path = &path
	}
	return ref
}
