package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// prose makes sections of 250 to 750 words after Zipf's law, and queries of two to four words that are neither among the
// commonest nor the rarest.
type prose struct {
	random *rand.Rand
	zipf   *rand.Zipf
}

func newProse(seed uint64) *prose {
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // not for secrets
	return &prose{random: r, zipf: rand.NewZipf(r, 1.05, 3, 50_000)}
}

func (p *prose) words(n int, rank func() uint64) string {
	var b strings.Builder
	for range n {
		b.WriteString(spell(rank()) + " ")
	}
	return b.String()
}

// spell makes a word of letters of a number.
func spell(n uint64) string {
	word := []byte("w")
	for ; n > 0; n /= 20 {
		word = append(word, "bcdfghjklmnpqrtvwxza"[n%20], "aeiou"[n%5])
	}
	return string(word)
}

// document makes the i-th section, the same one each time.
func document(i int) search.Document {
	p := newProse(uint64(i) + 1_000_000)
	return search.Document{
		Ref:    models.Ref{Type: search.Kinds()[i%2], ID: models.ID(fmt.Sprintf("%08d", i))},
		Course: models.ID(fmt.Sprint("course", i%10)), Module: models.ID(fmt.Sprint("module", i%300)), Language: "en",
		Title: p.words(3+p.random.IntN(5), p.zipf.Uint64), Body: p.words(250+p.random.IntN(501), p.zipf.Uint64),
		Updated: time.Date(2026, 1, 1, i%24, 0, i%60, 0, time.UTC).AddDate(0, 0, i%300),
		Values: map[search.Facet][]string{
			search.FacetSubject: {fmt.Sprint("subject", i%80), fmt.Sprint("subject", i%7)}, search.FacetLevel: {[]string{"easy", "hard"}[i%2]},
		},
	}
}

func number(id models.ID) int {
	n, err := strconv.Atoi(string(id))
	if err != nil {
		panic(err) // document has made it
	}
	return n
}

func (p *prose) query() string {
	return p.words(2+p.random.IntN(3), func() uint64 {
		return uint64(60 * math.Exp(p.random.Float64()*math.Log(20_000./60)))
	})
}
