package server

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

// A section may be as large as the rules of records allow, and a batch as large as that, whether its length is told or not.
// Who is not signed in may send little.
func TestLargeEdits(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	l := s.teach()
	paragraph := strings.Repeat("Slow and steady the kettle sings its song. ", 200)
	var blocks []string
	for len(blocks)*len(paragraph) < 2<<20 {
		blocks = append(blocks, fmt.Sprintf(`{"kind": "paragraph", "text": %q}`, strings.TrimSpace(paragraph)))
	}
	body := fmt.Sprintf(`{"module_id": %q, "title": "A long page", "blocks": [%s]}`, l.module.ID, strings.Join(blocks, ","))

	made := owner.send(http.MethodPost, "/v1/admin/sections", body).want(t, http.StatusCreated)
	if made.header.Get("Connection") == "close" {
		t.Error("a large save closes its connection")
	}
	if got := len(made.object(t)["blocks"].([]any)); got != len(blocks) {
		t.Errorf("%d blocks were saved, want %d", got, len(blocks))
	}
	owner.wrongly(http.MethodPost, "/v1/admin/sections", body+strings.Repeat(" ", maxEdit)).problem(t, http.StatusRequestEntityTooLarge)

	chunked, err := http.NewRequestWithContext(wrongly(t.Context()), http.MethodPost, s.url+"/v1/admin/sections", struct{ io.Reader }{strings.NewReader(body)})
	check(t, err)
	chunked.Header.Set("Content-Type", "application/json")
	chunked.Header.Set("Authorization", "Bearer "+s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.ContentWrite}}).token)
	s.send(chunked).want(t, http.StatusCreated)

	stranger := s.nobody()
	stranger.wrongly(http.MethodPost, "/v1/admin/sections", strings.Repeat(" ", maxBody+1)).problem(t, http.StatusUnauthorized)
	stranger.wrongly(http.MethodPost, "/v1/admin/session", strings.Repeat(" ", maxBody+1)).problem(t, http.StatusRequestEntityTooLarge)
	owner.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
}
