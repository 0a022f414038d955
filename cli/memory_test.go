package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

func TestMemoryIsLimitedByTheContainer(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	nothing := func(err error) memlimit.Provider { return func() (uint64, error) { return 0, err } }
	const most = math.MaxInt64
	for name, tt := range map[string]struct {
		container memlimit.Provider
		env       map[string]string
		want      int64
		says      string
	}{
		"a container of 1 GB":   {memlimit.Limit(1 << 30), nil, 858993459, `memory_limit="819 MB"`},
		"another share":         {memlimit.Limit(1 << 30), map[string]string{"AUTOMEMLIMIT": "0.5"}, 1 << 29, `memory_limit="512 MB"`},
		"turned off":            {memlimit.Limit(1 << 30), map[string]string{"AUTOMEMLIMIT": "off"}, most, "memory_limit=none"},
		"set by hand":           {memlimit.Limit(1 << 30), map[string]string{"GOMEMLIMIT": "2GiB"}, most, "memory_limit=none"}, // Go reads it at start, before the test
		"no limit":              {nothing(memlimit.ErrNoLimit), nil, most, "memory_limit=none"},
		"no container":          {nothing(memlimit.ErrNoCgroup), nil, most, "memory_limit=none since="},
		"another system":        {nothing(memlimit.ErrCgroupsNotSupported), nil, most, "memory_limit=none since="},
		"not to be read":        {nothing(fs.ErrPermission), nil, most, "memory_limit=none since="},
		"a share of no meaning": {memlimit.Limit(1 << 30), map[string]string{"AUTOMEMLIMIT": "80%"}, most, "AUTOMEMLIMIT"},
		"more than all":         {memlimit.Limit(1 << 30), map[string]string{"AUTOMEMLIMIT": "1.5"}, most, "ratio"},
		"a broken answer":       {nothing(errors.New("the cgroup is a teapot")), nil, most, "teapot"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, name := range []string{"GOMEMLIMIT", "AUTOMEMLIMIT"} {
				value, ok := tt.env[name]
				t.Setenv(name, value) // which brings back what it was
				if !ok {
					os.Unsetenv(name)
				}
			}
			debug.SetMemoryLimit(most)
			var out bytes.Buffer
			err := limitMemory(slog.New(slog.NewTextHandler(&out, nil)), tt.container)
			if err != nil {
				out.Reset()
				out.WriteString(err.Error())
			}
			if got := debug.SetMemoryLimit(-1); got != tt.want || !strings.Contains(out.String(), tt.says) {
				t.Errorf("the limit is %d, want %d: %s", got, tt.want, out.String())
			}
			if err == nil && !strings.Contains(out.String(), "cores=") {
				t.Errorf("it says %s", out.String())
			}
		})
	}
}
