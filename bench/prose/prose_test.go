package prose

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func TestTheSameSeedGivesTheSameText(t *testing.T) {
	h := sha256.New()
	for seed := range uint64(5) {
		p := New(seed)
		fmt.Fprintln(h, p.Title(4), p.Sentences(100), p.Query())
	}
	// Figures of benchmarks can only be compared while the text is the same.
	const want = "45398e157a939fa2"
	if got := hex.EncodeToString(h.Sum(nil))[:16]; got != want {
		t.Errorf("the text has changed: its hash is %s, and was %s", got, want)
	}
}

func TestSentencesHaveTheWordsAskedFor(t *testing.T) {
	p := New(1)
	for _, n := range []int{0, 1, 7, 18, 19, 500} {
		if got := len(strings.Fields(p.Sentences(n))); got != n {
			t.Errorf("%d words, want %d", got, n)
		}
	}
}
