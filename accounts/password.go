package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Bounds of passwords, in characters. NIST SP 800-63B-4 asks for 15 where a password is all there is and 8 where it is
// not; sign-in is throttled, so 12 is between them. The upper one keeps hashing cheap to refuse.
const (
	minPassword = 12
	maxPassword = 1000
)

// owasp are the parameters that the OWASP Password Storage Cheat Sheet gives for argon2id: 19 MiB, two passes.
var owasp = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// common are passwords that are long enough and guessed first. Such lists begin with short ones, which are refused in
// any case.
var common = []string{
	"123456789012", "1234567890123", "123456789123", "111111111111", "000000000000", "aaaaaaaaaaaa", "abcdefghijkl",
	"qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "1q2w3e4r5t6y", "1qaz2wsx3edc", "passwordpassword", "password1234",
	"password12345", "password123456", "administrator", "administrator1", "iloveyouiloveyou", "letmeinletmein",
	"changemechangeme", "correcthorsebatterystaple", "lecternlectern", "welcome12345", "welcomewelcome",
}

// checkPassword gives what is wrong with a new password, "" for nothing. It asks for no kinds of characters (NIST SP
// 800-63B-4, 3.1.1.2).
func checkPassword(password, login string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return "is not valid UTF-8"
	case n < minPassword:
		return fmt.Sprintf("must have at least %d characters", minPassword)
	case n > maxPassword:
		return fmt.Sprintf("must have at most %d characters", maxPassword)
	case loginKey(password) == loginKey(login):
		return "must not be the login"
	case slices.Contains(common, loginKey(password)):
		return "is one of those that are guessed first"
	}
	return ""
}

// passwords hashes passwords, a few at a time: each takes memory.
type passwords struct {
	params *argon2id.Params
	slots  chan struct{}
	nobody string       // a hash that no password has, for work that takes as long as with a real one
	hashed atomic.Int64 // how many times a password was hashed
}

func newPasswords(params *argon2id.Params) *passwords {
	salt, key := make([]byte, params.SaltLength), make([]byte, params.KeyLength)
	_, _ = rand.Read(salt) // it never fails
	_, _ = rand.Read(key)
	nobody := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, params.Memory, params.Iterations, params.Parallelism,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
	return &passwords{params: params, slots: make(chan struct{}, runtime.NumCPU()), nobody: nobody}
}

// hash makes the hash that is stored.
func (p *passwords) hash(ctx context.Context, password string) (hash string, err error) {
	err = p.work(ctx, func() error {
		hash, err = argon2id.CreateHash(norm.NFKC.String(password), p.params)
		return err
	})
	return hash, err
}

// match tells whether a password has a hash. Without a hash it does the same work and says no.
func (p *passwords) match(ctx context.Context, password string, hash *string) (ok bool, err error) {
	against := p.nobody
	if hash != nil {
		against = *hash
	}
	err = p.work(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(norm.NFKC.String(password), against)
		return err
	})
	return ok && hash != nil, err
}

// work waits until there is room for one more hash.
func (p *passwords) work(ctx context.Context, do func() error) error {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.slots }()
	p.hashed.Add(1)
	if err := do(); err != nil {
		return fmt.Errorf("hash a password: %w", err)
	}
	return nil
}
