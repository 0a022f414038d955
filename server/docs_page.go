package server

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// What the template of the documentation shows, in the order of the contract.
type (
	docsContent struct {
		Title, Summary, Version string
		License                 string
		Intro                   template.HTML
		Chapters                []docsChapter // of the introduction
		Groups                  []docsGroup
		Schemas                 []docsSchema
	}
	docsChapter struct{ ID, Title string }
	docsGroup   struct {
		ID, Name    string
		Description template.HTML
		Operations  []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary string
		Description               template.HTML
		Parameters                []docsField
		Filters                   []docsFilter
		Body                      *docsBody // of the request
		Responses                 []docsResponse
		Curl, Answer              string
	}
	// docsFilter is a field that a list can be filtered by.
	docsFilter struct {
		Name  string
		Type  docsType
		Ops   []string
		Index bool   // of the database serves it
		Note  string // what counts as equal
	}
	docsBody struct {
		MediaType, Example string
		Type               docsType
	}
	docsResponse struct {
		Status, MediaType string
		Description       template.HTML
		Body              docsType
		Headers           []string
	}
	docsSchema struct {
		ID, Name    string
		Description template.HTML
		Type        docsType // of schemas that are no objects
		Fields      []docsField
		Examples    []string
	}
	// docsField is a field of an object or a parameter.
	docsField struct {
		Name, In    string
		Required    bool
		Type        docsType
		Description template.HTML
	}
)

// docsReader makes the page. It keeps the first error, so that reading is not interrupted by asking for errors.
type docsReader struct {
	markdown goldmark.Markdown
	contract node
	err      error
}

func readDocs(contract []byte) (*docsContent, error) {
	root, err := readNode(contract)
	if err != nil {
		return nil, err
	}
	r := docsReader{contract: root, markdown: goldmark.New(
		goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))}
	page := r.page()
	return page, r.err
}

func (r *docsReader) page() *docsContent {
	info := r.contract.get("info")
	intro := info.get("description").text()
	p := &docsContent{
		Title: info.get("title").text(), Summary: info.get("summary").text(), Version: info.get("version").text(),
		License: info.get("license", "name").text(), Intro: r.html(intro), Chapters: r.chapters(intro),
	}
	for _, tag := range r.contract.get("tags").list() {
		name := tag.get("name").text()
		p.Groups = append(p.Groups, docsGroup{
			ID: "tag-" + strings.NewReplacer(": ", "-", " ", "-").Replace(name), Name: name, Description: r.html(tag.get("description").text()), Operations: r.operations(name),
		})
	}
	for name, schema := range r.contract.get("components", "schemas").all() {
		p.Schemas = append(p.Schemas, r.schema(name, schema))
	}
	return p
}

// html renders Markdown.
func (r *docsReader) html(markdown string) template.HTML {
	var b bytes.Buffer
	r.keep(r.markdown.Convert([]byte(markdown), &b))
	return template.HTML(b.String()) //nolint:gosec // the contract is our own, and goldmark lets no markup through
}

// chapters lists the headings of a text.
func (r *docsReader) chapters(markdown string) []docsChapter {
	source := []byte(markdown)
	var out []docsChapter
	for n := r.markdown.Parser().Parse(gmtext.NewReader(source)).FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindHeading {
			continue
		}
		id, _ := n.AttributeString("id")
		name, _ := id.([]byte)
		out = append(out, docsChapter{ID: string(name), Title: string(n.Lines().Value(source))})
	}
	return out
}

func (r *docsReader) keep(err error) {
	r.err = errors.Join(r.err, err)
}

func (r *docsReader) operations(tag string) []docsOperation {
	var out []docsOperation
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

func (r *docsReader) operation(method, path string, op node) docsOperation {
	o := docsOperation{
		ID: op.get("operationId").text(), Method: method, Path: path, Summary: op.get("summary").text(),
		Description: r.html(op.get("description").text()),
	}
	for _, p := range op.get("parameters").list() {
		o.Parameters = append(o.Parameters, r.field(p.get("name").text(), p, p.get("schema"), p.get("required").value == true))
	}
	for status, response := range op.get("responses").all() {
		o.Responses = append(o.Responses, r.response(status, response))
		if status == "200" || status == "201" {
			o.Answer = r.answer(response)
		}
	}
	for mediaType, content := range op.get("requestBody", "content").all() {
		o.Body = &docsBody{MediaType: mediaType, Type: r.typeOf(content.get("schema")), Example: r.oneLine(content.get("example"))}
	}
	o.Curl = r.curl(method, path, op, o.Body)
	return o
}

// curl is an operation as a command, by a program with a token where it takes one.
func (r *docsReader) curl(method, path string, op node, body *docsBody) string {
	words := []string{"curl"}
	if method != "GET" {
		words = append(words, "-X "+method)
	}
	if security := op.get("security"); security.there() && len(security.list()) > 0 {
		words = append(words, "-H 'Authorization: Bearer lec_…'")
	}
	for _, p := range op.get("parameters").list() {
		if p.get("in").text() == "header" && p.get("required").value == true {
			words = append(words, fmt.Sprintf("-H '%s: %s'", p.get("name").text(), p.get("example").text()))
		}
	}
	if body != nil {
		words = append(words, fmt.Sprintf("-H 'Content-Type: %s' -d '%s'", body.MediaType, body.Example))
	}
	return strings.Join(append(words, "'"+r.host()+r.examplePath(path, op)+"'"), " ")
}

// oneLine writes an example as JSON on one line.
func (r *docsReader) oneLine(n node) string {
	s, err := n.json()
	r.keep(err)
	return s
}

// shared adds the parameters of all operations of a path. The comparisons of a filter become one row, and the fields of
// included records are like those of the record itself.
func (r *docsReader) shared(o *docsOperation, parameters []node) {
	for _, p := range parameters {
		name := p.get("name").text()
		filter, isFilter := strings.CutPrefix(name, filterPrefix)
		switch field, op, compared := strings.Cut(strings.TrimSuffix(filter, "]"), "]["); {
		case strings.HasPrefix(name, fieldsPrefix):
		case !isFilter:
			o.Parameters = append(o.Parameters, r.field(name, p, p.get("schema"), false))
		case !compared:
			note, index := strings.CutSuffix(strings.TrimPrefix(p.get("description").text(), "equal"), " (index)")
			o.Filters = append(o.Filters, docsFilter{Name: field, Type: r.typeOf(p.get("schema")), Index: index, Note: note})
		default:
			last := &o.Filters[len(o.Filters)-1]
			last.Ops = append(last.Ops, op)
		}
	}
}

// exampleHost stands for the address of the reader's server.
const exampleHost = "https://cms.example.org"

// host is the origin of the server as far as the contract says it.
func (r *docsReader) host() string {
	for _, server := range r.contract.get("servers").list() {
		if url := server.get("url").text(); url != "/" {
			return url
		}
	}
	return exampleHost
}

// examplePath is the address of an operation with the examples of what it requires.
func (r *docsReader) examplePath(path string, op node) string {
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

func (r *docsReader) response(status string, response node) docsResponse {
	out := docsResponse{Status: status, Description: r.html(response.get("description").text())}
	for name := range response.get("headers").all() {
		out.Headers = append(out.Headers, name)
	}
	for mediaType, content := range response.get("content").all() {
		out.MediaType, out.Body = mediaType, r.bodyType(content.get("schema"))
	}
	return out
}

// bodyType is the type of a body. Of the envelopes that hold a record or a list it is what they hold.
func (r *docsReader) bodyType(schema node) docsType {
	if data := schema.get("properties", "data"); schema.ref() == "" && data.there() {
		return r.typeOf(data)
	}
	return r.typeOf(schema)
}

// answer is the example of a response: JSON is indented, and text is as it is.
func (r *docsReader) answer(response node) string {
	for _, content := range response.get("content").all() {
		return r.example(content.get("example"))
	}
	return ""
}

func (r *docsReader) example(n node) string {
	if s := n.text(); s != "" {
		return s
	}
	s, err := n.prettyJSON()
	r.keep(err)
	return s
}

func (r *docsReader) schema(name string, schema node) docsSchema {
	out := docsSchema{ID: schemaAnchor(name), Name: name, Description: r.html(schema.get("description").text()), Fields: r.fields(schema)}
	if len(out.Fields) == 0 {
		out.Type = r.typeOf(schema)
	}
	for _, example := range schema.get("examples").list() {
		s, err := example.prettyJSON()
		r.keep(err)
		out.Examples = append(out.Examples, s)
	}
	return out
}

func schemaAnchor(name string) string { return "schema-" + name }

// fields lists the fields of an object, those of the schemas that it builds on first. A field that is there again
// says more about the same one.
func (r *docsReader) fields(schema node) []docsField {
	var out []docsField
	for _, base := range schema.get("allOf").list() {
		out = append(out, r.fields(base)...)
	}
	required := schema.get("required").texts()
	for name, property := range schema.get("properties").all() {
		f := r.field(name, property, property, slices.Contains(required, name))
		at := slices.IndexFunc(out, func(old docsField) bool { return old.Name == name })
		if at < 0 {
			out = append(out, f)
			continue
		}
		f.Required = f.Required || out[at].Required
		out[at] = f
	}
	return out
}

func (r *docsReader) field(name string, about, schema node, required bool) docsField {
	if !schema.there() {
		r.keep(fmt.Errorf("%q has no schema", name))
	}
	return docsField{
		Name: name, In: about.get("in").text(), Required: required, Type: r.typeOf(schema),
		Description: r.html(about.get("description").text()),
	}
}
