package main

import (
	"context"
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
	Header map[string]string // without what each server adds by itself
	Body   []byte
}

// ownFields are header fields that the bare server has in any case.
var ownFields = []string{"Date", "Content-Length", "Content-Type"}

func getAnswer(ctx context.Context, url string, headers map[string]string) (a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return a, err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	a.Header = map[string]string{}
	for name, values := range res.Header {
		if !slices.Contains(ownFields, name) {
			a.Header[name] = strings.Join(values, ", ")
		}
	}
	a.Body, err = io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.500s", url, res.Status, a.Body)
	}
	return a, err
}

func getJSON(ctx context.Context, url string, into any) error {
	data, err := get(ctx, url)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into, json.MatchCaseInsensitiveNames(true))
}
