package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
)

// hotRows are the reads that front ends make most, and their bodies by path.
func hotRows(ctx context.Context, url string, connections []int) ([]*row, map[string][]byte, error) {
	section, err := largestSection(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	module, err := firstModule(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	bodies := map[string][]byte{}
	var rows []*row
	for _, read := range []struct{ name, path string }{
		{"section", section},
		{"section, all included", section + "?include=citations.source,worksheets"},
		{"list of 25 sections", "/v1/sections"},
		{"module tree", module + "/tree"},
	} {
		if bodies[read.path], err = get(ctx, url+read.path); err != nil {
			return nil, nil, err
		}
		for _, n := range connections {
			rows = append(rows, &row{Name: read.name, Path: read.path, Status: http.StatusOK, Bytes: len(bodies[read.path]), Connections: n})
		}
		for _, n := range connections {
			rows = append(rows, &row{Name: read.name + ", 304", Path: read.path, Status: http.StatusNotModified, Connections: n})
		}
	}
	return rows, bodies, nil
}

// largestSection picks the section with the longest answer.
func largestSection(ctx context.Context, url string) (path string, err error) {
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := getJSON(ctx, url+"/v1/sections?limit=100", &list); err != nil {
		return "", err
	}
	most := 0
	for _, s := range list.Data {
		data, err := get(ctx, url+"/v1/sections/"+s.ID)
		if err != nil {
			return "", err
		}
		if len(data) > most {
			path, most = "/v1/sections/"+s.ID, len(data)
		}
	}
	return path, nil
}

// firstModule is a module's address by path.
func firstModule(ctx context.Context, url string) (string, error) {
	var list struct {
		Data []struct {
			Slug   string `json:"slug"`
			Course struct {
				Slug string `json:"slug"`
			} `json:"course"`
		} `json:"data"`
	}
	if err := getJSON(ctx, url+"/v1/modules", &list); err != nil {
		return "", err
	}
	return "/v1/courses/" + list.Data[0].Course.Slug + "/modules/" + list.Data[0].Slug, nil
}

func getJSON(ctx context.Context, url string, into any) error {
	data, err := get(ctx, url)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// startBare starts this program as the bare server.
func startBare(ctx context.Context, dir string, bodies map[string][]byte) (*process, error) {
	data, err := json.Marshal(bodies)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "bodies.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(ctx, self, []string{"-bodies", file, "-bare"}, "/healthz")
}
