package seed

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// place is where a page stands among those of its folder: by rank, then numbers, then path.
type place struct {
	rank    int // 0: the overview, before all
	numbers []int
	dated   bool // the numbers are a date
}

// sortPages puts pages in the order of their source: folder by folder, and in a folder by their places.
func sortPages(pages []*page, placeOf func(*page) place) {
	places := make(map[*page]place, len(pages))
	for _, p := range pages {
		places[p] = placeOf(p)
	}
	slices.SortStableFunc(pages, func(a, b *page) int {
		return cmp.Or(
			cmp.Compare(path.Dir(a.path), path.Dir(b.path)),
			cmp.Compare(places[a].rank, places[b].rank),
			slices.Compare(places[a].numbers, places[b].numbers),
			cmp.Compare(lastResort(a, places[a]), lastResort(b, places[b])),
		)
	})
}

// lastResort orders pages of one place: posts by their file names as they are, as Jekyll does, and other pages so that
// "section-1" comes before "section-1-ref".
func lastResort(p *page, at place) string {
	if at.dated {
		return p.path
	}
	return strings.TrimSuffix(p.path, path.Ext(p.path))
}

// sitePlace is the place of a page of a module site: the index first, then by the section numbers of the file name,
// or else of the title. Pages without any come last.
func sitePlace(p *page) place {
	if p.isIndex() {
		return place{}
	}
	if m := sectionFile.FindStringSubmatch(path.Base(p.path)); m != nil {
		return place{1, numbers(m[1:]), false}
	}
	if date := fileDate.FindStringSubmatch(path.Base(p.path)); date != nil {
		return place{1, numbers(date[1:]), true}
	}
	if number, _ := splitNumber(p.title); number != "" {
		return place{1, numbers(strings.Split(strings.TrimSuffix(number, "."), ".")), false}
	}
	return place{rank: 2}
}

// datePlace is the place of a page of a course-in-a-box: the index first, then by the date in the file name.
func datePlace(p *page) place {
	if p.isIndex() {
		return place{}
	}
	if date := fileDate.FindStringSubmatch(path.Base(p.path)); date != nil {
		return place{1, numbers(date[1:]), true}
	}
	return place{rank: 2}
}

// numbers reads decimal numbers; what is none counts as 0.
func numbers(texts []string) []int {
	out := make([]int, len(texts))
	for i, t := range texts {
		out[i], _ = strconv.Atoi(t)
	}
	return out
}

// boolOrder puts false before true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
