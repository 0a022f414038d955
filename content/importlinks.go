package content

import (
	"cmp"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// siteLinks is what imports know of the addresses of a site.
type siteLinks struct {
	to   map[string]models.Ref // by path
	dead map[models.ID]int     // how many dead links a record has
}

// loadLinks reads what is known of the site, once.
func (i *importer) loadLinks() error {
	i.links = siteLinks{to: map[string]models.Ref{}, dead: map[models.ID]int{}}
	addresses, err := i.tx.ImportAddresses(i.in.Site)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		i.links.to[a.Path] = models.Ref{Type: a.Kind, ID: a.RecordID}
	}
	dead, err := i.tx.DeadLinks(i.in.Site)
	for _, d := range dead {
		i.links.dead[d.RecordID]++
	}
	return err
}

// resolve lets the links of an item lead to pages that earlier imports of the site have brought.
func (i *importer) resolve(item *ImportItem) {
	lead := map[string]models.Ref{}
	item.DeadLinks = slices.DeleteFunc(item.DeadLinks, func(d DeadLink) bool {
		to, ok := i.links.to[d.Path]
		if ok {
			lead[d.Written] = to
		}
		return ok
	})
	leadLinks(item.Record, lead)
}

// leadLinks lets links with addresses as written lead to records, and tells whether there were any.
func leadLinks(r models.Record, to map[string]models.Ref) (found bool) {
	if len(to) == 0 {
		return false
	}
	for _, t := range texts(r) {
		changed := render.MapLinks(*t, func(url string) string {
			ref, ok := to[url]
			if !ok {
				return ""
			}
			return render.LinkTo(ref, url)
		})
		found = found || changed != *t
		*t = changed
	}
	return found
}

// keepLinks remembers the addresses of an item and the links in it that lead nowhere yet.
func (i *importer) keepLinks(item ImportItem) error {
	r := item.Record
	var fresh []store.ImportAddress
	for _, path := range item.Addresses {
		if i.links.to[path] != refOf(r) {
			i.links.to[path] = refOf(r)
			fresh = append(fresh, store.ImportAddress{
				Site: i.in.Site, Path: path, CourseID: i.course.ID, Kind: r.Kind(), RecordID: r.Base().ID,
			})
		}
	}
	if err := i.tx.PutImportAddresses(fresh); err != nil {
		return err
	}
	if len(item.DeadLinks) == 0 && i.links.dead[r.Base().ID] == 0 {
		return nil
	}
	dead := make([]store.DeadLink, len(item.DeadLinks))
	for n, d := range item.DeadLinks {
		dead[n] = store.DeadLink{
			Site: i.in.Site, Path: d.Path, CourseID: i.course.ID, Kind: r.Kind(), RecordID: r.Base().ID, Written: d.Written,
		}
	}
	return i.tx.SetDeadLinks(r.Base().ID, dead)
}

// revive lets the dead links of earlier imports lead to the pages that have come with this one.
func (i *importer) revive() error {
	links, err := i.tx.DeadLinksTo(i.in.Site)
	if err != nil {
		return err
	}
	for len(links) > 0 {
		end := slices.IndexFunc(links, func(l store.RevivedLink) bool { return l.RecordID != links[0].RecordID })
		if end < 0 {
			end = len(links)
		}
		if err := i.reviveIn(links[:end]); err != nil {
			return err
		}
		links = links[end:]
	}
	return nil
}

// reviveIn mends the links of one record.
func (i *importer) reviveIn(links []store.RevivedLink) error {
	to := map[string]models.Ref{}
	written := make([]string, len(links))
	for n, l := range links {
		to[l.Written] = models.Ref{Type: l.ToKind, ID: l.ToID}
		written[n] = l.Written
	}
	id := links[0].RecordID
	if err := i.tx.RemoveDeadLinks(id, written); err != nil {
		return err
	}
	r, err := i.tx.Draft.Record(links[0].Kind, id)
	if models.KindOf(err) == models.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	edited, err := i.reviveBases(r, to)
	if err != nil || !leadLinks(r, to) || r.Base().TrashedAt != nil {
		return err
	}
	if state := r.Base().State(); !edited && !i.fresh[id] || state == models.StateLive {
		i.revived = append(i.revived, refOf(r))
	}
	if err := i.s.update(i.tx, r, r.Base().Version, i.in.By, true); err != nil {
		return err
	}
	i.changed(ImportRevived, "", r, nil)
	return nil
}

// reviveBases mends the links in what imports remember of a record too, or the next one would take them for an editor's
// changes. It tells whether the record has been edited since.
func (i *importer) reviveBases(r models.Record, to map[string]models.Ref) (edited bool, err error) {
	items, err := i.tx.ImportItemsOf(r.Base().ID)
	if err != nil {
		return false, err
	}
	for _, item := range items {
		base, err := i.baseOf(item)
		if err != nil {
			return false, err
		}
		if base == nil {
			continue
		}
		same, err := sameContent(base, r)
		if err != nil {
			return false, err
		}
		edited = edited || !same
		leadLinks(base, to)
		if err := i.rememberIn(item.CourseID, item.Key, r, base); err != nil {
			return false, err
		}
	}
	return edited, nil
}

// stamp notes the commit of the source on the course, when the import changed anything.
func (i *importer) stamp() error {
	n := len(i.result.Changes)
	for _, count := range i.result.Created {
		n += count
	}
	if n == 0 || i.in.Commit == "" || i.fresh[i.course.ID] {
		return nil
	}
	course := &models.Course{}
	if err := i.tx.Draft.Get(course, i.course.ID); err != nil || course.Source.Commit == i.in.Commit {
		return err
	}
	course.Source.Commit = i.in.Commit
	return i.s.update(i.tx, course, course.Version, i.in.By, true)
}

func sortedItems(items map[string]store.ImportItem) []store.ImportItem {
	out := make([]store.ImportItem, 0, len(items))
	for _, item := range items {
		out = append(out, item)
	}
	slices.SortFunc(out, func(a, b store.ImportItem) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return out
}
