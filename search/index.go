// Package search answers a librarian's questions over live content. Index is what an engine must do: Embedded is one,
// Meilisearch the other. Follower keeps an index in step with the log of live changes.
package search

import (
	"context"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search/syntax"
)

// Document is what an index keeps of one live record: a section, module, worksheet, source or asset.
type Document struct {
	Ref      models.Ref // type and id: the key
	Course   models.ID
	Module   models.ID // empty for courses' own records such as sources
	Language string    // BCP 47, of the course
	Title    string    // plain text
	Body     string    // plain text, all that can be found in it; lines end where phrases do
	Updated  time.Time // when what is live was published

	Author     string             // who wrote it, a name a line
	ModuleName string             // title and slug of its module, a line each
	Cited      string             // what it cites, a source a line
	Values     map[Facet][]string // of the facets that the fields above do not tell
}

// text is what a document has to be found by naming a field; a line each where there are several.
func (d Document) text(f syntax.Field) string {
	switch f {
	case syntax.FieldTitle:
		return d.Title
	case syntax.FieldAuthor:
		return d.Author
	case syntax.FieldModule:
		return d.ModuleName
	case syntax.FieldCited:
		return d.Cited
	case syntax.FieldSubject:
		return strings.Join(append(d.values(FacetSubject), d.values(FacetKeyword)...), "\n")
	case syntax.FieldLicense:
		return strings.Join(d.values(FacetLicense), "\n")
	}
	return ""
}

// Batch is a set of changes that an index takes all or none of, together with the content revision that it has
// reached with them.
type Batch struct {
	Put      []Document
	Delete   []models.Ref
	Revision int64
}

// Match says how many of a query's words a hit must have.
type Match string

// The ways to match. Any is the default: a hit with all words is preferred by a small bonus.
const (
	MatchAny Match = "any"
	MatchAll Match = "all"
)

// Limits of one search.
const (
	MaxQueryBytes = 4000   // longer queries are a client's mistake, to be refused before they reach an Index
	MaxQueryWords = 64     // distinct words; the rest is ignored and the answer says so
	MaxOffset     = 10_000 // of Offset, and of Limit
)

// Query is what is asked.
type Query struct {
	Text    string
	Match   Match    // of the words that stand side by side
	Typing  bool     // the last word may be the beginning of one
	Filters []Filter // all must hold; they don't change scores
	Facets  []Facet  // to count
	Order   Order
	Group   bool // one hit for each module, the best in order; records of no module are their own
	Limit   int  // 0: counts only
	Offset  int
}

// Hit is one found document, best first, equal scores in the order of ids. Matched and Missing together are the words of
// the results; a word that is found by correcting a typo is matched.
type Hit struct {
	Ref     models.Ref
	Score   float64
	Matched []string // words, phrases and prefixes of the query, as typed, that the document has
	Missing []string // those that it lacks
	Group   int      // how many hits its group has; 0 when none were asked for
}

// Results is the answer to a query.
type Results struct {
	Hits     []Hit
	Total    int                    // how many documents the query finds
	Groups   int                    // how many groups they make; 0 when none were asked for
	Any      int                    // how many the query finds when of plain words any is enough
	All      int                    // and when all of them are needed
	Words    []string               // the query's distinct words, phrases and prefixes, as typed first; stop words only when there are no others
	Ignored  []string               // the other distinct words: stop words and what is over MaxQueryWords
	Facets   map[Facet][]FacetCount // most hits first, equal ones in the order of values
	Meant    string                 // the query with words of the index for those that it lacks; empty when there are none
	Revision int64                  // content revision that the index had reached
}

// Index is what a search engine does. All methods are safe for concurrent use. An engine that is down answers with
// an error of models.KindUnavailable.
type Index interface {
	// Engine names the engine, for metrics and logs.
	Engine() string

	// Apply takes a batch durably, all or nothing: after a crash the index has the revision of a batch exactly when
	// it has its documents. Documents found by searches that begin after Apply returns are the new ones. A record that
	// is both put and deleted is put, one that is put twice is as put last, and one that is not there can be deleted.
	Apply(ctx context.Context, b Batch) error

	// Revision is the content revision that the index has reached, 0 for a new one.
	Revision(ctx context.Context) (int64, error)

	// Check tells whether the index is where it keeps its documents, nil when it is. A follower rebuilds one that is
	// not: a folder that was deleted under a running server for instance.
	Check(ctx context.Context) error

	// EachRef gives the keys of all documents, in any order, for comparing the index with the database.
	EachRef(ctx context.Context, add func(models.Ref) error) error

	// Search answers a query in the language of package syntax. Every text is a legal query; one that asks for nothing has
	// no hits. It fails with models.KindMalformed when the page, a filter or the way to match can't be, and with the
	// context's error when that is done.
	Search(ctx context.Context, q Query) (Results, error)

	// Complete gives words of the index that begin as the last word of a text does, most documents first.
	Complete(ctx context.Context, text string, limit int) ([]Completion, error)

	// Highlighter tells which words of a document's text the query matches, with the analysis that the index uses.
	Highlighter(q Query) Highlighter

	// Rebuild replaces all documents by those that fill gives, without a time in which searches find less. The old
	// documents stay when fill fails. Apply waits meanwhile, so that fill must not call it; add is for one goroutine.
	Rebuild(ctx context.Context, revision int64, fill func(add func(Document) error) error) error

	// Close lets go of the index; searches and writes under way are finished first. All else then fails with
	// models.KindUnavailable, and a second Close does nothing.
	Close() error
}

// Completion is a word of the index that completes one.
type Completion struct {
	Word      string // folded: lower case, no accents
	Documents int    // that have it
}

// Highlighter finds a query's words in a text. It is for one goroutine, and for as many texts as an answer has.
type Highlighter interface {
	// Find gives the byte ranges of words that match, in order, at most limit of them.
	Find(text string, limit int) []Span
}

// Span is a range of bytes, End excluded.
type Span struct{ Start, End int }
