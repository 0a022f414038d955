package cli

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// typed runs a command on a data folder with something on standard input.
func typed(t *testing.T, data, stdin string, args ...string) outcome {
	t.Helper()
	return lectern(t, t.Context(), map[string]string{"LECTERN_DATA": data, "LECTERN_LOG_LEVEL": "error"}, stdin, args...)
}

const goodPassword = "a bean for every pole"

func TestUsers(t *testing.T) {
	data := t.TempDir()
	in(t, data, "user", "list").mustBe(t, ExitFailed, "there is no database")
	typed(t, data, goodPassword+"\n", "user", "add", "--role", "owner", "ines@example.org").mustBe(t, ExitOK, "added ines@example.org")
	if got := in(t, data, "user", "list"); !strings.Contains(got.out, "owner") || strings.Contains(got.out, "argon2") {
		t.Errorf("the list is %s", got.out)
	}
	for _, tt := range []struct {
		what, stdin string
		args        []string
		want        string
	}{
		{"a short password", "short\n", []string{"user", "add", "tomas"}, "/password must have at least 12 characters"},
		{"no password", "", []string{"user", "add", "tomas"}, "no password was given"},
		{"a login that is taken", goodPassword, []string{"user", "add", "INES@example.org"}, `another user "INES@example.org"`},
		{"an unknown role", goodPassword, []string{"user", "add", "--role", "boss", "tomas"}, "/grants/0/role must be one of owner"},
		{"an unknown course", goodPassword, []string{"user", "add", "--role", "editor", "--course", "none", "tomas"}, `no course "none"`},
		{"an unknown user", "", []string{"user", "disable", "tomas"}, `no user "tomas"`},
		{"the last owner disabled", "", []string{"user", "disable", "ines@example.org"}, "nobody would be left"},
		{"the last owner demoted", "", []string{"user", "role", "ines@example.org", "editor"}, "nobody would be left"},
	} {
		got := typed(t, data, tt.stdin, tt.args...)
		if got.code != ExitFailed || !strings.Contains(got.err, tt.want) || strings.Contains(got.err+got.out, "pole") {
			t.Errorf("%s: %+v", tt.what, got)
		}
	}
	got := in(t, data, "user", "add", "--link", "--name", "Tomas Reyes", "tomas")
	got.mustBe(t, ExitOK, "lec_reset_")
	in(t, data, "user", "role", "tomas", "author", "viewer").mustBe(t, ExitOK, "changed tomas")
	in(t, data, "user", "disable", "tomas").mustBe(t, ExitOK)
	in(t, data, "user", "list").mustBe(t, ExitOK, "Tomas Reyes", "author, viewer, disabled, no password")
	in(t, data, "user", "enable", "Tomas").mustBe(t, ExitOK)
	in(t, data, "user", "reset", "tomas").mustBe(t, ExitOK, "lec_reset_")
}

// Commands work beside a running server, and count at once.
func TestTokensBesideAServer(t *testing.T) {
	data := t.TempDir()
	url, stop := serving(t, data)
	typed(t, data, goodPassword, "user", "add", "--role", "owner", "ines").mustBe(t, ExitOK)
	created := in(t, data, "token", "create", "--scope", "drafts:read,admin", "--expires", "2999-12-31", "ines", "nightly build")
	created.mustBe(t, ExitOK)
	secret := strings.TrimSpace(created.out)
	if !regexp.MustCompile(`^lec_[A-Za-z0-9_-]{43}$`).MatchString(secret) {
		t.Fatalf("the secret is %q", secret)
	}
	me := func() int {
		req, err := http.NewRequest(http.MethodGet, url+"/v1/admin/me", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+secret)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := me(); got != http.StatusOK {
		t.Errorf("a new token gives %d", got)
	}
	list := in(t, data, "token", "list")
	list.mustBe(t, ExitOK, "nightly build", "drafts:read,admin", "until 3000-01-01", "used ")
	if strings.Contains(list.out, secret) {
		t.Error("the list has the secret")
	}
	in(t, data, "token", "create", "--scope", "everything", "ines", "x").mustBe(t, ExitFailed, "/scopes/0 must be one of")
	in(t, data, "token", "create", "--scope", "admin", "--expires", "soon", "ines", "x").mustBe(t, ExitUsage, "no date")
	in(t, data, "token", "revoke", "nightly").mustBe(t, ExitUsage, "named by its id")
	in(t, data, "token", "revoke", strings.Fields(list.out)[0]).mustBe(t, ExitOK, "revoked")
	if got := me(); got != http.StatusUnauthorized {
		t.Errorf("a revoked token gives %d", got)
	}
	if got := stop(); !strings.Contains(got.out, "lec_setup_") || strings.Contains(got.err, "lec_setup_") {
		t.Errorf("the token for setting up is in %+v", got)
	}
	_, stop = serving(t, data)
	if got := stop(); strings.Contains(got.out, "lec_setup_") {
		t.Error("a token for setting up, and there is a user")
	}
}
