package docs

import (
	"html/template"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// sample is a kind of block or prompt: its fields, the contract's example, and what that looks like.
type sample struct {
	Kind       string
	Schema     schema
	JSON, HTML string
	Shown      template.HTML // empty where a page of documentation is no place for it
}

// unshown are the blocks that load something, which no page here may, and headings, which belong to the outline of the
// page they are on.
var unshown = []models.BlockKind{models.BlockImage, models.BlockVideo, models.BlockEmbed, models.BlockHeading}

// sampleNotes are the citations that samples of blocks refer to.
var sampleNotes = []models.Citation{{Label: "1", Written: "Wineburg, S., & McGrew, S. (2019). Lateral reading and the nature of expertise."}}

// blockSamples renders the contract's example of each kind of block.
func (r *reader) blockSamples() []sample {
	var out []sample
	r.eachExample("Block", func(s sample, text []byte) {
		var b models.Blocks
		r.keep(models.Decode(text, &b))
		section := models.Section{Blocks: b}
		if s.Kind == string(models.BlockParagraph) {
			section.Citations = sampleNotes
		}
		s.HTML = render.Fill(render.Section(&section, models.NumberAsWritten), r.records())
		if !slices.Contains(unshown, models.BlockKind(s.Kind)) {
			s.Shown = template.HTML(s.HTML) //nolint:gosec // rendered as every section is
		}
		out = append(out, s)
	})
	return out
}

// promptSamples renders the contract's example of each kind of prompt.
func (r *reader) promptSamples() []sample {
	var out []sample
	r.eachExample("Prompt", func(s sample, text []byte) {
		var p models.Prompts
		r.keep(models.Decode(text, &p))
		s.HTML = render.Prompts(p)
		s.Shown = template.HTML(s.HTML) //nolint:gosec // rendered as every worksheet is
		out = append(out, s)
	})
	return out
}

// eachExample visits the examples of a schema that is a choice between kinds, each as a list of one.
func (r *reader) eachExample(name string, visit func(s sample, text []byte)) {
	union := r.contract.get("components", "schemas", name)
	for _, example := range union.get("examples").list() {
		kind := example.get("kind").text()
		of := node{root: r.contract.root, value: union.get("discriminator", "mapping", kind).text()}
		s := sample{Kind: kind, JSON: r.example(example), Schema: r.schema(schemaName(of.text()), of.at(of.text()))}
		text, err := example.json()
		r.keep(err)
		visit(s, []byte("["+text+"]"))
	}
}

// records stands for the records that samples refer to.
func (r *reader) records() render.Resolver {
	fragment := &models.Fragment{Blocks: models.Blocks{&models.Paragraph{Text: "Read past the headline."}}}
	worksheet := &models.Worksheet{Word: models.WordWorksheet, Number: "1", Title: "Check One Claim", Prompts: models.Prompts{
		&models.PlainPrompt{PromptBase: models.PromptBase{ID: "p1", Kind: models.PromptField, Text: "Where you met it"}},
	}}
	return render.Resolver{
		Href: func(to models.Ref) string {
			if to.Type == models.KindAsset {
				return models.FileHref(to.ID)
			}
			return models.Href(to.Type, to.ID)
		},
		HTML: func(to models.Ref) string {
			if to.Type == models.KindWorksheet {
				return render.Worksheet(worksheet)
			}
			return render.Fragment(fragment)
		},
	}
}
