package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers that the pages of the admin API show anew")

// adminDocs are the pages that are sessions at a shell.
var adminDocs = []string{"../docs/admin-api.md", "../docs/admin-jobs.md"}

const addressShown = "http://127.0.0.1:8080"

// step is one script of a document, and what it is said to print.
type step struct {
	code, lang, shown string
	from, to          int // where the fenced output stands in the document, fences and all; equal: there is none
}

var (
	fencedScript = regexp.MustCompile("(?ms)^```sh\n(.*?)^```\n")
	fencedOutput = regexp.MustCompile("(?s)^\n```(json|text|html)\n(.*?)```\n")
)

func stepsOf(doc string) []step {
	var out []step
	for _, at := range fencedScript.FindAllStringSubmatchIndex(doc, -1) {
		s := step{code: doc[at[2]:at[3]], from: at[1], to: at[1]}
		if m := fencedOutput.FindStringSubmatchIndex(doc[at[1]:]); m != nil {
			s.to = at[1] + m[1]
			s.lang, s.shown = doc[at[1]+m[2]:at[1]+m[3]], doc[at[1]+m[4]:at[1]+m[5]]
		}
		out = append(out, s)
	}
	return out
}

// What differs from one run to the next. Equal ids are equal in both, so that they are numbered in their order.
var (
	anID   = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	varies = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z|lec_[\w-]+|\b[0-9a-f]{32}\b|(?:"csrf_token": "|lectern_session=)[\w-]+`)
)

// normal is the text of steps without what differs from one run to the next.
func normal(outputs []string) string {
	numbers := map[string]int{}
	text := anID.ReplaceAllStringFunc(strings.Join(outputs, "\n--\n"), func(id string) string {
		if numbers[id] == 0 {
			numbers[id] = len(numbers) + 1
		}
		return fmt.Sprintf("id %d", numbers[id])
	})
	return varies.ReplaceAllString(text, "…")
}

// A page is a session at a shell: each script in it runs, in order, and prints what stands below it.
func TestThePagesOfTheAdminAPIAreTrue(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skipf("needs %s", tool)
		}
	}
	binary := built(t)
	for _, page := range adminDocs {
		t.Run(filepath.Base(page), func(t *testing.T) { isTrue(t, page, binary) })
	}
}

// isTrue fails unless a page shows what is so.
func isTrue(t *testing.T, page, binary string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	steps := stepsOf(doc)
	got := play(t, steps, binary)
	if *update {
		writeAnswers(t, page, doc, steps, got)
		return
	}
	shown := make([]string, len(steps))
	for i, s := range steps {
		shown[i], got[i] = s.code+s.shown, s.code+got[i]
	}
	if diff := cmp.Diff(normal(shown), normal(got)); diff != "" {
		t.Errorf("what the page shows, and what is so (-shown +got; -update writes it):\n%s", diff)
	}
}

// built is the file of a Lectern that was built for the test.
func built(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lectern")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=") // a plain binary, whatever flags the tests have
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// play runs the steps beside a server of the sample course, in one shell, and gives what each prints.
func play(t *testing.T, steps []step, binary string) []string {
	t.Helper()
	home := t.TempDir()
	data := filepath.Join(home, "lectern-data")
	url := servingBinary(t, binary, data)
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	for _, s := range steps {
		script.WriteString(strings.ReplaceAll(s.code, addressShown, url) + "printf '\\036'\n")
	}
	var out, problems bytes.Buffer
	bash := exec.CommandContext(t.Context(), "bash", "-s")
	bash.Stdin, bash.Stdout, bash.Stderr = strings.NewReader(script.String()), &out, &problems
	bash.Dir = home
	bash.Env = append(os.Environ(), "LECTERN_DATA="+data, "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"))
	err := bash.Run()
	shown := strings.NewReplacer(url, addressShown, "\r\n", "\n").Replace(out.String()) // lines of headers end in CRLF
	outputs := strings.Split(shown, "\036")
	if err != nil || problems.Len() > 0 {
		at := len(outputs) - 1
		t.Fatalf("step %d: %v: %s%s\n%s", at, err, problems.String(), outputs[at], steps[min(at, len(steps)-1)].code)
	}
	return outputs[:len(steps)]
}

// servingBinary starts a built Lectern on its sample course until the test ends.
func servingBinary(t *testing.T, binary, data string) (url string) {
	t.Helper()
	addr := freeAddr(t)
	cmd := exec.CommandContext(t.Context(), binary, "serve", "--sample")
	cmd.Env = append(os.Environ(), "LECTERN_ADDR="+addr, "LECTERN_DATA="+data, "LECTERN_LOG_LEVEL=error")
	var log bytes.Buffer
	cmd.Stderr = &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Wait() // it is told to end with the context of the test
		if log.Len() > 0 {
			t.Errorf("the server's log: %s", log.String())
		}
	})
	eventually(t, "the server answers", func() bool {
		status, _, err := get("http://" + addr + "/healthz")
		return err == nil && status == 200
	})
	return "http://" + addr
}

// writeAnswers puts what the steps printed into the document.
func writeAnswers(t *testing.T, page, doc string, steps []step, got []string) {
	t.Helper()
	var b strings.Builder
	at := 0
	for i, s := range steps {
		b.WriteString(doc[at:s.from])
		at = s.to
		if got[i] == "" {
			continue
		}
		lang := s.lang
		if lang == "" {
			lang = "json"
		}
		fmt.Fprintf(&b, "\n```%s\n%s\n```\n", lang, strings.TrimSuffix(got[i], "\n"))
	}
	b.WriteString(doc[at:])
	if err := os.WriteFile(page, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
