//go:build !race

package server

// raceAllocations are those that the race detector adds to a hot request.
const raceAllocations = 0
