package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestGarbageIsCollectedByWhatIsLive(t *testing.T) {
	for live, want := range map[uint64]int{
		0:         maxPercent,
		1 << 20:   maxPercent,
		12 << 20:  400,
		48 << 20:  100,
		96 << 20:  50,
		192 << 20: 50,
		4 << 30:   50,
	} {
		if got := garbagePercent(live); got != want {
			t.Errorf("with %d MB live GOGC is %d, want %d", live>>20, got, want)
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
	return int(sample[0].Value.Uint64()) //nolint:gosec // it is small
}
