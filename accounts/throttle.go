package accounts

import (
	"net/netip"
	"sync"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// How often a password may be tried. The waiting time after a failure doubles from one second to a quarter of an hour,
// so that somebody who guesses has a hundred tries a day for an account.
const (
	freeByAccount = 5  // tries without waiting: typing errors
	freeByAddress = 20 // an office behind one address
	firstWait     = time.Second
	longestWait   = 15 * time.Minute

	forgetAfter = 24 * time.Hour // without a failure

	// maxThrottled bounds the memory: a few megabytes. Beyond it the ones that failed longest ago are forgotten.
	maxThrottled = 10_000
)

// throttle counts failures to sign in, by account and by address. It is in memory: each instance counts for itself,
// and forgets when it is started again.
type throttle struct {
	mu        sync.Mutex
	now       func() time.Time
	accounts  map[string]*failures
	addresses map[string]*failures
}

type failures struct {
	count int
	last  time.Time
	until time.Time // no try is looked at before
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, accounts: map[string]*failures{}, addresses: map[string]*failures{}}
}

// try is a try at a password. It counts as a failure until it is forgiven, so that many at once count as many.
type try struct {
	throttle         *throttle
	account, address string
}

// begin begins a try. It fails with TooMany while the account or the address has to wait; such tries count for nothing.
func (t *throttle) begin(account, address string) (*try, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := &try{t, access.HashSecret(account), network(address)} // hashed: people type passwords into the wrong field
	now := t.now()
	wait := max(t.accounts[one.account].wait(now), t.addresses[one.address].wait(now))
	if wait > 0 {
		return nil, models.TooMany("too many failures to sign in: wait before the next try", wait)
	}
	fail(t.accounts, one.account, now, freeByAccount)
	fail(t.addresses, one.address, now, freeByAddress)
	return one, nil
}

// network is what counts as one address: of IPv6 the network that one customer has.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Is4() {
		return address
	}
	p, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

func (f *failures) wait(now time.Time) time.Duration {
	if f == nil {
		return 0
	}
	return f.until.Sub(now)
}

func fail(of map[string]*failures, key string, now time.Time, free int) {
	f := of[key]
	if f == nil || now.Sub(f.last) > forgetAfter {
		makeRoom(of)
		f = &failures{}
		of[key] = f
	}
	f.count++
	f.last = now
	if f.count >= free {
		f.until = now.Add(min(longestWait, firstWait<<min(f.count-free, 20)))
	}
}

// makeRoom drops the oldest failures when there are too many.
func makeRoom(of map[string]*failures) {
	if len(of) < maxThrottled {
		return
	}
	oldest := ""
	for key, f := range of {
		if oldest == "" || f.last.Before(of[oldest].last) {
			oldest = key
		}
	}
	delete(of, oldest)
}

// forgive ends a try that was right: the account begins anew. The address does not, or somebody with one account could
// try as often as they like at others.
func (t *try) forgive() {
	t.throttle.mu.Lock()
	defer t.throttle.mu.Unlock()
	delete(t.throttle.accounts, t.account)
	if f := t.throttle.addresses[t.address]; f != nil {
		f.count--
		f.until = time.Time{}
	}
}
