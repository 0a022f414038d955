package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// Sizes of the chart, in pixels.
const (
	labelWidth  = 210
	panelWidth  = 300 // of the bars, with room for a figure behind the longest one
	figureWidth = 70
	barHeight   = 14
	groupGap    = 12
	headHeight  = 62
)

// panel is a measure that a chart shows: one bar a server.
type panel struct {
	title string
	of    func(result) float64
	left  int
	low   float64 // where the axis begins, a power of ten
	high  float64
}

// chart draws requests per second and CPU time per request of all servers as SVG. The axes are logarithmic, since servers
// differ by factors of a hundred. It can be read on light and on dark pages: the reader's own choice counts.
func (f *figures) chart() []byte {
	rows := f.charted()
	servers := serversOf(rows)
	panels := []panel{
		{title: "requests per second (more is better)", of: func(r result) float64 { return r.PerSecond }, left: labelWidth},
		{title: "CPU µs per request (less is better)", of: func(r result) float64 { return r.CPUMicros }, left: labelWidth + panelWidth + figureWidth},
	}
	width := labelWidth + len(panels)*(panelWidth+figureWidth)
	height := headHeight + 20
	for _, r := range rows {
		height += len(r.Results)*barHeight + groupGap
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Requests per second and CPU time per request">`,
		width, height, width, height)
	b.WriteString(style(len(servers)))
	fmt.Fprintf(&b, `<rect class="page" width="%d" height="%d"/>`, width, height)
	for i, name := range servers {
		x := 10 + i*width/(len(servers)+1)
		fmt.Fprintf(&b, `<rect class="s%d" x="%d" y="10" width="12" height="12"/><text x="%d" y="20">%s</text>`, i, x, x+17, html.EscapeString(name))
	}
	for i := range panels {
		panels[i].fit(rows)
		panels[i].axis(&b, height)
	}
	y := headHeight
	for _, r := range rows {
		fmt.Fprintf(&b, `<text x="10" y="%d">%s</text>`, y+len(r.Results)*barHeight/2+4, html.EscapeString(r.Name))
		for _, s := range r.Results {
			for _, p := range panels {
				p.bar(&b, y, slices.Index(servers, s.Server), p.of(s))
			}
			y += barHeight
		}
		y += groupGap
	}
	note := fmt.Sprintf("%d sections, %d connections, medians; logarithmic axes", f.Sections, rows[0].Connections)
	fmt.Fprintf(&b, `<text class="quiet" x="10" y="%d">%s</text></svg>`+"\n", height-8, note)
	return []byte(b.String())
}

func serversOf(rows []row) (out []string) {
	for _, r := range rows {
		for _, s := range r.Results {
			if !slices.Contains(out, s.Server) {
				out = append(out, s.Server)
			}
		}
	}
	return out
}

// palette has colours that stand out on white and on black.
var palette = []string{"#8a8f98", "#3b82f6", "#14a38b", "#e8873a", "#c25bd1", "#d9534f", "#b0982a"}

func style(servers int) string {
	var b strings.Builder
	b.WriteString(`<style>text{font:12px system-ui,sans-serif;fill:#1f2328}.quiet{fill:#59636e}.page{fill:#fff}.grid{stroke:#d1d9e0}`)
	for i := range servers {
		fmt.Fprintf(&b, ".s%d{fill:%s}", i, palette[i%len(palette)])
	}
	b.WriteString(`@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#3d444d}}</style>`)
	return b.String()
}

// fit makes the axis begin and end at powers of ten.
func (p *panel) fit(rows []row) {
	least, most := math.Inf(1), 1.0
	for _, r := range rows {
		for _, s := range r.Results {
			if v := p.of(s); v > 0 {
				least, most = min(least, v), max(most, v)
			}
		}
	}
	least = min(least, most)
	p.low = math.Pow(10, math.Floor(math.Log10(least)))
	p.high = max(math.Pow(10, math.Ceil(math.Log10(most))), 10*p.low)
}

// at is the place of a value on the axis, in pixels from its beginning.
func (p *panel) at(v float64) float64 {
	return panelWidth * math.Log10(max(v, p.low)/p.low) / math.Log10(p.high/p.low)
}

func (p *panel) axis(b *strings.Builder, height int) {
	fmt.Fprintf(b, `<text x="%d" y="40">%s</text>`, p.left, p.title)
	for v := p.low; v < p.high*1.01; v *= 10 {
		x := float64(p.left) + p.at(v)
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/><text class="quiet" x="%.1f" y="%d" text-anchor="middle">%s</text>`,
			x, headHeight-4, x, height-20, x, headHeight-8, short(v))
	}
}

// bar draws a bar with its figure. What was not measured has none.
func (p *panel) bar(b *strings.Builder, y, server int, v float64) {
	if v <= 0 {
		return
	}
	long := max(p.at(v), 1)
	fmt.Fprintf(b, `<rect class="s%d" x="%d" y="%d" width="%.1f" height="%d"/><text x="%.1f" y="%d">%s</text>`,
		server, p.left, y, long, barHeight-2, float64(p.left)+long+4, y+barHeight-4, short(v))
}

// short writes a number with three digits at most.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.3gM", v/1e6)
	case v >= 1000:
		return fmt.Sprintf("%.3gk", v/1000)
	}
	return fmt.Sprintf("%.3g", v)
}
