package seed

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern-cms/lectern/models"
)

// addresses are the places of a site that links can lead to.
type addresses struct {
	exact  map[string]models.Ref // by normal path
	folded map[string]models.Ref // by normal path in lower case
}

func newAddresses() *addresses {
	return &addresses{exact: map[string]models.Ref{}, folded: map[string]models.Ref{}}
}

func (a *addresses) add(address string, to models.Ref) {
	key := normalPath(address)
	if _, taken := a.exact[key]; !taken {
		a.exact[key] = to
	}
	if _, taken := a.folded[strings.ToLower(key)]; !taken {
		a.folded[strings.ToLower(key)] = to
	}
}

// find gives what an address leads to. Servers are lenient with letter case, and so is this.
func (a *addresses) find(address string) (models.Ref, bool) {
	key := normalPath(address)
	if to, ok := a.exact[key]; ok {
		return to, true
	}
	to, ok := a.folded[strings.ToLower(key)]
	return to, ok
}

// pageEnds are the file names' ends that addresses of pages may have.
var pageEnds = []string{".html", ".htm", ".md", ".markdown"}

// normalPath is a path in a site without what addresses of one page may differ in: slashes at the ends, "index", the
// file name's end and the way of escaping.
func normalPath(address string) string {
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	address = strings.Trim(path.Clean("/"+norm.NFC.String(address)), "/")
	if ext := path.Ext(address); slices.Contains(pageEnds, strings.ToLower(ext)) {
		address = strings.TrimSuffix(address, ext)
	}
	if address == "index" {
		return ""
	}
	return strings.TrimSuffix(address, "/index")
}

// home is where a page or module of the site is: its course, and the first of its addresses.
type home struct {
	course  *Tree
	address string
}

// loadAddresses notes where the pages of the site and its modules are. What comes first keeps an address.
func (s *Site) loadAddresses() {
	add := func(t *Tree, to models.Ref, address string) bool {
		s.addresses.add(address, to)
		if found, _ := s.addresses.find(address); found != to {
			return false
		}
		if _, ok := s.homes[to.ID]; !ok {
			s.homes[to.ID] = home{t, normalPath(address)}
		}
		return true
	}
	for _, t := range s.Trees {
		for _, m := range t.Modules {
			_ = m.walk(func(sec, _ *Section) error { // visiting can't fail
				for _, a := range sec.Addresses {
					add(t, models.Ref{Type: models.KindSection, ID: sec.Record.ID}, a)
				}
				return nil
			})
		}
	}
	for _, t := range s.Trees {
		for _, m := range t.Modules {
			for _, above := range []string{"modules/", "courses/"} {
				if add(t, models.Ref{Type: models.KindModule, ID: m.Record.ID}, above+m.Key) {
					m.addresses = append(m.addresses, normalPath(above+m.Key))
				}
			}
		}
	}
}

// permalinks are Jekyll's named styles of addresses.
var permalinks = map[string]string{
	"date":     "/:categories/:year/:month/:day/:title.html",
	"pretty":   "/:categories/:year/:month/:day/:title/",
	"ordinal":  "/:categories/:year/:y_day/:title.html",
	"weekdate": "/:categories/:year/W:week/:short_day/:title.html",
	"none":     "/:categories/:title.html",
}

// addresses lists the public paths of a page, the one under which it is published first.
func (c config) addresses(p *page) []string {
	var out []string
	if own := p.matter.Text("permalink"); own != "" {
		out = append(out, c.expand(own, p))
	}
	style := c.matter.Text("permalink")
	if isPost(p.path) {
		if named, ok := permalinks[style]; ok || style == "" {
			style = named
			if !ok {
				style = permalinks["date"]
			}
		}
		out = append(out, c.expand(style, p))
	} else {
		address := "/" + strings.TrimSuffix(p.path, path.Ext(p.path))
		switch {
		case style != "pretty":
			address += ".html"
		case p.isIndex():
			address = strings.TrimSuffix(address, "index")
		default:
			address += "/"
		}
		out = append(out, address)
	}
	return append(out, "/"+p.path)
}

func isPost(page string) bool { return slices.Contains(strings.Split(path.Dir(page), "/"), "_posts") }

var placeholder = regexp.MustCompile(`:[a-z_]+`)

// expand fills in the placeholders of a permalink.
func (c config) expand(style string, p *page) string {
	base := strings.TrimSuffix(path.Base(p.path), path.Ext(p.path))
	date := fileDate.FindStringSubmatch(base)
	title := fileDate.ReplaceAllString(base, "")
	address := placeholder.ReplaceAllStringFunc(style, func(name string) string {
		switch name {
		case ":title", ":slug", ":name", ":basename":
			return title
		case ":categories", ":path":
			return p.categories()
		case ":output_ext":
			return ".html"
		case ":year", ":month", ":day":
			if date != nil {
				return date[map[string]int{":year": 1, ":month": 2, ":day": 3}[name]]
			}
		}
		return ""
	})
	pretty := strings.HasSuffix(address, "/")
	if address = path.Clean("/" + address); pretty && address != "/" {
		address += "/"
	}
	return address
}

// categories are the folders of a post, and those that its front matter names.
func (p *page) categories() string {
	var out []string
	for part := range strings.SplitSeq(path.Dir(p.path), "/") {
		if part == "_posts" {
			break
		}
		if part != "." {
			out = append(out, part)
		}
	}
	for _, key := range []string{"category", "categories"} {
		out = append(out, strings.Fields(strings.ToLower(p.matter.Text(key)))...)
	}
	return strings.Join(slices.Compact(out), "/")
}

// inSite gives the path in the site that an address on a page means, and whether it means one: an address of another
// site, of a mail box or of a place in the page does not.
func (s *Site) inSite(address, page string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Opaque != "" || u.Path == "" {
		return "", false
	}
	absolute := u.Host != "" || u.Scheme != ""
	if absolute {
		own, err := url.Parse(s.config.matter.Text("url"))
		if err != nil || u.Host == "" || !strings.EqualFold(u.Host, own.Host) {
			return "", false
		}
	}
	if !strings.HasPrefix(u.Path, "/") {
		return path.Join(folderOf(page), u.Path), true
	}
	base := strings.TrimSuffix(s.config.matter.Text("baseurl"), "/")
	if below, ok := strings.CutPrefix(u.Path, base); ok && (below == "" || below[0] == '/') {
		return "/" + strings.TrimPrefix(below, "/"), true
	}
	if absolute {
		return "", false // another site at the same host
	}
	return u.Path, true
}

// folderOf is the folder that relative addresses on a page begin at.
func folderOf(page string) string {
	if strings.HasSuffix(page, "/") {
		return page
	}
	return path.Dir(page)
}
