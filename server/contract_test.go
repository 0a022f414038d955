package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/search"
)

// contractDoc is openapi.yaml as kin-openapi understands it: another reader than the one of the documentation.
type contractDoc struct {
	*openapi3.T
	routers.Router
	flat   *openapi3.T // the same, said to be of OpenAPI 3.0: kin-openapi looks at parameters and headers without compiling schemas then
	bodies *bodySchemas
}

func loadContract(change func(*openapi3.T)) (*contractDoc, error) {
	for _, mediaType := range []string{"text/html", "text/css", "image/svg+xml", "text/csv", "application/jsonl", "application/zip", "application/gzip", "application/atom+xml"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.PlainBodyDecoder)
	}
	openapi3filter.RegisterBodyDecoder("application/feed+json", openapi3filter.RegisteredBodyDecoder("application/json"))
	doc, err := openapi3.NewLoader().LoadFromFile("../openapi.yaml")
	if err != nil {
		return nil, err
	}
	change(doc)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	flat := *doc
	flat.OpenAPI = "3.0.3"
	bodies, err := newBodySchemas(doc)
	return &contractDoc{doc, router, &flat, bodies}, err
}

var contract = sync.OnceValues(func() (*contractDoc, error) { return loadContract(func(*openapi3.T) {}) })

// relaxed is the contract without required fields, for answers to requests that name their fields.
var relaxed = sync.OnceValues(func() (*contractDoc, error) {
	return loadContract(func(doc *openapi3.T) {
		for _, schema := range doc.Components.Schemas {
			schema.Value.Required = nil
			for _, part := range schema.Value.AllOf {
				part.Value.Required = nil
			}
		}
	})
})

func readContract(t testing.TB) *openapi3.T {
	t.Helper()
	c, err := contract()
	check(t, err)
	return c.T
}

// Validate looks at every example, too.
func TestContractIsValid(t *testing.T) {
	if err := readContract(t).Validate(t.Context(), openapi3.EnableMultiError()); err != nil {
		t.Error(err)
	}
}

func TestContractHasExamples(t *testing.T) {
	doc := readContract(t)
	for name, schema := range doc.Components.Schemas {
		if len(schema.Value.Examples) == 0 {
			t.Errorf("schema %s has no example", name)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			for status, response := range op.Responses.Map() {
				for mediaType, body := range response.Value.Content {
					if body.Example == nil && mediaType != "*/*" {
						t.Errorf("%s %s has no example of %s", method, path, status)
					}
				}
			}
			if op.RequestBody != nil {
				for mediaType, body := range op.RequestBody.Value.Content {
					if body.Example == nil {
						t.Errorf("%s %s has no example of its body, %s", method, path, mediaType)
					}
				}
			}
		}
	}
}

func TestContractDescribesEveryField(t *testing.T) {
	for name, schema := range readContract(t).Components.Schemas {
		if schema.Value.Description == "" {
			t.Errorf("schema %s has no description", name)
		}
		for field, property := range schema.Value.Properties {
			if property.Value.Description == "" {
				t.Errorf("field %s of schema %s has no description", field, name)
			}
		}
	}
}

// An object says either that it takes no other fields, or that it is a part of those that do.
func TestContractIsStrict(t *testing.T) {
	open := []string{"Extra", "CSLItem", "RecordFields", "ModuleFields", "SectionFields", "PromptFields", "PromptFieldsSent", "DraftFields"}
	for name, schema := range readContract(t).Components.Schemas {
		s := schema.Value
		closed := isFalse(s.AdditionalProperties) || isFalse(s.UnevaluatedProperties)
		if isObject := len(s.Properties)+len(s.AllOf) > 0; isObject && closed == slices.Contains(open, name) {
			t.Errorf("schema %s: closed is %v", name, closed)
		}
	}
}

func isFalse(b openapi3.BoolSchema) bool { return b.Has != nil && !*b.Has }

func TestRoutesAndContractAgree(t *testing.T) {
	s := newSite(t)
	want := map[string][]string{}
	for path, item := range readContract(t).Paths.Map() {
		for method := range item.Operations() {
			want[path] = append(want[path], method)
		}
		if item.Get != nil {
			want[path] = append(want[path], http.MethodHead) // info.description: wherever there is GET
		}
		slices.Sort(want[path])
	}
	got := map[string][]string{}
	for _, route := range s.server.app.GetRoutes(true) {
		path := templated(route.Path)
		got[path] = append(got[path], route.Method)
	}
	for _, methods := range got {
		slices.Sort(methods)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contract -, routes +\n%s", diff)
	}
}

// Limits stand in the contract as they are in the code.
func TestContractHasTheLimits(t *testing.T) {
	doc := readContract(t)
	limit := doc.Components.Parameters["Limit"].Value.Schema.Value
	if *limit.Max != maxLimit || limit.Default != float64(defaultLimit) {
		t.Errorf("limit is at most %v, by default %v", *limit.Max, limit.Default)
	}
	q := doc.Paths.Value("/v1/search").Get.Parameters.GetByInAndName("query", "q").Schema.Value
	if *q.MaxLength != search.MaxQueryBytes {
		t.Errorf("q has at most %d bytes", *q.MaxLength)
	}
	codes := doc.Components.Parameters["BodyOfOne"].Value.Schema.Value.Items.Value.Enum
	if diff := cmp.Diff(fmt.Sprint(bodyForms), fmt.Sprint(codes)); diff != "" {
		t.Errorf("forms of content: %s", diff)
	}
	actions := doc.Paths.Value("/v1/admin/permissions/explain").Get.Parameters.GetByInAndName("query", "action").Schema.Value.Enum
	if diff := cmp.Diff(fmt.Sprint(access.Actions()), fmt.Sprint(actions)); diff != "" {
		t.Errorf("actions: %s", diff)
	}
	retry := doc.Components.Headers["RetryAfter"].Value.Example
	if retry != float64(retryAfter) {
		t.Errorf("Retry-After is %v", retry)
	}
}

// templated turns Fiber's /:id into OpenAPI's /{id}.
func templated(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
		if part == "*" {
			parts[i] = "{path}"
		}
	}
	return strings.Join(parts, "/")
}

// wrongOnPurpose is the key of a request's context that says that the request breaks the contract.
type wrongOnPurpose struct{}

// contractTransport checks every request and answer of the tests against the contract.
type contractTransport struct {
	t    testing.TB
	next http.RoundTripper
}

// RoundTrip sends a request.
func (c *contractTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if req.GetBody != nil { // the one that was sent is used up
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	if err := c.check(req, res, body); err != nil {
		c.t.Errorf("%s %s: %v", req.Method, req.URL.RequestURI(), err)
	}
	return res, nil
}

func (c *contractTransport) check(req *http.Request, res *http.Response, body []byte) error {
	if !strings.HasPrefix(req.URL.Path, adminPath+"/") && strings.Contains(string(body), private) && !strings.Contains(req.URL.RawQuery, private) {
		return errors.New("the answer has private content: " + string(body))
	}
	if req.Method == http.MethodOptions && res.StatusCode == http.StatusNoContent {
		return nil // of CORS, which the contract leaves to the Fetch standard
	}
	doc, err := contractOf(req)
	if err != nil {
		return err
	}
	input, err := doc.routed(req)
	if wrong := req.Context().Value(wrongOnPurpose{}) != nil; !wrong {
		err = errors.Join(err, openapi3filter.ValidateRequest(req.Context(), input), doc.bodies.checkRequest(input.Route.Operation, req))
		if err != nil {
			return err
		}
	}
	if res.StatusCode == http.StatusNotModified {
		return checkNotModified(res, body)
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: res.StatusCode, Header: res.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: true},
	}
	return errors.Join(openapi3filter.ValidateResponse(req.Context(), answer), doc.bodies.checkAnswer(input.Route.Operation, req.Method, res, body))
}

// contractOf is the contract for a request.
func contractOf(req *http.Request) (*contractDoc, error) {
	if strings.Contains(req.URL.RawQuery, "fields") {
		return relaxed()
	}
	return contract()
}

// onePath is the part of a preview's address that OpenAPI has no way to write: a path with slashes.
var onePath = regexp.MustCompile(`^(/v1/preview/[^/]+/).+`)

// routed finds the operation of a request: HEAD has that of GET, and a request that has none gets the default answer.
func (c *contractDoc) routed(req *http.Request) (*openapi3filter.RequestValidationInput, error) {
	like := req.Clone(req.Context())
	if like.Method == http.MethodHead {
		like.Method = http.MethodGet
	}
	like.URL = &url.URL{Path: onePath.ReplaceAllString(req.URL.Path, "${1}path"), RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	input := &openapi3filter.RequestValidationInput{Request: req, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, // whether credentials are good is for the server to say
		ExcludeRequestBody: true,
	}}
	found, params, err := c.FindRoute(like)
	if err != nil {
		problem := openapi3.WithName("default", c.Components.Responses["Problem"].Value)
		found = &routers.Route{Operation: &openapi3.Operation{Responses: openapi3.NewResponses(problem)}}
	}
	route := *found
	route.Spec = c.flat
	input.Route, input.PathParams = &route, params
	return input, err
}

// checkNotModified does what kin-openapi leaves out.
func checkNotModified(res *http.Response, body []byte) error {
	var missing []string
	needed := []string{"ETag", "Cache-Control", "X-Request-Id"}
	if strings.HasPrefix(res.Request.URL.Path, "/v1/") {
		needed = append(needed, headerRevision)
	}
	for _, name := range needed {
		if res.Header.Get(name) == "" {
			missing = append(missing, name)
		}
	}
	shown := !strings.HasPrefix(res.Request.URL.Path, "/v1/") || strings.HasSuffix(res.Request.URL.Path, "/file") // by browsers
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
		if has := res.Header.Get(name) != ""; has != shown {
			return fmt.Errorf("a 304 with %s: %t, want %t", name, has, shown)
		}
	}
	for _, name := range []string{"Content-Type", "Content-Encoding", "Cache-Tag", "Last-Modified"} {
		if res.Header.Get(name) != "" {
			return errors.New("a 304 with " + name)
		}
	}
	if len(body) > 0 || len(missing) > 0 {
		return errors.New("a 304 with a body, or without " + strings.Join(missing, ", "))
	}
	return nil
}
