package seed

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestHeadCommit(t *testing.T) {
	sha, other := strings.Repeat("0123456789", 4), strings.Repeat("abcdef0123", 4)
	long := strings.Repeat("0123456789abcdef", 4)
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no checkout":              {nil, ""},
		"a branch":                 {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": sha + "\n"}, sha},
		"a branch with a slash":    {map[string]string{"HEAD": "ref: refs/heads/a/b\n", "refs/heads/a/b": sha}, sha},
		"detached":                 {map[string]string{"HEAD": sha + "\n"}, sha},
		"SHA-256":                  {map[string]string{"HEAD": long}, long},
		"packed":                   {map[string]string{"HEAD": "ref: refs/heads/main\n", "packed-refs": "# pack-refs\n" + other + " refs/heads/mainly\n" + sha + " refs/heads/main\n^" + other + "\n"}, sha},
		"loose before packed":      {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": sha, "packed-refs": other + " refs/heads/main\n"}, sha},
		"packed, Windows":          {map[string]string{"HEAD": "ref: refs/heads/main\r\n", "packed-refs": sha + " refs/heads/main\r\n"}, sha},
		"no commit yet":            {map[string]string{"HEAD": "ref: refs/heads/main\n"}, ""},
		"damaged":                  {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": "what\n"}, ""},
		"a path out of the folder": {map[string]string{"HEAD": "ref: ../../etc/passwd\n"}, ""},
		"an empty file":            {map[string]string{"HEAD": ""}, ""},
		"upper case":               {map[string]string{"HEAD": strings.ToUpper(other)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for path, data := range tt.files {
				fsys[".git/"+path] = &fstest.MapFile{Data: []byte(data)}
			}
			if got := headCommit(fsys); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
