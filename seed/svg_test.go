package seed

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSizesOfSVGs(t *testing.T) {
	for name, tt := range map[string]struct {
		svg           string
		width, height int
	}{
		"width and height":     {`<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20.4"/>`, 30, 20},
		"pixels":               {`<svg width=" 30px " height="20PX" viewBox="0 0 9 9"/>`, 30, 20},
		"other units":          {`<svg width="1in" height="72pt"/>`, 96, 96},
		"viewBox":              {`<svg viewBox="0 0 48 24"/>`, 48, 24},
		"viewBox with commas":  {"<svg viewBox='-5,-5 ,48.6\n24'/>", 49, 24},
		"width and viewBox":    {`<svg width="100" viewBox="0 0 48 24"/>`, 100, 50},
		"height and viewBox":   {`<svg height="12" viewBox="0 0 48 24"/>`, 24, 12},
		"percent":              {`<svg width="100%" height="100%" viewBox="0 0 48 24"/>`, 48, 24},
		"relative":             {`<svg width="2em" height="2em"/>`, 0, 0},
		"small":                {`<svg width=".2" height="1e-3"/>`, 1, 1},
		"prefixed":             {`<s:svg xmlns:s="http://www.w3.org/2000/svg" width="3" height="2" s:width="9"/>`, 3, 2},
		"after a DTD":          {`<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/svg.dtd" [<!ENTITY a "b">]><!-- made by hand --><svg width="3" height="2"/>`, 3, 2},
		"a broken rest":        {`<svg width="3" height="2"><g></svg`, 3, 2},
		"nothing said":         {`<svg/>`, 0, 0},
		"half":                 {`<svg width="3"/>`, 0, 0},
		"nothing":              {``, 0, 0},
		"text":                 {`width="3"`, 0, 0},
		"an inner svg":         {`<html><svg width="3" height="2"/></html>`, 0, 0},
		"negative":             {`<svg width="-3" height="-2"/>`, 0, 0},
		"zero":                 {`<svg width="0" height="0" viewBox="0 0 0 0"/>`, 0, 0},
		"no numbers":           {`<svg width="NaN" height="Infinity" viewBox="a b c d"/>`, 0, 0},
		"huge":                 {`<svg width="1e300" height="1e300"/>`, 0, 0},
		"huge by proportions":  {`<svg width="10" viewBox="0 0 1e-300 1e300"/>`, 0, 0},
		"an entity":            {`<!DOCTYPE svg [<!ENTITY w "30">]><svg width="&w;" height="20"/>`, 0, 0},
		"an external entity":   {`<!DOCTYPE svg [<!ENTITY w SYSTEM "file:///etc/passwd">]><svg width="&w;" height="20"/>`, 0, 0},
		"a root far behind":    {`<!--` + strings.Repeat("x", maxSVGHead) + `--><svg width="3" height="2"/>`, 0, 0},
		"a tag without an end": {`<svg width="` + strings.Repeat("3", maxSVGHead), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w, h, ok := svgSize(strings.NewReader(tt.svg))
			if w != tt.width || h != tt.height || ok != (tt.width > 0) {
				t.Errorf("%d x %d, %v; want %d x %d", w, h, ok, tt.width, tt.height)
			}
		})
	}
}

// Of an SVG without an end only the beginning is read.
func TestOnlyTheBeginningOfAnSVGIsRead(t *testing.T) {
	endless := &endlessText{}
	if _, _, ok := svgSize(io.MultiReader(strings.NewReader("<!--"), endless)); ok || endless.n > 2*maxSVGHead {
		t.Errorf("%d bytes were read", endless.n)
	}
}

type endlessText struct{ n int }

func (c *endlessText) Read(p []byte) (int, error) {
	c.n += len(p)
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestSVGAssetsHaveASize(t *testing.T) {
	site := fstest.MapFS{
		"a.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><path d="M0 0"/></svg>`)},
		"b.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`)},
	}
	a, err := DescribeFile(site, "a.svg")
	if err != nil || a.MediaType != svgType || a.Width == nil || *a.Width != 48 || *a.Height != 24 {
		t.Errorf("%+v (%v)", a, err)
	}
	b, err := DescribeFile(site, "b.svg")
	if err != nil || b.MediaType != svgType || b.Width != nil || b.Height != nil {
		t.Errorf("%+v (%v)", b, err)
	}
}

func FuzzSVGSize(f *testing.F) {
	f.Add(`<svg width="30" height="2in" viewBox="0 0 1 2"/>`)
	f.Add(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0,0,1e9,2"/>`)
	f.Fuzz(func(t *testing.T, svg string) {
		w, h, ok := svgSize(strings.NewReader(svg))
		if inside := w >= 1 && h >= 1 && w <= maxSVGSide && h <= maxSVGSide; ok != inside || !ok && (w != 0 || h != 0) {
			t.Errorf("%d x %d, %v", w, h, ok)
		}
	})
}
