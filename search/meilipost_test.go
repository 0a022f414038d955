package search_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// What a server says that is no answer is told in few words, and as unavailable where the request can be made again.
func TestMeilisearchSaysSomethingElse(t *testing.T) {
	long := strings.Repeat("library ", 1000)
	for name, tt := range map[string]struct {
		say         http.HandlerFunc
		unavailable bool
		want        string
	}{
		"a refusal": {saying(http.StatusBadRequest, `{"message": "no such field", "code": "invalid_search_filter"}`), false, "Meilisearch answers 400: no such field (invalid_search_filter)"},
		"a failure": {saying(http.StatusInternalServerError, `{"message": "disk full", "code": "no_space_left_on_device"}`), true, "Meilisearch answers 500: disk full (no_space_left_on_device)"},
		"a page":    {saying(http.StatusBadGateway, "<html>"+long), true, "Meilisearch answers 502"},
		"no JSON":   {saying(http.StatusOK, "<html>"+long), false, "read an answer of Meilisearch"},
		"no answer": {saying(http.StatusOK, `{"results": []}`), false, "Meilisearch gives 0 answers to 2 questions"},
		"half of an answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000000") // no room is made for what does not come
			fmt.Fprint(w, `{"results": [`)
		}, true, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.say)
			t.Cleanup(server.Close)
			m := search.OpenMeilisearch(search.MeilisearchConfig{URL: server.URL + "/"}, slog.New(slog.DiscardHandler))
			t.Cleanup(func() { shutMeili(t, m) })
			got, err := m.Search(t.Context(), search.Query{Text: "library", Limit: 10})
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 400 || (models.KindOf(err) == models.KindUnavailable) != tt.unavailable {
				t.Errorf("Search = %+v, %v, want an error that says %q", got, err, tt.want)
			}
		})
	}
}

func saying(code int, answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/multi-search" || r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "this is not what is asked", http.StatusTeapot)
			return
		}
		w.WriteHeader(code)
		fmt.Fprint(w, answer)
	}
}
