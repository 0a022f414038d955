package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// bodySchemas are the schemas of bodies in the contract. Each is compiled once: kin-openapi compiles them at every look,
// with all that they refer to, which took most of the time of the tests.
type bodySchemas struct {
	mu       sync.Mutex
	document map[string]any // the components of the contract, as JSON
	compiled map[*openapi3.Schema]*jsonschema.Schema
}

func newBodySchemas(doc *openapi3.T) (*bodySchemas, error) {
	data, err := json.Marshal(map[string]any{"components": map[string]any{"schemas": doc.Components.Schemas}})
	if err != nil {
		return nil, err
	}
	b := &bodySchemas{compiled: map[*openapi3.Schema]*jsonschema.Schema{}}
	return b, json.Unmarshal(data, &b.document)
}

// schema compiles a schema of the contract, which refers to its components.
func (b *bodySchemas) schema(ref *openapi3.SchemaRef) (*jsonschema.Schema, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if known := b.compiled[ref.Value]; known != nil {
		return known, nil
	}
	data, err := json.Marshal(ref)
	if err != nil {
		return nil, err
	}
	root := map[string]any{"components": b.document["components"]}
	var own map[string]any
	if err := json.Unmarshal(data, &own); err != nil {
		return nil, err
	}
	root["allOf"] = []any{own}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	const url = "urn:lectern:contract"
	if err := c.AddResource(url, root); err != nil {
		return nil, err
	}
	s, err := c.Compile(url)
	if err == nil {
		b.compiled[ref.Value] = s
	}
	return s, err
}

// check compares a body with what an operation says of it.
func (b *bodySchemas) check(content openapi3.Content, contentType string, body []byte) error {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("Content-Type %q: %w", contentType, err)
	}
	is := content.Get(contentType)
	switch {
	case is == nil:
		return fmt.Errorf("a body of type %s is not in the contract", mediaType)
	case is.Schema == nil || !strings.HasSuffix(mediaType, "json"):
		return nil
	}
	schema, err := b.schema(is.Schema)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// checkRequest compares the body of a request with the contract.
func (b *bodySchemas) checkRequest(op *openapi3.Operation, req *http.Request) error {
	if op == nil || op.RequestBody == nil {
		return nil
	}
	var body []byte
	if req.GetBody != nil {
		r, err := req.GetBody()
		if err != nil {
			return err
		}
		if body, err = io.ReadAll(r); err != nil {
			return err
		}
	}
	if len(body) == 0 && !op.RequestBody.Value.Required {
		return nil
	}
	return b.check(op.RequestBody.Value.Content, req.Header.Get("Content-Type"), body)
}

// checkAnswer compares the body of an answer with the contract.
func (b *bodySchemas) checkAnswer(op *openapi3.Operation, method string, res *http.Response, body []byte) error {
	ref := op.Responses.Status(res.StatusCode)
	if ref == nil {
		ref = op.Responses.Default()
	}
	if ref == nil || method == http.MethodHead || len(ref.Value.Content) == 0 {
		return nil // kin-openapi has looked at the status
	}
	return b.check(ref.Value.Content, res.Header.Get("Content-Type"), body)
}
