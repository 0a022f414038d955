package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lectern-cms/lectern/models"
)

// FuzzMeilisearchAnswers checks that the reader of answers to searches takes what encoding/json takes, finds the same in it,
// and gives raw values that are JSON.
func FuzzMeilisearchAnswers(f *testing.F) {
	byName := cmpopts.SortSlices(func(a, b rawMember) bool { return a.name < b.name }) // a map has no order
	for _, seed := range []string{
		`{"results": [
			{"indexUid": "lectern", "hits": [{"revision": 7}], "query": "", "processingTimeMs": 0, "limit": 1, "offset": 0, "estimatedTotalHits": 1},
			{"indexUid": "lectern", "hits": [
				{"key": "section-1-en", "id": "1", "type": ["section"], "title": "Wärme \"im\" Topf \u2014 \ud83e\uded6", "stems": "warm pot", "length": 2.5, "group": null},
				{"key": "section-2-en", "id": "2", "type": ["section"], "extra": {"level": ["easy", {"since": -1e-3}]}, "draft": false}
			], "query": "pot", "hitsPerPage": 20, "page": 1, "totalPages": 3, "totalHits": 57, "facetDistribution": {"level": {"easy": 40, "hard": 17}, "tag": {}}, "facetStats": {}}
		], "more": [{}, null, true]}`,
		`{"results":[{"hits":[],"totalHits":0}]}`,
		`{"results":[]}`,
		`{}`,
		``,
		// cut off
		`{"results":[{"hits":[{"key":"section-1`,
		`{"results":[{"hits":[{"key":`,
		`{"results":[{"hits":[{}],"totalHits":1`,
		`{"results":[`,
		// more than an answer
		`{"results":[]}{"results":[]}`,
		`{"results":[]} ]`,
		"{\"results\":[]}\n",
		// wrong types
		`[]`,
		`null`,
		`{"results":null}`,
		`{"results":{"hits":[]}}`,
		`{"results":[[]]}`,
		`{"results":[{"hits":{}}]}`,
		`{"results":[{"hits":[1]}]}`,
		`{"results":[{"totalHits":"1"}]}`,
		`{"results":[{"totalHits":1.5}]}`,
		`{"results":[{"totalHits":9223372036854775808}]}`,
		`{"results":[{"totalHits":null,"facetDistribution":[]}]}`,
		// duplicated members, and others that are nearly the same
		`{"results":[],"results":[{}]}`,
		`{"results":[{"hits":[{"key":1,"key":2}]}]}`,
		`{"results":[{"totalHits":1,"facetDistribution":{"tag":{"a":1,"\u0061":2}}}]}`,
		`{"results":[{"totalHits":1,"TotalHits":2,"total\u0048its ":3}],"Results":[]}`,
		// texts that are none
		"{\"results\":[{\"hits\":[{\"key\":\"\xff\"}]}]}",
		`{"results":[{"hits":[{"\ud800":1}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		got, err := readAnswers(data)
		if !bytes.Equal(data, before) {
			t.Errorf("%q became %q", before, data)
		}
		want, wantErr := readPlainly(before)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, but encoding/json says %v", data, err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(meiliAnswer{}, rawMember{}), byName, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: as encoding/json reads it -, as it was read +\n%s", data, diff)
		}
		for _, r := range got {
			if r.facets != nil && !json.Valid(r.facets) {
				t.Errorf("%q: the facets are %q", data, r.facets)
			}
			for _, hit := range r.hits {
				for _, m := range hit {
					if !json.Valid(m.value) {
						t.Errorf("%q: %q of a hit is %q", data, m.name, m.value)
					}
				}
			}
		}
	})
}

// readPlainly reads an answer step by step. Unlike encoding/json, which is used for it, it does not let pass names that come
// twice, texts that are not UTF-8, and null for lists and objects.
func readPlainly(data []byte) (answers []meiliAnswer, err error) {
	if !jsontext.Value(data).IsValid() {
		return nil, errors.New("it is no valid JSON")
	}
	top, err := plain[map[string]json.RawMessage](data)
	if err != nil {
		return nil, err
	}
	results, err := plain[[]map[string]json.RawMessage](top["results"])
	if err != nil {
		return nil, err
	}
	for _, result := range results {
		if result == nil {
			return nil, errNull
		}
		answer := meiliAnswer{facets: result["facetDistribution"]}
		if raw, ok := result["hits"]; ok {
			hits, err := plain[[]map[string]json.RawMessage](raw)
			if err != nil {
				return nil, err
			}
			for _, hit := range hits {
				if hit == nil {
					return nil, errNull
				}
				raw := rawHit{}
				for name, value := range hit {
					raw = append(raw, rawMember{name, value})
				}
				answer.hits = append(answer.hits, raw)
			}
		}
		if raw, ok := result["totalHits"]; ok {
			if err := json.Unmarshal(raw, &answer.total); err != nil {
				return nil, err
			}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

var errNull = errors.New("there is null")

func plain[T any](raw json.RawMessage) (v T, err error) {
	if string(bytes.TrimSpace(raw)) == "null" {
		return v, errNull
	}
	return v, json.Unmarshal(raw, &v)
}

func TestHitsAreRead(t *testing.T) {
	answers, err := readAnswers([]byte(`{"results": [
		{"hits": [{"key": "section-1", "type": ["section"], "id": "1", "analysis": "en", "length": 12, "stems": "3 map ;", "title": "A \"map\" \u2014 1", "group": "m1"}]},
		{"hits": [{"key": "section-1", "type": ["section"], "id": "1"}, {"key": "asset-2", "type": ["asset", "section"], "id": "2", "title": null, "extra": {}}, {"key": "none", "type": []}]}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := hitsIn(answers)
	if err != nil {
		t.Fatal(err)
	}
	want := []meiliHit{
		{key: "section-1", kind: models.KindSection, id: "1", analysis: "en", length: 12, stems: []byte("3 map ;"), title: `A "map" — 1`, group: "m1"},
		{key: "asset-2", kind: models.KindAsset, id: "2"}, {key: "none"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(meiliHit{})); diff != "" {
		t.Errorf("hits as wanted -, as read +\n%s", diff)
	}
	for _, wrong := range []string{`"key": 1`, `"type": [1]`, `"type": 1`, `"length": 1.5`, `"length": "1"`, `"length": null`, `"stems": ["a"]`, `"title": {}`, `"group": true`} {
		name, value, _ := strings.Cut(wrong, ": ")
		name = strings.Trim(name, `"`)
		if got, err := foundIn(rawHit{{name, json.RawMessage(value)}}); err == nil || !strings.Contains(err.Error(), "read "+name+" of a hit") {
			t.Errorf("%s is read as %+v, error %v, want one that names it", wrong, got, err)
		}
	}
}
