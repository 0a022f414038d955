package server

import "sync"

// bell wakes all who wait for something.
type bell struct {
	mu      sync.Mutex
	rung    chan struct{} // closed by the next ring
	stopped chan struct{} // closed for good
}

func newBell() *bell { return &bell{rung: make(chan struct{}), stopped: make(chan struct{})} }

// next is closed when the bell rings after this call.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rung
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.rung)
	b.rung = make(chan struct{})
}

// stop wakes all who wait now and who will: nothing more is to come.
func (b *bell) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.stopped:
	default:
		close(b.stopped)
	}
}
