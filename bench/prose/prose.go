// Package prose makes text that no language has, for benchmarks: words after Zipf's law, the same ones for the same seed. Nobody's
// text is in it, and none of it means anything.
package prose

import (
	"math"
	"math/rand/v2"
	"strings"
)

// The vocabulary: the share of its words falls as in natural languages.
const (
	exponent = 1.05
	offset   = 3
	rarest   = 50_000
)

// Prose is a source of text. It is for one goroutine.
type Prose struct {
	*rand.Rand
	zipf *rand.Zipf
}

// New makes a source of text. The same seed gives the same text for ever.
func New(seed uint64) *Prose {
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // not for secrets
	return &Prose{Rand: r, zipf: rand.NewZipf(r, exponent, offset, rarest)}
}

// Words gives n words with spaces between them.
func (p *Prose) Words(n int) string { return words(n, p.zipf.Uint64) }

// The words of queries are neither among the commonest nor the rarest.
const (
	commonAsked = 60
	rareAsked   = 20_000
)

// Query gives two to four words that people might search for.
func (p *Prose) Query() string {
	return words(2+p.IntN(3), func() uint64 {
		return uint64(commonAsked * math.Exp(p.Float64()*math.Log(rareAsked/float64(commonAsked))))
	})
}

// The lengths of sentences, in words.
const (
	shortest = 8
	longest  = 18
)

// Title gives n words that begin with a capital.
func (p *Prose) Title(n int) string {
	text := p.Words(n)
	return strings.ToUpper(text[:1]) + text[1:]
}

// Sentences gives n words in sentences.
func (p *Prose) Sentences(n int) string {
	var out []string
	for n > 0 {
		length := min(n, shortest+p.IntN(longest-shortest+1))
		out = append(out, p.Title(length)+".")
		n -= length
	}
	return strings.Join(out, " ")
}

func words(n int, rank func() uint64) string {
	out := make([]string, n)
	for i := range out {
		out[i] = spell(rank())
	}
	return strings.Join(out, " ")
}

// spell makes a word of letters of a number.
func spell(n uint64) string {
	word := []byte("w")
	for ; n > 0; n /= 20 {
		word = append(word, "bcdfghjklmnpqrtvwxza"[n%20], "aeiou"[n%5])
	}
	return string(word)
}
