package server

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/store/pgtest"
)

// TestMain fails when something runs on after the tests. Two clocks of fasthttp are let off: that of the Date header
// lives as long as the process, and a worker pool sleeps for up to ten seconds before it sees that it was stopped.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}
