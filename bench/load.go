package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"
)

// result is one measurement of a server.
type result struct {
	Server    string  `json:"server"`
	Bytes     int     `json:"bytes"` // of a body, on average
	PerSecond float64 `json:"requests_per_second"`
	CPUMicros float64 `json:"cpu_us_per_request"` // user and system time of the server
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Memory    memory  `json:"memory"` // after it
}

// drive is how a server is loaded: the requests in turn, over and over, on so many connections.
type drive struct {
	*server
	requests    []request
	status      int
	connections int
}

// measure loads a server for a time, after some that does not count.
func (d drive) measure(ctx context.Context, length time.Duration) (result, error) {
	if _, err := d.ask(ctx, warmUp(length)); err != nil {
		return result{}, err
	}
	before, err := cpuOf(d.PIDs)
	if err != nil {
		return result{}, err
	}
	begin := time.Now()
	times, err := d.ask(ctx, length)
	if err != nil {
		return result{}, err
	}
	took := time.Since(begin)
	after, err := cpuOf(d.PIDs)
	if err != nil {
		return result{}, err
	}
	slices.Sort(times)
	n := float64(len(times))
	out := result{
		Server: d.name, PerSecond: n / took.Seconds(), CPUMicros: float64((after - before).Microseconds()) / n,
		P50: milliseconds(times[len(times)/2]), P99: milliseconds(times[len(times)*99/100]),
	}
	if d.status == http.StatusOK {
		for _, r := range d.requests {
			out.Bytes += r.bytes / len(d.requests)
		}
	}
	out.Memory, err = memoryOf(d.PIDs)
	return out, err
}

// warmUp is how long a server is loaded before a measurement.
func warmUp(length time.Duration) time.Duration { return min(length, time.Second) / 2 }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ask gives how long each request took.
func (d drive) ask(ctx context.Context, length time.Duration) ([]time.Duration, error) {
	client := clientOf(d.Base, d.connections)
	defer client.CloseIdleConnections()
	times := make([][]time.Duration, d.connections)
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	until := time.Now().Add(length)
	for i := range d.connections {
		wg.Go(func() {
			prepared := d.prepare()
			var res fasthttp.Response
			for at := i; ctx.Err() == nil && failed.Load() == nil; at++ {
				at %= len(prepared)
				begin := time.Now()
				if begin.After(until) && len(times[i]) > 0 {
					return
				}
				err := client.Do(&prepared[at], &res)
				if err == nil {
					err = d.judge(d.requests[at], &res)
				}
				if err != nil {
					failed.CompareAndSwap(nil, &err)
					return
				}
				times[i] = append(times[i], time.Since(begin))
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return slices.Concat(times...), ctx.Err()
}

// each makes every request once, whatever its length.
func (d drive) each(ctx context.Context) error {
	client := clientOf(d.Base, d.connections)
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var group errgroup.Group
	for range d.connections {
		group.Go(func() error {
			var req fasthttp.Request
			var res fasthttp.Response
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(d.requests) {
					return nil
				}
				req.SetRequestURI(d.requests[at].url)
				if err := client.Do(&req, &res); err != nil {
					return err
				}
				if res.StatusCode() != d.status {
					return fmt.Errorf("%s: status %d", d.requests[at].url, res.StatusCode())
				}
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}

func clientOf(base string, connections int) *fasthttp.HostClient {
	return &fasthttp.HostClient{Addr: strings.TrimPrefix(base, "http://"), MaxConns: connections}
}

// prepare makes the requests before the clock runs.
func (d drive) prepare() []fasthttp.Request {
	out := make([]fasthttp.Request, len(d.requests))
	for i, r := range d.requests {
		out[i].SetRequestURI(r.url)
		for name, value := range d.Headers {
			out[i].Header.Set(name, value)
		}
		if d.status == http.StatusNotModified {
			out[i].Header.Set(fasthttp.HeaderIfNoneMatch, "*")
		}
	}
	return out
}

// judge tells whether an answer is the one that was had before.
func (d drive) judge(r request, res *fasthttp.Response) error {
	want := r.bytes
	if d.status == http.StatusNotModified {
		want = 0
	}
	if res.StatusCode() != d.status || len(res.Body()) != want {
		return fmt.Errorf("%s: %s: status %d, %d bytes, want %d and %d", d.name, r.url, res.StatusCode(), len(res.Body()), d.status, want)
	}
	return nil
}
