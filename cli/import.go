package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/store"
)

type importCommand struct {
	Publish bool     `help:"Publish what was imported."`
	Module  string   `help:"Title of the module for pages that name none (default: one named after the page)." placeholder:"TITLE"`
	Path    string   `help:"Path of the page that comes from standard input." placeholder:"PATH"`
	Sources []string `arg:"" name:"path" help:"Files and folders of pages; - is standard input."`
}

// Run reads all sources before it saves anything, so that one that can't be read leaves nothing behind. Each source
// is saved in one transaction.
func (cmd importCommand) Run(j *job) error {
	sources, trees, err := cmd.read(j)
	if err != nil {
		return err
	}
	return j.with(func(_ *store.Store, c *content.Service) error {
		folder, err := files.Open(j.path(filesFolder))
		if err != nil {
			return err
		}
		blocked := 0
		for i, tree := range trees {
			if err := seed.KeepImages(sources[i], tree, folder); err != nil {
				return fmt.Errorf("import of %s: %w", cmd.Sources[i], err)
			}
			result, err := seed.Import(j.ctx, c, tree, cmd.Publish, content.Save{Author: "import", Message: "import of " + cmd.Sources[i]})
			if err != nil {
				return fmt.Errorf("import of %s: %w", cmd.Sources[i], err)
			}
			blocked += report(j, cmd.Sources[i], tree, result)
		}
		if blocked > 0 {
			return attention{fmt.Errorf("%s in the way of publishing: the drafts are saved, and nothing was published", plural(blocked, "problem"))}
		}
		return nil
	})
}

func (cmd importCommand) read(j *job) ([]seed.Source, []*seed.Tree, error) {
	progress := j.progress(len(cmd.Sources), "reading")
	defer progress.done()
	from := map[string]string{} // names of pages, and the source that has them
	sources, trees := make([]seed.Source, len(cmd.Sources)), make([]*seed.Tree, len(cmd.Sources))
	for i, name := range cmd.Sources {
		src, err := cmd.open(j, name)
		if err != nil {
			return nil, nil, err
		}
		src.Module, src.Progress = cmd.Module, progress.count
		if trees[i], err = seed.Read(j.ctx, src); err != nil {
			return nil, nil, err
		}
		for _, page := range trees[i].Names() {
			if other, ok := from[page]; ok {
				return nil, nil, models.Conflict(fmt.Sprintf("%s and %s have the same page (%s): it would be one page, with the "+
					"text of the last; import the folder that both are in", other, name, page[strings.LastIndexByte(page, ' ')+1:]), nil)
			}
			from[page] = name
		}
		sources[i] = src
	}
	return sources, trees, nil
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

// report prints what an import did, and gives the number of problems that kept it from being published.
func report(j *job, name string, tree *seed.Tree, r *content.ImportResult) int {
	for _, w := range tree.Warnings {
		at := w.Path
		if w.Line > 0 {
			at = fmt.Sprintf("%s:%d", w.Path, w.Line)
		}
		j.printf("%s: %s\n", at, w.Message)
	}
	for _, ref := range r.Kept {
		j.printf("%s %q was edited in Lectern since the last import: kept as it is\n", ref.Type, *ref.Title)
	}
	j.printf("%s: %s new, %s changed, %s as they were\n", name, counts(r.Created), counts(r.Updated), counts(r.Unchanged))
	if r.Plan == nil {
		return 0
	}
	for _, b := range r.Plan.Blockers {
		j.printf("can't publish: %s %q %s\n", b.Ref.Type, *b.Ref.Title, b.Detail)
	}
	switch {
	case len(r.Plan.Blockers) > 0:
	case r.Revision == 0:
		j.printf("nothing to publish: readers see it all as it is\n")
	default:
		j.printf("published: %s, content revision %d\n", plural(len(r.Plan.Put), "record"), r.Revision)
	}
	return len(r.Plan.Blockers)
}

// counts writes numbers by kind: "1 module, 3 sections".
func counts(by map[models.Kind]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, plural(by[kind], string(kind)))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// printf writes to standard output. A reader that has gone away is not the import's failure.
func (j *job) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(j.Stdout, format, args...)
}
