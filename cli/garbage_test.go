package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestGarbageIsCollectedByWhatIsLive(t *testing.T) {
	const mb = 1 << 20
	for _, tt := range []struct {
		live, stacks uint64
		want         int
	}{
		{0, 0, maxPercent},
		{1 * mb, 0, maxPercent},
		{12 * mb, 0, 400},
		{12 * mb, 84 * mb, 50}, // 48 MB as well: Go adds the stacks
		{48 * mb, 0, 100},
		{96 * mb, 0, 50},
		{192 * mb, 0, 50},
		{192 * mb, 192 * mb, 25},
		{4096 * mb, 0, 50},
	} {
		if got := garbagePercent(tt.live, tt.stacks); got != tt.want {
			t.Errorf("with %d MB live and %d MB of stacks GOGC is %d, want %d", tt.live/mb, tt.stacks/mb, got, tt.want)
		}
	}
}

func TestCollectorFollowsTheHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	before := gogc()
	stop := collectSeldom()
	percent := func(what string, is func(int) bool) {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for !is(gogc()) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: GOGC is %d", what, gogc())
			}
			runtime.GC()
			time.Sleep(time.Millisecond) // for the cleanup
		}
	}
	percent("little is live", func(p int) bool { return p > 150 })
	much := make([]byte, 160<<20)
	percent("much is live", func(p int) bool { return p < 70 })
	runtime.KeepAlive(much)
	percent("little is live again", func(p int) bool { return p > 150 })
	stop()
	runtime.GC()
	if got := gogc(); got != before {
		t.Errorf("after that GOGC is %d, want %d as before", got, before)
	}
}

func TestCollectorLeavesGOGCAlone(t *testing.T) {
	t.Setenv("GOGC", "150")
	before := debug.SetGCPercent(150)
	defer debug.SetGCPercent(before)
	defer collectSeldom()()
	for range 3 {
		runtime.GC()
	}
	if got := gogc(); got != 150 {
		t.Errorf("GOGC is %d, want 150 as it was set", got)
	}
}

func gogc() int {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}
