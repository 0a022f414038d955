package diff

import (
	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/content/merge"
)

// fields compares the fields of two versions of an element. Of what the other version can't have, because it is missing
// or of another kind, it tells all that are not empty.
func (c *comparer) fields(was, is *merge.Element) []Field {
	var out []Field
	if was != nil && is != nil && was.Kind != is.Kind {
		out = append(out, Field{Path: "/kind", Old: quote(was.Kind), New: quote(is.Kind)})
	}
	other := was == nil || is == nil || was.Kind != is.Kind
	olds, news := byPath(was), byPath(is)
	add := func(path string) {
		old, now := olds[path], news[path]
		switch {
		case other && (old == nil && now.Zero || now == nil && old.Zero): // nothing to tell
		case old != nil && now != nil && *old == *now:
		default:
			out = append(out, c.field(path, old, now))
		}
	}
	if is != nil {
		for _, f := range is.Fields {
			add(f.Path)
		}
	}
	if was != nil {
		for _, f := range was.Fields {
			if news[f.Path] == nil {
				add(f.Path)
			}
		}
	}
	return out
}

func byPath(e *merge.Element) map[string]*merge.Field {
	out := map[string]*merge.Field{}
	if e != nil {
		for i := range e.Fields {
			out[e.Fields[i].Path] = &e.Fields[i]
		}
	}
	return out
}

// field tells two versions of a value, which differ; nil is one that is absent.
func (c *comparer) field(path string, old, now *merge.Field) Field {
	texts := (old == nil || old.Text) && (now == nil || now.Text)
	if texts && text(old) != text(now) {
		return Field{Path: path, Words: c.words(text(old), text(now))}
	}
	return Field{Path: path, Old: value(old), New: value(now)}
}

func text(f *merge.Field) string {
	if f == nil {
		return ""
	}
	return f.Value
}

// value is the JSON of a value, nil for an absent one.
func value(f *merge.Field) jsontext.Value {
	switch {
	case f == nil:
		return nil
	case f.Text:
		return quote(f.Value)
	}
	return jsontext.Value(f.Value)
}

func quote(s string) jsontext.Value {
	b, _ := jsontext.AppendQuote(nil, s) // bytes that are no UTF-8 become U+FFFD, and are reported
	return b
}
