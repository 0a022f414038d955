package main

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// layer is a part of the program that a frame of a profile belongs to.
type layer struct {
	name     string
	colour   string   // of its frames, light enough for dark text
	prefixes []string // of its functions, with the path of their package
}

// layers are told apart by colour. The first that fits counts; what fits none belongs to the last.
var layers = []layer{
	{"kernel", "#c9ced6", []string{"internal/runtime/syscall", "syscall.", "internal/poll.", "net.(*conn)", "net.(*netFD)", "runtime.futex", "runtime.usleep"}},
	{"Go: memory", "#f4b6b0", []string{"runtime.gc", "runtime.malloc", "runtime.bgsweep", "runtime.bgscavenge", "runtime.(*mheap)", "runtime.(*mcache)", "runtime.(*mcentral)", "runtime.newobject", "runtime.growslice", "runtime.makeslice", "runtime.scan", "runtime.greyobject", "runtime.memclr"}},
	{"Go: the rest of its runtime", "#f7d6a8", []string{"runtime.", "runtime/", "internal/", "sync.", "sync/"}},
	{"SQLite", "#c4b5e8", []string{"modernc.org/", "github.com/libtnb/sqlite"}},
	{"database/sql and GORM", "#e3c8ea", []string{"database/sql", "gorm.io/"}},
	{"HTTP: fasthttp and Fiber", "#a9d3ee", []string{"github.com/valyala/fasthttp", "github.com/gofiber/fiber"}},
	{"Lectern", "#a8dcae", []string{"github.com/lectern-cms/lectern/", "main."}},
	{"other libraries", "#eee8a9", nil},
}

func layerOf(function string) layer {
	at := slices.IndexFunc(layers, func(l layer) bool {
		return slices.ContainsFunc(l.prefixes, func(p string) bool { return strings.HasPrefix(function, p) })
	})
	if at < 0 {
		return layers[len(layers)-1]
	}
	return layers[at]
}

// frame is a function as it was called in one place of the program, and what it called.
type frame struct {
	function string
	total    int64 // of the profile's unit, in it and in what it called
	calls    []*frame
}

// passing are functions that only call the next middleware. They are left out, so that stacks are not twice as deep.
var passing = []string{"github.com/gofiber/fiber/v2.(*Ctx).Next", "github.com/gofiber/fiber/v2.(*App).next", "github.com/lectern-cms/lectern/server.(*Server).routes.notAdmin"}

// stack is the functions of one sample, the outermost first.
type stack struct {
	functions []string
	value     int64 // the last of the sample: in a CPU profile nanoseconds
}

// flames makes the tree of a profile.
func flames(p *profile.Profile) *frame {
	root := &frame{function: "all"}
	for _, s := range completed(stacksOf(p)) {
		root.total += s.value
		at := root
		for _, name := range s.functions {
			at = at.call(name)
			at.total += s.value
		}
	}
	return root
}

func stacksOf(p *profile.Profile) (stacks []stack) {
	for _, sample := range p.Sample {
		s := stack{value: sample.Value[len(sample.Value)-1]}
		for _, place := range slices.Backward(sample.Location) {
			for _, line := range slices.Backward(place.Line) { // several where functions were inlined
				if name := plain(line.Function.Name); !slices.ContainsFunc(passing, func(p string) bool { return strings.HasPrefix(name, p) }) {
					s.functions = append(s.functions, name)
				}
			}
		}
		if len(s.functions) > 0 {
			stacks = append(stacks, s)
		}
	}
	return stacks
}

// plain is a function's name without the types that Go made a generic one for.
func plain(name string) string {
	before, rest, ok := strings.Cut(name, "[go.shape.")
	if !ok {
		return name
	}
	return before + "[…]" + rest[strings.LastIndexByte(rest, ']')+1:]
}

// completed gives stacks their outermost functions back. Go's profiler keeps the 64 innermost: a stack whose first function is
// called by another one elsewhere is one that was cut, and gets what stands above that function there.
func completed(stacks []stack) []stack {
	called := map[string]bool{}
	for _, s := range stacks {
		for _, name := range s.functions[1:] {
			called[name] = true
		}
	}
	above := map[string][]string{}
	for _, s := range stacks {
		for i, name := range s.functions {
			if !called[s.functions[0]] && above[name] == nil {
				above[name] = s.functions[:i]
			}
		}
	}
	for i, s := range stacks {
		known := slices.IndexFunc(s.functions, func(name string) bool { return above[name] != nil })
		if called[s.functions[0]] && known >= 0 {
			stacks[i].functions = slices.Concat(above[s.functions[known]], s.functions[known:])
		}
	}
	return stacks
}

// call finds what a frame called, or adds it.
func (f *frame) call(function string) *frame {
	at := slices.IndexFunc(f.calls, func(c *frame) bool { return c.function == function })
	if at < 0 {
		f.calls = append(f.calls, &frame{function: function})
		at = len(f.calls) - 1
	}
	return f.calls[at]
}

// self is what was spent in a frame itself.
func (f *frame) self() int64 {
	own := f.total
	for _, c := range f.calls {
		own -= c.total
	}
	return own
}

// shares adds what was spent in each layer itself, by its name.
func (f *frame) shares(into map[string]int64) {
	into[layerOf(f.function).name] += f.self()
	for _, c := range f.calls {
		c.shares(into)
	}
}

// Measures of a flame graph, in pixels.
const (
	flameWidth  = 1200
	rowHeight   = 16
	flameTop    = 56  // for title and legend
	narrowest   = 4   // what is narrower is left out
	letterWidth = 6.3 // of the font, about
)

// draw writes a flame graph as SVG: callers stand above what they called, as wide as the time that was spent there.
// Browsers show the name and share of the frame under the pointer.
func (f *frame) draw(out io.Writer, title string) error {
	scale := flameWidth / float64(max(1, f.total))
	height := flameTop + (f.depth(scale)+1)*rowHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="monospace" font-size="10.5">`+"\n", flameWidth, height)
	fmt.Fprintf(&b, `<title>%s</title><rect width="100%%" height="100%%" fill="#fff"/><text x="6" y="20" font-size="14">%[1]s</text>`+"\n", html.EscapeString(title))
	x := 6
	for _, l := range layers {
		fmt.Fprintf(&b, `<rect x="%d" y="30" width="12" height="12" fill="%s"/><text x="%d" y="40">%s</text>`+"\n", x, l.colour, x+16, html.EscapeString(l.name))
		x += 34 + int(float64(len(l.name))*letterWidth)
	}
	f.drawRow(&b, 0, flameTop, scale, f.total)
	b.WriteString("</svg>\n")
	_, err := io.WriteString(out, b.String())
	return err
}

func (f *frame) drawRow(b *strings.Builder, x float64, y int, scale float64, all int64) {
	width := float64(f.total) * scale
	if width < narrowest {
		return
	}
	fmt.Fprintf(b, `<g><title>%s, %.1f%%</title><rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`,
		html.EscapeString(f.function), 100*float64(f.total)/float64(all), x, y, max(width-0.5, 1), rowHeight-1, layerOf(f.function).colour)
	if letters := int((width - 4) / letterWidth); letters >= 4 {
		name := []rune(f.function[strings.LastIndexByte(f.function, '/')+1:])
		fmt.Fprintf(b, `<text x="%.1f" y="%d">%s</text>`, x+2, y+rowHeight-5, html.EscapeString(string(name[:min(len(name), letters)])))
	}
	b.WriteString("</g>\n")
	slices.SortStableFunc(f.calls, func(a, b *frame) int { return cmp.Compare(b.total, a.total) })
	for _, c := range f.calls {
		c.drawRow(b, x, y+rowHeight, scale, all)
		x += float64(c.total) * scale
	}
}

// depth is how many rows of calls are wide enough to be drawn.
func (f *frame) depth(scale float64) (rows int) {
	for _, c := range f.calls {
		if float64(c.total)*scale >= narrowest {
			rows = max(rows, 1+c.depth(scale))
		}
	}
	return rows
}
