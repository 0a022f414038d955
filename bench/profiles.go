package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/google/pprof/profile"
)

// profiles draws where the time goes in reads that come from memory, and in those that have to be made: a section with what it
// includes, a list of 25 and the tree of a module, in turn.
func profiles(ctx context.Context, o options, dir, binary string) error {
	for _, p := range []struct{ name, title, cache string }{
		{"hot", "Hot reads: CPU time of answers from memory", "32MB"},
		{"cold", "Cold reads: CPU time of answers that are made", "0"},
	} {
		got, requests, err := profileOf(ctx, o, dir, binary, p.cache)
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
		fmt.Printf("%s: %s, %d requests, %.0f µs of CPU time each\n", p.title, file.Name(), requests, float64(root.total)/1000/float64(requests))
		shares := map[string]int64{}
		root.shares(shares)
		for _, l := range layers {
			fmt.Printf("  %-28s %5.1f %%\n", l.name, 100*float64(shares[l.name])/float64(root.total))
		}
	}
	return nil
}

// profileOf loads a server and takes its CPU profile meanwhile.
func profileOf(ctx context.Context, o options, dir, binary, cache string) (*profile.Profile, int, error) {
	private, err := freeAddress(ctx)
	if err != nil {
		return nil, 0, err
	}
	args := []string{"serve", "--sample", "--data", filepath.Join(dir, "data"), "--cache-size", cache, "--pprof-addr", private, "--addr"}
	p, err := start(ctx, binary, args, "/v1/modules")
	if err != nil {
		return nil, 0, err
	}
	defer p.stop()
	rows, _, err := hotRows(ctx, p.url, o.connections[:1])
	if err != nil {
		return nil, 0, err
	}
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	loading, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		data, err := get(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", private, o.seconds))
		stop()
		done <- outcome{data, err}
	}()
	requests := 0
	for n := 0; loading.Err() == nil; n++ {
		r := *rows[n%len(rows)]
		if r.Name == "section" || r.Status != 200 {
			continue
		}
		times := make([][]time.Duration, r.Connections)
		if err := ask(loading, p, r, turn, times); err != nil && loading.Err() == nil {
			return nil, 0, err
		}
		for _, t := range times {
			requests += len(t)
		}
	}
	got := <-done
	if got.err != nil {
		return nil, 0, got.err
	}
	parsed, err := profile.Parse(bytes.NewReader(got.data))
	return parsed, requests, err
}

// turn is how long one kind of read is asked for before the next.
const turn = 100 * time.Millisecond

// freeAddress is a loopback address that nothing listens on.
func freeAddress(ctx context.Context) (string, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}
