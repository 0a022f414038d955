// Command bench measures Lectern beside other servers with the same content, interleaved in one run, so that the ratios hold on
// any machine: hot, with the answers kept; cold, without a cache; bare Fiber answering the same bodies, and the same header fields
// too; with -peers PocketBase; and any other server whose addresses somebody writes down. It prints requests per second, the
// server's CPU time per request, the tail and memory. With -mixed it reads and publishes at the same time, and proves that nobody reads what is out of date.
// With -profiles it draws where the time of hot and of cold reads goes. docs/performance.md says how to read the figures.
//
//	go run ./bench [-sections 2000] [-seconds 3] [-rounds 3] [-connections 16,64] [-peers] [-server NAME=FILE] [-data FOLDER] [-json FILE] [-svg FILE]
//	go run ./bench -mixed 5m [-sections 2000] [-connections 64] [-json FILE]
//	go run ./bench -profiles docs -seconds 12 -connections 8
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type options struct {
	sections    int
	length      time.Duration // of a measurement
	rounds      int
	connections []int
	peers       bool
	others      others
	data        string
	json, svg   string
	profiles    string        // folder for flame graphs; "": none
	mixed       time.Duration // 0: none
	idle        time.Duration // after a start, before memory is read
}

func main() {
	wasBare()
	o, err := parse(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // so that no server is left running
	err = run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&o.sections, "sections", 2000, "how many sections of about 500 words the content has")
	seconds := flags.Float64("seconds", 3, "length of one measurement")
	flags.IntVar(&o.rounds, "rounds", 3, "measurements of each server; the median counts")
	connections := flags.String("connections", "16,64", "connections at once, each number in a row of its own")
	flags.BoolVar(&o.peers, "peers", false, "measure PocketBase too, which is built on demand")
	flags.Var(&o.others, "server", "`NAME=FILE` of a server that runs already, to measure it too; docs/performance.md says what is in the file")
	flags.StringVar(&o.data, "data", "", "`folder` that keeps the content from run to run; without it all is made anew")
	flags.StringVar(&o.json, "json", "", "`file` for the figures")
	flags.StringVar(&o.svg, "svg", "", "`file` for a chart")
	flags.DurationVar(&o.mixed, "mixed", 0, "read, save and publish together for this long, instead of comparing")
	flags.StringVar(&o.profiles, "profiles", "", "`folder` for flame graphs of hot and cold reads, which are made instead of comparing")
	flags.SetOutput(io.Discard) // whoever called prints the error
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(os.Stdout)
			flags.PrintDefaults()
		}
		return o, err
	}
	o.length, o.idle = time.Duration(*seconds*float64(time.Second)), 2*time.Second
	if o.length <= 0 || o.rounds < 1 || o.mixed < 0 {
		return o, errors.New("-seconds, -rounds and -mixed must be more than nothing")
	}
	for part := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > maxConnections {
			return o, fmt.Errorf("-connections must be numbers from 1 to %d, such as 16,64", maxConnections)
		}
		o.connections = append(o.connections, n)
	}
	return o, nil
}

// maxConnections is far from what a machine has of ports and open files.
const maxConnections = 1000

func run(ctx context.Context, o options, out io.Writer) error {
	folder := o.data
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "lectern-bench-*"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
	}
	w, err := openWorkshop(ctx, folder, o.sections)
	if err != nil {
		return err
	}
	if o.mixed > 0 {
		got, err := mixed(ctx, w, o)
		if got != nil {
			got.print(out)
			err = errors.Join(writeJSON(o.json, got), err)
		}
		return err
	}
	if o.profiles != "" {
		return profiles(ctx, o, w, out)
	}
	f, err := compare(ctx, w, o)
	if err != nil {
		return err
	}
	f.print(out)
	if o.svg != "" {
		if err := os.WriteFile(o.svg, f.chart(), 0o600); err != nil {
			return err
		}
	}
	return writeJSON(o.json, f)
}

func writeJSON(name string, figures any) error {
	if name == "" {
		return nil
	}
	data, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o600)
}
