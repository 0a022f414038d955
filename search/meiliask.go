package search

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/meilisearch/meilisearch-go"
)

// ask puts several questions to the index as one request; their answers come in the same order.
func (m *Meilisearch) ask(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meiliAnswer, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	for _, q := range queries {
		q.IndexUID = m.uid
	}
	data, err := m.post(ctx, "/multi-search", &meilisearch.MultiSearchRequest{Queries: queries})
	if err != nil {
		return nil, unbuilt(explain(ctx, err))
	}
	answers, err := readAnswers(data)
	if err != nil {
		return nil, err
	}
	if len(answers) != len(queries) {
		return nil, fmt.Errorf("Meilisearch gives %d answers to %d questions", len(answers), len(queries))
	}
	return answers, nil
}

// fetch gives a page of documents. It fails with errNoIndex where there is no index.
func (m *Meilisearch) fetch(ctx context.Context, page *meilisearch.DocumentsQuery) ([]rawHit, error) {
	data, err := m.post(ctx, "/indexes/"+m.uid+"/documents/fetch", page)
	if err != nil {
		return nil, explain(ctx, err)
	}
	return readDocuments(data)
}

// post asks as the client would, and gives the answer as it came. The client copies answers while they grow and once more
// for an error to hold; to those of searches, some hundred KB each, that does as much as to understand them.
func (m *Meilisearch) post(ctx context.Context, path string, question any) ([]byte, error) {
	body, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if m.key != "" {
		req.Header.Set("Authorization", "Bearer "+m.key)
	}
	res, err := m.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer bytes.Buffer
	answer.Grow(int(min(max(res.ContentLength, 0), maxAnswerRoom)) + bytes.MinRead) // what is read last finds the end
	if _, err := answer.ReadFrom(res.Body); err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		failed := &meilisearch.Error{StatusCode: res.StatusCode}
		failed.ErrorBody(answer.Bytes())
		return nil, failed
	}
	return answer.Bytes(), nil
}

// maxAnswerRoom bounds, in bytes, the room that is made for an answer before it comes. Larger ones are still read.
const maxAnswerRoom = 16 << 20

// askState asks for the state of the index.
func askState() *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{Filter: equals(fieldKey, stateKey), Limit: 1, AttributesToRetrieve: []string{"revision"}}
}

// counting asks how many documents fulfil an expression.
func counting(expression string) *meilisearch.SearchRequest {
	none := int64(0)
	return &meilisearch.SearchRequest{Filter: expression, HitsPerPage: &none}
}

// listing asks for the documents that fulfil an expression, up to a limit above 0: the client has no word for none.
func listing(expression string, limit int, fields ...string) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{Filter: expression, Limit: int64(limit), AttributesToRetrieve: fields}
}

// meiliAnswer is what Meilisearch says to one query. Raw values are parts of the answer as it came.
type meiliAnswer struct {
	hits   []rawHit
	total  int             // as counting has it counted
	facets json.RawMessage // values with their counts by facet; nil when none were asked for
}

// rawHit is a document as it came.
type rawHit []rawMember

type rawMember struct {
	name  string
	value json.RawMessage
}

// member gives the value of a member, nil where there is none.
func (h rawHit) member(name string) json.RawMessage {
	for _, m := range h {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// readAnswers reads the answers to several queries. They are large, nearly all of it texts, and are read in one pass,
// without copies: to keep a hit is to keep them all.
func readAnswers(data []byte) ([]meiliAnswer, error) {
	return readResults(data, answerReader.answer)
}

// readDocuments reads a page of documents.
func readDocuments(data []byte) ([]rawHit, error) {
	return readResults(data, answerReader.hit)
}

func readResults[T any](data []byte, read func(answerReader) (T, error)) (all []T, err error) {
	r := newAnswerReader(data)
	err = r.results(func() error {
		one, err := read(r)
		all = append(all, one)
		return err
	})
	return all, err
}

// answerReader goes through an answer.
type answerReader struct {
	dec  *jsontext.Decoder
	data []byte
}

func newAnswerReader(data []byte) answerReader {
	return answerReader{jsontext.NewDecoder(bytes.NewBuffer(data)), data}
}

// results reads a whole answer: each is called to read one of its results.
func (r answerReader) results(each func() error) error {
	found := false
	err := r.object(func(name string) error {
		if name != "results" {
			return r.dec.SkipValue()
		}
		found = true
		return r.array(each)
	})
	if err == nil && !found {
		err = errors.New("it has no results")
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return fmt.Errorf("read an answer of Meilisearch: %w", err)
	}
	return nil
}

// answer reads what is needed of the answer to one query.
func (r answerReader) answer() (answer meiliAnswer, err error) {
	err = r.object(func(name string) error {
		switch name {
		case "hits":
			return r.array(func() error {
				hit, err := r.hit()
				answer.hits = append(answer.hits, hit)
				return err
			})
		case "totalHits":
			raw, err := r.value()
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, &answer.total)
		case "facetDistribution":
			answer.facets, err = r.value()
			return err
		}
		return r.dec.SkipValue()
	})
	return answer, err
}

func (r answerReader) hit() (rawHit, error) {
	hit := make(rawHit, 0, hitMembers)
	err := r.object(func(name string) error {
		value, err := r.value()
		hit = append(hit, rawMember{name, value})
		return err
	})
	return hit, err
}

// hitMembers is how many members most hits have.
const hitMembers = 8

// value reads a value as it stands in the answer. The decoder's own may be written over.
func (r answerReader) value() (json.RawMessage, error) {
	v, err := r.dec.ReadValue()
	end := r.dec.InputOffset()
	return json.RawMessage(r.data[end-int64(len(v)) : end]), err
}

// object reads an object: each is called to read the value of a member.
func (r answerReader) object(each func(name string) error) error {
	if err := r.begin('{'); err != nil {
		return err
	}
	for r.dec.PeekKind() == '"' {
		name, err := r.dec.ReadToken()
		if err == nil {
			err = each(name.String())
		}
		if err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// array reads an array: each is called to read an element.
func (r answerReader) array(each func() error) error {
	if err := r.begin('['); err != nil {
		return err
	}
	for kind := r.dec.PeekKind(); kind != ']' && kind != 0; kind = r.dec.PeekKind() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

func (r answerReader) begin(kind jsontext.Kind) error {
	t, err := r.dec.ReadToken()
	if err == nil && t.Kind() != kind {
		err = fmt.Errorf("there is %s where %s should begin", t.Kind(), kind)
	}
	return err
}

// end makes sure that nothing follows.
func (r answerReader) end() error {
	_, err := r.dec.ReadToken()
	switch {
	case err == nil:
		return errors.New("more follows it")
	case errors.Is(err, io.EOF):
		return nil
	}
	return err
}

// hitsIn reads the hits of several answers, each document once.
func hitsIn(answers []meiliAnswer) ([]meiliHit, error) {
	var hits []meiliHit
	seen := make(map[string]bool) // keys as they came: most lists have much in common
	for _, a := range answers {
		for _, hit := range a.hits {
			key := string(hit.member(fieldKey))
			if seen[key] {
				continue
			}
			seen[key] = true
			h, err := foundIn(hit)
			if err != nil {
				return nil, err
			}
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// distributionIn reads the counts of facets.
func distributionIn(answer meiliAnswer) (map[string]map[string]int, error) {
	facets := make(map[string]map[string]int)
	if len(answer.facets) == 0 {
		return facets, nil
	}
	if err := json.Unmarshal(answer.facets, &facets); err != nil {
		return nil, fmt.Errorf("read the facets of an answer: %w", err)
	}
	return facets, nil
}
