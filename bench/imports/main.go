// Command imports measures lectern import --publish on generated sites of several sizes, each into a fresh data folder,
// beside the time that it takes to turn the same pages into HTML and do nothing with them. It prints the time, the CPU
// time and the largest memory of the process, and the same for a second import, which finds nothing changed.
//
//	go run ./bench/imports [-pages 1000,10000] [-site FOLDER,FOLDER]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/yuin/goldmark"
)

func main() {
	pages := flag.String("pages", "1000,10000", "sizes of the generated sites")
	sites := flag.String("site", "", "folders of sites to import together, besides the generated ones")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *pages, *sites)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes, sites string) error {
	dir, err := os.MkdirTemp("", "lectern-imports-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "lectern")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("build lectern: %w\n%s", err, out)
	}
	fmt.Printf("%-24s %8s %10s %10s %10s %10s %10s %12s\n", "site", "pages", "HTML only", "import", "CPU", "memory", "again", "ms CPU/page")
	if sites != "" {
		if err := measure(ctx, binary, filepath.Join(dir, "given"), "given", strings.Split(sites, ",")); err != nil {
			return err
		}
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(size))
		if err != nil {
			return err
		}
		site := filepath.Join(dir, "site"+size)
		if err := generate(site, n); err != nil {
			return err
		}
		if err := measure(ctx, binary, filepath.Join(dir, "data"+size), "generated", []string{site}); err != nil {
			return err
		}
	}
	return nil
}

// measure imports folders twice and prints a line.
func measure(ctx context.Context, binary, data, name string, folders []string) error {
	pages, html, err := renderAll(folders)
	if err != nil {
		return err
	}
	first, err := load(ctx, binary, data, folders)
	if err != nil {
		return err
	}
	again, err := load(ctx, binary, data, folders)
	if err != nil {
		return err
	}
	fmt.Printf("%-24s %8d %10s %10s %10s %7d MB %10s %12.2f\n", name, pages, html.Round(time.Millisecond), first.wall.Round(time.Millisecond),
		first.cpu.Round(time.Millisecond), first.megabytes, again.wall.Round(time.Millisecond), float64(first.cpu.Microseconds())/1000/float64(max(1, pages)))
	return nil
}

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	megabytes int64
}

func load(ctx context.Context, binary, data string, folders []string) (cost, error) {
	cmd := exec.CommandContext(ctx, binary, append([]string{"import", "--publish"}, folders...)...) //nolint:gosec // built by this program
	cmd.Env = append(os.Environ(), "LECTERN_DATA="+data)
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return cost{}, fmt.Errorf("import: %w\n%s", err, out[max(0, len(out)-2000):])
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, errors.New("this system does not tell what a process used")
	}
	return cost{time.Since(begin), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss >> 10}, nil
}

// renderAll turns the pages into HTML with goldmark, the least that any program must do with them.
func renderAll(folders []string) (pages int, took time.Duration, err error) {
	begin := time.Now()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			pages++
			return goldmark.Convert(text, io.Discard)
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return pages, time.Since(begin), nil
}
