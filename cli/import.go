package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/transfer"
)

type importCommand struct {
	Publish bool     `help:"Publish what was imported."`
	DryRun  bool     `help:"Write nothing, and report what would be done."`
	Report  []string `help:"Write a full report to FILE: a page to read when its name ends in .html, else JSON. May be given more than once." placeholder:"FILE" sep:"none"`
	As      string   `help:"Read the sources as this kind (default: each page's kind is recognised, and so is an export): ${kinds}." placeholder:"KIND"`
	Course  string   `help:"Slug of the course to import into (default: as the source says)." placeholder:"SLUG"`
	Module  string   `help:"Title of the module for pages that name none (default: one named after the page)." placeholder:"TITLE"`
	Commit  string   `help:"Commit of the source, for links to its pages (default: as the repository or archive says)." placeholder:"HASH"`
	Path    string   `help:"Path of the page that comes from standard input." placeholder:"PATH"`
	Sources []string `arg:"" name:"path" help:"Folders, archives (zip, tar.gz), pages, and exports of Lectern; - is standard input."`
}

// importMemory is what an import tries to get along with, by collecting garbage sooner: of a page it keeps some
// kilobytes, and makes a hundred times as much on the way. GOMEMLIMIT can make it less.
const importMemory = 96 << 20

// Run reads all sources before it saves anything, so that one that can't be read leaves nothing behind. Each course is
// saved in one transaction.
func (cmd importCommand) Run(j *job) (err error) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(min(importMemory, debug.SetMemoryLimit(-1))))
	sources, err := cmd.survey(j)
	defer func() {
		for _, s := range sources {
			err = errors.Join(err, s.Close())
		}
	}()
	if err != nil {
		return err
	}
	if cmd.DryRun && j.existing() != nil { // nothing is written, not even an empty database
		folder, err := os.MkdirTemp("", "lectern-dry-run-*")
		if err != nil {
			return fmt.Errorf("make a folder for the dry run: %w", err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		j.cfg.Data = folder
	}
	loaded, err := cmd.load(j, sources)
	defer func() {
		for _, l := range loaded {
			err = errors.Join(err, l.Close())
		}
	}()
	if err != nil {
		return err
	}
	return j.with(func(_ *store.Store, c *content.Service) error { return cmd.save(j, c, loaded) })
}

// load reads the sources.
func (cmd importCommand) load(j *job, sources []*transfer.Source) ([]transfer.Loaded, error) {
	folder, err := files.Open(j.path(filesFolder))
	if err != nil {
		return nil, err
	}
	var out []transfer.Loaded
	exports := map[models.ID]string{} // the sources that have their courses
	for _, src := range sources {
		progress := j.progress(len(src.Pages), "reading "+src.Name)
		o := seed.Options{
			Publish: cmd.Publish, DryRun: cmd.DryRun, Files: folder, Staging: j.path(stagingFolder), Progress: progress.count,
			By: content.Save{Author: "import", Message: "import of " + src.Name},
		}
		l, err := cmd.loadOne(j.ctx, src, o, exports)
		progress.done()
		if err != nil {
			return out, fmt.Errorf("import of %s: %w", src.Name, err)
		}
		out = append(out, l)
	}
	return out, nil
}

func (cmd importCommand) loadOne(ctx context.Context, src *transfer.Source, o seed.Options, exports map[models.ID]string) (transfer.Loaded, error) {
	l, course, err := src.Load(ctx, o)
	if err != nil || course == "" {
		return l, err
	}
	if other, ok := exports[course]; ok {
		return nil, errors.Join(models.Conflict(other+" is an export of the same course", nil), l.Close())
	}
	exports[course] = src.Name
	return l, nil
}

// save saves what was read, source by source.
func (cmd importCommand) save(j *job, c *content.Service, loaded []transfer.Loaded) error {
	blocked := 0
	var reports []*seed.Report
	for _, l := range loaded {
		report, err := l.Save(j.ctx, c)
		if err != nil {
			return fmt.Errorf("import of %s: %w", l.Name(), err)
		}
		reports = append(reports, report)
		if err := report.Summary(j.Stdout); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		blocked += report.Totals.Blockers
	}
	if err := cmd.report(reports); err != nil {
		return err
	}
	if blocked > 0 {
		return attention{fmt.Errorf("%s in the way of publishing: the drafts are saved, and nothing of their courses was published", plural(blocked, "problem"))}
	}
	return nil
}

// report writes the full report into the files that were asked for.
func (cmd importCommand) report(reports []*seed.Report) error {
	for _, name := range cmd.Report {
		write := seed.WriteJSON
		if strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".htm") {
			write = seed.WriteHTML
		}
		f, err := os.Create(name)
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		if err := errors.Join(write(f, reports), f.Close()); err != nil {
			return fmt.Errorf("write the report %s: %w", name, err)
		}
	}
	return nil
}

// survey looks at all sources.
func (cmd importCommand) survey(j *job) ([]*transfer.Source, error) {
	from := map[string]string{} // names of pages, and the source that has them
	var sources []*transfer.Source
	for _, name := range cmd.Sources {
		opened, err := cmd.open(j, name)
		if err != nil {
			return sources, err
		}
		src, err := transfer.Survey(j.ctx, opened, transfer.Choices{As: cmd.As, Course: cmd.Course, Module: cmd.Module, Commit: cmd.Commit})
		sources = append(sources, src)
		if errors.Is(err, transfer.ErrSaysItself) {
			err = usage{err}
		}
		if err != nil {
			return sources, err
		}
		if src.Site == nil {
			continue
		}
		for _, page := range src.Site.Names() {
			if other, ok := from[page]; ok {
				return sources, models.Conflict(fmt.Sprintf("%s and %s have the same page (%s): it would be one page, with the "+
					"text of the last; import the folder that both are in", other, name, page[strings.LastIndexByte(page, ' ')+1:]), nil)
			}
			from[page] = name
		}
	}
	return sources, nil
}

func (cmd importCommand) open(j *job, name string) (seed.Source, error) {
	if name != "-" {
		return seed.Open(name)
	}
	if cmd.Path == "" {
		return seed.Source{}, usage{errors.New("standard input needs --path, the path that the page has in its source")}
	}
	return seed.OpenReader(j.Stdin, cmd.Path)
}
