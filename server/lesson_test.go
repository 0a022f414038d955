package server

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// private is in every text that readers must never see.
const private = "quicksilver"

var editor = content.Save{Author: "the editor", Message: "as tests want it"}

// lesson is a course with something of everything, published, and with what must stay private.
type lesson struct {
	course           *models.Course
	module           *models.Module
	part, page, last *models.Section // part holds page; last stands at the top
	sheet            *models.Worksheet
	source           *models.Source
	picture          *models.Asset
	shared           *models.Fragment
	draft            *models.Section // never published
}

func ref(r models.Record) *models.Ref { return models.NewRef(r.Kind(), r.Base().ID) }

func meta() models.Meta {
	return models.Meta{ID: models.NewID(), Extra: models.Extra{
		"season": jsontext.Value(`"spring"`), "_note": jsontext.Value(`"` + private + `"`),
	}}
}

// teach makes a lesson and publishes it, and waits until it can be found.
func (s *site) teach() *lesson {
	s.t.Helper()
	l := newLesson(s.picture())
	for _, r := range []models.Record{l.course, l.module, l.source, l.picture, l.shared, l.sheet, l.part, l.page, l.last} {
		check(s.t, s.content.Create(s.t.Context(), r, editor))
	}
	s.publish(l.course)
	check(s.t, s.content.Create(s.t.Context(), l.draft, editor))
	s.change(l.last, func(r models.Record) { r.(*models.Section).Title = "Draft: " + private })
	check(s.t, s.follower.CatchUp(s.t.Context()))
	return l
}

// change saves another draft of a record.
func (s *site) change(r models.Record, edit func(models.Record)) {
	s.t.Helper()
	draft, err := s.content.Draft(s.t.Context(), *ref(r))
	check(s.t, err)
	_, err = s.content.Update(s.t.Context(), *ref(r), draft.Base().Version, func(r models.Record) error {
		edit(r)
		return nil
	}, editor)
	check(s.t, err)
}

func (s *site) publish(r models.Record) {
	s.t.Helper()
	_, _, err := s.content.Publish(s.t.Context(), content.PublishRequest{Targets: []models.Ref{*ref(r)}})
	check(s.t, err)
}

const pictureBytes = `<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>`

func (s *site) picture() models.File {
	s.t.Helper()
	sum, size, err := s.files.Put(strings.NewReader(pictureBytes))
	check(s.t, err)
	return models.File{Name: "kettle.svg", Sha256: sum, MediaType: "image/svg+xml", Bytes: size, Width: new(3), Height: new(2)}
}

func newLesson(picture models.File) *lesson {
	l := &lesson{
		course: &models.Course{Meta: meta(), Slug: "tea", Title: "Tea for Beginners", Language: "en", Numbering: models.NumberAsWritten},
	}
	course := l.course.ID
	l.module = &models.Module{
		Meta: meta(), CourseID: course, Slug: "brewing", Title: "Brewing", Summary: "From *kettle* to cup.",
		Audience: []string{"everyone"}, DurationMinutes: new(25), Owners: []string{private},
		Contributors: []models.Contributor{{Given: "Ines", Family: "Moreau", Role: "author"}},
	}
	l.source = &models.Source{
		Meta: meta(), CourseID: course, Key: "moreau-2019", Parse: models.ParsePartial, Written: "Moreau, I. (2019). *Leaf and water*.",
		CSL: models.CSL{
			Type: "book", Title: "Leaf and water", Author: []models.CSLName{{Family: "Moreau", Given: "Ines"}},
			Issued: &models.CSLDate{DateParts: [][]int{{2019}}}, Other: map[string]jsontext.Value{"shelf": jsontext.Value(`7`)},
		},
	}
	l.picture = &models.Asset{Meta: meta(), CourseID: course, File: picture, Alt: "A kettle", FocalPoint: &models.FocalPoint{X: .5, Y: .5}}
	l.module.Cover = ref(l.picture)
	l.sheet = newSheet(l.module)
	l.shared = &models.Fragment{Meta: meta(), CourseID: course, Slug: "ask", Title: "Ask us", Blocks: models.Blocks{
		&models.Paragraph{BlockBase: block("f1"), Text: "Ask whoever stands behind the counter."},
	}}
	l.part = newSection(l.module, "water", "Water")
	l.part.Number, l.part.InMenu = "1", true
	l.page = newSection(l.module, "temperature", "Temperature")
	l.page.ParentID, l.page.Number = &l.part.ID, "1.1"
	l.page.Origin = &models.Origin{Path: "water/temperature.md", Lines: &models.LineRange{Start: 1, End: 9}, Commit: "c0ffee"}
	l.page.Citations = []models.Citation{{
		ID: models.NewID(), Label: "1", Written: "Moreau, p. 12", Source: ref(l.source), Locator: &models.Locator{Label: "page", Value: "12"},
	}}
	l.page.Blocks = pageBlocks(l)
	l.module.Objectives = []models.Objective{{ID: "o1", Text: "Know when to stop the kettle."}}
	l.last = newSection(l.module, "leaves", "Leaves")
	l.last.Blocks = models.Blocks{&models.Paragraph{BlockBase: block("b1"), Text: "Green leaves burn in water that boils."}}
	l.draft = newSection(l.module, "unfinished", "Unfinished: "+private)
	return l
}

func newSection(m *models.Module, slug, title string) *models.Section {
	return &models.Section{
		Meta: meta(), CourseID: m.CourseID, ModuleID: m.ID, Slug: slug, Title: title,
		EditorNotes: []models.EditorNote{{ID: "n1", Text: private}},
	}
}

func block(id string) models.BlockBase { return models.BlockBase{ID: id} }

// pageBlocks are blocks of every kind.
func pageBlocks(l *lesson) models.Blocks {
	return models.Blocks{
		&models.Paragraph{BlockBase: block("b1"), Text: "Steam rises before water boils.[^1]"},
		&models.Heading{BlockBase: block("b2"), Level: 2, Text: "Reading the kettle"},
		&models.List{BlockBase: block("b3"), Ordered: true, Start: 1, Items: []models.ListItem{{Text: "Listen."}, {Text: "Look for small bubbles."}}},
		&models.Quote{BlockBase: block("b4"), Attribution: "Ines Moreau", Source: ref(l.source), Blocks: models.Blocks{
			&models.Paragraph{BlockBase: block("b5"), Text: "Patience is an ingredient."},
		}},
		&models.Definition{BlockBase: block("b6"), Term: "Simmer", Text: "To simmer is to stay below boiling."},
		&models.Box{BlockBase: block("b7"), Box: models.BoxActivity, Title: "Try it", Blocks: models.Blocks{
			&models.WorksheetUse{BlockBase: block("b8"), Worksheet: ref(l.sheet), Role: models.RoleFirst},
		}},
		&models.Disclosure{BlockBase: block("b9"), Label: "Why?", Blocks: models.Blocks{
			&models.Paragraph{BlockBase: block("b10"), Text: "Bitterness dissolves late."},
		}},
		&models.Table{BlockBase: block("b11"), Caption: "Degrees", Head: [][]models.Cell{{{Text: "Leaf", Colspan: 1, Rowspan: 1}}},
			Rows: [][]models.Cell{{{Text: "Green, 70 °C", Colspan: 1, Rowspan: 1}}}},
		&models.Image{BlockBase: block("b12"), Asset: ref(l.picture), Alt: "A kettle"},
		&models.Video{BlockBase: block("b13"), URL: "https://video.example.org/watch?v=kettle", Duration: new(61), Title: "A kettle sings"},
		&models.Embed{BlockBase: block("b14"), URL: "https://quiz.example.org/1", Title: "Quiz", Height: new(300)},
		&models.Download{BlockBase: block("b15"), URL: "https://files.example.org/chart.pdf", Label: "The chart", MediaType: "application/pdf"},
		&models.FragmentUse{BlockBase: block("b16"), Fragment: ref(l.shared)},
		&models.Code{BlockBase: block("b17"), Language: "text", Code: "70 80 90"},
		&models.Rule{BlockBase: block("b18")},
		&models.RawHTML{BlockBase: block("b19"), HTML: `<p>Sip<!-- ` + private + ` --><script>steep()</script></p>`},
	}
}

// newSheet is a worksheet with prompts of every kind, and answers.
func newSheet(m *models.Module) *models.Worksheet {
	w := &models.Worksheet{
		Meta: meta(), ModuleID: m.ID, Slug: "cups", Word: models.WordWorksheet, Number: "1", Title: "Two Cups",
		Document:     &models.Document{URL: "https://files.example.org/cups.pdf", Label: "To print"},
		Instructions: models.Blocks{&models.Paragraph{BlockBase: block("i1"), Text: "Brew two cups side by side."}},
		AnswerKey:    []models.Answer{{Prompt: "question", Blocks: models.Blocks{&models.Paragraph{BlockBase: block("a1"), Text: private}}}},
	}
	some := []models.Text{"one", "two"}
	for _, kind := range []models.PromptKind{
		models.PromptQuestion, models.PromptSentenceStart, models.PromptField, models.PromptStep, models.PromptGroup,
		models.PromptFreeSpace, models.PromptChoiceOne, models.PromptChoiceMany, models.PromptRating, models.PromptGrid,
		models.PromptBlank, models.PromptMatching, models.PromptDrawing,
	} {
		p := models.NewPrompt(kind)
		p.PromptFields().ID, p.PromptFields().Text = string(kind), "Which cup is sweeter?"
		switch p := p.(type) {
		case *models.Group:
			inner := models.NewPrompt(models.PromptField)
			inner.PromptFields().ID = "inner"
			p.LeadIn, p.Prompts = "Taste first.", models.Prompts{inner}
		case *models.FreeSpace:
			p.Lines = new(3)
		case *models.Choice:
			p.Options = some
		case *models.Rating:
			p.Scale, p.Statements = some, some
		case *models.Grid:
			p.Columns, p.Rows = some, []models.GridRow{{Label: "Cup", Cells: []models.Text{"", ""}}}
		case *models.Matching:
			p.Left, p.Right = some, some
		}
		w.Prompts = append(w.Prompts, p)
	}
	return w
}

func TestLessonHasEveryKind(t *testing.T) {
	l := newLesson(models.File{})
	kinds := map[models.BlockKind]bool{}
	l.page.Blocks.Walk(func(b models.Block, _ int) bool {
		kinds[models.KindOfBlock(b)] = true
		return true
	})
	prompts := map[models.PromptKind]bool{}
	l.sheet.Prompts.Walk(func(p models.Prompt, _ int) { prompts[p.PromptFields().Kind] = true })
	doc := readContract(t)
	if want := len(doc.Components.Schemas["Block"].Value.Discriminator.Mapping); len(kinds) != want {
		t.Errorf("the lesson has %d kinds of block, the contract %d", len(kinds), want)
	}
	if want := len(doc.Components.Schemas["Prompt"].Value.Discriminator.Mapping); len(prompts) != want {
		t.Errorf("the lesson has %d kinds of prompt, the contract %d", len(prompts), want)
	}
}
