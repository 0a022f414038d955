package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// Control is how commands talk to a running server on the same machine: what only the process that holds the search
// index can do. It listens on a free loopback port; a file in the data folder, readable by its owner only, tells
// commands the port and a secret that is new at each start.
type Control struct {
	file string
	http http.Server
	ln   net.Listener
}

// controlFile is the file's name in the data folder.
const controlFile = "control.json"

// controlAddress is what the file holds.
type controlAddress struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
	PID    int    `json:"pid"`
}

// maxControlAnswer bounds what a command reads of an answer.
const maxControlAnswer = 64 << 20

// StartControl begins to listen for commands.
func (s *Server) StartControl(ctx context.Context, dataFolder string) (*Control, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for commands: %w", err)
	}
	address := controlAddress{URL: "http://" + ln.Addr().String(), Secret: rand.Text(), PID: os.Getpid()}
	c := &Control{file: filepath.Join(dataFolder, controlFile), ln: ln}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /reindex", s.controlReindex)
	mux.HandleFunc("GET /check", s.controlCheck)
	mux.HandleFunc("POST /mend", s.controlMend)
	c.http = http.Server{Handler: onlyWith(address.Secret, mux), ReadHeaderTimeout: readTimeout}
	if err := writeControlFile(c.file, address); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	go func() { _ = c.http.Serve(ln) }() // it ends with Close
	return c, nil
}

func writeControlFile(name string, address controlAddress) error {
	data, err := json.Marshal(address)
	if err != nil {
		return err
	}
	// A new file, so that the rights of one that is there don't count.
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("tell commands where the server is: %w", err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return fmt.Errorf("tell commands where the server is: %w", err)
	}
	return nil
}

// Close ends listening and takes the file away.
func (c *Control) Close() error {
	err := c.http.Close()
	if removeErr := os.Remove(c.file); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
		err = errors.Join(err, removeErr)
	}
	return err
}

func onlyWith(secret string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+secret)) != 1 {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) controlReindex(w http.ResponseWriter, r *http.Request) {
	if err := s.Follower.Reindex(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (s *Server) controlCheck(w http.ResponseWriter, r *http.Request) {
	d, err := search.Compare(r.Context(), s.Index, s.Content)
	answerDifference(w, d, err)
}

func (s *Server) controlMend(w http.ResponseWriter, r *http.Request) {
	d, err := s.Follower.Mend(r.Context())
	answerDifference(w, d, err)
}

func answerDifference(w http.ResponseWriter, d search.Difference, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(d) // the command notices an answer that ends early
}

// Running is a running server as commands see it.
type Running struct {
	address controlAddress
}

// FindRunning looks for a server that is running on a data folder: nil when there is none.
func FindRunning(ctx context.Context, dataFolder string) (*Running, error) {
	data, err := os.ReadFile(filepath.Join(dataFolder, controlFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a running server in the data folder: %w", err)
	}
	r := &Running{}
	if err := json.Unmarshal(data, &r.address); err != nil {
		return nil, nil //nolint:nilerr // a server that was killed while it wrote
	}
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", r.address.URL[len("http://"):])
	if err != nil {
		return nil, nil //nolint:nilerr // a server that was killed left the file
	}
	return r, conn.Close()
}

// Reindex asks the server to rebuild its index and waits until the new one is in use.
func (r *Running) Reindex(ctx context.Context) error {
	_, err := r.ask(ctx, http.MethodPost, "/reindex")
	return err
}

// Check asks the server to compare its index with the database.
func (r *Running) Check(ctx context.Context) (search.Difference, error) {
	return r.difference(ctx, http.MethodGet, "/check")
}

// Mend asks the server to make its index agree with the database, and tells what was different.
func (r *Running) Mend(ctx context.Context) (search.Difference, error) {
	return r.difference(ctx, http.MethodPost, "/mend")
}

func (r *Running) difference(ctx context.Context, method, path string) (d search.Difference, err error) {
	data, err := r.ask(ctx, method, path)
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	return d, err
}

func (r *Running) ask(ctx context.Context, method, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.address.URL+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+r.address.Secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, models.Unavailable("the running server", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxControlAnswer))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the running server answered %s: %s", res.Status, bytes.TrimSpace(data))
	}
	return data, err
}
