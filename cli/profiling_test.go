package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/google/pprof/profile"
)

// Profiles are served on an address of their own, not on the public one, and end with the server.
func TestServeProfiles(t *testing.T) {
	private := freeAddr(t)
	url, stop := serving(t, t.TempDir(), "--pprof-addr", private)
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/profile", "/debug/pprof/heap", "/debug/pprof"} {
		if status, body, err := get(url + path); err != nil || status != http.StatusNotFound {
			t.Errorf("the public address answers %s with %d, %v: %.100s", path, status, err, body)
		}
	}
	for path, sampled := range map[string]string{"profile?seconds=1": "cpu", "heap": "inuse_space", "goroutine": "goroutine"} {
		res, err := client.Get("http://" + private + "/debug/pprof/" + path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(bytes.NewReader(data))
		if err != nil || res.StatusCode != http.StatusOK || p.SampleType[len(p.SampleType)-1].Type != sampled {
			t.Errorf("%s: %s, %v, %v", path, res.Status, p, err)
		}
	}
	for path, want := range map[string]int{"": http.StatusOK, "cmdline": http.StatusOK, "none": http.StatusNotFound} {
		if status, _, err := get("http://" + private + "/debug/pprof/" + path); err != nil || status != want {
			t.Errorf("%q is answered with %d, %v", path, status, err)
		}
	}
	if status, _, err := get("http://" + private + "/v1/courses"); err != nil || status != http.StatusNotFound {
		t.Errorf("content is answered with %d, %v", status, err)
	}
	ended := make(chan error, 1) // a long profile does not hold up the server
	go func() {
		res, err := client.Get("http://" + private + "/debug/pprof/trace?seconds=15")
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
		ended <- err
	}()
	stop().mustBe(t, ExitOK)
	<-ended
	if _, _, err := get("http://" + private + "/debug/pprof/"); err == nil {
		t.Error("profiles are served on")
	}
}

func TestServeSaysWhenProfilesCannotBe(t *testing.T) {
	url, _ := serving(t, t.TempDir())
	taken := url[len("http://"):]
	env := map[string]string{"LECTERN_DATA": t.TempDir(), "LECTERN_PPROF_ADDR": taken, "LECTERN_ADDR": freeAddr(t)}
	lectern(t, context.Background(), env, "", "serve").mustBe(t, ExitFailed, "serve profiles: listen on "+taken, "address already in use")
	env["LECTERN_PPROF_ADDR"] = ":6060"
	lectern(t, context.Background(), env, "", "serve").mustBe(t, ExitUsage, "LECTERN_PPROF_ADDR", "no loopback or private address")
}
