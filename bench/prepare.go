package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/bench/corpus"
)

// workshop is a folder with what the servers need: binaries and content. With -data it is kept, and what is in it is not
// made again; the binaries are.
type workshop struct {
	folder  string
	lectern string // the binary
	corpus.Generated
}

// The folders of a workshop.
const (
	lecternData = "lectern"    // Lectern's data folder, with the content published
	coldData    = "cold"       // a copy of it, for a second server
	linesFolder = "lines"      // the content as JSON Lines
	peerData    = "pocketbase" // PocketBase's data folder
	doneFile    = "sections"   // how many sections there are, once all of the content is there
)

// openWorkshop builds Lectern, and loads the content where it is not there yet.
func openWorkshop(ctx context.Context, folder string, sections int) (*workshop, error) {
	g, err := corpus.Generate(sections)
	if err != nil {
		return nil, err
	}
	if sections < leastSections {
		return nil, fmt.Errorf("%d sections are too few: there must be %d", sections, leastSections)
	}
	w := &workshop{folder: folder, lectern: filepath.Join(folder, "lectern.bin"), Generated: g}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, err
	}
	if err := build(ctx, "", w.lectern, "github.com/lectern-cms/lectern"); err != nil {
		return nil, err
	}
	there, err := os.ReadFile(w.path(doneFile))
	switch {
	case err == nil && strings.TrimSpace(string(there)) == strconv.Itoa(sections):
		return w, nil
	case err == nil:
		return nil, fmt.Errorf("%s has the content of %s sections, not of %d: name another folder", folder, strings.TrimSpace(string(there)), sections)
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	return w, os.WriteFile(w.path(doneFile), fmt.Appendln(nil, sections), 0o600)
}

func (w *workshop) path(name string) string { return filepath.Join(w.folder, name) }

// load brings the content into Lectern as its exports are restored, and indexes it, so that a start has nothing left to do.
func (w *workshop) load(ctx context.Context) error {
	exports := w.path("exports")
	if err := os.MkdirAll(exports, 0o750); err != nil {
		return err
	}
	defer os.RemoveAll(exports)
	folders, err := corpus.Export(ctx, exports, w.Generated)
	if err != nil {
		return err
	}
	if _, err := w.run(ctx, append([]string{"import"}, folders...)...); err != nil {
		return err
	}
	if _, err := w.run(ctx, "reindex"); err != nil {
		return err
	}
	if err := corpus.WriteLines(w.path(linesFolder), w.Generated); err != nil {
		return err
	}
	return os.CopyFS(w.path(coldData), os.DirFS(w.path(lecternData)))
}

// run runs a command of Lectern and gives what it prints.
func (w *workshop) run(ctx context.Context, args ...string) (string, error) {
	return w.runAt(ctx, "", append(args, "--data", w.path(lecternData))...)
}

func (w *workshop) runAt(ctx context.Context, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, w.lectern, args...) //nolint:gosec // built by this program
	cmd.Stdin = strings.NewReader(input)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		text := said.String() + string(out)
		return "", fmt.Errorf("lectern %s: %w\n%s", args[0], err, text[max(0, len(text)-2000):])
	}
	return string(out), nil
}

// farAway is a limit of requests a minute that counts and refuses nothing.
const farAway = "10000000"

// serve starts Lectern on a data folder. It is ready when it says so itself. All load comes from one address: its limits count,
// and are far away.
func (w *workshop) serve(ctx context.Context, name, data string, settings ...string) (*server, error) {
	args := append([]string{
		"serve", "--data", w.path(data), "--rate-limit", farAway, "--rate-limit-search", farAway, "--rate-limit-admin", farAway,
	}, settings...)
	p, err := start(ctx, w.lectern, append(args, "--addr"), "/readyz")
	if err != nil {
		return nil, err
	}
	return started(name, p, lecternReads()), nil
}

// servePocketBase builds PocketBase, which takes minutes the first time, and starts it. It is a module of its own, which may not
// be there or not build: the error says so.
func (w *workshop) servePocketBase(ctx context.Context) (*server, error) {
	module, err := moduleFolder(ctx)
	if err != nil {
		return nil, err
	}
	binary := w.path("peers.bin")
	if err := build(ctx, filepath.Join(module, "bench", "peers"), binary, "."); err != nil {
		return nil, fmt.Errorf("PocketBase can't be measured here (leave -peers out to go on without it): %w", err)
	}
	p, err := start(ctx, binary, []string{w.path(peerData), w.path(linesFolder)}, "/api/health")
	if err != nil {
		return nil, err
	}
	return started(namePocketBase, p, pocketBaseReads()), nil
}

// moduleFolder is where the source of Lectern is.
func moduleFolder(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/lectern-cms/lectern").Output()
	if err != nil {
		return "", fmt.Errorf("find the source of Lectern: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// build builds a program as it is released.
func build(ctx context.Context, folder, binary, name string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, name)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=") // whatever this program is built with
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, out[max(0, len(out)-2000):])
	}
	return nil
}
