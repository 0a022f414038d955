package seed

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// maxDataBytes is the most that is read of a file with data of a site.
const maxDataBytes = 1 << 20

// courseData is what _data/course.yml of a course-in-a-box says, and each entry of _data/courses.yml.
type courseData struct {
	Title       string   `yaml:"title"`
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	ID          string   `yaml:"id"`
	Key         string   `yaml:"key"`
	Slug        string   `yaml:"slug"`
	Folder      string   `yaml:"folder"`
	Path        string   `yaml:"path"`
	URL         string   `yaml:"url"`
	Permalink   string   `yaml:"permalink"`
	Modules     []string `yaml:"modules"`
}

// loadData takes in what the data files of a site say of its courses: titles, and which modules are in the menu, in
// which order.
func (s *Site) loadData() {
	for n, entry := range s.coursesData() {
		if key := entry.key(); key != "" {
			t := s.find(key)
			if t == nil {
				s.Warn("_data/courses.yml", 0, fmt.Sprintf("the course %s is listed, and there is no folder of it", key))
				continue
			}
			t.describe(entry)
			t.list(entry.Modules, key+"/", "_data/courses.yml")
			t.order = n
		}
	}
	slices.SortStableFunc(s.Trees, func(a, b *Tree) int { return cmp.Compare(a.order, b.order) })
	var one courseData
	if s.readData("_data/course.yml", &one) == 0 {
		t := s.main()
		t.describe(one)
		t.list(one.Modules, "", "_data/course.yml")
	}
	s.orderByLanding()
}

// coursesData reads _data/courses.yml: a list, or an object by folder.
func (s *Site) coursesData() []courseData {
	var list []courseData
	byKey := yaml.MapSlice{}
	if s.readData("_data/courses.yml", &list, &byKey) <= 0 {
		return list
	}
	for _, item := range byKey {
		var d courseData
		raw, err := yaml.Marshal(item.Value)
		if err == nil {
			err = frontmatter.Decode(string(raw), &d)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			s.Warn("_data/courses.yml", 0, fmt.Sprintf("what is said of the course %v can't be used", item.Key))
			continue
		}
		d.Key = fmt.Sprint(item.Key)
		list = append(list, d)
	}
	return list
}

// readData reads a data file into the first of some shapes that it has, and gives the number of that shape. It is -1 for
// a file that is not there or says nothing, and for one of another shape, which is reported.
func (s *Site) readData(name string, shapes ...any) int {
	data, err := fs.ReadFile(s.FS, name)
	if err == nil && len(data) > maxDataBytes {
		err = fmt.Errorf("it has more than %d bytes", maxDataBytes)
	}
	if err == nil {
		for n, into := range shapes {
			if err = frontmatter.Decode(string(data), into); err == nil {
				return n
			}
		}
	}
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, io.EOF) {
		line := 0
		if e, ok := errors.AsType[*frontmatter.Error](err); ok {
			line, err = e.Line, errors.New(e.Message)
		}
		s.Warn(name, line, "the file can't be used: "+err.Error())
	}
	return -1
}

// key is the folder of a course.
func (d courseData) key() string {
	for _, v := range []string{d.Folder, d.Key, d.ID, d.Slug, d.Path, d.Permalink, d.URL} {
		if base := path.Base(strings.Trim(v, "/")); v != "" && base != "." {
			return base
		}
	}
	return ""
}

// find gives the course with a key, nil when there is none.
func (s *Site) find(key string) *Tree {
	for _, t := range s.Trees {
		if t.Course.Key == key {
			return t
		}
	}
	return nil
}

// main is the course of what is in no course's folder.
func (s *Site) main() *Tree {
	if len(s.Trees) == 1 {
		return s.Trees[0]
	}
	return s.tree("")
}

// describe names a course.
func (t *Tree) describe(d courseData) {
	title := cmp.Or(d.Title, d.Name)
	if title == "" {
		return
	}
	r := t.record()
	r.Title, r.Slug = clip(title), models.Slug(title)
	if t.Course.Key != "" {
		r.Slug = models.Slug(t.Course.Key)
	}
	if d.Description != "" {
		r.Summary = models.Text(fit(d.Description, maxSummary))
	}
}

// list puts the modules that a data file lists first, in its order, and the others out of the menu. Folders are listed
// by name.
func (t *Tree) list(listed []string, prefix, file string) {
	if len(listed) == 0 {
		return
	}
	place := map[string]int{}
	for n, name := range listed {
		name = strings.Trim(name, "/")
		key := prefix + strings.TrimPrefix(name, prefix)
		place[key] = n
		if !slices.ContainsFunc(t.Modules, func(m *Module) bool { return m.Key == key }) {
			t.Warn(file, 0, fmt.Sprintf("the module %s is listed, and there is no folder of it", name))
		}
	}
	t.listed = true
	for _, m := range t.Modules {
		n, ok := place[m.Key]
		m.Record.InMenu = ok
		m.place = len(listed)
		if ok {
			m.place = n
		} else if m.source() != m.Key { // a page by itself, the landing page for instance, is in no module's folder
			t.Warn(m.source(), 0, fmt.Sprintf("the module %s is in no menu: %s does not list it", m.Key, file))
		}
	}
	slices.SortStableFunc(t.Modules, func(a, b *Module) int { return cmp.Compare(a.place, b.place) })
}

// source is where a module is in the source, for warnings: its first page.
func (m *Module) source() string {
	first := ""
	_ = m.walk(func(s, _ *Section) error { // visiting can't fail
		if s.Record.Origin != nil && first == "" {
			first = s.Record.Origin.Path
		}
		return nil
	})
	return cmp.Or(first, m.Key)
}

var moduleLink = regexp.MustCompile(`(?:modules|courses)/([A-Za-z0-9%_.~-]+(?:/[A-Za-z0-9%_.~-]+)?)`)

// orderByLanding puts the modules that no data file lists in the order in which the landing page leads to them.
func (s *Site) orderByLanding() {
	place := map[string]int{}
	for _, name := range []string{"index.md", "index.markdown", "index.html"} {
		page, err := fs.ReadFile(s.FS, name)
		if err != nil || len(page) > MaxPageBytes {
			continue
		}
		for _, link := range moduleLink.FindAllStringSubmatch(string(page), -1) {
			for _, key := range []string{link[1], strings.Split(link[1], "/")[0]} {
				if _, ok := place[key]; !ok {
					place[key] = len(place)
				}
			}
		}
	}
	for _, t := range s.Trees {
		slices.SortStableFunc(t.Modules, func(a, b *Module) int {
			first, second := len(place), len(place)
			if n, ok := place[a.Key]; ok {
				first = n
			}
			if n, ok := place[b.Key]; ok {
				second = n
			}
			return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(first, second))
		})
	}
}
