package diff

import (
	"strings"

	"github.com/rivo/uniseg"

	"github.com/lectern-cms/lectern/content/merge"
)

// RunOp says in which version a run of words is.
type RunOp string

// The versions of a run.
const (
	RunSame    RunOp = "same" // in both
	RunDeleted RunOp = "deleted"
	RunAdded   RunOp = "added"
)

// Run is a part of a text. The runs that are not added make the older text, those that are not deleted the newer one,
// to the last character.
type Run struct {
	Op   RunOp  `json:"op"`
	Text string `json:"text"`
}

// maxComparisons is how many pairs of words are compared for one record: a hundred paragraphs of 400 words, all written
// anew, in a fraction of a second. When they are used up, a text is replaced from the first word that differs to the
// last.
const maxComparisons = 16 << 20

// word is a word, number, mark or ideograph (UAX #29), with the white space behind it.
type word struct{ text, space string }

func split(s string) []word {
	var out []word
	state := -1
	for s != "" {
		var w string
		w, s, state = uniseg.FirstWordInString(s, state)
		switch space := strings.TrimSpace(w) == ""; {
		case !space:
			out = append(out, word{text: w})
		case len(out) == 0:
			out = append(out, word{space: w})
		default:
			out[len(out)-1].space += w
		}
	}
	return out
}

// words compares two texts.
func (c *comparer) words(old, now string) []Run {
	a, b := split(old), split(now)
	start := 0
	for start < len(a) && start < len(b) && a[start].text == b[start].text {
		start++
	}
	i, j := len(a), len(b)
	for i > start && j > start && a[i-1].text == b[j-1].text {
		i, j = i-1, j-1
	}
	var r runs
	for k := range start {
		r.both(a[k], b[k])
	}
	m, n := start, start
	for _, p := range c.common(a[start:i], b[start:j]) {
		r.apart(a[m:start+p[0]], b[n:start+p[1]])
		r.both(a[start+p[0]], b[start+p[1]])
		m, n = start+p[0]+1, start+p[1]+1
	}
	r.apart(a[m:i], b[n:j])
	for k := range len(a) - i {
		r.both(a[i+k], b[j+k])
	}
	r.flush()
	return r.out
}

// common pairs the equal words of two texts, or none when too many have been compared already.
func (c *comparer) common(a, b []word) [][2]int {
	cost := min(len(a)*len(b), merge.MaxCells)
	if cost > c.budget {
		return nil
	}
	c.budget -= cost
	return merge.Common(texts(a), texts(b))
}

func texts(ws []word) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.text
	}
	return out
}

// runs collects what is the same and what differs, in turn: of a difference all that was deleted comes before all that
// was added.
type runs struct {
	out                  []Run
	same, deleted, added strings.Builder // the last difference, or what is the same since then
}

// both takes a word that both texts have. The white space behind it may differ.
func (r *runs) both(a, b word) {
	r.keep(a.text)
	if a.space == b.space {
		r.keep(a.space)
		return
	}
	r.apart([]word{{space: a.space}}, []word{{space: b.space}})
}

func (r *runs) keep(s string) {
	if s != "" && r.same.Len() == 0 {
		r.flush()
	}
	r.same.WriteString(s)
}

// apart takes words that one text has where the other has others.
func (r *runs) apart(old, now []word) {
	if len(old)+len(now) > 0 && r.same.Len() > 0 {
		r.flush()
	}
	for _, w := range old {
		r.deleted.WriteString(w.text + w.space)
	}
	for _, w := range now {
		r.added.WriteString(w.text + w.space)
	}
}

// flush ends a run of the same, or a difference.
func (r *runs) flush() {
	r.end(RunSame, &r.same)
	r.end(RunDeleted, &r.deleted)
	r.end(RunAdded, &r.added)
}

func (r *runs) end(op RunOp, text *strings.Builder) {
	if text.Len() > 0 {
		r.out = append(r.out, Run{op, text.String()})
		text.Reset()
	}
}
