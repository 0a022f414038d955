package render

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/lectern-cms/lectern/models"
)

// MapLinks gives a text in which the links have the addresses that change gives for theirs; all else stays byte for
// byte. What change gives must hold no space, no bracket and no parenthesis, as a RecordLink's address; "" keeps a link
// as it is. Addresses that stand in the text by themselves are not asked for.
func MapLinks(t models.Text, change func(url string) string) models.Text {
	if !strings.Contains(string(t), "](") {
		return t
	}
	root, src := parseInline(t)
	var out strings.Builder
	done := 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || entering {
			return ast.WalkContinue, nil // links in links are none: the order is that of the ends
		}
		start, end, ok := destinationIn(src, link.Destination)
		if !ok || start < done {
			return ast.WalkContinue, nil
		}
		if to := change(unescape(link.Destination)); to != "" {
			out.Write(src[done:start])
			out.WriteString(to)
			done = end
		}
		return ast.WalkContinue, nil
	})
	out.Write(src[done:])
	return models.Text(out.String())
}

// destinationIn finds where the destination of a link stands, angle brackets included. The parser gives it as a part
// of the source, whose place its capacity tells.
func destinationIn(src, destination []byte) (start, end int, ok bool) {
	start = cap(src) - cap(destination)
	end = start + len(destination)
	if len(destination) == 0 || start < 2 || end > len(src) || !bytes.Equal(src[start:end], destination) {
		return 0, 0, false
	}
	if src[start-1] == '<' && end < len(src) && src[end] == '>' {
		start, end = start-1, end+1
	}
	return start, end, true
}
