package seed

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	svgType = "image/svg+xml"

	// maxSVGHead is how far into an SVG its root element is looked for: comments of editors and a DTD come before it.
	maxSVGHead = 64 << 10

	// maxSVGSide is beyond any picture. What says more is nonsense, or means harm.
	maxSVGSide = 100_000
)

// svgSize is the size of an SVG in CSS pixels, as its root element says it: by width and height, by one of them and the
// proportions of viewBox, or by viewBox alone (CSS Images 3, 5.1). Nothing after the root's tag is read, and entities and
// external files are not followed. It is false when the file does not say its size, or is no SVG.
func svgSize(r io.Reader) (width, height int, ok bool) {
	attributes, ok := svgRoot(r)
	if !ok {
		return 0, 0, false
	}
	w, h := svgLength(attributes["width"]), svgLength(attributes["height"])
	boxW, boxH := viewBox(attributes["viewBox"])
	switch {
	case w > 0 && h > 0:
	case boxW == 0:
		return 0, 0, false
	case w > 0:
		h = w * boxH / boxW
	case h > 0:
		w = h * boxW / boxH
	default:
		w, h = boxW, boxH
	}
	if w > maxSVGSide || h > maxSVGSide {
		return 0, 0, false
	}
	return max(1, int(math.Round(w))), max(1, int(math.Round(h))), true
}

// svgRoot reads the attributes of the root element.
func svgRoot(r io.Reader) (map[string]string, bool) {
	d := xml.NewDecoder(io.LimitReader(r, maxSVGHead))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // numbers are the same in all of them
	for {
		token, err := d.RawToken()
		if err != nil {
			return nil, false
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		out := map[string]string{}
		for _, a := range root.Attr {
			if a.Name.Space == "" {
				out[a.Name.Local] = a.Value
			}
		}
		return out, root.Name.Local == "svg"
	}
}

// pixels are the CSS pixels of the absolute units (CSS Values 3, 6.2). Others depend on where the picture is shown.
var pixels = map[string]float64{"": 1, "px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6, "pt": 96. / 72, "pc": 16}

// svgLength reads a length; 0 for none, and for one that is relative or no size.
func svgLength(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	return svgNumber(number) * pixels[s[len(number):]]
}

// svgNumber reads a positive number, 0 for anything else.
func svgNumber(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n > 0) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// viewBox reads the width and height of a viewBox: both, or none.
func viewBox(s string) (width, height float64) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", \t\r\n\f", r) })
	if len(parts) != 4 {
		return 0, 0
	}
	width, height = svgNumber(parts[2]), svgNumber(parts[3])
	if width == 0 || height == 0 {
		return 0, 0
	}
	return width, height
}
