// Command editing measures what editors wait for, on SQLite: the save of one changed block in a section with 200 blocks, and
// the publish of a module with 100 sections that have all changed, through the use cases of the admin API: grants, version
// check, validation, history, references, audit log, rendering. Beside each, in the same run, stand the same rows written by
// raw GORM into a copy of the database. It prints times and CPU time.
//
//	go run ./bench/editing [-saves 300] [-publishes 15] [-profile FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"syscall"
	"time"
)

type options struct {
	saves, publishes int
	profile          string
}

func main() {
	var o options
	flag.IntVar(&o.saves, "saves", 300, "saves to measure")
	flag.IntVar(&o.publishes, "publishes", 15, "publishes to measure")
	flag.StringVar(&o.profile, "profile", "", "file for a CPU profile of the run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "editing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.saves < 1 || o.publishes < 1 {
		return errors.New("there must be something to measure")
	}
	dir, err := os.MkdirTemp("", "lectern-editing-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := openDesk(ctx, filepath.Join(dir, "lectern.db"))
	if err != nil {
		return err
	}
	defer d.close()
	raw, err := openRaw(d.path, filepath.Join(dir, "raw.db"))
	if err != nil {
		return err
	}
	defer raw.close()
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Printf("%-44s %10s %10s %14s\n", "", "p50 ms", "p99 ms", "CPU ms each")
	if err := measure("save of a section with 200 blocks", o.saves, func() (own, byHand step) {
		return d.save(ctx), raw.save(d)
	}); err != nil {
		return err
	}
	return measure("publish of a module with 100 sections", o.publishes, func() (own, byHand step) {
		return d.publish(ctx), raw.publish(d)
	})
}

// step is one thing to measure. What it needs is got ready before.
type step struct {
	ready, do func() error
}

// measure does two steps in turn and prints how long they take.
func measure(name string, n int, steps func() (own, byHand step)) error {
	var own, raw cost
	for i := range n + warmUp {
		a, b := steps()
		for _, s := range []struct {
			step
			*cost
		}{{a, &own}, {b, &raw}} {
			if err := s.ready(); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := s.measure(s.do, i >= warmUp); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	own.print(name)
	raw.print("  the same rows by raw GORM")
	fmt.Printf("  %-42s %9.1f× %9.1f× %13.1f×\n", "ratio", own.at(50)/raw.at(50), own.at(99)/raw.at(99), own.cpuEach()/raw.cpuEach())
	return nil
}

// warmUp is how many of each step are not measured.
const warmUp = 3

// cost is what a step took, each time.
type cost struct {
	times []time.Duration
	cpu   time.Duration
}

func (c *cost) measure(do func() error, counts bool) error {
	before, err := cpu()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := do(); err != nil {
		return err
	}
	took := time.Since(begin)
	after, err := cpu()
	if err == nil && counts {
		c.times = append(c.times, took)
		c.cpu += after - before
	}
	return err
}

// cpu is the CPU time that this process has used.
func cpu() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// at gives a percentile in milliseconds.
func (c *cost) at(percent int) float64 {
	times := slices.Sorted(slices.Values(c.times))
	return float64(times[len(times)*percent/100].Microseconds()) / 1000
}

func (c *cost) cpuEach() float64 { return float64(c.cpu.Microseconds()) / 1000 / float64(len(c.times)) }

func (c *cost) print(name string) {
	fmt.Printf("%-44s %10.2f %10.2f %14.2f\n", name, c.at(50), c.at(99), c.cpuEach())
}
