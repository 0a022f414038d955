// Command bench measures Lectern beside a bare Fiber handler that answers the same bytes, interleaved in one run, so
// that the ratio holds on any machine. It prints requests per second, the server's CPU time per request and the tail,
// and the cold start and idle memory of the binary with the sample course.
//
//	go run ./bench [-seconds 3] [-rounds 3] [-connections 16] [-json FILE]
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

type options struct {
	seconds     int
	rounds      int
	connections int
	json        string
	bare        string
	body        string
}

func main() {
	var o options
	flag.IntVar(&o.seconds, "seconds", 3, "length of one measurement")
	flag.IntVar(&o.rounds, "rounds", 3, "measurements of each server; the median counts")
	flag.IntVar(&o.connections, "connections", 16, "connections at once")
	flag.StringVar(&o.json, "json", "", "file for the figures")
	flag.StringVar(&o.bare, "bare", "", "internal: serve the bytes of -body on this address")
	flag.StringVar(&o.body, "body", "", "internal: file with the bytes")
	flag.Parse()
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
	Bytes       int     `json:"bytes"` // of one answer
	Fiber       result  `json:"fiber"`
	Lectern     result  `json:"lectern"`
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

func measure(ctx context.Context, o options, dir, binary string) (*figures, error) {
	f := &figures{}
	args := []string{"serve", "--sample", "--log-level", "warn", "--data", filepath.Join(dir, "data"), "--addr"}
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
	path, body, err := largestSection(ctx, lectern.url)
	if err != nil {
		return nil, err
	}
	f.Bytes = len(body)
	file := filepath.Join(dir, "body.json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	bare, err := start(ctx, self, []string{"-body", file, "-bare"}, path)
	if err != nil {
		return nil, err
	}
	defer bare.stop()
	var raw, own []result
	for range o.rounds {
		for server, results := range map[*process]*[]result{bare: &raw, lectern: &own} {
			r, err := load(ctx, server, path, len(body), o)
			if err != nil {
				return nil, err
			}
			*results = append(*results, r)
		}
	}
	f.Fiber, f.Lectern = median(raw), median(own)
	return f, nil
}

// largestSection picks the section with the longest answer.
func largestSection(ctx context.Context, url string) (path string, body []byte, err error) {
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	data, err := get(ctx, url+"/v1/sections?limit=100")
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		return "", nil, err
	}
	for _, s := range list.Data {
		data, err := get(ctx, url+"/v1/sections/"+s.ID)
		if err != nil {
			return "", nil, err
		}
		if len(data) > len(body) {
			path, body = "/v1/sections/"+s.ID, data
		}
	}
	return path, body, nil
}

// median picks the measurement with the middle requests per second.
func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return int(a.PerSecond - b.PerSecond) })
	return rs[len(rs)/2]
}

func (f *figures) print() {
	fmt.Printf("cold start to first 200: %.0f ms   idle memory: %.0f MB\n", f.ColdStartMS, f.IdleRSSMB)
	fmt.Printf("one section by id, %d bytes:\n", f.Bytes)
	fmt.Printf("%-12s %12s %16s %10s %10s\n", "", "requests/s", "CPU µs/request", "p50 ms", "p99 ms")
	for _, row := range []struct {
		name string
		result
	}{{"bare Fiber", f.Fiber}, {"Lectern", f.Lectern}} {
		fmt.Printf("%-12s %12.0f %16.1f %10.2f %10.2f\n", row.name, row.PerSecond, row.CPUMicros, row.P50, row.P99)
	}
	fmt.Printf("%-12s %11.1f%% %15.1f×\n", "ratio", 100*f.Lectern.PerSecond/f.Fiber.PerSecond, f.Lectern.CPUMicros/f.Fiber.CPUMicros)
}
