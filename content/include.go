package content

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Limits of what an answer includes.
const (
	MaxIncludeDepth = 3     // relations from one record to the next
	MaxIncluded     = 1_000 // records
	MaxIncludePaths = 20    // that one request may name: each costs statements, whatever they find
)

// Include names related records that an answer is to hold, and those related to them in turn.
type Include map[string]Include

// Included are the related records of an answer, each once, by kind ("sections") and in the order of ids. It is nil
// when none were asked for.
type Included map[string][]any

// ParseInclude reads relations with commas between them, and dots from one record to the next. The error says what is
// wrong and what is allowed, for people.
func ParseInclude(kind models.Kind, written string) (Include, error) {
	out := Include{}
	if n := strings.Count(written, ",") + 1; n > MaxIncludePaths {
		return nil, fmt.Errorf("names %d relations, and %d are allowed", n, MaxIncludePaths)
	}
	for path := range strings.SplitSeq(written, ",") {
		at, of := out, kind
		names := strings.Split(path, ".")
		if len(names) > MaxIncludeDepth {
			return nil, fmt.Errorf("%q is deeper than %d relations", path, MaxIncludeDepth)
		}
		for _, name := range names {
			next, ok := relations[of][name]
			if !ok {
				return nil, fmt.Errorf("%q is no relation of a %s: choose from %s", name, of, strings.Join(slices.Sorted(maps.Keys(relations[of])), ", "))
			}
			if at[name] == nil {
				at[name] = Include{}
			}
			at, of = at[name], next.to
		}
	}
	return out, nil
}

// Kinds are the kinds of the records that are included with records of a kind.
func (in Include) Kinds(of models.Kind) (kinds []models.Kind) {
	for name, below := range in {
		kind := relations[of][name].to
		kinds = append(append(kinds, kind), below.Kinds(kind)...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// related reads the related records of an answer. The number of statements depends on the relations only.
func related[V any](tx *store.Tx, kind models.Kind, views []V, in Include, fields FieldsOf) (Included, error) {
	if in == nil {
		return nil, nil
	}
	r := relater{tx: tx, wishes: in.wishes(kind, fields), found: map[target]any{}, citations: map[models.ID]store.Citation{}}
	from := make([]any, len(views))
	for i, v := range views {
		from[i] = v
	}
	if err := r.add(kind, from, in); err != nil {
		return nil, err
	}
	return r.included(kind, in), nil
}

type relater struct {
	tx     *store.Tx
	wishes map[models.Kind]wish
	found  map[target]any // views

	citations map[models.ID]store.Citation // of the sections that lead to them, as nothing else does
}

// included sorts what was found. Kinds of which nothing was found are there, and empty.
func (r relater) included(of models.Kind, in Include) Included {
	ids := map[models.Kind][]models.ID{}
	for to := range r.found {
		ids[to.kind] = append(ids[to.kind], to.id)
	}
	out := Included{}
	for _, kind := range in.Kinds(of) {
		slices.Sort(ids[kind])
		views := make([]any, len(ids[kind]))
		for i, id := range ids[kind] {
			views[i] = r.found[target{kind, id}]
		}
		out[kind.Plural()] = views
	}
	return out
}

func (r relater) add(kind models.Kind, views []any, in Include) error {
	for _, name := range slices.Sorted(maps.Keys(in)) {
		to := relations[kind][name].to
		refs, err := r.follow(kind, views, name)
		if err != nil {
			return err
		}
		next, err := r.load(to, refs)
		if err != nil {
			return err
		}
		if err := r.add(to, next, in[name]); err != nil {
			return err
		}
	}
	return nil
}

// follow lists the ids that a relation of records leads to, each once.
func (r relater) follow(kind models.Kind, views []any, name string) (out []models.ID, err error) {
	if len(views) == 0 {
		return nil, nil
	}
	if kind == models.KindSection && name == "citations" {
		for _, v := range views {
			ids, err := r.cited(v.(SectionView))
			if err != nil {
				return nil, err
			}
			if out = append(out, ids...); len(out) > MaxIncluded { // which load refuses
				break
			}
		}
		return out, nil
	}
	relation := relations[kind][name]
	if relation.says == nil {
		from := make([]models.ID, len(views))
		for i, v := range views {
			from[i] = idOfView(v)
		}
		return r.tx.Live.UsedBy(from, relation.to)
	}
	seen := map[models.ID]bool{}
	for _, v := range views {
		for _, ref := range relation.says(v) {
			if ref != nil && !seen[ref.ID] {
				seen[ref.ID] = true
				out = append(out, ref.ID)
			}
		}
	}
	return out, nil
}

// cited lists the citations of a section, which has them in itself: their rows need not be read.
func (r relater) cited(v SectionView) (ids []models.ID, err error) {
	var citations []models.Citation
	if err := v.Citations.Decode(&citations); err != nil {
		return nil, fmt.Errorf("citations of section %s: %w", v.ID, err)
	}
	for _, c := range citations {
		row := store.Citation{
			ID: c.ID, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, PublishedAt: v.PublishedAt, SectionID: v.ID,
			Label: c.Label, Locator: c.Locator, Written: c.Written,
		}
		if v.Course != nil && v.Module != nil { // sections have them, whatever fields are wanted
			row.CourseID, row.ModuleID = v.Course.ID, v.Module.ID
		}
		if c.Source != nil {
			row.SourceID = &c.Source.ID
		}
		r.citations[c.ID] = row
		ids = append(ids, c.ID)
	}
	return ids, nil
}

// load makes the views of records that are live, once.
func (r relater) load(kind models.Kind, ids []models.ID) ([]any, error) {
	var missing []models.ID
	for _, id := range ids {
		if r.found[target{kind, id}] == nil {
			missing = append(missing, id)
		}
	}
	if len(r.found)+len(missing) > MaxIncluded {
		return nil, models.BadParameter("include", fmt.Sprintf("adds more than %d records: ask for fewer at a time", MaxIncluded))
	}
	if len(missing) > 0 {
		views, err := r.views(r.wishes[kind], missing)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			r.found[target{kind, idOfView(v)}] = v
		}
	}
	var out []any
	for _, id := range ids {
		if v := r.found[target{kind, id}]; v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

// views reads live records of one kind and makes their views, without content.
func (r relater) views(w wish, ids []models.ID) ([]any, error) {
	tx := r.tx
	if w.kind == models.KindCitation {
		rows := make([]store.Citation, len(ids))
		for i, id := range ids {
			rows[i] = r.citations[id]
		}
		return anyViews(citationViews(tx, rows, w))
	}
	rs, err := w.side(tx).List(store.Query{Kind: w.kind, IDs: ids})
	if err != nil {
		return nil, err
	}
	switch w.kind {
	case models.KindCourse:
		return anyViews(courseViews(tx, typed[*models.Course](rs), w))
	case models.KindModule:
		return anyViews(moduleViews(tx, typed[*models.Module](rs), w))
	case models.KindSection:
		return anyViews(sectionViews(tx, typed[*models.Section](rs), w))
	case models.KindWorksheet:
		return anyViews(worksheetViews(tx, typed[*models.Worksheet](rs), w))
	case models.KindFragment:
		return anyViews(fragmentViews(tx, typed[*models.Fragment](rs), w))
	case models.KindSource:
		return anyViews(sourceViews(tx, typed[*models.Source](rs), w))
	}
	return anyViews(assetViews(tx, typed[*models.Asset](rs), w))
}

func anyViews[V any](views []V, err error) ([]any, error) {
	out := make([]any, len(views))
	for i, v := range views {
		out[i] = v
	}
	return out, err
}

func typed[R models.Record](rs []models.Record) []R {
	out := make([]R, len(rs))
	for i, r := range rs {
		out[i] = r.(R)
	}
	return out
}

// idOfView is the id of the record that a view shows.
func idOfView(view any) models.ID {
	return view.(interface{ base() ViewBase }).base().ID
}

func (v ViewBase) base() ViewBase { return v }
