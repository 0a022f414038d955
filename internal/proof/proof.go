// Package proof has what the tests of several packages prove things with: two sizes, and processes that are killed.
package proof

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Kills in the small size, which every run of the tests has, and in the full one.
const (
	fewKills  = 4
	manyKills = 100
)

// Full tells whether proofs have their full size: with LECTERN_PROVE=1, as make prove sets it.
func Full() bool { return os.Getenv("LECTERN_PROVE") == "1" }

// Kills is how many processes a test kills.
func Kills() int {
	if Full() {
		return manyKills
	}
	return fewKills
}

// Kill runs the test binary as a process of its own, in whose environment a setting has a value, and kills it (SIGKILL) some
// time after its first line on standard output. It gives all lines, and how long the process lived after the first. The test
// binary must do what the setting asks for instead of its tests. The test fails when the process says nothing.
func Kill(t testing.TB, setting, value string, after time.Duration) (said []string, lived time.Duration) {
	t.Helper()
	victim := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // it is the test binary itself
	victim.Env = append(os.Environ(), setting+"="+value)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err == nil {
		err = victim.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var begin time.Time
	for lines.Scan() {
		if said == nil {
			begin = time.Now()
			killer := time.AfterFunc(after, func() { _ = victim.Process.Kill() })
			defer killer.Stop()
		}
		said = append(said, lines.Text())
	}
	lived = time.Since(begin)
	_ = victim.Wait() // killed, as it should be
	if said == nil {
		t.Fatal("the process to kill did not begin")
	}
	return said, lived
}
