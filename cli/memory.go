package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is how much of a container's memory Go may take before it collects garbage at all costs. The rest is for what Go
// does not count: SQLite's memory, and pages of the search index.
const memoryShare = 0.8

// limitMemory tells Go how much memory there is for it: GOMEMLIMIT if it is set (as Go's runtime reads it), else a share of
// what the container allows, which AUTOMEMLIMIT may set to another one, above 0 and up to 1, or to off. It fails when
// AUTOMEMLIMIT is something else. Where there is no container, or none with a limit, Go takes what it needs. How many cores
// are used Go finds out by itself, from a container's limit of CPU too (since Go 1.25). What came of it is logged.
func limitMemory(log *slog.Logger, container memlimit.Provider) error {
	limit, err := memlimit.Set(memlimit.WithProvider(container), memlimit.WithRatio(memoryShare))
	outside := errors.Is(err, memlimit.ErrNoCgroup) || errors.Is(err, memlimit.ErrCgroupsNotSupported) || errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission)
	if err != nil && !outside {
		return fmt.Errorf("set the limit of memory: %w", err)
	}
	attrs := []any{"cores", runtime.GOMAXPROCS(0), "memory_limit", "none"}
	if limit != math.MaxInt64 && limit == debug.SetMemoryLimit(-1) {
		attrs[len(attrs)-1] = fmt.Sprintf("%d MB", limit>>20)
	}
	if outside {
		attrs = append(attrs, "since", err)
	}
	log.Info("limits of the machine", attrs...)
	return nil
}
