package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// searches lists what the server has counted, as "query asked".
func (d desk) searches() (out []string) {
	d.t.Helper()
	body, _ := d.ask(http.MethodGet, "/v1/admin/searches", "", "")
	var list struct {
		Data []struct {
			Query string
			Asked int
		}
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		d.t.Fatal(err)
	}
	for _, q := range list.Data {
		out = append(out, fmt.Sprintf("%s %d", q.Query, q.Asked))
	}
	return out
}

// What people search for is written down now and then, and when the server stops; it is kept as the settings say.
func TestSearchesAreKeptAsTheSettingsSay(t *testing.T) {
	data := t.TempDir()
	typed(t, data, goodPassword, "user", "add", "--role", "owner", "ines").mustBe(t, ExitOK)
	token := strings.TrimSpace(in(t, data, "token", "create", "--scope", "drafts:read", "ines", "a page").out)
	ask := func(url, q string) {
		t.Helper()
		if status, body, err := get(url + "/v1/search?q=" + q); err != nil || status != http.StatusOK {
			t.Fatalf("%d, %v, %s", status, err, body)
		}
	}
	want := func(d desk, want ...string) {
		t.Helper()
		if got := d.searches(); !slices.Equal(got, want) {
			t.Errorf("counted %v, want %v", got, want)
		}
	}

	url, stop := serving(t, data)
	ask(url, "beans")
	ask(url, "Beans")
	stop()

	url, stop = serving(t, data)
	d := desk{t, url, token}
	want(d, "beans 2")
	ask(url, "peas")
	eventually(t, "a running server writes down what was counted", func() bool { return slices.Contains(d.searches(), "peas 1") })
	stop()

	in(t, data, "prune").mustBe(t, ExitOK, "counts of searches of 0 days removed")
	in(t, data, "prune", "--search-days", "0").mustBe(t, ExitOK, "counts of searches of 1 day removed")

	url, stop = serving(t, data)
	ask(url, "peas")
	stop()
	url, stop = serving(t, data, "--search-days", "0")
	ask(url, "peas")
	eventually(t, "a server that is to keep nothing removes what is there", func() bool { return len(desk{t, url, token}.searches()) == 0 })
	stop()
	url, _ = serving(t, data)
	want(desk{t, url, token})
}
