package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// result is one measurement.
type result struct {
	PerSecond float64 `json:"requests_per_second"`
	CPUMicros float64 `json:"cpu_us_per_request"` // of the server
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// warmUp is not measured.
const warmUp = 500 * time.Millisecond

// load makes the request of a row over and over on its connections.
func load(ctx context.Context, p *process, r row, o options) (result, error) {
	if err := ask(ctx, p, r, warmUp, nil); err != nil {
		return result{}, err
	}
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	times := make([][]time.Duration, r.Connections)
	length := time.Duration(o.seconds) * time.Second
	if err := ask(ctx, p, r, length, times); err != nil {
		return result{}, err
	}
	after, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	n := float64(len(all))
	return result{
		PerSecond: n / length.Seconds(), CPUMicros: float64((after - before).Microseconds()) / n,
		P50: milliseconds(all[len(all)/2]), P99: milliseconds(all[len(all)*99/100]),
	}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func ask(ctx context.Context, p *process, r row, length time.Duration, times [][]time.Duration) error {
	client := &fasthttp.HostClient{Addr: p.url[len("http://"):], MaxConns: r.Connections}
	defer client.CloseIdleConnections()
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	until := time.Now().Add(length)
	for i := range r.Connections {
		wg.Go(func() {
			var req fasthttp.Request
			var res fasthttp.Response
			req.SetRequestURI(p.url + r.Path)
			if r.Status == fasthttp.StatusNotModified {
				req.Header.Set(fasthttp.HeaderIfNoneMatch, "*")
			}
			for ctx.Err() == nil && failed.Load() == nil {
				begin := time.Now()
				if begin.After(until) {
					return
				}
				err := client.Do(&req, &res)
				if err == nil && (res.StatusCode() != r.Status || len(res.Body()) != r.Bytes) {
					err = fmt.Errorf("%s: status %d, %d bytes, want %d", r.Path, res.StatusCode(), len(res.Body()), r.Bytes)
				}
				if err != nil {
					failed.Store(&err)
					return
				}
				if times != nil {
					times[i] = append(times[i], time.Since(begin))
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}
