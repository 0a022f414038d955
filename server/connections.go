package server

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"
)

// Limits of connections. They are generous for slow readers and mean to clients that only hold a connection.
const (
	readTimeout     = 10 * time.Second // for the line and headers of a request, and again for its body
	writeTimeout    = 30 * time.Second // for a whole answer
	idleTimeout     = 2 * time.Minute  // between two requests of one connection
	transferTimeout = 30 * time.Minute // to send an archive, or to get one: 300 KiB a second are enough
	maxHeader       = 16 << 10         // bytes of a request's line and headers
	writeBuffer     = 64 << 10         // bytes of an answer that are written at once: nearly all answers are smaller
	maxBody         = 64 << 10         // bytes of a request's body where a route has no limit of its own
	maxEdit         = 8 << 20          // bytes of one that changes content: a record of the largest size, or a batch of many
)

// Patience is how long a server waits for clients, each zero for the usual time. A client that takes longer is cut off.
type Patience struct {
	Read     time.Duration // for the line and headers of a request, and again for its body
	Write    time.Duration // to take a whole answer
	Idle     time.Duration // between two requests of one connection
	Transfer time.Duration // to send an archive, or to take one
}

func (p Patience) orUsual() Patience {
	return Patience{
		Read: cmp.Or(p.Read, readTimeout), Write: cmp.Or(p.Write, writeTimeout), Idle: cmp.Or(p.Idle, idleTimeout),
		Transfer: cmp.Or(p.Transfer, transferTimeout),
	}
}

// A client that has gone without a word is noticed by probes of TCP (RFC 9293, 3.8.4): one begins after the connection was
// silent for a while, and closes it when none of a few is answered.
const (
	probeAfter = 30 * time.Second
	probeEvery = 10 * time.Second
	probes     = 3
)

// Listen listens on an address, host:port.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	probing := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes}}
	ln, err := probing.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return ln, nil
}

// FiberSettings are the settings of Fiber that the server runs with, for benchmarks that compare it with Fiber alone.
func FiberSettings() fiber.Config {
	return fiber.Config{
		AppName:               "Lectern",
		DisableStartupMessage: true,
		StrictRouting:         true,
		CaseSensitive:         true,
		Immutable:             true,
		UnescapePath:          true,
		BodyLimit:             maxBody,
		ReadBufferSize:        maxHeader,
		WriteBufferSize:       writeBuffer,
		ReadTimeout:           readTimeout,
		WriteTimeout:          writeTimeout,
		IdleTimeout:           idleTimeout,
	}
}

// mayHaveBody tells whether a body may follow on the header of a request: one whose length it says, or in chunks.
func mayHaveBody(h *fasthttp.RequestHeader) bool {
	length := h.ContentLength()
	return length > 0 || length == -1
}

// limitsBy sets the limits of a request when its headers are read and its body is not. Routes that take or give archives need
// other ones than the server's; the first prefix that fits counts.
func limitsBy(p Patience) func(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	routes := []struct {
		prefix string
		fasthttp.RequestConfig
	}{
		{importsPath, fasthttp.RequestConfig{ReadTimeout: p.Transfer, WriteTimeout: p.Write, MaxRequestBodySize: maxBody}},
		{exportsPath, fasthttp.RequestConfig{ReadTimeout: p.Read, WriteTimeout: p.Transfer, MaxRequestBodySize: maxBody}},
		{"/v1/", fasthttp.RequestConfig{ReadTimeout: p.Read, WriteTimeout: p.Write, MaxRequestBodySize: maxBody}},
	}
	return func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path := utils.UnsafeString(h.RequestURI())
		for _, l := range routes {
			if strings.HasPrefix(path, l.prefix) {
				if (h.IsGet() || h.IsHead()) && !mayHaveBody(h) {
					l.ReadTimeout = 0 // there is nothing more to read: to set the time again takes as long as to find an answer
				}
				return l.RequestConfig
			}
		}
		return fasthttp.RequestConfig{}
	}
}
