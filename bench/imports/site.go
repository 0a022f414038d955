package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern-cms/lectern/bench/prose"
)

// The shape of a generated site.
const (
	modulePages = 50 // in a module
	partPages   = 8  // in a section of it
)

// generate writes a site of n pages, the same for the same n.
func generate(folder string, n int) error {
	g := generator{prose.New(uint64(n))}
	if err := write(folder, "_config.yml", "title: A Generated Site\nurl: https://site.example\n"); err != nil {
		return err
	}
	for page := range n {
		module, place := page/modulePages, page%modulePages
		section, part := place/partPages+1, place%partPages
		name := fmt.Sprintf("modules/m%03d/section-%d-%d.md", module, section, part)
		if err := write(folder, name, g.page(module, section, part)); err != nil {
			return err
		}
	}
	return nil
}

func write(folder, name, text string) error {
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

type generator struct{ *prose.Prose }

// page is a page of some 450 words with what pages of training sites have: headings, notes, boxes, an exercise, a list,
// a table, links and a quotation.
func (g generator) page(module, section, part int) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n\n", args...) }
	line("---\nlayout: module\nmodule_name: m%03d\nmodule_full_name: Module %d\nsection: %d. %s\ntitle: %d.%d %s\n---",
		module, module, section, g.Words(2), section, part, g.Words(4))
	line("## %s", g.Words(4))
	line("%s.<sup><a name=\"1\" href=\"#fn1\">1</a></sup> %s, as [the next part](section-%d-%d.html) says.", g.Words(60), g.Words(30), section, part+1)
	line("%s [%s](https://example.org/%s) %s.<sup><a name=\"2\" href=\"#fn2\">2</a></sup>", g.Words(40), g.Words(3), g.Words(1), g.Words(25))
	line("* %s\n* **%s** %s\n* %s", g.Words(9), g.Words(2), g.Words(12), g.Words(8))
	line("<div class=\"tips\"><p>%s</p><p>%s</p></div>", g.Words(4), g.Words(40))
	line("> “%s.”<br/><br/>— %s", g.Words(25), g.Words(3))
	line("<div class=\"reflection\"><p class=\"box-title\">%s</p><ol><li>%s?</li><li>%s?</li></ol></div>", g.Words(3), g.Words(10), g.Words(9))
	line("<table><tr><th>%s</th><th>%s</th></tr><tr><td>%s</td><td>%s</td></tr></table>", g.Words(1), g.Words(1), g.Words(12), g.Words(12))
	line("%s.", g.Words(80))
	line("***")
	line("<a name=\"fn1\" href=\"#1\">1</a>: Baker, A., & Miller, B. (%d). %s. _Journal of %s, %d_(%d), %d-%d.",
		1990+g.IntN(30), g.Words(6), g.Words(2), g.IntN(40)+1, g.IntN(4)+1, 10, 20+g.IntN(30))
	line("<a name=\"fn2\" href=\"#2\">2</a>: [%s](https://example.org/%d), by Carla Gardener. Garden Press, %d.", g.Words(5), g.IntN(1<<20), 2000+g.IntN(20))
	return b.String()
}
