package seed

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// HTTPServer is what NewServer makes.
type HTTPServer interface {
	Serve(ln net.Listener) error
	Stop(ctx context.Context) error
}

// NewServer makes a server of content and its index. It is set by the external tests of this package, because the server
// imports the package itself, for imports over the API.
var NewServer func(c *content.Service, folder *files.Folder, index search.Index, log *slog.Logger) HTTPServer

// publicReader reads all that the content API has for readers, over HTTP.
type publicReader struct {
	*testing.T
	content *content.Service
	url     string
	client  *http.Client
	texts   map[string]string // all strings of all answers, each with a place where it was met
	routes  map[string]bool   // that were asked, as openapi.yaml has them
	answers int
}

// allBodies asks for the content of a record in all of its forms.
const allBodies = "body=blocks,html,markdown,text"

// newPublicReader serves content on this machine, with an index of it.
func newPublicReader(t *testing.T, c *content.Service, folder *files.Folder) *publicReader {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	index, err := search.OpenEmbedded(filepath.Join(t.TempDir(), "index"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	revision, err := c.ContentRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = index.Rebuild(t.Context(), revision, func(add func(search.Document) error) error {
		_, err := c.EachDocument(t.Context(), add)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s := NewServer(c, folder, index, log)
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		_ = s.Stop(context.Background())
		<-served
	})
	return &publicReader{
		T: t, content: c, url: "http://" + ln.Addr().String(), client: &http.Client{Timeout: time.Minute},
		texts: map[string]string{}, routes: map[string]bool{},
	}
}

// text notes a text that readers can see.
func (r *publicReader) text(where, s string) {
	if _, ok := r.texts[s]; !ok {
		r.texts[s] = where
	}
}

// take notes the strings of a JSON value that readers can get.
func (r *publicReader) take(where string, data []byte) {
	r.Helper()
	eachString(r.T, data, func(s string) { r.text(where, s) })
}

// get asks a route. In it, names in braces are replaced by values, in order; what comes after the question mark is
// the query.
func (r *publicReader) get(route string, values ...string) []byte {
	r.Helper()
	path, query, _ := strings.Cut(route, "?")
	r.routes[path] = true
	for _, v := range values {
		open, end := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:open] + url.PathEscape(v) + path[end+1:]
	}
	res, err := r.client.Get(r.url + path + "?" + query)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.Fatalf("%s %v: status %d, %v: %.300s", route, values, res.StatusCode, err, body)
	}
	r.answers++
	switch mediaType, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";"); mediaType {
	case "application/json", "application/feed+json":
		r.take(path, body)
	case "application/jsonl":
		for line := range strings.Lines(string(body)) {
			r.take(path, []byte(line))
		}
	case "text/csv", "application/atom+xml":
		r.text(path, string(body))
	}
	return body
}

// listed is a record in a list, with what other routes need to know of it.
type listed struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`

	Modules    []listed `json:"modules"`
	Sections   []listed `json:"sections"`
	Worksheets []listed `json:"worksheets"`
}

// list reads all pages of a list.
func (r *publicReader) list(route, query string) []listed {
	r.Helper()
	var out []listed
	for after := ""; ; {
		var page struct {
			Data  []listed `json:"data"`
			Links struct {
				Next string `json:"next"`
			} `json:"links"`
		}
		if err := json.Unmarshal(r.get(route+"?limit=100&"+query+after), &page); err != nil {
			r.Fatal(err)
		}
		out = append(out, page.Data...)
		if page.Links.Next == "" {
			return out
		}
		next, err := url.Parse(page.Links.Next)
		if err != nil {
			r.Fatal(err)
		}
		after = "&after=" + url.QueryEscape(next.Query().Get("after"))
	}
}

// readAll asks every route for every record.
func (r *publicReader) readAll() {
	r.Helper()
	for _, kind := range []struct{ list, query string }{
		{"/v1/modules", ""}, {"/v1/sections", allBodies}, {"/v1/worksheets", allBodies}, {"/v1/citations", ""}, {"/v1/sources", ""},
		{"/v1/fragments", allBodies}, {"/v1/assets", ""},
	} {
		for _, record := range r.list(kind.list, kind.query) {
			r.get(kind.list+"/{id}?"+kind.query, record.ID)
			if kind.list == "/v1/assets" {
				r.get("/v1/assets/{id}/file", record.ID)
			}
		}
	}
	const module = "/v1/courses/{course}/modules/{module}"
	for _, course := range r.list("/v1/courses", "") {
		r.preview(course.ID)
		r.get("/v1/courses/{course}", course.ID)
		r.get("/v1/courses/{course}/same-sources", course.ID)
		r.get("/v1/courses/{course}/sitemap", course.Slug)
		r.get("/v1/resolve?path=/" + course.Slug)
		for _, m := range r.one("/v1/courses/{course}", course.Slug).Modules {
			at := r.one(module, course.Slug, m.Slug)
			r.get(module+"/tree?"+allBodies, course.Slug, m.Slug)
			for _, s := range at.Sections {
				r.get(module+"/sections/{section}?"+allBodies, course.Slug, m.Slug, s.Slug)
				r.get("/v1/sections/{id}/similar", s.ID)
			}
			for _, w := range at.Worksheets {
				r.get(module+"/worksheets/{worksheet}?"+allBodies, course.Slug, m.Slug, w.Slug)
			}
		}
	}
	r.get("/v1/search?q=learning&group=module&facets=type,course,module,subject,keyword,audience,level,license,language,year,source_type,has")
	r.get("/v1/search?q=neverfoundword+type:section&filter[language]=en") // with help
	for _, format := range []string{"csv", "jsonl"} {
		r.get("/v1/search/export?q=learning&format=" + format)
	}
	for _, format := range []string{"atom", "json"} {
		r.get("/v1/search/feed?q=learning&format=" + format)
	}
	for _, q := range []string{"le", "learning+th", "of+the", "qu", "se", "pr"} {
		r.get("/v1/suggest?q=" + q)
	}
	r.get("/v1/changes?limit=10000")
	r.allRoutesAsked()
}

// preview reads what a preview of a course shows.
func (r *publicReader) preview(course string) {
	r.Helper()
	editor := access.Subject{Name: "an editor", Grants: []access.Grant{{Role: access.Editor}}}
	p, err := r.content.As(editor, access.Origin{}).CreatePreview(r.Context(), models.Ref{Type: models.KindCourse, ID: models.ID(course)}, content.PreviewRequest{})
	if err != nil {
		r.Fatal(err)
	}
	for _, list := range []string{"courses", "modules", "sections", "worksheets", "citations", "sources", "fragments", "assets"} {
		query := ""
		if list == "sections" || list == "worksheets" || list == "fragments" {
			query = "&" + allBodies
		}
		r.get("/v1/preview/{token}/{path}?limit=100"+query, p.Token, list)
	}
}

// one reads one record.
func (r *publicReader) one(route string, values ...string) listed {
	r.Helper()
	var answer struct {
		Data listed `json:"data"`
	}
	if err := json.Unmarshal(r.get(route, values...), &answer); err != nil {
		r.Fatal(err)
	}
	return answer.Data
}

// allRoutesAsked checks that the walk has left out no route of the content API.
func (r *publicReader) allRoutesAsked() {
	r.Helper()
	contract, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		r.Fatal(err)
	}
	var api struct {
		Paths map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(contract, &api); err != nil || len(api.Paths) == 0 {
		r.Fatalf("%d paths, %v", len(api.Paths), err)
	}
	for path := range api.Paths {
		if strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v1/admin/") && !r.routes[path] {
			r.Errorf("the walk has not asked %s", path)
		}
	}
}

// searchFor looks for a text. What an answer says of the query itself is the reader's own.
func (r *publicReader) searchFor(text string) {
	r.Helper()
	words := strings.Fields(text)
	q := url.QueryEscape(strings.Join(words[:min(len(words), 40)], " "))
	for _, match := range []string{"any", "all"} {
		path := "/v1/search?limit=100&match=" + match + "&q=" + q
		res, err := r.client.Get(r.url + path)
		if err != nil {
			r.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		var answer struct {
			Data jsontext.Value `json:"data"`
		}
		if err == nil {
			err = json.Unmarshal(body, &answer)
		}
		if err != nil || res.StatusCode != http.StatusOK {
			r.Fatalf("search for %q: status %d, %v: %.200s", text, res.StatusCode, err, body)
		}
		r.answers++
		r.take("a search for "+text, answer.Data)
	}
}
