package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/search"
)

// changes is how many sections are changed one by one.
const changes = 100

// changeSome changes sections and measures how long each takes until a search finds its new words.
func changeSome(ctx context.Context, index search.Index, sections int) error {
	var times []time.Duration
	worked := cpuTime()
	for i := range changes {
		d := document(i * 7919 % sections)
		word := fmt.Sprint("unheard", i)
		d.Body += " " + word
		begin := time.Now()
		if err := index.Apply(ctx, search.Batch{Put: []search.Document{d}, Revision: int64(i + 2)}); err != nil {
			return err
		}
		results, err := index.Search(ctx, search.Query{Text: word, Limit: 1})
		if err != nil {
			return err
		}
		if len(results.Hits) != 1 || results.Hits[0].Ref.ID != d.Ref.ID {
			return fmt.Errorf("%s is not found after it was written", d.Ref.ID)
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	fmt.Printf("one section changed and found: p50 %.1f ms, p99 %.1f ms; CPU %.1f ms\n",
		at(times, .5), at(times, .99), float64((cpuTime()-worked)/changes)/float64(time.Millisecond))
	return nil
}
