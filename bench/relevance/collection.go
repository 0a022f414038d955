package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxLine is the longest line of a collection, in bytes.
const maxLine = 1 << 20

// collection is a set of documents and queries that people have judged.
type collection struct {
	documents []document
	queries   []query
	grades    map[string]map[string]int // query → document → grade; above 0 is relevant
}

type document struct{ ID, Title, Text string }

type query struct{ ID, Text string }

func readCollection(folder string) (c collection, err error) {
	if c.documents, err = readLines[document](filepath.Join(folder, "docs.jsonl")); err != nil {
		return c, err
	}
	if c.queries, err = readLines[query](filepath.Join(folder, "queries.jsonl")); err != nil {
		return c, err
	}
	c.grades = make(map[string]map[string]int)
	return c, eachLine(filepath.Join(folder, "qrels.tsv"), func(n int, line string) error {
		row := strings.Split(line, "\t")
		if len(row) != 3 {
			return fmt.Errorf("has %d columns, want 3", len(row))
		}
		grade, err := strconv.Atoi(row[2])
		switch {
		case err != nil && n == 1:
			return nil // the heading
		case err != nil:
			return err
		case c.grades[row[0]] == nil:
			c.grades[row[0]] = make(map[string]int)
		}
		c.grades[row[0]][row[1]] = grade
		return nil
	})
}

func readLines[T any](path string) (all []T, err error) {
	return all, eachLine(path, func(_ int, line string) error {
		var v T
		err := json.Unmarshal([]byte(line), &v)
		all = append(all, v)
		return err
	})
}

func eachLine(path string, read func(n int, line string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := read(n, lines.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return lines.Err()
}

// The depths of the figures.
const (
	gainDepth   = 10
	recallDepth = 50
)

// score gives the means over the queries that have a relevant document. A query that found nothing counts 0.
func (c collection) score(rankings map[string][]string) (ndcg10, recall50 float64) {
	judged := 0.
	for _, q := range c.queries {
		grades := c.grades[q.ID]
		var ideal []int
		for _, g := range grades {
			if g > 0 {
				ideal = append(ideal, g)
			}
		}
		if len(ideal) == 0 {
			continue
		}
		judged++
		slices.SortFunc(ideal, func(a, b int) int { return b - a })
		var got []int
		relevant := 0.
		for _, id := range rankings[q.ID][:min(recallDepth, len(rankings[q.ID]))] {
			got = append(got, grades[id])
			if grades[id] > 0 {
				relevant++
			}
		}
		ndcg10 += gain(got) / gain(ideal)
		recall50 += relevant / float64(len(ideal))
	}
	return ndcg10 / judged, recall50 / judged
}

// gain is the discounted gain of the first grades (Järvelin and Kekäläinen 2002, as trec_eval's ndcg_cut has it).
func gain(grades []int) float64 {
	sum := 0.
	for i, g := range grades[:min(gainDepth, len(grades))] {
		sum += float64(max(g, 0)) / math.Log2(float64(i)+2)
	}
	return sum
}

// writeRun writes rankings in the format of TREC: query, Q0, document, rank, score, name of the run.
func writeRun(path string, queries []query, rankings map[string][]string) error {
	var b strings.Builder
	for _, q := range queries {
		for i, id := range rankings[q.ID] {
			fmt.Fprintf(&b, "%s Q0 %s %d %d lectern\n", q.ID, id, i+1, len(rankings[q.ID])-i)
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}
