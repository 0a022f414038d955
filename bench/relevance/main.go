// Command relevance measures how well a search ranks, on collections whose answers people have judged: each document becomes
// a section through the admin API, each query goes to GET /v1/search as anybody's would, and the answers are scored. It runs
// a server of its own in a folder of its own, on the embedded engine, or with -meili on a Meilisearch server, whose key is in
// LECTERN_MEILI_KEY: the index lectern-relevance is made there.
//
// A collection is a folder with docs.jsonl (id, title, text), queries.jsonl (id, text) and qrels.tsv (query, document, grade):
// package judged has the details. The figures are nDCG@10 with linear gains and recall@50, means over the queries that have a
// relevant document. With -runs the rankings are also written as TREC runs, NAME.run, for other scorers.
//
//	go run ./bench/relevance ../shared/relevance/*
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"github.com/lectern-cms/lectern/bench/judged"
)

func main() {
	meili := flag.String("meili", "", "URL of a Meilisearch server to measure instead of the embedded engine")
	runs := flag.String("runs", "", "`folder` for the rankings as TREC runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, flag.Args(), *meili, *runs)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folders []string, meili, runs string) error {
	if len(folders) == 0 {
		return errors.New("name the folders of the collections")
	}
	dir, err := os.MkdirTemp("", "lectern-relevance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "lectern")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return err
	}
	for _, folder := range folders {
		name := filepath.Base(folder)
		c, err := judged.Read(folder)
		if err != nil {
			return err
		}
		rankings, err := rank(ctx, c, binary, filepath.Join(dir, name), meili)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		ndcg10, recall50 := c.Score(rankings)
		fmt.Printf("%-12s %5d documents, %4d queries: nDCG@10 %.4f, recall@50 %.4f\n", name, len(c.Documents), len(c.Queries), ndcg10, recall50)
		if runs != "" {
			if err := c.WriteRun(filepath.Join(runs, name+".run"), rankings); err != nil {
				return err
			}
		}
	}
	return nil
}

// rank asks a new server that has the documents all queries, and gives what each finds.
func rank(ctx context.Context, c judged.Collection, binary, dir, meili string) (judged.Rankings, error) {
	s, err := startServer(ctx, binary, dir, meili)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	if err := s.fill(ctx, c.Documents); err != nil {
		return nil, err
	}
	rankings := make(judged.Rankings)
	for _, q := range c.Queries {
		if rankings[q.ID], err = s.find(ctx, q.Text); err != nil {
			return nil, fmt.Errorf("query %s: %w", q.ID, err)
		}
	}
	return rankings, nil
}
