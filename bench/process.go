package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// startLimit is how long a server may take to answer for the first time. A peer loads its content in that time.
const startLimit = 30 * time.Minute

// process is a server under measurement, on loopback.
type process struct {
	cmd     *exec.Cmd
	url     string
	started time.Duration // to the first 200
	output  *os.File      // what it writes, its log too
	ended   chan struct{} // closed when it has ended
}

// start runs a server, whose last argument is the address, and waits for its first 200.
func start(ctx context.Context, binary string, args []string, path string) (*process, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{url: "http://" + addr, ended: make(chan struct{})}
	if p.output, err = os.CreateTemp("", "bench-*.log"); err != nil {
		return nil, err
	}
	p.cmd = exec.CommandContext(ctx, binary, append(args, addr)...) //nolint:gosec // built by this program
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, p.output.Close(), os.Remove(p.output.Name()))
	}
	go func() {
		_ = p.cmd.Wait() // how it ended does not matter: what it said is shown
		close(p.ended)
	}()
	for time.Since(begin) < startLimit && p.runs() {
		if _, err := get(ctx, p.url+path); err == nil {
			p.started = time.Since(begin)
			return p, nil
		}
		time.Sleep(time.Millisecond)
	}
	said, _ := os.ReadFile(p.output.Name())
	p.stop()
	return nil, fmt.Errorf("%s does not answer: %s", binary, said[max(0, len(said)-2000):])
}

// freeAddress is a loopback address that nothing listens on.
func freeAddress(ctx context.Context) (string, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

func (p *process) runs() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	<-p.ended
	_ = p.output.Close()
	_ = os.Remove(p.output.Name())
}

// clockTick is the unit of CPU times in /proc on Linux.
const clockTick = 10 * time.Millisecond

// cpuOf is the CPU time that processes have used, user and system.
func cpuOf(pids []int) (sum time.Duration, err error) {
	for _, pid := range pids {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, err
		}
		_, rest, _ := strings.Cut(string(data), ") ") // before it is the command's name
		fields := strings.Fields(rest)
		if len(fields) < 13 {
			return 0, errors.New("/proc/PID/stat has another form")
		}
		user, err := strconv.Atoi(fields[11])
		system, err2 := strconv.Atoi(fields[12])
		if err := errors.Join(err, err2); err != nil {
			return 0, err
		}
		sum += time.Duration(user+system) * clockTick
	}
	return sum, nil
}

// memory is what processes have in memory, in MB.
type memory struct {
	Resident  float64 `json:"resident_mb"`
	Anonymous float64 `json:"anonymous_mb"` // their own: heap and stacks
	Mapped    float64 `json:"mapped_mb"`    // pages of files, the search index among them, which the system can drop
}

// memoryOf reads /proc/PID/status (proc_pid_status(5)).
func memoryOf(pids []int) (sum memory, err error) {
	for _, pid := range pids {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return memory{}, err
		}
		for line := range strings.Lines(string(data)) {
			name, value, _ := strings.Cut(line, ":")
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			if err != nil {
				continue // another kind of line
			}
			switch mb := kb * 1024 / 1e6; name {
			case "VmRSS":
				sum.Resident += mb
			case "RssAnon":
				sum.Anonymous += mb
			case "RssFile", "RssShmem":
				sum.Mapped += mb
			}
		}
	}
	return sum, nil
}
