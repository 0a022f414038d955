package accounts

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
)

func TestEachSessionHasItsOwnCSRFToken(t *testing.T) {
	a, _ := access.NewSecret(sessionPrefix)
	b, _ := access.NewSecret(sessionPrefix)
	if csrfOf(a) == csrfOf(b) || strings.Contains(csrfOf(a), a) {
		t.Errorf("%q, %q", csrfOf(a), csrfOf(b))
	}
	c := &Caller{CSRF: csrfOf(a)}
	if !c.SameCSRF(csrfOf(a)) || c.SameCSRF(csrfOf(b)) || c.SameCSRF("") || (&Caller{}).SameCSRF("x") {
		t.Error("tokens are mixed up")
	}
}
