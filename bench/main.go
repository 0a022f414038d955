// Command bench measures reads whose answers Lectern has kept beside a bare Fiber handler that answers the same bytes,
// interleaved in one run, so that the ratio holds on any machine. It prints requests per second, the server's CPU time per
// request and the tail, and the cold start and idle memory of the binary with the sample course. Lectern writes its log to
// a file, as a service does. docs/performance.md says how to read the figures.
//
//	go run ./bench [-seconds 3] [-rounds 3] [-connections 16,64] [-json FILE]
//
// With -profiles it draws instead where the time of hot and of cold reads goes, as flame graphs.
//
//	go run ./bench -profiles docs -seconds 10
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

type options struct {
	seconds     int
	rounds      int
	connections []int
	json        string
	profiles    string
	bare        string
	body        string
}

func main() {
	var o options
	flag.IntVar(&o.seconds, "seconds", 3, "length of one measurement")
	flag.IntVar(&o.rounds, "rounds", 3, "measurements of each server; the median counts")
	connections := flag.String("connections", "16,64", "connections at once, each number in a row of its own")
	flag.StringVar(&o.json, "json", "", "file for the figures")
	flag.StringVar(&o.profiles, "profiles", "", "folder for flame graphs of hot and cold reads, which are made in the place of measuring")
	flag.StringVar(&o.bare, "bare", "", "internal: serve the bytes of -body on this address")
	flag.StringVar(&o.body, "bodies", "", "internal: file with the bytes of each path")
	flag.Parse()
	for part := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			fmt.Fprintln(os.Stderr, "bench: -connections must be numbers such as 16,64")
			os.Exit(2)
		}
		o.connections = append(o.connections, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figures are what the benchmark found.
type figures struct {
	ColdStartMS float64 `json:"cold_start_ms"` // from the start of the process to the first 200, sample loaded before
	IdleRSSMB   float64 `json:"idle_rss_mb"`
	Rows        []row   `json:"rows"`
}

// row is one kind of request on so many connections.
type row struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	Status      int    `json:"status"`
	Bytes       int    `json:"bytes"` // of one body
	Connections int    `json:"connections"`
	Fiber       result `json:"fiber"`
	Lectern     result `json:"lectern"`
}

func run(ctx context.Context, o options) error {
	if o.bare != "" {
		return serveBare(ctx, o.bare, o.body)
	}
	dir, err := os.MkdirTemp("", "lectern-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "lectern")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("build lectern: %w\n%s", err, out)
	}
	if o.profiles != "" {
		return profiles(ctx, o, dir, binary)
	}
	f, err := measure(ctx, o, dir, binary)
	if err != nil {
		return err
	}
	f.print()
	if o.json == "" {
		return nil
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.json, data, 0o600)
}

// farAway is a limit of requests a minute that counts and refuses nothing.
const farAway = "10000000"

func measure(ctx context.Context, o options, dir, binary string) (*figures, error) {
	f := &figures{}
	args := []string{"serve", "--sample", "--data", filepath.Join(dir, "data"), "--rate-limit", farAway, "--addr"}
	first, err := start(ctx, binary, args, "/v1/modules")
	if err != nil {
		return nil, err
	}
	first.stop()
	lectern, err := start(ctx, binary, args, "/v1/modules")
	if err != nil {
		return nil, err
	}
	defer lectern.stop()
	f.ColdStartMS = float64(lectern.started.Microseconds()) / 1000
	time.Sleep(2 * time.Second) // idle means that the start is over
	if f.IdleRSSMB, err = lectern.rss(); err != nil {
		return nil, err
	}
	rows, bodies, err := hotRows(ctx, lectern.url, o.connections)
	if err != nil {
		return nil, err
	}
	bare, err := startBare(ctx, dir, bodies)
	if err != nil {
		return nil, err
	}
	defer bare.stop()
	for _, r := range rows {
		if err := r.measure(ctx, bare, lectern, o); err != nil {
			return nil, err
		}
		f.Rows = append(f.Rows, *r)
	}
	return f, nil
}

// measure loads both servers in turn.
func (r *row) measure(ctx context.Context, bare, lectern *process, o options) error {
	var raw, own []result
	for round := range o.rounds {
		servers := []*process{bare, lectern}
		if round%2 == 1 {
			slices.Reverse(servers)
		}
		for _, p := range servers {
			got, err := load(ctx, p, *r, o)
			if err != nil {
				return err
			}
			if p == bare {
				raw = append(raw, got)
			} else {
				own = append(own, got)
			}
		}
	}
	r.Fiber, r.Lectern = median(raw), median(own)
	return nil
}

// median picks the measurement with the middle requests per second.
func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
	return rs[len(rs)/2]
}

func (f *figures) print() {
	fmt.Printf("cold start to first 200: %.0f ms   idle memory: %.0f MB\n", f.ColdStartMS, f.IdleRSSMB)
	fmt.Printf("%-28s %6s %5s %10s %10s %6s  %8s %8s %6s  %8s %8s %6s\n", "bare Fiber | Lectern", "bytes", "conns",
		"req/s", "req/s", "ratio", "CPU µs", "CPU µs", "more", "p99 ms", "p99 ms", "ratio")
	for _, r := range f.Rows {
		fmt.Printf("%-28s %6d %5d %10.0f %10.0f %5.0f%%  %8.1f %8.1f %6.1f  %8.2f %8.2f %5.2f×\n", r.Name, r.Bytes, r.Connections,
			r.Fiber.PerSecond, r.Lectern.PerSecond, 100*r.Lectern.PerSecond/r.Fiber.PerSecond,
			r.Fiber.CPUMicros, r.Lectern.CPUMicros, r.Lectern.CPUMicros-r.Fiber.CPUMicros, r.Fiber.P99, r.Lectern.P99, r.Lectern.P99/r.Fiber.P99)
	}
}
