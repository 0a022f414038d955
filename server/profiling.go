package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof" // which puts itself on the default mux, too: nothing serves that
)

// Profiling serves profiles of the running process (net/http/pprof) under /debug/pprof/, on an address of its own: who can
// read them sees what is in memory. The public address has none of it.
type Profiling struct {
	ln   net.Listener
	http http.Server
}

// StartProfiling begins to serve profiles on an address, host:port, which must be loopback or private.
func StartProfiling(ctx context.Context, addr string) (*Profiling, error) {
	ln, err := Listen(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("serve profiles: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	p := &Profiling{ln: ln, http: http.Server{Handler: mux, ReadTimeout: readTimeout, IdleTimeout: idleTimeout}} // a profile takes its time
	go func() { _ = p.http.Serve(ln) }()                                                                         // it ends with Close
	return p, nil
}

// Addr is where it listens.
func (p *Profiling) Addr() string { return p.ln.Addr().String() }

// Close ends it at once, and profiles that are being made.
func (p *Profiling) Close() error { return p.http.Close() }
