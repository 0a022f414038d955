//go:build race

package server

// raceAllocations are those that the race detector may add to a hot request: it has sync.Pool lose things at random.
const raceAllocations = 8
