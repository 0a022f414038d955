package blocks

import (
	"regexp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// flatItem gives an item as one text, if it holds nothing but text.
func flatItem(item models.ListItem) (models.Text, bool) {
	rest, ok := flat(item.Blocks)
	return lines(item.Text, rest), ok
}

// flat gives blocks as one text with line breaks, if they are nothing but text.
func flat(blocks models.Blocks) (models.Text, bool) {
	var texts []models.Text
	for _, b := range blocks {
		switch b := b.(type) {
		case *models.Paragraph:
			texts = append(texts, b.Text)
		case *models.List:
			for _, item := range b.Items {
				t, ok := flatItem(item)
				if !ok {
					return "", false
				}
				texts = append(texts, t)
			}
		default:
			return "", false
		}
	}
	return lines(texts...), true
}

// lines joins texts with line breaks.
func lines(texts ...models.Text) models.Text {
	var out models.Text
	for _, t := range texts {
		switch {
		case t == "":
		case out == "":
			out = t
		default:
			out += "\\\n" + t
		}
	}
	return out
}

var answersLabel = regexp.MustCompile(`(?i)^(show |see |check |your )?(the )?(correct )?answers?( key)?\b`)

// isAnswers tells whether a block hides the answers to prompts.
func isAnswers(b models.Block) bool {
	d, ok := b.(*models.Disclosure)
	return ok && answersLabel.MatchString(render.Plain(d.Label))
}
