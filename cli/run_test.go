package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(envHelper) != "" {
		os.Exit(helper())
	}
	// fasthttp's clock runs as long as the process, and its idle workers notice the end of their server late.
	goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

// outcome is what a command left behind.
type outcome struct {
	out, err string
	code     int
}

// lectern runs a command in this process, with settings from env alone.
func lectern(t *testing.T, ctx context.Context, env map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	err := Run(ctx, args, Env{
		Getenv: func(k string) string { return env[k] }, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Contract: []byte("openapi: 3.1.0\n"),
	})
	if err != nil {
		errs.WriteString(err.Error())
	}
	return outcome{out.String(), errs.String(), ExitCode(err)}
}

// in runs a command on a data folder.
func in(t *testing.T, data string, args ...string) outcome {
	t.Helper()
	return lectern(t, t.Context(), map[string]string{"LECTERN_DATA": data, "LECTERN_LOG_LEVEL": "error"}, "", args...)
}

func (o outcome) mustBe(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\nout: %s\nerr: %s", o.code, code, o.out, o.err)
	}
	for _, w := range words {
		if !strings.Contains(o.out+o.err, w) {
			t.Errorf("%q is not in the output\nout: %s\nerr: %s", w, o.out, o.err)
		}
	}
}

// file writes a file and gives its name.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const beans = `---
title: Runner beans
---
Runner beans climb up a pole.

## Sowing

Sow them in May.[^1]

[^1]: Green, A. (2001). _Beans_. Leeds: Plot Press.
`
