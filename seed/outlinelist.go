package seed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// numberedItem finds what may be an item of an ordered list: "1. …", "1) …", "a) …".
var numberedItem = regexp.MustCompile(`^(?:(\d{1,3})([.)])|([a-z])(\)))\s+(.*)$`)

// itemMark is what begins such an item.
type itemMark struct {
	number int
	form   string // letters or figures, and what follows them
	text   string // of the item
}

func markOf(l outlineLine) (itemMark, bool) {
	m := numberedItem.FindStringSubmatch(l.text)
	switch {
	case m == nil || l.bullet:
		return itemMark{}, false
	case m[3] != "":
		return itemMark{int(m[3][0]-'a') + 1, "a" + m[4], m[5]}, true
	}
	n, err := strconv.Atoi(m[1])
	return itemMark{n, "1" + m[2], m[5]}, err == nil && n > 0
}

// numberItems finds the items of ordered lists: numbered lines, at least two in sequence. A paragraph between two of
// them says that they are headings.
func numberItems(lines []outlineLine) {
	type open struct {
		at   int
		mark itemMark
	}
	waiting := map[int]open{} // for an indentation: the last numbered line there
	for i := range lines {
		l := &lines[i]
		mark, ok := markOf(*l)
		if !ok {
			if l.gap && !l.bullet {
				clear(waiting)
			}
			continue
		}
		last, follows := waiting[l.indent]
		follows = follows && last.mark.form == mark.form && mark.number == last.mark.number+1
		if follows {
			lines[last.at].item(last.mark)
		}
		waiting[l.indent] = open{at: i, mark: mark}
		if follows {
			l.item(mark)
		}
	}
}

// item makes a line an item of an ordered list.
func (l *outlineLine) item(m itemMark) {
	l.bullet, l.number, l.text = true, m.number, m.text
}

// list makes a list of the bullets from here on, whatever gaps are between them. Deeper ones are lists in items.
func (o *outliner) list(depth int) (*models.List, error) {
	if depth == maxListDepth {
		return nil, &kramdown.LimitError{Line: o.lines[0].no, Message: fmt.Sprintf("lists are nested more than %d deep", maxListDepth)}
	}
	list := &models.List{Ordered: o.lines[0].number > 0, Start: o.lines[0].number}
	indent := o.lines[0].indent
	for len(o.lines) > 0 && o.lines[0].bullet && o.lines[0].indent >= indent {
		if o.lines[0].indent > indent && len(list.Items) > 0 {
			inner, err := o.list(depth + 1)
			if err != nil {
				return nil, err
			}
			last := &list.Items[len(list.Items)-1]
			last.Blocks = append(last.Blocks, inner)
			continue
		}
		if n := o.lines[0].number; list.Ordered && n != list.Start+len(list.Items) || !list.Ordered && n > 0 {
			break // another list begins
		}
		list.Items = append(list.Items, o.item())
	}
	return list, nil
}

// item takes a bullet with the lines that run on under it.
func (o *outliner) item() models.ListItem {
	texts, no := []string{o.lines[0].text}, o.lines[0].no
	o.lines = o.lines[1:]
	for len(o.lines) > 0 && !o.lines[0].bullet && o.lines[0].no == no+1 {
		texts, no = append(texts, o.lines[0].text), o.lines[0].no
		o.lines = o.lines[1:]
	}
	return models.ListItem{Text: plainText(strings.Join(texts, " "))}
}
