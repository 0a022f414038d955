package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Go collects garbage whenever there is as much of it as what is live (GOGC=100). A server that keeps little in memory does so
// some twenty times a second when it reads much, at a tenth to a fifth of its time; one that keeps much has twice the memory.
const (
	leastGarbage = 48 << 20 // may gather however little is live
	garbageShare = 0.5      // of what is live may gather where that is more
)

const (
	maxPercent = 1000 // of what is live: right after the start that is next to nothing
	minChange  = 0.1  // of the percentage: to set it stops all threads for a moment
)

// scanned are what Go takes its percentage of: what was live after the last collection, and what is looked through besides.
var scanned = [...]string{"/gc/heap/live:bytes", "/gc/scan/stack:bytes", "/gc/scan/globals:bytes"}

// garbagePercent is GOGC for a live heap, with stacks and globals beside it, in bytes.
func garbagePercent(live, beside uint64) int {
	allowed := max(leastGarbage, garbageShare*float64(live))
	return int(min(maxPercent, 100*allowed/float64(max(live+beside, 1))))
}

// collector sets GOGC after each collection by what was live then. The limit of memory goes before: near it Go collects as often as
// it must.
type collector struct {
	mu      sync.Mutex
	percent int
	before  int
	stopped bool
}

// collectSeldom lets a collector work until it is stopped. Where GOGC is set, that counts alone.
func collectSeldom() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	c := &collector{percent: 100}
	c.before = debug.SetGCPercent(c.percent)
	c.collected()
	return c.stop
}

// collected is called after each collection, by way of an object that each one finds dead.
func (c *collector) collected() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	var samples [len(scanned)]metrics.Sample
	for i, name := range scanned {
		samples[i].Name = name
	}
	metrics.Read(samples[:])
	percent := garbagePercent(samples[0].Value.Uint64(), samples[1].Value.Uint64()+samples[2].Value.Uint64())
	if change := float64(percent - c.percent); max(change, -change) > minChange*float64(c.percent) {
		debug.SetGCPercent(percent)
		c.percent = percent
	}
	runtime.AddCleanup(new([64]byte), (*collector).collected, c) // larger than what the runtime keeps together with other small objects
}

func (c *collector) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	debug.SetGCPercent(c.before)
}
