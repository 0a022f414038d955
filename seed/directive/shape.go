package directive

import (
	"github.com/lectern-cms/lectern/models"
)

// shape is how a block or prompt looks as a directive: one description for reading and writing.
type shape struct {
	name   string
	fields []field
	texts  []namedText // the first may stand in the directive's own brackets
	lists  []namedList
	body   body
}

// namedText is inline Markdown in a directive of its own, "::credit[…]".
type namedText struct {
	name string
	at   *models.Text
}

// namedList is a list of texts in a container of its own, ":::scale".
type namedList struct {
	name string
	at   *[]models.Text
}

// body is what else a directive holds; at most one of these is set.
type body struct {
	blocks  *models.Blocks
	text    *models.Text
	items   *[]models.Text
	prompts *models.Prompts
	table   *models.Table
	grid    *models.Grid
}

// newBlock makes the block that a directive's name means, with what is so where nothing is said; nil for an unknown
// name. Paragraphs, lists, quotes, code, rules and raw HTML have their own forms in Markdown.
func newBlock(name string) models.Block {
	switch models.BlockKind(name) {
	case models.BlockHeading:
		return &models.Heading{Level: 2}
	case models.BlockDefinition:
		return new(models.Definition)
	case models.BlockBox:
		return &models.Box{Box: models.BoxInfo}
	case models.BlockDisclosure:
		return new(models.Disclosure)
	case models.BlockTable:
		return new(models.Table)
	case models.BlockImage:
		return new(models.Image)
	case models.BlockVideo:
		return new(models.Video)
	case models.BlockEmbed:
		return new(models.Embed)
	case models.BlockDownload:
		return new(models.Download)
	case models.BlockWorksheet:
		return &models.WorksheetUse{Role: models.RoleFirst}
	case models.BlockFragment:
		return new(models.FragmentUse)
	}
	return nil
}

// shapeOf describes a block that newBlock can make.
func shapeOf(b models.Block) shape {
	s := shape{name: string(models.KindOfBlock(b))}
	switch b := b.(type) {
	case *models.Heading:
		s.fields = []field{number("level", &b.Level).oneOf("2", "3", "4", "5", "6").written(), word("anchor", &b.Anchor)}
		s.texts = []namedText{{"text", &b.Text}}
	case *models.Definition:
		s.texts = []namedText{{"term", &b.Term}}
		s.body.text = &b.Text
	case *models.Box:
		s.fields = []field{word("kind", &b.Box).oneOf(boxKinds...).written(), word("class", &b.OriginClass)}
		s.texts = []namedText{{"title", &b.Title}}
		s.body.blocks = &b.Blocks
	case *models.Disclosure:
		s.texts = []namedText{{"label", &b.Label}}
		s.body.blocks = &b.Blocks
	case *models.Table:
		s.texts = []namedText{{"caption", &b.Caption}}
		s.body.table = b
	case *models.Image:
		s.fields = []field{reference("asset", &b.Asset, models.KindAsset), word("url", &b.URL), word("alt", &b.Alt),
			yes("decorative", &b.Decorative, false), word("link", &b.Link)}
		s.texts = []namedText{{"caption", &b.Caption}}
	case *models.Video:
		s.fields = []field{word("url", &b.URL), word("title", &b.Title), word("provider", &b.Provider), word("video-id", &b.VideoID),
			someNumber("duration", &b.Duration), someNumber("start", &b.Start), someNumber("end", &b.End)}
		s.texts = []namedText{{"caption", &b.Caption}, {"credit", &b.Credit}}
	case *models.Embed:
		s.fields = []field{word("url", &b.URL), word("title", &b.Title), word("provider", &b.Provider), someNumber("height", &b.Height)}
	case *models.Download:
		s.fields = []field{reference("asset", &b.Asset, models.KindAsset), word("url", &b.URL), word("media-type", &b.MediaType)}
		s.texts = []namedText{{"label", &b.Label}}
	case *models.WorksheetUse:
		roles := wordOr("role", &b.Role, models.RoleFirst)
		s.fields = []field{reference("ref", &b.Worksheet, models.KindWorksheet),
			roles.oneOf(string(models.RoleFirst), string(models.RoleAgain), string(models.RoleEnd))}
	case *models.FragmentUse:
		s.fields = []field{reference("ref", &b.Fragment, models.KindFragment)}
	}
	return s
}

var boxKinds = []string{
	string(models.BoxObjectives), string(models.BoxActivity), string(models.BoxReflection), string(models.BoxCaseStudy),
	string(models.BoxInfo), string(models.BoxTip), string(models.BoxExample), string(models.BoxExtra), string(models.BoxCard),
}

// cellShape describes a cell of a table that is no pipe table. In the head, cells are headers by default.
func cellShape(c *models.Cell, inHead bool) shape {
	return shape{
		name:   cellName,
		fields: []field{yes("header", &c.Header, inHead), numberOr("colspan", &c.Colspan, 1), numberOr("rowspan", &c.Rowspan, 1)},
		texts:  []namedText{{"text", &c.Text}},
		body:   body{blocks: &c.Blocks},
	}
}

// Names of directives that stand only within others.
const (
	headName        = "head"
	rowName         = "row"
	cellName        = "cell"
	columnsName     = "columns"
	attributionName = "attribution"
	answersName     = "answers"
)

// newPrompt makes the prompt that a directive's name means, nil for an unknown name.
func newPrompt(name string) models.Prompt {
	return models.NewPrompt(models.PromptKind(underscored(name)))
}

// shapeOfPrompt describes a prompt.
func shapeOfPrompt(p models.Prompt) shape {
	base := p.PromptFields()
	s := shape{
		name:   hyphenated(string(base.Kind)),
		fields: []field{yes("required", &base.Required, false), someWord("objective", &base.Objective)},
		texts:  []namedText{{"text", &base.Text}, {"help", &base.Help}},
	}
	switch p := p.(type) {
	case *models.Group:
		s.texts = append(s.texts, namedText{"lead-in", &p.LeadIn})
		s.body.prompts = &p.Prompts
	case *models.FreeSpace:
		s.fields = append(s.fields, someNumber("lines", &p.Lines), someNumber("height", &p.Height))
	case *models.Choice:
		s.body.items = &p.Options
	case *models.Rating:
		s.lists = []namedList{{"scale", &p.Scale}}
		s.body.items = &p.Statements
	case *models.Grid:
		s.body.grid = p
	case *models.Matching:
		s.lists = []namedList{{"left", &p.Left}, {"right", &p.Right}}
	}
	return s
}
