package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// figures are what the benchmark found.
type figures struct {
	Sections int    `json:"sections"`
	Load     string `json:"load"` // of the machine before the run, over 1, 5 and 15 minutes
	Alone    alone  `json:"lectern"`
	Rows     []row  `json:"rows"`
}

// row is a kind of request on so many connections.
type row struct {
	Name        string   `json:"name"`
	Key         string   `json:"read"`
	Status      int      `json:"status"`
	Connections int      `json:"connections"`
	Results     []result `json:"results"` // medians, one a server
}

// compare measures all servers.
func compare(ctx context.Context, w *workshop, o options) (*figures, error) {
	f := &figures{Sections: o.sections, Load: loadOfMachine()}
	hot, err := f.Alone.start(ctx, w, o)
	if err != nil {
		return nil, err
	}
	servers := []*server{hot}
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	cold, err := w.serve(ctx, nameCold, coldData, "--cache-size", "0")
	if err != nil {
		return nil, err
	}
	servers = append(servers, cold)
	if o.peers {
		peer, err := w.servePocketBase(ctx)
		if err != nil {
			return nil, err
		}
		servers = append(servers, peer)
	}
	servers = append(servers, o.others...)
	p := picker{Generated: w.Generated}
	if p.cursors, err = readCursors(ctx, hot.Base); err != nil {
		return nil, err
	}
	answers, err := answersOf(ctx, p, hot)
	if err != nil {
		return nil, err
	}
	header, err := startBare(ctx, w.folder, nameHeader, answers)
	if err != nil {
		return nil, err
	}
	servers = append([]*server{header}, servers...)
	for path, a := range answers {
		answers[path] = answer{Body: a.Body}
	}
	bare, err := startBare(ctx, w.folder, nameFiber, answers)
	if err != nil {
		return nil, err
	}
	servers = append([]*server{bare}, servers...)
	for _, r := range reads() {
		var asked []drive
		for _, s := range servers {
			if s.Reads[r.key] == "" {
				continue
			}
			requests, _, err := s.requests(ctx, p, r)
			if err != nil {
				return nil, err
			}
			asked = append(asked, drive{server: s, requests: requests})
		}
		if err := f.measure(ctx, r, asked, o); err != nil {
			return nil, err
		}
	}
	return f, f.Alone.scan(ctx, w, hot)
}

// answersOf gives all answers of a server.
func answersOf(ctx context.Context, p picker, of *server) (map[string]answer, error) {
	all := map[string]answer{}
	for _, r := range reads() {
		_, answers, err := of.requests(ctx, p, r)
		if err != nil {
			return nil, err
		}
		for path, a := range answers {
			if a.Unchanged, err = getUnchanged(ctx, of.Base+path); err != nil {
				return nil, err
			}
			all[path] = a
		}
	}
	return all, nil
}

// measure adds the rows of a read: answers, and 304s of the servers that compare tags before they do anything else.
func (f *figures) measure(ctx context.Context, r read, asked []drive, o options) error {
	unchanged := slices.DeleteFunc(slices.Clone(asked), func(d drive) bool {
		return !slices.Contains([]string{nameFiber, nameHeader, nameLectern}, d.name)
	})
	for _, n := range o.connections {
		if err := f.row(ctx, row{Name: r.name, Key: r.key, Status: http.StatusOK, Connections: n}, asked, o); err != nil {
			return err
		}
		if err := f.row(ctx, row{Name: r.name + ", 304", Key: r.key, Status: http.StatusNotModified, Connections: n}, unchanged, o); err != nil {
			return err
		}
	}
	return nil
}

// row loads the servers in turn. Each round begins with another one.
func (f *figures) row(ctx context.Context, r row, asked []drive, o options) error {
	found := make([][]result, len(asked))
	for round := range o.rounds {
		for i := range asked {
			at := (i + round) % len(asked)
			d := asked[at]
			d.status, d.connections = r.Status, r.Connections
			got, err := d.measure(ctx, o.length)
			if err != nil {
				return err
			}
			found[at] = append(found[at], got)
		}
	}
	for _, results := range found {
		r.Results = append(r.Results, median(results))
	}
	f.Rows = append(f.Rows, r)
	return nil
}

// median picks the measurement with the middle requests per second.
func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
	return rs[len(rs)/2]
}

// loadOfMachine says what else the machine does.
func loadOfMachine() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(data))[:3], " ")
}

// alone is what is measured of Lectern by itself.
type alone struct {
	ReadyMS    float64 `json:"ready_ms"` // from the start of the process to the first 200 of /readyz, the median of three
	Idle       memory  `json:"idle"`
	Scanned    memory  `json:"after_scan"` // of all sections by slug
	CacheMB    float64 `json:"cache_after_scan_mb"`
	CacheLimit float64 `json:"cache_limit_mb"`
}

// starts is how often the start is measured.
const starts = 3

// start starts Lectern as it is by default.
func (a *alone) start(ctx context.Context, w *workshop, o options) (*server, error) {
	var times []time.Duration
	for {
		s, err := w.serve(ctx, nameLectern, lecternData)
		if err != nil {
			return nil, err
		}
		times = append(times, s.process.started)
		if len(times) < starts {
			s.stop()
			continue
		}
		slices.Sort(times)
		a.ReadyMS = milliseconds(times[starts/2])
		time.Sleep(o.idle) // idle means that the start is over
		if a.Idle, err = memoryOf(s.PIDs); err != nil {
			s.stop()
			return nil, err
		}
		return s, nil
	}
}

// cacheLimit is the default of cache-size.
const cacheLimit = 32 << 20

// scanners is how many connections read all sections.
const scanners = 16

// scan reads every section, which is more than the cache may hold where there are many, and looks whether it kept within its limit.
func (a *alone) scan(ctx context.Context, w *workshop, s *server) error {
	p := picker{Generated: w.Generated}
	d := drive{server: s, status: http.StatusOK, connections: scanners}
	for n := 1; n <= w.Sections(); n++ {
		path, err := fillIn(s.Reads["slug"], p.section(n))
		if err != nil {
			return err
		}
		d.requests = append(d.requests, request{url: s.Base + path})
	}
	if err := d.each(ctx); err != nil {
		return err
	}
	bytes, err := metric(ctx, s.Base, "lectern_cache_bytes")
	if err != nil {
		return err
	}
	a.CacheMB, a.CacheLimit = bytes/1e6, float64(cacheLimit)/1e6
	if a.Scanned, err = memoryOf(s.PIDs); err == nil && bytes > cacheLimit {
		err = fmt.Errorf("the cache took %.1f MB, and may take %.1f", a.CacheMB, a.CacheLimit)
	}
	return err
}

// metric reads a number of /metrics.
func metric(ctx context.Context, base, name string) (float64, error) {
	data, err := get(ctx, base+"/metrics")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			var n float64
			_, err := fmt.Sscan(value, &n)
			return n, err
		}
	}
	return 0, fmt.Errorf("/metrics has no %s", name)
}
