package corpus

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// numbered is an item of a numbered list.
var numbered = regexp.MustCompile(`^(\d+)\. `)

// blocks turns the Markdown of plain records into blocks: headings of level 2 and 3, paragraphs, quotes and flat lists, with blank
// lines between them and each item on a line of its own. Importing pages reads far more, and takes longer than all the rest.
func blocks(text string) (models.Blocks, error) {
	var out models.Blocks
	for part := range strings.SplitSeq(text, "\n\n") {
		b, err := block(fmt.Sprint("b", len(out)+1), part)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func block(id, text string) (models.Block, error) {
	base := func(kind models.BlockKind) models.BlockBase { return models.BlockBase{ID: id, Kind: kind} }
	level, heading, _ := strings.Cut(text, " ")
	switch {
	case level == "##" || level == "###":
		return &models.Heading{BlockBase: base(models.BlockHeading), Level: len(level), Text: models.Text(heading)}, nil
	case strings.HasPrefix(text, "> "):
		said := &models.Paragraph{BlockBase: models.BlockBase{ID: id + "-1", Kind: models.BlockParagraph}, Text: models.Text(text[2:])}
		return &models.Quote{BlockBase: base(models.BlockQuote), Blocks: models.Blocks{said}}, nil
	case strings.HasPrefix(text, "- "):
		list := &models.List{BlockBase: base(models.BlockList)}
		return list, addItems(list, text, func(line string) string { return strings.TrimPrefix(line, "- ") })
	case numbered.MatchString(text):
		start, err := strconv.Atoi(numbered.FindStringSubmatch(text)[1])
		if err != nil {
			return nil, err
		}
		list := &models.List{BlockBase: base(models.BlockList), Ordered: true, Start: start}
		return list, addItems(list, text, func(line string) string { return numbered.ReplaceAllString(line, "") })
	}
	return &models.Paragraph{BlockBase: base(models.BlockParagraph), Text: models.Text(text)}, nil
}

// addItems adds the lines of a list, each without its mark.
func addItems(list *models.List, text string, unmarked func(string) string) error {
	for line := range strings.SplitSeq(text, "\n") {
		item := unmarked(line)
		if item == line {
			return fmt.Errorf("the line %q of a list is no item of it", line)
		}
		list.Items = append(list.Items, models.ListItem{Text: models.Text(item)})
	}
	return nil
}
