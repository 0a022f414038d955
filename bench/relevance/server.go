package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/bench/judged"
)

const (
	// batchSize is how many sections are made by one request.
	batchSize = 200

	// depth is how many hits of a query count, which is one page.
	depth = 100

	// answerLimit is how long the server may take to answer for the first time, and to find what was published.
	answerLimit = 10 * time.Minute
)

// server is a Lectern with a course of its own.
type server struct {
	cmd   *exec.Cmd
	url   string
	token string
}

// startServer starts Lectern on an empty folder, with a user whose token makes content.
func startServer(ctx context.Context, binary, dir, meili string) (*server, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil {
		return nil, err
	}
	lectern := func(stdin string, args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, binary, append(args, "--data", dir)...) //nolint:gosec // built by this program
		cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), os.Stderr
		out, err := cmd.Output()
		return strings.TrimSpace(string(out)), err
	}
	if _, err := lectern("seven quiet lanterns", "user", "add", "--role", "owner", "bench"); err != nil {
		return nil, err
	}
	s := &server{url: "http://" + addr}
	if s.token, err = lectern("", "token", "create", "--scope", "content:write", "--scope", "publish", "bench", "relevance"); err != nil {
		return nil, err
	}
	args := []string{"serve", "--data", dir, "--addr", addr, "--log-level", "error"}
	if meili != "" {
		args = append(args, "--meili-url", meili, "--meili-index", "lectern-relevance")
	}
	s.cmd = exec.CommandContext(ctx, binary, args...)
	s.cmd.Stderr = os.Stderr
	s.cmd.Env = append(os.Environ(), "LECTERN_REQUEST_TIMEOUT=5m")
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for begin := time.Now(); time.Since(begin) < answerLimit; time.Sleep(10 * time.Millisecond) {
		if err := s.ask(ctx, http.MethodGet, "/readyz", nil, nil); err == nil {
			return s, nil
		}
	}
	s.stop()
	return nil, errors.New("the server does not answer")
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

// ask makes a request and reads the answer.
func (s *server) ask(ctx context.Context, method, path string, body, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// object is a JSON object.
type object map[string]any

// fill makes a section of each document, publishes all, and waits until they can be found.
func (s *server) fill(ctx context.Context, documents []judged.Document) error {
	var course, module struct{ Data struct{ ID string } }
	if err := s.ask(ctx, http.MethodPost, "/v1/admin/courses", object{"title": "Collection", "slug": "collection", "language": "en"}, &course); err != nil {
		return err
	}
	if err := s.ask(ctx, http.MethodPost, "/v1/admin/modules", object{"course_id": course.Data.ID, "title": "All", "slug": "all"}, &module); err != nil {
		return err
	}
	for some := range slices.Chunk(documents, batchSize) {
		var operations []object
		for _, d := range some {
			operations = append(operations, object{"op": "create", "kind": "section", "data": sectionOf(d, module.Data.ID)})
		}
		if err := s.ask(ctx, http.MethodPost, "/v1/admin/batch", object{"operations": operations}, nil); err != nil {
			return err
		}
	}
	var published struct{ Data struct{ Revision int64 } }
	if err := s.ask(ctx, http.MethodPost, "/v1/admin/courses/"+course.Data.ID+"/publish", object{}, &published); err != nil {
		return err
	}
	for begin := time.Now(); time.Since(begin) < answerLimit; time.Sleep(50 * time.Millisecond) {
		var found struct{ Meta struct{ Revision int64 } }
		err := s.ask(ctx, http.MethodGet, "/v1/search?q=collection", nil, &found)
		if err == nil && found.Meta.Revision >= published.Data.Revision {
			return nil
		}
	}
	return errors.New("what was published is not found")
}

// sectionOf is a document as an editor would type it: signs that mean something in Markdown have a backslash before them.
func sectionOf(d judged.Document, module string) object {
	blocks := []object{}
	for paragraph := range strings.SplitSeq(d.Text, "\n\n") {
		if text := strings.Join(strings.Fields(paragraph), " "); text != "" {
			blocks = append(blocks, object{"kind": "paragraph", "text": literally(text)})
		}
	}
	title := strings.Join(strings.Fields(d.Title), " ")
	if title == "" {
		title = "Document " + d.ID
	}
	return object{"module_id": module, "slug": slugPrefix + strings.ToLower(d.ID), "title": title, "blocks": blocks}
}

// slugPrefix makes slugs of ids that are numbers.
const slugPrefix = "document-"

// literally escapes all ASCII punctuation, as CommonMark (section 2.4) allows.
func literally(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// find gives the ids of the documents that a query finds, best first.
func (s *server) find(ctx context.Context, text string) ([]string, error) {
	var found struct{ Data []struct{ Slug string } }
	if err := s.ask(ctx, http.MethodGet, fmt.Sprintf("/v1/search?type=section&limit=%d&q=%s", depth, url.QueryEscape(text)), nil, &found); err != nil {
		return nil, err
	}
	ids := make([]string, len(found.Data))
	for i, hit := range found.Data {
		ids[i] = strings.TrimPrefix(hit.Slug, slugPrefix)
	}
	return ids, nil
}
