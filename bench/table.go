package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
)

// print writes the figures for people.
func (f *figures) print(to io.Writer) {
	a := f.Alone
	fmt.Fprintf(to, "%d sections; load of the machine before: %s\n", f.Sections, f.Load)
	fmt.Fprintf(to, "Lectern: ready after %.0f ms; idle %s\n", a.ReadyMS, a.Idle)
	fmt.Fprintf(to, "after a scan of all sections %s; the cache took %.1f MB of %.1f\n\n", a.Scanned, a.CacheMB, a.CacheLimit)
	t := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join([]string{"read", "connections", "server", "bytes", "req/s", "of Fiber", "same header", "CPU µs", "p50 ms", "p99 ms", "own MB", "mapped MB"}, "\t"))
	for _, r := range f.Rows {
		name, connections := r.Name, fmt.Sprint(r.Connections)
		for _, s := range r.Results {
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%.0f\t%s\t%s\t%s\t%.2f\t%.2f\t%.0f\t%.0f\n", name, connections, s.Server, s.Bytes, s.PerSecond,
				share(s, r, nameFiber), share(s, r, nameHeader), cpuText(s), s.P50, s.P99, s.Memory.Anonymous, s.Memory.Mapped)
			name, connections = "", ""
		}
	}
	_ = t.Flush()
}

// String is the memory for people.
func (m memory) String() string {
	return fmt.Sprintf("%.0f MB resident: %.0f MB its own, %.0f MB pages of files", m.Resident, m.Anonymous, m.Mapped)
}

// share compares with a bare Fiber of a row.
func share(s result, r row, of string) string {
	bare := slices.IndexFunc(r.Results, func(other result) bool { return other.Server == of })
	if bare < 0 || s.Server == nameFiber || s.Server == nameHeader {
		return ""
	}
	return fmt.Sprintf("%.3g %%", 100*s.PerSecond/r.Results[bare].PerSecond)
}

// cpuText is empty for servers whose processes are not known.
func cpuText(s result) string {
	if s.Memory.Resident == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", s.CPUMicros)
}

// charted are the rows that a chart shows: answers, at the fewest connections.
func (f *figures) charted() (out []row) {
	for _, r := range f.Rows {
		if r.Status == http.StatusOK && r.Connections == f.Rows[0].Connections {
			out = append(out, r)
		}
	}
	return out
}
