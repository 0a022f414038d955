package content

import (
	"maps"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// follow finds out what became of things that earlier imports knew and the source has no more: pages that have another
// path now, and the one source or worksheet of a page that reads otherwise now. They keep their records. The others
// are reported.
func (i *importer) follow() error {
	here, gone := i.missing()
	others := map[string]store.ImportItem{} // things of other sources of the course
	for key, item := range gone {
		if strings.HasPrefix(item.Key, exactPrefix) != i.in.Exact {
			others[key] = item
			delete(gone, key)
		}
	}
	if len(gone) > 0 && i.in.Whole {
		if err := i.followPages(gone); err != nil {
			return err
		}
	}
	if err := i.followParts(gone); err != nil {
		return err
	}
	if i.in.Public { // readers never had all of the course
		return nil
	}
	if i.in.Exact { // all of a course is there when Lectern writes it, wherever it came from
		maps.Copy(gone, others)
	}
	told, err := i.tellGone(gone, here)
	if err != nil || !i.in.Exact {
		return err
	}
	return i.tellTakenOut(told)
}

// missing finds what earlier imports knew under keys that the source does not have, here being those that it has, and
// the records of which are not in it under another key either.
func (i *importer) missing() (here map[string]bool, gone map[string]store.ImportItem) {
	here, gone = map[string]bool{}, map[string]store.ImportItem{}
	records := map[models.ID]bool{}
	for _, e := range i.in.Items.entries {
		key := knownKey(e.kind, e.key)
		here[key] = true
		if records[e.id] = e.exact; !e.exact {
			records[i.known[key].RecordID] = true
		}
	}
	for key, item := range i.known {
		if !here[key] && !records[item.RecordID] && item.Kind != models.KindCourse {
			gone[key] = item
		}
	}
	return here, gone
}

// followPages finds pages under other paths: of the same title in the same module, one of it gone and one new.
func (i *importer) followPages(gone map[string]store.ImportItem) error {
	modules := map[models.ID]models.ID{} // the reader's ids to those here
	type name struct {
		module models.ID
		title  string
	}
	for _, e := range i.in.Items.entries {
		if e.kind != models.KindModule {
			continue
		}
		if known, ok := i.known[knownKey(e.kind, e.key)]; ok {
			modules[e.id] = known.RecordID
		} else if e.exact {
			modules[e.id] = e.id
		}
	}
	fresh := map[name][]*entry{}
	for _, e := range i.in.Items.entries {
		_, ok := i.known[knownKey(e.kind, e.key)]
		if module := modules[e.module]; e.kind == models.KindSection && !ok && module != "" {
			at := name{module, e.title}
			fresh[at] = append(fresh[at], e)
		}
	}
	old := map[name][]store.ImportItem{}
	for _, item := range gone {
		if item.Kind != models.KindSection || len(fresh) == 0 {
			continue
		}
		r, err := i.tx.Draft.Record(item.Kind, item.RecordID)
		if models.KindOf(err) == models.KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		at := name{r.(*models.Section).ModuleID, r.Label()}
		old[at] = append(old[at], item)
	}
	for at, entries := range fresh {
		if len(entries) != 1 || len(old[at]) != 1 {
			continue
		}
		from, to := old[at][0], entries[0]
		if err := i.rename(gone, from, to.key); err != nil {
			return err
		}
		r, err := i.tx.Draft.Record(from.Kind, from.RecordID)
		if err != nil {
			return err
		}
		i.changed(ImportRenamed, to.key, r, nil)
	}
	return nil
}

// rename gives a page and its parts the keys that they have in the source now.
func (i *importer) rename(gone map[string]store.ImportItem, page store.ImportItem, to string) error {
	for key, item := range gone {
		part, ok := strings.CutPrefix(item.Key, page.Key)
		if !ok || part != "" && (part[0] != ' ' || item.Kind == models.KindSection) {
			continue
		}
		if err := i.rekey(gone, key, to+part); err != nil {
			return err
		}
	}
	return nil
}

// rekey gives a thing that was known under one key another.
func (i *importer) rekey(gone map[string]store.ImportItem, known, to string) error {
	item := gone[known]
	delete(gone, known)
	delete(i.known, known)
	if err := i.tx.RenameImportItem(i.course.ID, item.Kind, item.Key, to); err != nil {
		return err
	}
	item.Key = to
	i.known[knownKey(item.Kind, to)] = item
	return nil
}

// partOf splits the key of a source or worksheet into that of its page and the rest: "<page> source <hash> <n>".
func partOf(kind models.Kind, key string) (page string, ok bool) {
	at := strings.LastIndex(key, " "+string(kind)+" ")
	if at < 0 {
		return "", false
	}
	return key[:at], true
}

// followParts finds the one source or worksheet of a page that reads otherwise now.
func (i *importer) followParts(gone map[string]store.ImportItem) error {
	type part struct {
		kind models.Kind
		page string
	}
	fresh, old := map[part][]string{}, map[part][]string{}
	for _, e := range i.in.Items.entries {
		if _, known := i.known[knownKey(e.kind, e.key)]; known {
			continue
		}
		if page, ok := partOf(e.kind, e.key); ok {
			fresh[part{e.kind, page}] = append(fresh[part{e.kind, page}], e.key)
		}
	}
	for key, item := range gone {
		if page, ok := partOf(item.Kind, item.Key); ok {
			old[part{item.Kind, page}] = append(old[part{item.Kind, page}], key)
		}
	}
	for at, keys := range fresh {
		if len(keys) == 1 && len(old[at]) == 1 {
			if err := i.rekey(gone, old[at][0], keys[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellGone reports what the source has no more: of a whole source everything, else the parts of pages that were read.
func (i *importer) tellGone(gone map[string]store.ImportItem, here map[string]bool) (told map[models.ID]bool, err error) {
	told = map[models.ID]bool{}
	for _, item := range sortedItems(gone) {
		page, isPart := partOf(item.Kind, item.Key)
		if told[item.RecordID] || !i.in.Whole && !(isPart && here[knownKey(models.KindSection, page)]) {
			continue
		}
		r, err := i.tx.Draft.Record(item.Kind, item.RecordID)
		if models.KindOf(err) == models.KindNotFound || err == nil && r.Base().TrashedAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		told[item.RecordID] = true
		i.changed(ImportGone, item.Key, r, nil)
	}
	return told, nil
}
