package accounts

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// stopped is a clock that tests move.
type stopped struct{ at time.Time }

func (c *stopped) now() time.Time { return c.at }

func newStopped() *stopped { return &stopped{time.Date(2026, 2, 3, 14, 0, 0, 0, time.UTC)} }

// tries begins a try: with how long it has to wait, 0 when it goes on.
func tries(t *throttle, account, address string) (*try, time.Duration) {
	one, err := t.begin(account, address)
	if e, ok := errors.AsType[*models.Error](err); ok {
		return nil, e.RetryAfter
	}
	return one, 0
}

func TestWaitingTimesDouble(t *testing.T) {
	clock := newStopped()
	th := newThrottle(clock.now)
	var waits []time.Duration
	for n := range 16 {
		if _, wait := tries(th, "ada", fmt.Sprint("192.0.2.", n)); wait != 0 {
			t.Fatalf("try %d has to wait %s", n, wait)
		}
		if n < freeByAccount-1 {
			continue
		}
		_, wait := tries(th, "ada", "198.51.100.1")
		waits = append(waits, wait)
		clock.at = clock.at.Add(wait)
	}
	if got := fmt.Sprint(waits); got != "[1s 2s 4s 8s 16s 32s 1m4s 2m8s 4m16s 8m32s 15m0s 15m0s]" {
		t.Errorf("waits are %s", got)
	}
	clock.at = clock.at.Add(forgetAfter + time.Second)
	for n := range freeByAccount - 1 {
		if _, wait := tries(th, "ada", "192.0.2.1"); wait != 0 {
			t.Errorf("a day later try %d has to wait %s", n, wait)
		}
	}
}

func TestAnAddressIsThrottledWhateverTheAccounts(t *testing.T) {
	th := newThrottle(newStopped().now)
	for n := range freeByAddress {
		if _, wait := tries(th, fmt.Sprint("user", n), "2001:db8::1"); wait != 0 {
			t.Fatalf("try %d has to wait", n)
		}
	}
	if _, wait := tries(th, "one more", "2001:db8::ffff"); wait != time.Second { // the same network
		t.Errorf("the wait is %s", wait)
	}
	if _, wait := tries(th, "one more", "2001:db8:0:1::1"); wait != 0 {
		t.Errorf("another network has to wait %s", wait)
	}
}

// Signing in to one's own account does not wash an address clean.
func TestOneGoodAccountDoesNotHelpAtOthers(t *testing.T) {
	th := newThrottle(newStopped().now)
	for n := range freeByAddress - 1 {
		tries(th, fmt.Sprint("user", n), "192.0.2.1")
		own, _ := tries(th, "own", "192.0.2.1")
		if own == nil {
			break
		}
		own.forgive()
	}
	tries(th, "yet another", "192.0.2.1")
	if _, wait := tries(th, "own", "192.0.2.1"); wait == 0 {
		t.Error("the address does not have to wait")
	}
}

func TestMemoryOfFailuresIsBounded(t *testing.T) {
	clock := newStopped()
	th := newThrottle(clock.now)
	for n := range maxThrottled + 10 {
		clock.at = clock.at.Add(time.Millisecond)
		tries(th, fmt.Sprint("user", n), fmt.Sprintf("10.%d.%d.1", n/250, n%250))
	}
	if len(th.accounts) != maxThrottled || len(th.addresses) != maxThrottled {
		t.Errorf("%d accounts, %d addresses", len(th.accounts), len(th.addresses))
	}
	if th.accounts[access.HashSecret("user0")] != nil || th.accounts[access.HashSecret("user10009")] == nil {
		t.Error("it was not the oldest that was forgotten")
	}
}

// However tries are spread over time, no account gets more than the free ones and one for each wait.
func TestNobodyTriesMoreThanAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := newStopped()
		th := newThrottle(clock.now)
		begin, through := clock.at, 0
		for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 120), 1, 200).Draw(t, "seconds between tries") {
			clock.at = clock.at.Add(time.Duration(gap) * time.Second)
			if one, _ := tries(th, "ada", fmt.Sprint(clock.at)); one != nil {
				through++
			}
		}
		took, allowed := clock.at.Sub(begin), freeByAccount
		for wait := firstWait; took >= wait; wait = min(wait*2, longestWait) {
			took -= wait
			allowed++
		}
		if through > allowed {
			t.Errorf("%d tries in %s, at most %d are allowed", through, clock.at.Sub(begin), allowed)
		}
	})
}
