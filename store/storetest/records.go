package storetest

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// full makes one record of every stored kind, with every field filled.
func full() []models.Record {
	course := &models.Course{
		Meta: fullMeta(), Slug: "bread-101", Title: "Bread «101»", Summary: "How to *bake*.", Language: "pt-BR",
		License: "CC-BY-4.0", Publisher: "The Bakery", Numbering: models.NumberFirstUse,
		Source: models.CourseSource{Repository: "https://example.org/bread.git", Commit: "abc", URL: "https://example.org"},
	}
	module := &models.Module{
		Meta: fullMeta(), CourseID: course.ID, Position: 2, Slug: "dough", Title: "Dough", MenuLabel: "1 Dough", InMenu: true,
		Summary:       "All about dough.",
		Objectives:    []models.Objective{{ID: "o1", Text: "Knead", Section: models.NewRef(models.KindSection, models.NewID())}},
		Prerequisites: []string{"flour"}, Audience: []string{"bakers"}, Level: []string{"beginner"}, DurationMinutes: new(90),
		Subjects: []string{"baking"}, Keywords: []string{"yeast"}, License: "CC0",
		Cover:        models.NewRef(models.KindAsset, models.NewID()),
		Contributors: []models.Contributor{{Given: "Zoë", Family: "Müller", ORCID: "0000-0002-1825-0097", Role: "author"}},
		Owners:       []string{"zoe@example.org"},
	}
	source := &models.Source{
		Meta: fullMeta(), CourseID: course.ID, Key: "muller2020", Written: "Müller, Z. (2020). _Bread_.", Parse: models.ParsePartial,
		Recogniser: "apa",
		CSL: models.CSL{
			Type: "book", Title: "Bread", Author: []models.CSLName{{Family: "Müller", Given: "Zoë"}},
			Issued: &models.CSLDate{DateParts: [][]int{{2020, 2}}},
			Other:  map[string]jsontext.Value{"archive": jsontext.Value(`"Attic"`)},
		},
	}
	asset := &models.Asset{
		Meta: fullMeta(), CourseID: course.ID, File: file("loaf.jpg"), Alt: "A loaf", Decorative: true, Caption: "A *loaf*",
		Credit: "Zoë", License: "CC0", Transcript: "Crunch.",
		CaptionTracks: []models.CaptionTrack{{Language: "en", Label: "English", File: file("loaf.vtt")}},
		FocalPoint:    &models.FocalPoint{X: 0.25, Y: 1},
		Renditions:    []models.Rendition{{Name: "small", File: file("small.jpg")}},
	}
	fragment := &models.Fragment{
		Meta: fullMeta(), CourseID: course.ID, Slug: "licence", Title: "Licence", Blocks: everyBlock(), HTML: "<p>Free.</p>",
	}
	worksheet := &models.Worksheet{
		Meta: fullMeta(), ModuleID: module.ID, Position: 3, Slug: "my-loaf", Word: models.WordReflection, Number: "2a",
		Title: "My loaf", Instructions: everyBlock(), DurationMinutes: new(0), Prompts: everyPrompt(), HTML: "<ol></ol>",
		Document:  &models.Document{URL: "https://example.org/d", Asset: models.NewRef(models.KindAsset, asset.ID), Label: "Print"},
		AnswerKey: []models.Answer{{Prompt: "p1", Blocks: models.Blocks{&models.Paragraph{BlockBase: block("a"), Text: "Yeast"}}}},
	}
	section := &models.Section{
		Meta: fullMeta(), CourseID: course.ID, ModuleID: module.ID, ParentID: new(models.NewID()), Position: 4, Slug: "kneading",
		Title: "Kneading", MenuLabel: "Knead", Number: "1.1", InMenu: true, Summary: "Push.", DurationMinutes: new(15),
		Origin: &models.Origin{Path: "dough/kneading.md", Lines: &models.LineRange{Start: 3, End: 9}, Commit: "def"},
		Blocks: everyBlock(), HTML: "<p>Push and fold.</p>",
		Citations: []models.Citation{{
			ID: models.NewID(), Label: "1", Written: "Müller, p. 4.", Source: models.NewRef(models.KindSource, source.ID),
			Locator: &models.Locator{Label: "page", Value: "4"},
		}},
		EditorNotes: []models.EditorNote{{ID: "n1", After: "b1", Text: "Check this."}},
	}
	return []models.Record{course, module, source, asset, fragment, worksheet, section}
}

func fullMeta() models.Meta {
	return models.Meta{
		ID: models.NewID(), CreatedAt: at, UpdatedAt: at.Add(time.Hour), Extra: models.Extra{"layout": jsontext.Value(`{"a":[1.50,null]}`)},
		LiveVersion: new(int64(7)), TrashedAt: new(at), PublishedAt: at.AddDate(0, 1, 0),
	}
}

func file(name string) models.File {
	return models.File{Name: name, Sha256: "00ff", MediaType: "image/jpeg", Bytes: 1 << 40, Width: new(3), Height: new(2), Duration: new(1.5)}
}

func block(id string) models.BlockBase { return models.BlockBase{ID: id} }

// everyBlock has a block of each way to hold things: text, blocks, cells, references, numbers.
func everyBlock() models.Blocks {
	text := models.Blocks{&models.Paragraph{BlockBase: block("b2"), Text: "Push\\\nand fold[^1]."}}
	return models.Blocks{
		&models.Heading{BlockBase: block("b1"), Level: 2, Text: "First", Anchor: "first"},
		&models.List{BlockBase: block("b3"), Ordered: true, Start: 4, Items: []models.ListItem{{Text: "one", Blocks: text}}},
		&models.Table{BlockBase: block("b4"), Rows: [][]models.Cell{{{Text: "cell", Header: true, Colspan: 2, Rowspan: 1}}}},
		&models.Image{BlockBase: block("b5"), Asset: models.NewRef(models.KindAsset, "a"), Alt: "\"'<&>\u2028"},
		&models.Video{BlockBase: block("b6"), URL: "https://example.org/v?a=1&b=2", Start: new(0), End: new(9)},
		&models.RawHTML{BlockBase: block("b7"), HTML: "<b>\t\\</b><!-- remark -->"},
	}
}

func everyPrompt() models.Prompts {
	question := models.NewPrompt(models.PromptQuestion).(*models.PlainPrompt)
	question.ID, question.Text, question.Objective = "p1", "What rises?", new("o1")
	group := models.NewPrompt(models.PromptGroup).(*models.Group)
	group.ID, group.LeadIn, group.Prompts = "p2", "Think:", models.Prompts{question}
	return models.Prompts{group}
}

// public takes from a record what live content does not hold.
func public(r models.Record) models.Record {
	m := r.Base()
	m.Version, m.LiveVersion, m.TrashedAt = 0, nil, nil
	switch r := r.(type) {
	case *models.Module:
		r.Owners = nil
	case *models.Worksheet:
		r.AnswerKey = nil
	case *models.Section:
		r.EditorNotes = nil
	}
	return r
}

// course, module, section and worksheet make small records for facts about something else.
func course(slug string) *models.Course {
	return &models.Course{Meta: meta(), Slug: slug, Title: slug}
}

func module(course models.ID, slug string) *models.Module {
	return &models.Module{Meta: meta(), CourseID: course, Slug: slug, Title: slug}
}

func section(module models.ID, slug string) *models.Section {
	return &models.Section{Meta: meta(), ModuleID: module, Slug: slug, Title: slug}
}

func worksheet(module models.ID, slug string) *models.Worksheet {
	return &models.Worksheet{Meta: meta(), ModuleID: module, Slug: slug, Title: slug}
}

func meta() models.Meta {
	return models.Meta{ID: models.NewID(), CreatedAt: at, UpdatedAt: at, PublishedAt: at}
}
