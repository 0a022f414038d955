package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// What secrets begin with, so that people and scanners of leaked secrets know them.
const (
	tokenPrefix   = "lec_"
	setupPrefix   = "lec_setup_"
	resetPrefix   = "lec_reset_"
	sessionPrefix = "" // of cookies, which have a name
)

// secretBytes is the size of the random part: 256 bits can't be guessed, so one round of SHA-256 is enough to store
// them, and they are found by their hash, whose bytes tell nothing of how near a guess was.
const secretBytes = 32

// secrets is how the random part is written: one way for each value.
var secrets = base64.RawURLEncoding.Strict()

// newSecret makes a secret and the hash that is stored of it.
func newSecret(prefix string) (secret, hash string) {
	random := make([]byte, secretBytes)
	_, _ = rand.Read(random) // it never fails
	secret = prefix + secrets.EncodeToString(random)
	return secret, hashOf(secret)
}

// hashOfSecret gives the hash of what may be a secret: false when it is none.
func hashOfSecret(prefix, s string) (string, bool) {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || len(rest) != secrets.EncodedLen(secretBytes) {
		return "", false
	}
	if _, err := secrets.DecodeString(rest); err != nil {
		return "", false
	}
	return hashOf(s), true
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// csrfOf makes the token that proves that a request of a session comes from a page that could read the session's
// answers. It is made of the session's secret and stored nowhere.
func csrfOf(session string) string {
	mac := hmac.New(sha256.New, []byte(session))
	mac.Write([]byte("csrf"))
	return secrets.EncodeToString(mac.Sum(nil))
}

// SameCSRF tells whether a token is the one of the caller's session. It takes the same time for any wrong one.
func (c *Caller) SameCSRF(token string) bool {
	return hmac.Equal([]byte(token), []byte(c.CSRF))
}
