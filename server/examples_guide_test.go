package server

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/web/docs"
)

const guideFolder = "../web/docs/guide"

// anExample is a request in a text of the guide, with the arrangement that it needs, and its answer. The answer to
// curl -i or -I is http, and json to others.
var anExample = regexp.MustCompile("(?s)```sh ?([a-z-]*)\n(curl .*?)```\n+```(json|http)\n(.*?)```")

// Every request that the guide shows has an answer beside it, which is the one that the sample course gives.
func TestExamplesOfTheGuide(t *testing.T) {
	files, err := filepath.Glob(guideFolder + "/*.md")
	check(t, err)
	sites, found := newExampleSites(t), 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		check(t, err)
		text, examples := string(data), anExample.FindAllStringSubmatch(string(data), -1)
		last := "" // answer
		if n := strings.Count(text, "```sh"); n != len(examples) {
			t.Errorf("%s: %d requests, and %d with an answer", file, n, len(examples))
		}
		for _, e := range examples {
			found++
			request := followedUp(e[2], last)
			x, err := parseCurl(request)
			if err != nil {
				t.Fatalf("%s: %s: %v", file, request, err)
			}
			if whole := strings.Contains(request, " -i ") || x.method == http.MethodHead; whole != (e[3] == "http") {
				t.Errorf("%s: %s does not show what curl shows", file, request)
			}
			x.with = arrangement(e[1])
			last = shownAnswer(t, x, sites.ask(x), e[3])
			want := strings.Replace(strings.TrimSuffix(e[0], e[4]+"```"), e[2], request, 1) + last + "```"
			if *update {
				text = strings.Replace(text, e[0], want, 1)
			} else if diff := cmp.Diff(e[0], want); diff != "" {
				t.Errorf("%s: guide -, sample + (make examples writes it)\n%s", file, diff)
			}
		}
		if *update {
			check(t, os.WriteFile(file, []byte(text), 0o600))
		}
	}
	if found < 30 {
		t.Errorf("the guide has %d examples", found)
	}
}

// What a request takes from the answer before it: its ETag, and its cursor.
var (
	aTagSent  = regexp.MustCompile(`If-None-Match: "[^"]*"`)
	aTagGiven = regexp.MustCompile(`ETag: ("[^"]*")`)
	aNext     = regexp.MustCompile(`"next": "[^"]*\b(after=[A-Za-z0-9_-]+)`)
)

// followedUp is a request with what it takes from the answer before it.
func followedUp(request, answer string) string {
	if tag := aTagGiven.FindStringSubmatch(answer); tag != nil {
		request = aTagSent.ReplaceAllLiteralString(request, "If-None-Match: "+tag[1])
	}
	if next := aNext.FindStringSubmatch(answer); next != nil {
		request = aCursor.ReplaceAllLiteralString(request, next[1])
	}
	return request
}

// shownHeaders are the headers that examples show, in this order: the others are the same everywhere.
var shownHeaders = []string{
	"Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Lectern-Revision", "Cache-Control", "Cache-Tag", "Vary", "Location", "Allow",
	"Retry-After", "RateLimit", "RateLimit-Policy",
}

// originHeaders are shown besides to requests from pages of an origin.
var originHeaders = []string{"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"}

// shownAnswer is an answer as the guide shows it.
func shownAnswer(t *testing.T, x example, got answer, as string) string {
	t.Helper()
	body := ""
	if strings.HasSuffix(got.header.Get("Content-Type"), "json") && got.body != "" {
		laidOut, err := docs.JSON([]byte(got.body))
		check(t, err)
		body = laidOut + "\n"
	}
	if as == "json" {
		return body
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", got.status, http.StatusText(got.status))
	names := shownHeaders
	if slices.Contains(x.headers, "Origin") {
		names = slices.Concat(names, originHeaders)
	}
	for _, name := range names {
		if v := got.header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	if body != "" {
		b.WriteString("\n" + body)
	}
	return b.String()
}

// What requests send that would fill the page.
const (
	largeFile   = "@film.mp4" // of curl -d
	largeHeader = "$EVERYTHING"
)

var shellWord = regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`)

// parseCurl reads a command line with those options of curl that the guide uses.
func parseCurl(line string) (example, error) {
	var x example
	var words []string
	for _, m := range shellWord.FindAllStringSubmatch(strings.ReplaceAll(line, "\\\n", " "), -1) {
		words = append(words, m[1]+m[2]+m[3])
	}
	globbing := true
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-i":
		case "-g":
			globbing = false
		case "-I":
			x.method = http.MethodHead
		case "--compressed":
			x.headers = append(x.headers, "Accept-Encoding", "deflate, gzip, br, zstd")
		case "-X":
			i++
			x.method = words[i]
		case "-H":
			i++
			name, value, ok := strings.Cut(words[i], ": ")
			if !ok {
				return x, fmt.Errorf("%s is no header", words[i])
			}
			x.headers = append(x.headers, name, strings.ReplaceAll(value, largeHeader, strings.Repeat("x", maxHeader)))
		case "-d":
			i++
			if words[i] != largeFile {
				return x, fmt.Errorf("%s is no file of the guide", words[i])
			}
			x.method, x.size = http.MethodPost, maxBody+1
		default:
			path, ok := strings.CutPrefix(words[i], exampleServer)
			if !ok || x.path != "" || globbing && strings.ContainsAny(path, "[]{}") {
				return x, fmt.Errorf("%s is no address that curl would ask %s for", words[i], exampleServer)
			}
			x.path = path
		}
	}
	return x, nil
}

func TestCommandLinesAreReadAsCurlDoes(t *testing.T) {
	for line, want := range map[string]example{
		"curl 'http://127.0.0.1:8080/v1/courses'":             {path: "/v1/courses"},
		"curl -I \\\n  --compressed http://127.0.0.1:8080/v1": {path: "/v1", method: "HEAD", headers: []string{"Accept-Encoding", "deflate, gzip, br, zstd"}},
		"curl -g -H 'A: \"b\"' 'http://127.0.0.1:8080/?a[b]'": {path: "/?a[b]", headers: []string{"A", `"b"`}},
	} {
		if got, err := parseCurl(line); err != nil || cmp.Diff(want, got, cmp.AllowUnexported(example{})) != "" {
			t.Errorf("%s is %+v, %v", line, got, err)
		}
	}
	for _, line := range []string{"curl 'http://127.0.0.1:8080/?a[b]'", "curl https://example.org/", "curl -H x http://127.0.0.1:8080/"} {
		if got, err := parseCurl(line); err == nil {
			t.Errorf("%s is %+v", line, got)
		}
	}
}
