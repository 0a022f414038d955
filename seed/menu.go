package seed

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
)

// includesFolder holds what pages of a Jekyll site include.
const includesFolder = "_includes"

// menuItem is one link of a menu.
type menuItem struct {
	address, label string
	line           int
}

// menuName finds the files that hold menus: "history_nav.html" is that of the module "history".
var menuName = regexp.MustCompile(`(?i)^(?:(.*?)[_-])?(?:nav|navigation|menu|sidebar|toc)(?:[_-](.*))?$`)

// loadMenus takes in what the menus of the site say of its pages: labels, and which are in no menu. Without menus,
// everything is in the menu.
func (s *Site) loadMenus() {
	found := map[*Module]bool{}
	for _, name := range s.menuFiles() {
		m := s.moduleOfMenu(name)
		if m == nil {
			continue
		}
		items, err := s.readMenu(name)
		if err != nil || len(items) == 0 {
			continue
		}
		if s.takeMenu(m, name, items) {
			found[m] = true
		}
	}
	if len(found) == 0 {
		return
	}
	for _, t := range s.Trees {
		if t.listed {
			continue
		}
		for _, m := range t.Modules {
			if !found[m] {
				s.withoutMenu(m)
			}
		}
	}
}

// menuFiles lists the files of menus.
func (s *Site) menuFiles() []string {
	var out []string
	_ = fs.WalkDir(s.FS, includesFolder, func(name string, d fs.DirEntry, err error) error { // a folder that can't be listed has no menus
		if err == nil && !d.IsDir() && slices.Contains(pageEnds, path.Ext(name)) && len(out) < maxPages {
			out = append(out, name)
		}
		return nil
	})
	return out
}

// moduleOfMenu is the module whose menu a file holds by its name.
func (s *Site) moduleOfMenu(name string) *Module {
	match := menuName.FindStringSubmatch(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	if match == nil {
		return nil
	}
	for _, t := range s.Trees {
		for _, m := range t.Modules {
			for _, part := range match[1:] {
				if part != "" && models.Slug(part) == models.Slug(path.Base(m.Key)) {
					return m
				}
			}
		}
	}
	return nil
}

// readMenu lists the links of a menu.
func (s *Site) readMenu(name string) ([]menuItem, error) {
	data, err := fs.ReadFile(s.FS, name)
	if err != nil || len(data) > maxDataBytes {
		return nil, err
	}
	var items []menuItem
	line, inLink := 1, false
	for z := html.NewTokenizer(bytes.NewReader(data)); z.Next() != html.ErrorToken; {
		t := z.Token()
		switch {
		case t.Type == html.StartTagToken && t.Data == "a":
			at := slices.IndexFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "href" })
			if inLink = at >= 0; inLink {
				items = append(items, menuItem{address: t.Attr[at].Val, line: line})
			}
		case t.Type == html.EndTagToken && t.Data == "a":
			inLink = false
		case t.Type == html.TextToken && inLink:
			items[len(items)-1].label += t.Data
		}
		line += bytes.Count(z.Raw(), []byte("\n"))
	}
	return items, nil
}

// takeMenu marks the pages of a module by its menu. It is false when none of the links leads to one of them.
func (s *Site) takeMenu(m *Module, file string, items []menuItem) bool {
	places := newAddresses()
	sections := map[models.ID]*Section{}
	_ = m.walk(func(sec, _ *Section) error { // visiting can't fail
		sections[sec.Record.ID] = sec
		for _, a := range sec.Addresses {
			places.add(a, models.Ref{Type: models.KindSection, ID: sec.Record.ID})
		}
		return nil
	})
	home := "/modules/" + m.Key + "/"
	order := map[models.ID]int{}
	for n, item := range items {
		place, ok := s.inSite(liquid.ReplaceAllString(item.address, ""), home)
		if !ok {
			continue
		}
		to, ok := places.find(place)
		if !ok {
			s.Warn(file, item.line, fmt.Sprintf("the menu leads to %s, where no page of the module is", item.address))
			continue
		}
		sec := sections[to.ID]
		if _, again := order[to.ID]; !again {
			order[to.ID] = n
		}
		label := strings.Join(strings.Fields(item.label), " ")
		if label != joinNumber(sec.Record.Number, sec.Record.Title) && label != sec.Record.Title {
			sec.Record.MenuLabel = clip(label)
		}
	}
	if len(order) == 0 {
		return false
	}
	m.markMenu(order, &s.Log)
	return true
}

// liquid finds variables in addresses of menus.
var liquid = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// markMenu takes the pages that the menu does not lead to out of it. Where the pages' names say nothing of their order,
// the menu does.
func (m *Module) markMenu(order map[models.ID]int, log *Log) {
	_ = m.walk(func(sec, _ *Section) error { // visiting can't fail
		_, in := order[sec.Record.ID]
		if sec.Record.Origin == nil {
			return nil // a label of the menu, without a page
		}
		if !in && sec.Record.InMenu {
			log.Warn(sec.Record.Origin.Path, 0, "the page is in no menu")
		}
		sec.Record.InMenu = in && sec.Record.InMenu
		return nil
	})
	if m.numbered {
		return
	}
	place := func(s *Section) int {
		if n, ok := order[s.Record.ID]; ok {
			return n
		}
		return len(order)
	}
	slices.SortStableFunc(m.Sections, func(a, b *Section) int { return place(a) - place(b) })
}

// withoutMenu marks a module that has no menu in a site whose other modules have: a copy that was left behind for
// instance.
func (s *Site) withoutMenu(m *Module) {
	m.Record.InMenu = false
	s.Warn(m.source(), 0, fmt.Sprintf("the module %s is in no menu", m.Key))
	_ = m.walk(func(sec, _ *Section) error { // visiting can't fail
		sec.Record.InMenu = false
		return nil
	})
}
