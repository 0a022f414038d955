package accounts

import (
	"crypto/hmac"
	"crypto/sha256"

	"github.com/lectern-cms/lectern/access"
)

// What secrets begin with, so that people and scanners of leaked secrets know them.
const (
	tokenPrefix   = "lec_"
	setupPrefix   = "lec_setup_"
	resetPrefix   = "lec_reset_"
	sessionPrefix = "" // of cookies, which have a name
)

// csrfOf makes the token that proves that a request of a session comes from a page that could read the session's
// answers. It is made of the session's secret and stored nowhere.
func csrfOf(session string) string {
	mac := hmac.New(sha256.New, []byte(session))
	mac.Write([]byte("csrf"))
	return access.WriteSecret(mac.Sum(nil))
}

// SameCSRF tells whether a token is the one of the caller's session. It takes the same time for any wrong one.
func (c *Caller) SameCSRF(token string) bool {
	return hmac.Equal([]byte(token), []byte(c.CSRF))
}
