package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
)

// patience bounds waiting for something that must happen soon.
const patience = 20 * time.Second

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ask() {
			return
		}
	}
	t.Fatalf("%s: not within %s", what, patience)
}

// freeAddr is a loopback address that nothing listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// client keeps no connections, so that none outlives a test.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

func get(url string) (status int, body string, err error) {
	res, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return res.StatusCode, string(data), err
}

// serving runs a server until the test ends or stop is called, which gives its outcome.
func serving(t *testing.T, data string, args ...string) (url string, stop func() outcome) {
	t.Helper()
	addr := freeAddr(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan outcome, 1)
	env := map[string]string{"LECTERN_DATA": data, "LECTERN_ADDR": addr, "LECTERN_LOG_LEVEL": "error"}
	go func() { done <- lectern(t, ctx, env, "", append([]string{"serve"}, args...)...) }()
	ended := false
	stop = func() outcome {
		cancel()
		ended = true
		return <-done
	}
	t.Cleanup(func() {
		if !ended {
			stop()
		}
	})
	eventually(t, "the server answers", func() bool {
		status, _, err := get("http://" + addr + "/healthz")
		return err == nil && status == http.StatusOK
	})
	return "http://" + addr, stop
}

func TestServe(t *testing.T) {
	data := t.TempDir()
	url, stop := serving(t, data, "--sample")

	_, body, err := get(url + "/v1/modules")
	if err != nil {
		t.Fatal(err)
	}
	var modules struct {
		Data []struct{ Slug string }
	}
	if err := json.Unmarshal([]byte(body), &modules); err != nil || len(modules.Data) != 2 {
		t.Fatalf("modules of the sample: %v, %s", err, body)
	}
	found := func(q string) func() bool {
		return func() bool {
			_, body, err := get(url + "/v1/search?q=" + q)
			return err == nil && strings.Contains(body, "<mark>")
		}
	}
	eventually(t, "the sample is found", found("lateral"))

	in(t, data, "serve").mustBe(t, ExitFailed, fmt.Sprintf("process %d serves the data folder", os.Getpid()))
	in(t, t.TempDir(), "serve", "--addr", strings.TrimPrefix(url, "http://")).mustBe(t, ExitFailed, "address already in use")

	in(t, data, "import", "--publish", file(t, "beans.md", beans)).mustBe(t, ExitOK)
	eventually(t, "what another process published is found", found("runner"))
	eventually(t, "the check beside the server is content", func() bool { return in(t, data, "check").code == ExitOK })
	in(t, data, "reindex").mustBe(t, ExitOK, "the running server has rebuilt")

	// The index may be writing yet, and puts a new file into a folder that is being emptied.
	eventually(t, "the index is deleted", func() bool { return os.RemoveAll(filepath.Join(data, indexFolder)) == nil })
	in(t, data, "import", "--publish", file(t, "kale.md", "---\ntitle: Kale\n---\nKale stands the frost.\n")).mustBe(t, ExitOK)
	eventually(t, "an index that was deleted is built anew", found("frost"))

	if o := stop(); o.code != ExitOK {
		t.Errorf("a server that was told to stop: %+v", o)
	}
	if _, err := os.Stat(filepath.Join(data, "control.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server left control.json: %v", err)
	}
	url, _ = serving(t, data, "--sample")
	if _, again, err := get(url + "/v1/modules?limit=2"); err != nil || !strings.Contains(again, modules.Data[0].Slug) {
		t.Errorf("after a restart: %v, %s", err, again)
	}
}

// What a command in another process publishes is read from a running server within a second after the command has ended.
func TestAnotherProcessPublishes(t *testing.T) {
	data := t.TempDir()
	page := filepath.Join(t.TempDir(), "kale.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(page, []byte("---\ntitle: Kale\n---\n"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Kale stands the frost.")
	in(t, data, "import", "--publish", page).mustBe(t, ExitOK)
	url, _ := serving(t, data)
	const path = "/v1/sections?body=text"
	for n := range 3 {
		for range 2 { // the second answer comes from the cache
			if status, body, err := get(url + path); err != nil || status != http.StatusOK || !strings.Contains(body, "frost") {
				t.Fatalf("%d, %v, %s", status, err, body)
			}
		}
		news := fmt.Sprintf("Kale stands the frost of year %d.", n)
		write(news)
		killAfter(t, data, page, time.Minute) // which is not killed so soon
		published := time.Now()
		for _, body, _ := get(url + path); !strings.Contains(body, news); _, body, _ = get(url + path) {
			if time.Since(published) > time.Second {
				t.Fatalf("%q is not there after a second: %s", news, body)
			}
			time.Sleep(time.Millisecond)
		}
	}
	if _, body, err := get(url + "/metrics"); err != nil || strings.Contains(body, "lectern_cache_hits_total 0") {
		t.Errorf("no answer came from the cache: %v", err)
	}
}

// envHelper makes the test binary run a command as a process of its own, which can be killed.
const envHelper = "LECTERN_TEST_HELPER"

func helper() int {
	err := Run(context.Background(), os.Args[1:], Env{Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return ExitCode(err)
}

func TestAKilledImportLeavesAllOrNothing(t *testing.T) {
	folder := t.TempDir()
	const pages = 60
	for i := range pages {
		page := fmt.Sprintf("---\ntitle: Bed %d\n---\n%s\n", i, strings.Repeat("Dig the bed over in autumn. ", 200))
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("bed-%03d.md", i)), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := t.TempDir()
	in(t, data, "migrate").mustBe(t, ExitOK)
	begin := time.Now()
	whole := t.TempDir()
	killAfter(t, whole, folder, time.Minute)
	takes := time.Since(begin)

	n := proof.Kills()
	for i := range n {
		killAfter(t, data, folder, takes*time.Duration(i+1)/time.Duration(n))
		o := in(t, data, "publish", "--dry-run", "default")
		if o.code == ExitFailed && strings.Contains(o.err, "no course") {
			continue // killed before the commit
		}
		if got := strings.Count(o.out, "section "); got != 0 {
			t.Fatalf("kill %d: %d drafts wait for publishing, though the import publishes what it saves\n%s", i, got, o.out)
		}
		in(t, data, "import", "--publish", folder).mustBe(t, ExitOK, "nothing new", "60 sections as they were")
	}
	in(t, data, "import", "--publish", folder).mustBe(t, ExitOK)
	in(t, data, "reindex").mustBe(t, ExitOK)
	in(t, data, "check").mustBe(t, ExitOK)
}

// killAfter imports a folder in another process and kills it with SIGKILL when its time is over.
func killAfter(t *testing.T, data, folder string, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "import", "--publish", folder)
	cmd.Env = append(os.Environ(), envHelper+"=1", "LECTERN_DATA="+data)
	out, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() == nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
}

// A search engine that is down costs searches and nothing else.
func TestServeWithoutItsSearchEngine(t *testing.T) {
	data, down := t.TempDir(), "http://"+freeAddr(t)
	url, _ := serving(t, data, "--sample", "--meili-url", down)
	if status, body, err := get(url + "/v1/modules"); err != nil || status != http.StatusOK {
		t.Errorf("modules: %d, %s, %v", status, body, err)
	}
	res, err := client.Get(url + "/v1/search?q=lateral")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("search: %s, Retry-After %q, want 503 with a time", res.Status, res.Header.Get("Retry-After"))
	}
	eventually(t, "the server is ready and says that search is not", func() bool {
		status, body, err := get(url + "/readyz")
		return err == nil && status == http.StatusOK && strings.Contains(body, `"search":"failing"`)
	})
	for _, command := range []string{"check", "reindex"} {
		o := in(t, data, command, "--meili-url", down)
		if o.code == ExitOK || !strings.Contains(o.err, "search index is not available") {
			t.Errorf("%s: %+v, want to hear that the engine is down", command, o)
		}
	}
}
