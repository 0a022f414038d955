package server

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Ids are found where a regular expression finds them.
func TestIDsAreFound(t *testing.T) {
	written := regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`)
	id := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	part := rapid.OneOf(id, rapid.Map(id, func(s string) string { return `"` + s + `"` }), rapid.Map(id, strings.ToUpper), rapid.StringMatching(`[0-9a-f"-]{0,9}`),
		rapid.SampledFrom([]string{`"`, `""`, `":`, `,`, `{"id":`, `/`, `é`, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"}))
	rapid.Check(t, func(rt *rapid.T) {
		body := []byte(strings.Join(rapid.SliceOfN(part, 0, 12).Draw(rt, "parts"), ""))
		var want, got []string
		for _, m := range written.FindAll(body, -1) {
			want = append(want, strings.Trim(string(m), `"`))
		}
		for found, rest := nextID(body); found != nil; found, rest = nextID(rest) {
			got = append(got, string(found))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s: regular expression -, own +\n%s", body, diff)
		}
	})
}
