package search

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/search/syntax"
)

// typoWeight is what a word counts that is only like the one asked for, or only begins so. Misspelt words are rare, and
// rare words weigh most.
const typoWeight = 0.6

// leafSet is a set of a question's leaves, a bit for each in the order of asking.
type leafSet uint64

// A leafSet must have room for every word of a query.
const _ = uint(64 - MaxQueryWords)

func (s leafSet) has(i int) bool { return s>>i&1 == 1 }
func (s leafSet) size() int      { return bits.OnesCount64(uint64(s)) }

// leaf is one thing that a query looks for.
type leaf struct {
	node     *syntax.Node // the first of its kind
	typed    string       // what answers call it
	words    []string     // folded: of a word or a prefix one
	count    int          // how often it is asked
	negative bool         // it stands under NOT
	meant    string       // the word of the index that a word with df 0 was taken for
}

// isWord tells whether a leaf is a plain word, in any of its forms.
func (l leaf) isWord() bool {
	return l.node.Op == syntax.OpWord && l.node.Field == "" && !l.node.Prefix
}

// isText tells whether a leaf is looked for in texts, and so is one of the words of an answer.
func (l leaf) isText() bool {
	switch l.node.Field {
	case syntax.FieldType, syntax.FieldLang, syntax.FieldYear:
		return false
	}
	return true
}

// question is a query's text, understood with the analyses of an index.
type question struct {
	analyses analyses
	leaves   []leaf
	root     *clause  // nil when nothing is asked
	ignored  []string // as typed
	terms    []askedTerm
	places   map[termKey]int // of terms
	text     string
}

// askedTerm is a term to look up, and the words that it stands for. Two words may share a stem.
type askedTerm struct {
	analysis analysis
	text     string
	weight   float64 // how often it is asked, less for what only resembles a word
	leaves   leafSet

	documents uint64 // that have it, once they are counted
}

type termKey struct{ field, text string }

// ask understands a text. Stop words count only when there are no other words.
func ask(text string, as analyses) *question {
	q := &question{analyses: as, places: make(map[termKey]int), text: text}
	b := builder{question: q, seen: make(map[string]int), ignored: make(map[string]bool)}
	root := syntax.Parse(text).Root
	b.keepStops = !b.hasContent(root)
	q.root = b.clause(root, false)
	for i, l := range q.leaves {
		if !l.isWord() || l.negative {
			continue
		}
		for _, a := range as {
			if b.keepStops || !a.isStop(l.words[0]) {
				q.add(a, l.words[0], float64(l.count), i)
			}
		}
	}
	return q
}

// builder makes the clauses of a question.
type builder struct {
	*question
	seen      map[string]int // leaves by what they look for
	ignored   map[string]bool
	keepStops bool
}

// hasContent tells whether a query has something else than stop words.
func (b *builder) hasContent(n *syntax.Node) bool {
	found := false
	n.Words(func(w *syntax.Node) {
		plain := w.Op == syntax.OpWord && w.Field == "" && !w.Prefix
		for t := range tokens(w.Text) {
			found = found || !plain || !b.analyses.isStop(t.word)
		}
	})
	return found
}

// clause gives nil for what is ignored.
func (b *builder) clause(n *syntax.Node, negative bool) *clause {
	switch {
	case n == nil:
		return nil
	case n.Op == syntax.OpWords:
		return b.words(n, negative)
	case n.Op == syntax.OpAny || n.Op == syntax.OpAll:
		return join(n.Op, b.clauses(n.Parts, negative))
	case n.Op == syntax.OpNot:
		if inner := b.clause(n.Parts[0], !negative); inner != nil {
			return &clause{op: syntax.OpNot, parts: []*clause{inner}}
		}
		return nil
	case n.Op == syntax.OpWord && !n.Prefix && (n.Field == "" || isTextField(n.Field)):
		return join(syntax.OpAll, b.eachWord(n, negative))
	}
	return b.single(n, negative)
}

func isTextField(f syntax.Field) bool {
	return slices.ContainsFunc(syntax.Fields(), func(r syntax.FieldRule) bool { return r.Field == f && r.Text })
}

func (b *builder) clauses(nodes []*syntax.Node, negative bool) []*clause {
	var out []*clause
	for _, n := range nodes {
		if c := b.clause(n, negative); c != nil {
			out = append(out, c)
		}
	}
	return out
}

func join(op syntax.Op, parts []*clause) *clause {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &clause{op: op, parts: parts}
}

// words is a list of plain words and prefixes, of which one may be enough.
func (b *builder) words(n *syntax.Node, negative bool) *clause {
	c := &clause{op: syntax.OpWords}
	for _, w := range n.Parts {
		if w.Prefix {
			c.include(b.single(w, negative))
			continue
		}
		for _, l := range b.eachWord(w, negative) {
			c.include(l)
		}
	}
	if c.set == 0 {
		return nil
	}
	return c
}

func (c *clause) include(l *clause) {
	if l != nil {
		c.set |= 1 << l.leaf
	}
}

// eachWord gives a leaf for each word of what was typed as one: time-sharing.
func (b *builder) eachWord(n *syntax.Node, negative bool) []*clause {
	var out []*clause
	for t := range tokens(n.Text) {
		typed := n.Text[t.start:t.end]
		if n.Field != "" {
			typed = string(n.Field) + ":" + typed
		} else if !b.keepStops && b.analyses.isStop(t.word) {
			b.ignore(t.word, typed)
			continue
		}
		if c := b.leaf(leaf{node: n, typed: typed, words: []string{t.word}, negative: negative}); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// single makes the leaf of a phrase, a prefix or a value.
func (b *builder) single(n *syntax.Node, negative bool) *clause {
	l := leaf{node: n, typed: n.Text, negative: negative}
	for t := range tokens(n.Text) {
		l.words = append(l.words, t.word)
	}
	switch {
	case len(l.words) == 0 && l.isText():
		return nil
	case n.Op == syntax.OpPhrase:
		l.typed = `"` + n.Text + `"`
	case n.Prefix:
		l.typed = n.Text + "*"
	}
	if n.Field != "" {
		l.typed = string(n.Field) + ":" + l.typed
	}
	return b.leaf(l)
}

// leaf finds the place of what is looked for. What is over MaxQueryWords is ignored.
func (b *builder) leaf(l leaf) *clause {
	key := strings.Join(append([]string{
		string(l.node.Op), string(l.node.Field), polarity(l), Year(l.node.From), Year(l.node.To),
	}, l.words...), " ")
	if !l.isText() {
		key += l.node.Text
	}
	i, seen := b.seen[key]
	switch {
	case !seen && len(b.leaves) == MaxQueryWords:
		b.ignore(key, l.typed)
		return nil
	case !seen:
		i = len(b.leaves)
		b.seen[key] = i
		b.leaves = append(b.leaves, l)
	}
	b.leaves[i].count++
	return &clause{leaf: i}
}

func polarity(l leaf) string {
	switch {
	case l.negative:
		return "-"
	case l.node.Prefix:
		return "*"
	}
	return "+"
}

func (b *builder) ignore(key, typed string) {
	if !b.ignored[key] {
		b.ignored[key] = true
		b.question.ignored = append(b.question.ignored, typed)
	}
}

// add looks for the i-th leaf under the term of a spelling.
func (q *question) add(a analysis, spelling string, weight float64, i int) {
	key := termKey{field: a.scored, text: a.term(spelling)}
	place, there := q.places[key]
	if !there {
		place = len(q.terms)
		q.places[key] = place
		q.terms = append(q.terms, askedTerm{analysis: a, text: key.text})
	}
	q.terms[place].weight += weight
	q.terms[place].leaves |= 1 << i
}

// asked is the set of the words, phrases and prefixes that documents are wanted to have.
func (q *question) asked() leafSet {
	var s leafSet
	for i, l := range q.leaves {
		if l.isText() && !l.negative {
			s |= 1 << i
		}
	}
	return s
}

// typed gives the leaves of a set as they were typed, in the order of asking.
func (q *question) typed(s leafSet) []string {
	if s == 0 {
		return nil
	}
	typed := make([]string, 0, s.size())
	for i, l := range q.leaves {
		if s.has(i) {
			typed = append(typed, l.typed)
		}
	}
	return typed
}

// lastWord is the leaf that the text ends with when that is a plain word of at least minTypedLetters; ok is false
// otherwise.
func (q *question) lastWord() (i int, ok bool) {
	for i, l := range slices.Backward(q.leaves) {
		if l.isWord() && !l.negative && len(l.words[0]) >= minTypedLetters && endsWith(q.text, l.words[0]) {
			return i, true
		}
	}
	return 0, false
}

func endsWith(text, word string) bool {
	last := token{}
	for t := range tokens(text) {
		last = t
	}
	return last.end == len(text) && last.word == word
}

// meant is the query with words of the index in the places of those that it lacks; "" when it lacks none or has nothing
// to offer.
func (q *question) meant() string {
	better := make(map[string]string)
	for _, l := range q.leaves {
		if l.meant != "" {
			better[l.words[0]] = l.meant
		}
	}
	if len(better) == 0 {
		return ""
	}
	var b strings.Builder
	end := 0
	for t := range tokens(q.text) {
		if word, ok := better[t.word]; ok {
			b.WriteString(q.text[end:t.start] + word)
			end = t.end
		}
	}
	return b.String() + q.text[end:]
}
