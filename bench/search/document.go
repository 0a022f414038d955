package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lectern-cms/lectern/bench/prose"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// document makes the i-th section, of 250 to 750 words, the same one each time.
func document(i int) search.Document {
	p := prose.New(uint64(i) + 1_000_000)
	return search.Document{
		Ref:    models.Ref{Type: search.Kinds()[i%2], ID: models.ID(fmt.Sprintf("%08d", i))},
		Course: models.ID(fmt.Sprint("course", i%10)), Module: models.ID(fmt.Sprint("module", i%300)), Language: "en",
		Title: p.Words(3 + p.IntN(5)), Body: p.Words(250 + p.IntN(501)),
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
