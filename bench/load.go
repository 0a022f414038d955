package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
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

// load asks for one path over and over on some connections.
func load(ctx context.Context, p *process, path string, want int, o options) (result, error) {
	if err := ask(ctx, p, path, want, o.connections, warmUp, nil); err != nil {
		return result{}, err
	}
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	times := make([][]time.Duration, o.connections)
	length := time.Duration(o.seconds) * time.Second
	if err := ask(ctx, p, path, want, o.connections, length, times); err != nil {
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

func ask(ctx context.Context, p *process, path string, want, connections int, length time.Duration, times [][]time.Duration) error {
	client := &fasthttp.HostClient{Addr: p.url[len("http://"):], MaxConns: connections}
	defer client.CloseIdleConnections()
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	until := time.Now().Add(length)
	for i := range connections {
		wg.Go(func() {
			var req fasthttp.Request
			var res fasthttp.Response
			req.SetRequestURI(p.url + path)
			for ctx.Err() == nil && failed.Load() == nil {
				begin := time.Now()
				if begin.After(until) {
					return
				}
				err := client.Do(&req, &res)
				if err == nil && (res.StatusCode() != fasthttp.StatusOK || len(res.Body()) != want) {
					err = fmt.Errorf("%s: status %d, %d bytes, want %d", path, res.StatusCode(), len(res.Body()), want)
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

// serveBare answers every request with the same bytes: what Fiber alone can do.
func serveBare(ctx context.Context, addr, file string) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, StrictRouting: true, CaseSensitive: true, Immutable: true, UnescapePath: true})
	app.Get("/v1/sections/:id", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	})
	go func() {
		<-ctx.Done()
		_ = app.Shutdown()
	}()
	return app.Listen(addr)
}
