// Command generate writes the content that servers are measured with: deterministic, in an invented vocabulary, sections of
// about 500 words with citations, sources and worksheets.
//
//	go run ./bench/generate -sections 2000 -export FOLDER     # for lectern import
//	go run ./bench/generate -sections 2000 -lines FOLDER      # JSON Lines, for other servers
//	go run ./bench/generate -from FOLDER -export FOLDER       # of JSON Lines that are there already
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/lectern-cms/lectern/bench/corpus"
)

func main() {
	sections := flag.Int("sections", 2000, "how many sections")
	from := flag.String("from", "", "folder of JSON Lines to read in the place of generated content")
	lines := flag.String("lines", "", "folder for plain records as JSON Lines")
	export := flag.String("export", "", "folder for exports of Lectern, one a course")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *sections, *from, *lines, *export)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sections int, from, lines, export string) error {
	if lines == "" && export == "" {
		return errors.New("nothing to do: give -lines or -export")
	}
	var records corpus.Records = corpus.Lines(from)
	if from == "" {
		var err error
		if records, err = corpus.Generate(sections); err != nil {
			return err
		}
	}
	if lines != "" {
		if err := corpus.WriteLines(lines, records); err != nil {
			return err
		}
	}
	if export == "" {
		return nil
	}
	if err := os.MkdirAll(export, 0o750); err != nil {
		return err
	}
	folders, err := corpus.Export(ctx, export, records)
	for _, f := range folders {
		fmt.Println(f)
	}
	return err
}
