package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// startLimit is how long a server may take to answer for the first time.
const startLimit = 30 * time.Second

// process is a server under measurement, on loopback.
type process struct {
	cmd     *exec.Cmd
	url     string
	started time.Duration // to the first 200
	output  *os.File      // what it writes, its log too
}

// start runs a server, whose last argument is the address, and waits for its first 200.
func start(ctx context.Context, binary string, args []string, path string) (*process, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{url: "http://" + addr}
	if p.output, err = os.CreateTemp("", "bench-*.log"); err != nil {
		return nil, err
	}
	p.cmd = exec.CommandContext(ctx, binary, append(args, addr)...) //nolint:gosec // built by this program
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < startLimit {
		if _, err := get(ctx, p.url+path); err == nil {
			p.started = time.Since(begin)
			return p, nil
		}
		time.Sleep(time.Millisecond)
	}
	said, _ := os.ReadFile(p.output.Name())
	p.stop()
	return nil, fmt.Errorf("%s does not answer: %s", binary, said)
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
	_ = p.output.Close()
	_ = os.Remove(p.output.Name())
}

// stat reads fields of /proc/PID/stat, counted from the one after the command's name.
func (p *process) stat() ([]string, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	_, rest, ok := strings.Cut(string(data), ") ")
	if !ok {
		return nil, errors.New("/proc/PID/stat has another form")
	}
	return strings.Fields(rest), nil
}

// clockTick is the unit of CPU times in /proc on Linux.
const clockTick = 10 * time.Millisecond

// cpu is the CPU time that the process has used.
func (p *process) cpu() (time.Duration, error) {
	fields, err := p.stat()
	if err != nil {
		return 0, err
	}
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick, errors.Join(err, err2)
}

// rss is the resident memory in MB.
func (p *process) rss() (float64, error) {
	fields, err := p.stat()
	if err != nil {
		return 0, err
	}
	pages, err := strconv.Atoi(fields[21])
	return float64(pages*os.Getpagesize()) / 1e6, err
}
