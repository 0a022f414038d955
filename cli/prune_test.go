package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// desk changes drafts over HTTP.
type desk struct {
	t     *testing.T
	url   string
	token string
}

// ask sends a request and gives the body and the version of the answer.
func (d desk) ask(method, path, body, version string) (answer, etag string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	switch {
	case method == http.MethodPatch:
		req.Header.Set("Content-Type", "application/merge-patch+json")
	case body != "":
		req.Header.Set("Content-Type", "application/json")
	}
	if version != "" {
		req.Header.Set("If-Match", version)
	}
	res, err := client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= http.StatusBadRequest {
		d.t.Fatalf("%s %s: %d, %v, %s", method, path, res.StatusCode, err, data)
	}
	return string(data), res.Header.Get("ETag")
}

// course makes a course that is saved three times more, and gives its id.
func (d desk) course(slug string) string {
	d.t.Helper()
	made, version := d.ask(http.MethodPost, "/v1/admin/courses", fmt.Sprintf(`{"slug": %q, "title": "Beans", "language": "en"}`, slug), "")
	var course struct{ Data struct{ ID string } }
	if err := json.Unmarshal([]byte(made), &course); err != nil {
		d.t.Fatal(err)
	}
	for n := range 3 {
		_, version = d.ask(http.MethodPatch, "/v1/admin/courses/"+course.Data.ID, fmt.Sprintf(`{"summary": "Save %d"}`, n), version)
	}
	return course.Data.ID
}

// history lists the versions that history has of a course, the newest first.
func (d desk) history(id string) (versions []int) {
	d.t.Helper()
	body, _ := d.ask(http.MethodGet, "/v1/admin/courses/"+id+"/revisions", "", "")
	var list struct{ Data []struct{ Version int } }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		d.t.Fatal(err)
	}
	for _, r := range list.Data {
		versions = append(versions, r.Version)
	}
	return versions
}

// Whoever saves as one types has one revision of it, unless the server is told otherwise; what need not be kept is removed
// by the server, and by hand.
func TestHistoryIsKeptAsTheSettingsSay(t *testing.T) {
	data := t.TempDir()
	in(t, data, "prune", "--history-count", "1").mustBe(t, ExitFailed, "there is no database")
	typed(t, data, goodPassword, "user", "add", "--role", "owner", "ines").mustBe(t, ExitOK)
	token := strings.TrimSpace(in(t, data, "token", "create", "--scope", "drafts:read,content:write", "ines", "a page").out)
	want := func(d desk, course string, want ...int) {
		t.Helper()
		if got := d.history(course); !slices.Equal(got, want) {
			t.Errorf("history has %v, want %v", got, want)
		}
	}

	url, stop := serving(t, data)
	d := desk{t, url, token}
	want(d, d.course("typed"), 4, 1)
	stop()

	url, stop = serving(t, data, "--coalesce", "0s")
	d = desk{t, url, token}
	each := d.course("each")
	want(d, each, 4, 3, 2, 1)
	in(t, data, "prune").mustBe(t, ExitOK, "all revisions are kept")
	in(t, data, "prune", "--history-count", "1", "--history-days", "1").mustBe(t, ExitOK, "0 revisions removed")
	in(t, data, "prune", "--history-count", "3").mustBe(t, ExitOK, "1 revision removed")
	want(d, each, 4, 3, 2)
	stop()

	url, _ = serving(t, data, "--history-count", "1")
	d = desk{t, url, token}
	eventually(t, "the server removes what is not kept", func() bool { return slices.Equal(d.history(each), []int{4}) })
}
