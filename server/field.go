package server

import "github.com/valyala/fasthttp"

// field is a header field that is set on many answers. Its name is in the form that fasthttp keeps, which it need not make
// each time.
type field struct{ name, value []byte }

func newField(name, value string) field { return field{nameOf(name), []byte(value)} }

// nameOf gives the name of a field in that form.
func nameOf(name string) []byte { return fasthttp.AppendNormalizedHeaderKey(nil, name) }

// set sets fields of an answer.
func set(ctx *fasthttp.RequestCtx, fields ...field) {
	h := &ctx.Response.Header
	for _, f := range fields {
		h.SetCanonical(f.name, f.value)
	}
}
