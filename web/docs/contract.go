package docs

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
)

// What the pages show of the contract, in its order.
type (
	operation struct {
		ID, Method, Path, Summary string
		Description               template.HTML
		Parameters                []field
		Filters                   []filter
		Orders                    []string
		Body                      *body // of the request
		Responses                 []response
		Curl, Answer              string
	}
	// filterTable is what a list can be filtered and ordered by.
	filterTable struct {
		Title  string
		Kind   *page
		Fields []filter
		Orders []string
	}
	// filter is a field that a list can be filtered by.
	filter struct {
		Name  string
		Type  valueType
		Ops   []string
		Index bool   // of the database serves it
		Note  string // what counts as equal
	}
	// body is what is sent.
	body struct {
		MediaType, Example string
		Type               valueType
	}
	response struct {
		Status, MediaType string
		Description       template.HTML
		Body              valueType
		Headers           []string
	}
	schema struct {
		ID, Name    string
		Description template.HTML
		Type        valueType // of schemas that are no objects
		Fields      []field
		Examples    []string
	}
	// field is a field of an object or a parameter.
	field struct {
		Name, In    string
		Required    bool
		Type        valueType
		Description template.HTML
	}
)

// reader reads the contract. It keeps the errors, so that reading is not interrupted by asking for them.
type reader struct {
	markdown goldmark.Markdown
	contract node
	places   map[string]string // the addresses of operations and schemas, by what the contract links to them as
	err      error
}

func newReader(contract []byte) (*reader, error) {
	root, err := readNode(contract)
	if err != nil {
		return nil, err
	}
	r := &reader{contract: root, markdown: newMarkdown(), places: map[string]string{}}
	for name := range root.get("components", "schemas").all() {
		r.places[schemaAnchor(name)] = Root + "/" + schemasPage + "#" + schemaAnchor(name)
	}
	for _, item := range root.get("paths").all() {
		for _, op := range item.all() {
			for _, tag := range op.get("tags").texts() {
				id := op.get("operationId").text()
				r.places[id] = Root + "/" + pageName(tag) + "#" + id
			}
		}
	}
	return r, nil
}

func (r *reader) keep(err error) {
	r.err = errors.Join(r.err, err)
}

func (r *reader) operations(tag string) []operation {
	var out []operation
	for path, item := range r.contract.get("paths").all() {
		for method, op := range item.all() {
			if slices.Contains(op.get("tags").texts(), tag) {
				o := r.operation(strings.ToUpper(method), path, op)
				r.shared(&o, item.get("parameters").list())
				out = append(out, o)
			}
		}
	}
	return out
}

func (r *reader) operation(method, path string, op node) operation {
	o := operation{
		ID: op.get("operationId").text(), Method: method, Path: path, Summary: op.get("summary").text(),
		Description: r.html(op.get("description").text()),
	}
	for _, p := range op.get("parameters").list() {
		o.Parameters = append(o.Parameters, r.field(p.get("name").text(), p, p.get("schema"), p.get("required").value == true))
	}
	for status, answer := range op.get("responses").all() {
		o.Responses = append(o.Responses, r.response(status, answer))
		if strings.HasPrefix(status, "2") && o.Answer == "" {
			o.Answer = r.answer(answer)
		}
	}
	for mediaType, content := range op.get("requestBody", "content").all() {
		o.Body = &body{MediaType: mediaType, Type: r.typeOf(content.get("schema")), Example: r.oneLine(content.get("example"))}
	}
	o.Curl = r.curl(method, path, op, o.Body)
	return o
}

// curl is an operation as a command, with the examples of what it requires, by a program with a token where it takes one.
func (r *reader) curl(method, path string, op node, b *body) string {
	words := []string{"curl"}
	if method != http.MethodGet {
		words = append(words, "-X "+method)
	}
	if len(op.get("security").list()) > 0 {
		words = append(words, "-H 'Authorization: Bearer lec_…'")
	}
	for _, p := range op.get("parameters").list() {
		if p.get("in").text() == "header" && p.get("required").value == true {
			words = append(words, fmt.Sprintf("-H '%s: %s'", p.get("name").text(), p.get("example").text()))
		}
	}
	if b != nil {
		words = append(words, fmt.Sprintf("-H 'Content-Type: %s' -d '%s'", b.MediaType, b.Example))
	}
	return strings.Join(append(words, "'"+r.host()+examplePath(path, op)+"'"), " ")
}

// What the names of parameters begin with that have the name of a field in them.
const (
	filterPrefix = "filter["
	fieldsPrefix = "fields["
)

// shared adds the parameters of all operations of a path. The comparisons of a filter become one row, and the fields of
// included records are like those of the record itself.
func (r *reader) shared(o *operation, parameters []node) {
	for _, p := range parameters {
		name := p.get("name").text()
		written, isFilter := strings.CutPrefix(name, filterPrefix)
		switch on, op, compared := strings.Cut(strings.TrimSuffix(written, "]"), "]["); {
		case strings.HasPrefix(name, fieldsPrefix):
		case !isFilter:
			o.Parameters = append(o.Parameters, r.field(name, p, p.get("schema"), false))
			if name == "sort" {
				o.Orders = forwards(p.get("schema", "enum").texts())
			}
		case !compared:
			note, index := strings.CutSuffix(strings.TrimPrefix(p.get("description").text(), "equal"), " (index)")
			o.Filters = append(o.Filters, filter{Name: on, Type: r.typeOf(p.get("schema")), Index: index, Note: strings.TrimPrefix(note, "; ")})
		default:
			last := &o.Filters[len(o.Filters)-1]
			last.Ops = append(last.Ops, op)
		}
	}
}

// forwards leaves out the orders that are others the other way round.
func forwards(orders []string) []string {
	return slices.DeleteFunc(orders, func(name string) bool { return strings.HasPrefix(name, "-") })
}

// exampleHost stands for the address of the reader's server: the one that the first command of the README has.
const exampleHost = "http://127.0.0.1:8080"

// host is the origin of the server as far as the contract says it.
func (r *reader) host() string {
	for _, server := range r.contract.get("servers").list() {
		if url := server.get("url").text(); url != "/" {
			return url
		}
	}
	return exampleHost
}

// examplePath is the address of an operation with the examples of what it requires.
func examplePath(path string, op node) string {
	query := url.Values{}
	for _, p := range op.get("parameters").list() {
		name, example := p.get("name").text(), p.get("example").text()
		switch {
		case p.get("in").text() == "path":
			path = strings.ReplaceAll(path, "{"+name+"}", example)
		case p.get("required").value == true:
			query.Set(name, example)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func (r *reader) response(status string, answer node) response {
	out := response{Status: status, Description: r.html(answer.get("description").text())}
	for name := range answer.get("headers").all() {
		out.Headers = append(out.Headers, name)
	}
	for mediaType, body := range answer.get("content").all() {
		out.MediaType, out.Body = mediaType, r.bodyType(body.get("schema"))
	}
	return out
}

// bodyType is the type of a body. Of the envelopes that hold a record or a list it is what they hold.
func (r *reader) bodyType(of node) valueType {
	if data := of.get("properties", "data"); of.ref() == "" && data.there() {
		return r.typeOf(data)
	}
	return r.typeOf(of)
}

// answer is the example of a response: JSON is laid out, and text is as it is.
func (r *reader) answer(of node) string {
	for _, body := range of.get("content").all() {
		return r.example(body.get("example"))
	}
	return ""
}

// oneLine writes an example as JSON on one line.
func (r *reader) oneLine(n node) string {
	s, err := n.json()
	r.keep(err)
	return s
}

func (r *reader) example(n node) string {
	if s := n.text(); s != "" {
		return s
	}
	text, err := n.json()
	r.keep(err)
	laidOut, err := JSON([]byte(text))
	r.keep(err)
	return laidOut
}

func (r *reader) schema(name string, of node) schema {
	out := schema{ID: schemaAnchor(name), Name: name, Description: r.html(of.get("description").text()), Fields: r.fields(of)}
	if len(out.Fields) == 0 {
		out.Type = r.typeOf(of)
	}
	for _, example := range of.get("examples").list() {
		out.Examples = append(out.Examples, r.example(example))
	}
	return out
}

func schemaAnchor(name string) string { return "schema-" + name }

// schemaName is the last part of a reference.
func schemaName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// fields lists the fields of an object, those of the schemas that it builds on first. A field that is there again
// says more about the same one.
func (r *reader) fields(of node) []field {
	var out []field
	for _, base := range of.get("allOf").list() {
		out = append(out, r.fields(base)...)
	}
	required := of.get("required").texts()
	for name, property := range of.get("properties").all() {
		f := r.field(name, property, property, slices.Contains(required, name))
		at := slices.IndexFunc(out, func(old field) bool { return old.Name == name })
		if at < 0 {
			out = append(out, f)
			continue
		}
		f.Required = f.Required || out[at].Required
		out[at] = f
	}
	return out
}

func (r *reader) field(name string, about, of node, required bool) field {
	if !of.there() {
		r.keep(fmt.Errorf("%q has no schema", name))
	}
	return field{
		Name: name, In: about.get("in").text(), Required: required, Type: r.typeOf(of),
		Description: r.html(about.get("description").text()),
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
