package main

import (
	"errors"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// profile is the file that a CPU profile of the searches goes to; "" is none.
var profile string

// profiled runs what a profile is wanted of.
func profiled(run func() error) error {
	if profile == "" {
		return run()
	}
	f, err := os.Create(profile)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = run()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

// memoryEvery is how often memory is looked at.
const memoryEvery = 20 * time.Millisecond

// cpuTime is what the process has worked so far, on all cores: it says more than the clock on a busy machine.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Print(err) // the figure is only for people
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchMemory looks at the process's own memory until most is called, which gives the most there was, in bytes.
func watchMemory() (most func() int64) {
	stop, result := make(chan struct{}), make(chan int64)
	go func() {
		clock := time.NewTicker(memoryEvery)
		defer clock.Stop()
		peak := int64(0)
		for {
			select {
			case <-clock.C:
				peak = max(peak, ownMemory())
			case <-stop:
				result <- peak
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-result
	}
}

// ownMemory is the memory of the process that is not pages of files, in bytes; 0 where the system does not tell.
func ownMemory() int64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), "RssAnon:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kb * 1024
}

func folderBytes(dir string) (n int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		log.Print(err) // the figure is only for people
	}
	return n
}
