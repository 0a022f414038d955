package judged

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
)

// Rankings are what a search finds: id of a query → ids of documents, best first, each once.
type Rankings map[string][]string

// The depths of the figures: how many documents of a ranking count.
const (
	GainDepth   = 10
	RecallDepth = 50
)

// Score gives nDCG@10, with gains that are the grades, and recall@50, both from 0 to 1: the means over the queries that have a
// relevant document. A query that found nothing counts 0. The collection must be one that Read has taken.
func (c Collection) Score(rankings Rankings) (ndcg10, recall50 float64) {
	scored := 0.
	for _, q := range c.Queries {
		grades := c.Grades[q.ID]
		ideal := positive(grades)
		if len(ideal) == 0 {
			continue
		}
		scored++
		var got []int
		relevant := 0.
		for _, id := range rankings[q.ID][:min(RecallDepth, len(rankings[q.ID]))] {
			got = append(got, grades[id])
			if grades[id] > 0 {
				relevant++
			}
		}
		ndcg10 += gain(got) / gain(ideal)
		recall50 += relevant / float64(len(ideal))
	}
	return ndcg10 / scored, recall50 / scored
}

// positive gives the grades of the relevant documents, highest first.
func positive(grades map[string]int) (all []int) {
	for _, g := range grades {
		if g > 0 {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return b - a })
	return all
}

// gain is the discounted gain of the first grades (Järvelin and Kekäläinen 2002, as trec_eval's ndcg_cut has it).
func gain(grades []int) float64 {
	sum := 0.
	for i, g := range grades[:min(GainDepth, len(grades))] {
		sum += float64(max(g, 0)) / math.Log2(float64(i)+2)
	}
	return sum
}

// WriteRun writes rankings to a file in the format of TREC, which other scorers read: query, Q0, document, rank from 1, a score
// that falls with the rank, and the name of the run. Queries that the collection does not have are left out.
func (c Collection) WriteRun(path string, rankings Rankings) error {
	var b strings.Builder
	for _, q := range c.Queries {
		for i, id := range rankings[q.ID] {
			fmt.Fprintf(&b, "%s Q0 %s %d %d lectern\n", q.ID, id, i+1, len(rankings[q.ID])-i)
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}
