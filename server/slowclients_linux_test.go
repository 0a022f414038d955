package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

// hurried makes the server wait for clients a short time only.
func hurried(cfg *Config) {
	cfg.Patience = Patience{Read: 300 * time.Millisecond, Write: 300 * time.Millisecond, Idle: 300 * time.Millisecond, Transfer: 600 * time.Millisecond}
}

// dials opens a connection to a server. The test fails when the server says nothing for long.
func dials(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	check(t, err)
	t.Cleanup(func() { conn.Close() })
	check(t, conn.SetDeadline(time.Now().Add(requestTimeout)))
	return conn
}

// drip writes a text bit by bit, until the server has had enough.
func drip(conn net.Conn, text string) {
	for i := range len(text) {
		if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// left reads what the server says until it closes the connection. The test fails when it does not.
func left(t *testing.T, conn net.Conn) string {
	t.Helper()
	data, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the connection is open still; the server said %q", data)
	}
	return string(data)
}

func TestSlowClientsAreCutOff(t *testing.T) {
	s := newSite(t, hurried)
	token := s.tokenFor(s.with("ada", access.Grant{Role: access.Owner}).user, accounts.NewToken{Scopes: []access.Scope{access.Admin}}).token
	const slow = 2_000 // bytes: at 20 ms each they take much longer than anybody waits
	for name, tt := range map[string]struct{ atOnce, slowly, says string }{
		"nothing is sent":            {"", "", "HTTP/1.1 408 "},
		"a header without end":       {"GET /v1/courses HTTP/1.1\r\nHost: x\r\n", "X-Slow: " + strings.Repeat("x", slow), "HTTP/1.1 408 "},
		"a body bit by bit":          {"POST /v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n", strings.Repeat(" ", slow), "HTTP/1.1 408 "},
		"a body that does not come":  {"POST /v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n{", "", "HTTP/1.1 408 "},
		"a read's body":              {"GET /v1/courses HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n{", "", "HTTP/1.1 408 "},
		"a read's chunk":             {"GET /v1/courses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{", "", "HTTP/1.1 408 "},
		"a chunk that does not come": {"POST /v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{", "", "HTTP/1.1 408 "},
		"an archive bit by bit": {
			"POST /v1/admin/imports HTTP/1.1\r\nHost: x\r\nContent-Type: application/zip\r\nAuthorization: Bearer " + token + "\r\nContent-Length: 2000\r\n\r\n",
			strings.Repeat("P", slow), "HTTP/1.1 408 ",
		},
		"no second request":        {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "", "HTTP/1.1 200 "},
		"half of a second request": {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz", "", "HTTP/1.1 200 "},
	} {
		t.Run(name, func(t *testing.T) {
			conn := dials(t, s.address())
			begin := time.Now()
			_, err := io.WriteString(conn, tt.atOnce)
			check(t, err)
			dripped := make(chan struct{})
			go func() {
				drip(conn, tt.slowly)
				close(dripped)
			}()
			said := left(t, conn)
			took := time.Since(begin)
			check(t, conn.Close())
			<-dripped
			if !strings.HasPrefix(said, tt.says) {
				t.Errorf("the server says %q, want %s", said, tt.says)
			}
			least := s.server.Patience.Read
			if strings.Contains(tt.atOnce, importsPath) {
				least = s.server.Patience.Transfer
			}
			if took < least*9/10 {
				t.Errorf("it was cut off after %s", took)
			}
		})
	}
	s.get("/healthz").want(t, http.StatusOK)
}

// Who does not take an answer loses it, and the server does not keep it in memory.
func TestSlowReadersAreCutOff(t *testing.T) {
	s := newSite(t, hurried)
	body := make([]byte, 64<<20) // more than a system buffers for a connection
	large := s.twin()
	large.app.Get("/large", func(c *fiber.Ctx) error {
		c.Response().SetBodyRaw(body)
		return nil
	})
	address, stop := listens(t, large)
	t.Cleanup(func() { check(t, stop()) })
	conn := dials(t, address)
	_, err := io.WriteString(conn, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
	check(t, err)
	line, err := bufio.NewReaderSize(conn, 16).ReadString('\n')
	if err != nil || line != "HTTP/1.1 200 OK\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	waitFor(t, "the connection stays open", func() bool { return large.app.Server().GetOpenConnectionsCount() == 0 })
	if got := left(t, conn); len(got) >= len(body) {
		t.Errorf("the client got all %d bytes", len(got))
	}
}

// Header fields without end are refused when there are too many bytes, not when memory is full.
func TestEndlessHeadersAreRefused(t *testing.T) {
	s := newSite(t)
	conn := dials(t, s.address())
	sent := make(chan int)
	go func() {
		n := 0
		for _, err := io.WriteString(conn, "GET /v1/courses HTTP/1.1\r\nHost: x\r\n"); err == nil && n < 1<<28; {
			var more int
			more, err = fmt.Fprintf(conn, "X-%d: %s\r\n", n, strings.Repeat("x", 100))
			n += more
		}
		sent <- n
	}()
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && line != "HTTP/1.1 431 Request Header Fields Too Large\r\n" {
		t.Errorf("the server says %q", line)
	} // or it had closed the connection before its answer was read, which takes the answer away
	check(t, conn.Close())
	if n := <-sent; n < maxHeader || n == 1<<28 {
		t.Errorf("%d bytes were taken", n)
	}
}

// Clients that have gone without a word are noticed.
func TestConnectionsAreProbed(t *testing.T) {
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	check(t, err)
	defer ln.Close()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", ln.Addr().String())
	check(t, err)
	defer conn.Close()
	accepted, err := ln.Accept()
	check(t, err)
	defer accepted.Close()
	raw, err := accepted.(*net.TCPConn).SyscallConn()
	check(t, err)
	check(t, raw.Control(func(fd uintptr) {
		for name, option := range map[string]struct{ level, option, want int }{
			"probing":  {syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
			"idle":     {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, int(probeAfter.Seconds())},
			"interval": {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, int(probeEvery.Seconds())},
			"probes":   {syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, probes},
		} {
			if got, err := syscall.GetsockoptInt(int(fd), option.level, option.option); err != nil || got != option.want {
				t.Errorf("%s is %d, want %d, %v", name, got, option.want, err)
			}
		}
	}))
}
