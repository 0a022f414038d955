package seed

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
)

// DefaultCourse is where pages go that name no course.
const DefaultCourse = "default"

// Options say how to import.
type Options struct {
	Publish bool // make it live
	DryRun  bool // write nothing, and tell what would be done
	By      content.Save
	Staging string        // folder for what waits to be saved; empty: the system's for temporary files
	Files   *files.Folder // where files of the source go
	// Progress is told how many of the pages are read; nil for nobody.
	Progress func(done, total int)
}

// Import reads the pages of a site one after the other, saves them as drafts, and makes them live when asked to, one
// transaction for each course. Nothing is saved when one of the pages can't be read. The report says what was found
// and done.
func Import(ctx context.Context, s *content.Service, site *Site, o Options) (*Report, error) {
	loaded, err := Load(ctx, site, o)
	if err != nil {
		return nil, err
	}
	report, err := loaded.Save(ctx, s)
	return report, errors.Join(err, loaded.Close())
}

// Loaded is a site whose pages are read and wait to be saved, in files on disk. It must be closed.
type Loaded struct {
	site    *Site
	options Options
	report  *Report
	trees   []*Tree
	spools  []*content.Spool // one for each of the trees
}

// Load reads the pages of a site. Files of the source are kept already: they are named by what is in them, and nothing
// refers to them yet.
func Load(ctx context.Context, site *Site, o Options) (*Loaded, error) {
	if err := site.into(); err != nil {
		return nil, err
	}
	l := &Loaded{site: site, options: o, report: newReport(site, o)}
	for _, t := range site.Trees {
		if len(t.Modules) == 0 {
			continue
		}
		spool, err := content.NewSpool(o.Staging)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		l.trees, l.spools = append(l.trees, t), append(l.spools, spool)
		r := treeReader{tree: t, spool: spool, options: o, report: l.report}
		if err := r.read(ctx); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

// Save saves what was read.
func (l *Loaded) Save(ctx context.Context, s *content.Service) (*Report, error) {
	for n, t := range l.trees {
		result, err := s.Import(ctx, content.Import{
			Course: t.record(), Items: l.spools[n], Site: l.site.name(), Whole: l.site.Whole, Commit: l.site.Commit,
			Publish: l.options.Publish, DryRun: l.options.DryRun, By: l.options.By,
		})
		if err != nil {
			return nil, err
		}
		l.report.Saved(result)
	}
	l.report.Finish(l.site.Warnings)
	return l.report, nil
}

// Name is what the source is called.
func (l *Loaded) Name() string { return l.site.Name }

// Close removes what waits to be saved.
func (l *Loaded) Close() error {
	var err error
	for _, spool := range l.spools {
		err = errors.Join(err, spool.Close())
	}
	l.spools = nil
	return err
}

// into sets the course that the import names in the place of the source's own.
func (s *Site) into() error {
	if s.Course == "" {
		return nil
	}
	trees := 0
	for _, t := range s.Trees {
		if len(t.Modules) > 0 {
			trees++
		}
	}
	if trees > 1 {
		return models.Malformed(fmt.Sprintf("the source holds %d courses: they can't all be %q", trees, s.Course), nil)
	}
	if !models.ValidSlug(s.Course) {
		return models.Malformed(fmt.Sprintf("%q is no slug: lower-case letters, digits and hyphens", s.Course), nil)
	}
	for _, t := range s.Trees {
		r := t.record()
		if r.Slug == DefaultCourse {
			r.Title = humanise(s.Course)
		}
		r.Slug = s.Course
	}
	return nil
}

// name is the space of the addresses of the site.
func (s *Site) name() string {
	if url := s.config.matter.Text("url"); url != "" {
		return strings.TrimSuffix(url+s.config.matter.Text("baseurl"), "/")
	}
	if len(s.Trees) == 1 {
		return s.Trees[0].record().Slug
	}
	return models.Slug(s.config.matter.Text("title"))
}

// treeReader puts the records of a course into a spool, page by page.
type treeReader struct {
	tree    *Tree
	spool   *content.Spool
	options Options
	report  *Report
}

func (r *treeReader) read(ctx context.Context) error {
	for _, m := range r.tree.Modules {
		err := m.walk(func(s, parent *Section) error {
			if err := s.load(ctx); err != nil {
				return err
			}
			var looks []Piece
			if s.text != "" {
				looks = r.tree.site.cover(m, parent, s, s.text)
			}
			if err := r.page(m, s); err != nil {
				return err
			}
			r.report.page(r.tree, m, s, looks)
			s.unload()
			if s.Record.Origin != nil {
				r.report.count(r.options.Progress)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := r.spool.Add(content.ImportItem{Key: m.Key, Record: m.Record, Addresses: m.addresses}); err != nil {
			return err
		}
	}
	return nil
}

// unload lets go of what a page holds once it is in the spool.
func (s *Section) unload() {
	s.Sources, s.Worksheets, s.Fragments, s.DeadLinks, s.repeated, s.said, s.text = nil, nil, nil, nil, nil, nil, ""
	s.Record.Blocks, s.Record.Citations, s.Record.EditorNotes, s.Record.Extra = nil, nil, nil, nil
}

// page puts a page into the spool: what it shows first.
func (r *treeReader) page(m *Module, s *Section) error {
	if err := r.files(); err != nil {
		return err
	}
	key := m.Key + " " + s.Key
	names := names{}
	var items []content.ImportItem
	add := func(key string, record models.Record) {
		items = append(items, content.ImportItem{Key: key, Record: record, Draft: s.Draft, DeadLinks: s.deadLinks(record)})
	}
	for _, f := range s.Fragments {
		for _, w := range f.Worksheets {
			add("fragment "+f.Key+names.take("worksheet", w.Label()), w)
		}
		add(f.Key, f.Record)
	}
	for _, source := range s.Sources {
		add(key+names.take("source", string(source.Written)), source)
	}
	for _, w := range s.Worksheets {
		if !s.repeated[w.ID] {
			add(key+names.take("worksheet", w.Label()), w)
		}
	}
	add(key, s.Record)
	for _, address := range s.Addresses {
		items[len(items)-1].Addresses = append(items[len(items)-1].Addresses, normalPath(address))
	}
	for _, item := range items {
		if err := r.spool.Add(item); err != nil {
			return err
		}
	}
	return nil
}

// deadLinks lists those of one record.
func (s *Section) deadLinks(record models.Record) []content.DeadLink {
	var out []content.DeadLink
	for _, d := range s.DeadLinks {
		if d.Record == record.Base().ID {
			out = append(out, content.DeadLink{Path: d.Path, Written: d.Written})
		}
	}
	return out
}

// files keeps the files that were met since it was last called.
func (r *treeReader) files() error {
	for _, asset := range r.tree.Assets {
		if asset.staged {
			continue
		}
		asset.staged = true
		if err := r.keep(asset); err != nil {
			return err
		}
		if err := r.spool.Add(content.ImportItem{Key: asset.Key, Record: asset.Record}); err != nil {
			return err
		}
	}
	return nil
}

func (r *treeReader) keep(asset *Asset) error {
	if r.options.DryRun || r.options.Files.Has(asset.Record.File.Sha256) {
		return nil
	}
	f, err := r.tree.site.FS.Open(asset.Key)
	if err != nil {
		return models.Malformed("can't read "+asset.Key, reason(err))
	}
	sum, _, err := r.options.Files.Put(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", asset.Key, err)
	}
	if sum != asset.Record.File.Sha256 {
		return models.Malformed(asset.Key+" changed while it was read", nil)
	}
	return nil
}

// names gives the sources and worksheets of a page names that stay when others are put before them: hashes of what
// they say, and the number among those that say the same.
type names map[string]int

func (n names) take(kind, says string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(says), " "))))
	name := fmt.Sprintf(" %s %x", kind, sum[:8])
	n[name]++
	return fmt.Sprintf("%s %d", name, n[name])
}
