package server

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/web/docs"
)

const contractFile = "../openapi.yaml"

// problemExamples are the requests whose answers the contract shows as the responses of errors.
var problemExamples = map[string]example{
	"BadRequest":   {path: "/v1/sections?limit=1000"},
	"NotFound":     {path: "/v1/courses/" + sampleCourse + "/modules/judging-sources/sections/reading-lateraly"},
	"Gone":         {path: "/v1/sections/019a2b40-0003-7000-8000-000000000004", with: afterUnpublish},
	"OtherContent": {path: "/v1/changes?since=999"},
	"Unavailable":  {path: "/v1/search?q=lateral", with: withoutSearch},
	"Problem":      {path: "/v1/courses", method: http.MethodDelete},
}

// contractExamples collects what the contract should show: by the keys that lead to it in openapi.yaml.
type contractExamples struct {
	t       *testing.T
	text    string
	schemas map[string]jsontext.Value // the first value of each schema
	done    map[string]string
}

// Every answer that the contract shows of the content API is the one that the sample course gives to the request that it
// shows. Previews, whose secrets are drawn, have an example written by hand.
func TestExamplesOfTheContract(t *testing.T) {
	data, err := os.ReadFile(contractFile)
	check(t, err)
	c := &contractExamples{t: t, text: string(data), schemas: map[string]jsontext.Value{}, done: map[string]string{}}
	sites, doc := newExampleSites(t), readContract(t)
	each := oneOfEach(t, doc)
	for _, union := range slices.Sorted(maps.Keys(each)) {
		for _, value := range each[union] {
			c.collect(doc.Components.Schemas[union], value)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		if op := doc.Paths.Value(path).Get; op != nil && !strings.HasPrefix(path, adminPath+"/") && !strings.HasPrefix(path, previewPath) {
			c.operation(sites, path, op)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(problemExamples)) {
		x := problemExamples[name]
		ref := &openapi3.ResponseRef{Ref: "#/components/responses/" + name, Value: doc.Components.Responses[name].Value}
		c.answer(x.path, ref, nil, sites.ask(x))
	}
	for _, name := range slices.Sorted(maps.Keys(c.schemas)) {
		c.show([]string{"components", "schemas", name, "examples"}, c.schemas[name], "- ")
	}
	if *update {
		check(t, os.WriteFile(contractFile, []byte(c.text), 0o600))
	}
}

// operation asks for what the contract says of an operation, if its answer is JSON.
func (c *contractExamples) operation(sites *exampleSites, path string, op *openapi3.Operation) {
	ok := op.Responses.Value("200")
	if ok == nil || ok.Value.Content["application/json"] == nil {
		return
	}
	got := sites.ask(example{path: exampleOf(path, op)})
	got.want(c.t, http.StatusOK)
	c.answer(path, ok, []string{"paths", path, "get", "responses", "'200'"}, got)
}

// exampleOf is the address of an operation with the examples of what it requires.
func exampleOf(path string, op *openapi3.Operation) string {
	query := url.Values{}
	for _, p := range op.Parameters {
		value := fmt.Sprint(p.Value.Example)
		switch {
		case p.Value.In == openapi3.ParameterInPath:
			path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", value)
		case p.Value.Required:
			query.Set(p.Value.Name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// answer holds the example of a response to an answer.
func (c *contractExamples) answer(asked string, response *openapi3.ResponseRef, keys []string, got answer) {
	c.t.Helper()
	mediaType := got.header.Get("Content-Type")
	body := response.Value.Content[mediaType]
	if body == nil {
		c.t.Fatalf("%s answers with %s", asked, mediaType)
	}
	value := shortened(c.t, []byte(got.body))
	if response.Ref != "" {
		keys = []string{"components", "responses", nameIn(response.Ref)}
	}
	c.show(append(keys, "content", mediaType, "example"), value, "")
	c.collect(body.Schema, value)
}

// show holds what stands at a place of the contract to a value, or writes it there. Several answers may be shown at one
// place only if they are the same.
func (c *contractExamples) show(keys []string, value jsontext.Value, bullet string) {
	c.t.Helper()
	place := strings.Join(keys, " ")
	begin, end := findInYAML(c.t, c.text, keys)
	indent := strings.Repeat("  ", len(keys)-1)
	laidOut, err := docs.JSON(value)
	check(c.t, err)
	inner := indent + "  " + strings.Repeat(" ", len(bullet))
	want := indent + keys[len(keys)-1] + ":\n" + indent + "  " + bullet + strings.ReplaceAll(laidOut, "\n", "\n"+inner) + "\n"
	if before, ok := c.done[place]; ok && before != want {
		c.t.Errorf("%s is the answer to two requests, which get different ones:\n%s", place, cmp.Diff(before, want))
	}
	c.done[place] = want
	if *update {
		c.text = c.text[:begin] + want + c.text[end:]
	} else if diff := cmp.Diff(c.text[begin:end], want); diff != "" {
		c.t.Errorf("%s: contract -, sample + (make examples writes it)\n%s", place, diff)
	}
}

// findInYAML finds the lines of the value at the end of keys, in YAML that is indented by two spaces.
func findInYAML(t *testing.T, text string, keys []string) (begin, end int) {
	t.Helper()
	begin, end = 0, len(text)
	for depth, key := range keys {
		indent := strings.Repeat("  ", depth)
		at := regexp.MustCompile(`(?m)^` + indent + regexp.QuoteMeta(key) + `:( .*)?\n`).FindStringIndex(text[begin:end])
		if at == nil {
			t.Fatalf("openapi.yaml has no %s", strings.Join(keys[:depth+1], " "))
		}
		begin += at[0]
		within := begin + at[1] - at[0]
		if next := regexp.MustCompile(`(?m)^ {0,` + strconv.Itoa(len(indent)) + `}\S`).FindStringIndex(text[within:end]); next != nil {
			end = within + next[0]
		}
	}
	return begin, begin + len(strings.TrimRight(text[begin:end], "\n")) + 1
}

// collect notes the first value of each schema of objects that a value holds.
func (c *contractExamples) collect(of *openapi3.SchemaRef, value jsontext.Value) {
	s := of.Value
	if s.Discriminator != nil {
		var one struct {
			Kind string `json:"kind"`
		}
		check(c.t, json.Unmarshal(value, &one))
		ref := s.Discriminator.Mapping[one.Kind].Ref
		c.collect(openapi3.NewSchemaRef(ref, readContract(c.t).Components.Schemas[nameIn(ref)].Value), value)
		return
	}
	if name := nameIn(of.Ref); name != "" && len(s.Properties) > 0 && c.schemas[name] == nil {
		c.schemas[name] = value
	}
	for _, part := range s.AllOf {
		c.collect(part, value)
	}
	for _, option := range s.OneOf {
		if option.Value.Type.Is("object") == (value.Kind() == '{') {
			c.collect(option, value)
		}
	}
	switch value.Kind() {
	case '[':
		var values []jsontext.Value
		check(c.t, json.Unmarshal(value, &values))
		for _, v := range values {
			c.collect(s.Items, v)
		}
	case '{':
		values := map[string]jsontext.Value{}
		check(c.t, json.Unmarshal(value, &values))
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if v, ok := values[name]; ok {
				c.collect(s.Properties[name], v)
			}
		}
	}
}

func nameIn(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// oneOfEach gives the hand-written examples of blocks and prompts as the server would write them.
func oneOfEach(t *testing.T, doc *openapi3.T) map[string][]jsontext.Value {
	t.Helper()
	out := map[string][]jsontext.Value{}
	for name, into := range map[string]any{"Block": new(models.Blocks), "Prompt": new(models.Prompts)} {
		text, err := json.Marshal(doc.Components.Schemas[name].Value.Examples)
		check(t, err)
		check(t, models.Decode(text, into))
		text, err = models.Encode(into)
		check(t, err)
		var values []jsontext.Value
		check(t, json.Unmarshal(text, &values))
		out[name] = values
	}
	return out
}

// shortened is a value with the first two elements of each list of objects in it.
func shortened(t *testing.T, text []byte) jsontext.Value {
	t.Helper()
	var out bytes.Buffer
	dec, enc := jsontext.NewDecoder(bytes.NewReader(text)), jsontext.NewEncoder(&out)
	objects := map[int]int{} // seen in the list at each depth
	for dec.PeekKind() != 0 {
		kind, _ := dec.StackIndex(dec.StackDepth())
		if kind == '[' && dec.PeekKind() == '{' {
			if objects[dec.StackDepth()]++; objects[dec.StackDepth()] > 2 {
				check(t, dec.SkipValue())
				continue
			}
		}
		token, err := dec.ReadToken()
		check(t, err)
		check(t, enc.WriteToken(token))
		if token.Kind() == '[' {
			objects[dec.StackDepth()] = 0
		}
	}
	return jsontext.Value(bytes.TrimSpace(out.Bytes()))
}
