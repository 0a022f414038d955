package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// get reads the body of an answer of a server under measurement.
func get(ctx context.Context, url string) ([]byte, error) {
	a, err := getAnswer(ctx, url, nil)
	return a.Body, err
}

// answer is what a server says to a request.
type answer struct {
	Header    map[string]string // without what each server adds by itself
	Unchanged map[string]string // the same of the answer to who has the body
	Body      []byte
}

// ownFields are header fields that the bare server has in any case.
var ownFields = []string{"Date", "Content-Length", "Content-Type"}

func getAnswer(ctx context.Context, url string, headers map[string]string) (a answer, err error) {
	res, err := ask(ctx, url, headers)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	a.Header = fieldsOf(res)
	a.Body, err = io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.500s", url, res.Status, a.Body)
	}
	return a, err
}

// getUnchanged reads the header fields of a 304.
func getUnchanged(ctx context.Context, url string) (map[string]string, error) {
	res, err := ask(ctx, url, map[string]string{"If-None-Match": "*"})
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusNotModified {
		err = fmt.Errorf("%s: %s, want a 304", url, res.Status)
	}
	return fieldsOf(res), errors.Join(err, res.Body.Close())
}

func ask(ctx context.Context, url string, headers map[string]string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	return http.DefaultClient.Do(req)
}

func fieldsOf(res *http.Response) map[string]string {
	out := map[string]string{}
	for name, values := range res.Header {
		if !slices.Contains(ownFields, name) {
			out[name] = strings.Join(values, ", ")
		}
	}
	return out
}

func getJSON(ctx context.Context, url string, into any) error {
	data, err := get(ctx, url)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into, json.MatchCaseInsensitiveNames(true))
}
