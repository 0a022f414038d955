package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/pprof/profile"
)

// profiles draws where the time goes in reads that come from memory, and in those that have to be made: a section with what it
// includes, a list of 25 and the tree of a module, in turn.
func profiles(ctx context.Context, o options, w *workshop, out io.Writer) error {
	for _, p := range []struct{ name, title, cache string }{
		{"hot", "Hot reads: CPU time of answers from memory", "32MB"},
		{"cold", "Cold reads: CPU time of answers that are made", "0"},
	} {
		got, requests, err := profileOf(ctx, o, w, p.cache)
		if err != nil {
			return err
		}
		root := flames(got)
		file, err := os.Create(filepath.Join(o.profiles, "flame-"+p.name+".svg"))
		if err != nil {
			return err
		}
		if err := root.draw(file, p.title); err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s, %d requests, %.0f µs of CPU time each\n", p.title, file.Name(), requests, float64(root.total)/1000/float64(requests))
		shares := map[string]int64{}
		root.shares(shares)
		for _, l := range layers {
			fmt.Fprintf(out, "  %-28s %5.1f %%\n", l.name, 100*float64(shares[l.name])/float64(root.total))
		}
	}
	return nil
}

// profileOf loads a server and takes its CPU profile meanwhile.
func profileOf(ctx context.Context, o options, w *workshop, cache string) (*profile.Profile, int, error) {
	private, err := freeAddress(ctx)
	if err != nil {
		return nil, 0, err
	}
	s, err := w.serve(ctx, nameLectern, lecternData, "--cache-size", cache, "--pprof-addr", private)
	if err != nil {
		return nil, 0, err
	}
	defer s.stop()
	var drives []drive
	for _, r := range reads() {
		if !slices.Contains(profiled, r.key) {
			continue
		}
		requests, _, err := s.requests(ctx, picker{Generated: w.Generated}, r)
		if err != nil {
			return nil, 0, err
		}
		drives = append(drives, drive{server: s, requests: requests, status: http.StatusOK, connections: o.connections[0]})
	}
	var data []byte
	done := make(chan error, 1)
	go func() {
		var err error
		data, err = get(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", private, max(1, int(o.length.Seconds()))))
		done <- err
	}()
	requests := 0
	for n := 0; ; n++ {
		select {
		case err := <-done:
			if err != nil {
				return nil, 0, err
			}
			parsed, err := profile.Parse(bytes.NewReader(data))
			return parsed, requests, err
		default:
		}
		times, err := drives[n%len(drives)].ask(ctx, turn)
		if err != nil {
			return nil, 0, err
		}
		requests += len(times)
	}
}

// profiled are the reads whose profile is drawn.
var profiled = []string{"relations", "list", "tree"}

// turn is how long one kind of read is asked for before the next.
const turn = 100 * time.Millisecond
