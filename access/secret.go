package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// PreviewPrefix is what the secrets of previews begin with, so that people and scanners of leaked secrets know them.
const PreviewPrefix = "lec_preview_"

// secretBytes is the size of the random part: 256 bits can't be guessed, so one round of SHA-256 is enough to store
// them, and they are found by their hash, whose bytes tell nothing of how near a guess was.
const secretBytes = 32

// secrets is how the random part is written: one way for each value.
var secrets = base64.RawURLEncoding.Strict()

// NewSecret makes a secret and the hash that is stored of it.
func NewSecret(prefix string) (secret, hash string) {
	random := make([]byte, secretBytes)
	_, _ = rand.Read(random) // it never fails
	secret = prefix + WriteSecret(random)
	return secret, HashSecret(secret)
}

// HashOfSecret gives the hash of what may be a secret: false when it is none.
func HashOfSecret(prefix, s string) (string, bool) {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || len(rest) != secrets.EncodedLen(secretBytes) {
		return "", false
	}
	// Line ends are passed over when it is read, and make it shorter than it must be.
	if random, err := secrets.DecodeString(rest); err != nil || len(random) != secretBytes {
		return "", false
	}
	return HashSecret(s), true
}

// HashSecret gives the hash under which a secret is stored, in hexadecimal.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// WriteSecret writes random bytes in letters, digits, "-" and "_".
func WriteSecret(random []byte) string { return secrets.EncodeToString(random) }
