package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/bench/corpus"
	"github.com/lectern-cms/lectern/models"
)

// doer makes requests.
type doer interface {
	Do(req *fasthttp.Request, res *fasthttp.Response) error
}

// site is a server whose sections are edited, and what its readers must see. Each save of a section writes a number into its
// summary, one more than the last; what a publish was answered for must be in every answer that is asked for after that.
type site struct {
	base, token    string
	p              picker
	edited         []*editedSection
	byID           map[models.ID]*editedSection
	checked, stale atomic.Int64
}

// editedSection is a section that is saved and published, by one at a time.
type editedSection struct {
	sync.Mutex
	n         int
	saved     int64        // the number in the draft
	version   string       // ETag of the draft
	published atomic.Int64 // the number that readers must see, at least
}

// newSite chooses the first sections to be edited: lists of their modules show many of them at once.
func newSite(base, token string, p picker, edited int) *site {
	s := &site{base: base, token: token, p: p, byID: map[models.ID]*editedSection{}}
	for n := range min(edited, p.Sections()) {
		e := &editedSection{n: n + 1, version: `"1"`}
		s.edited = append(s.edited, e)
		s.byID[corpus.ID(models.KindSection, e.n)] = e
	}
	return s
}

// counter is the number that a save writes into a summary.
var counter = regexp.MustCompile(`^Save (\d+)\.`)

// write saves a section, or publishes the one that was saved before, which the caller keeps. It does nothing when somebody else is
// at work on the section that it picks.
func (s *site) write(client doer, random *rand.Rand, before *editedSection) (saved *editedSection, done bool, err error) {
	if before != nil {
		before.Lock()
		defer before.Unlock()
		return nil, true, s.publish(client, before)
	}
	e := s.edited[random.IntN(len(s.edited))]
	if !e.TryLock() {
		return nil, false, nil
	}
	defer e.Unlock()
	return e, true, s.save(client, e)
}

func (s *site) save(client doer, e *editedSection) error {
	res, err := s.admin(client, http.MethodPatch, e, "", map[string]string{
		fasthttp.HeaderIfMatch: e.version, fasthttp.HeaderContentType: "application/merge-patch+json",
	}, fmt.Sprintf(`{"summary": "Save %d."}`, e.saved+1))
	if err != nil {
		return err
	}
	e.saved++
	e.version = string(res.Header.Peek(fasthttp.HeaderETag))
	return nil
}

func (s *site) publish(client doer, e *editedSection) error {
	_, err := s.admin(client, http.MethodPost, e, "/publish", map[string]string{fasthttp.HeaderContentType: "application/json"}, `{}`)
	if err == nil {
		e.published.Store(e.saved)
	}
	return err
}

func (s *site) admin(client doer, method string, e *editedSection, action string, headers map[string]string, body string) (*fasthttp.Response, error) {
	var req fasthttp.Request
	res := new(fasthttp.Response)
	req.SetRequestURI(fmt.Sprintf("%s/v1/admin/sections/%s%s", s.base, corpus.ID(models.KindSection, e.n), action))
	req.Header.SetMethod(method)
	req.Header.Set(fasthttp.HeaderAuthorization, "Bearer "+s.token)
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	req.SetBodyString(body)
	err := client.Do(&req, res)
	if err == nil && res.StatusCode() != http.StatusOK {
		err = fmt.Errorf("%s %s: status %d: %.500s", method, req.URI().Path(), res.StatusCode(), res.Body())
	}
	return res, err
}

// errStale says that a reader saw what was not there any more.
var errStale = errors.New("an answer is out of date")

// read reads a section, a section with its relations or a list, mostly of those that are edited, and looks whether it is new enough.
func (s *site) read(client doer, random *rand.Rand) error {
	keys := []string{"slug", "relations", "list"}
	n := 1 + random.IntN(len(s.edited))
	if random.IntN(4) == 0 {
		n = 1 + random.IntN(s.p.Sections())
	}
	path, err := fillIn(lecternReads()[keys[random.IntN(len(keys))]], s.p.section(n))
	if err != nil {
		return err
	}
	least := s.atLeast() // before the request begins
	var req fasthttp.Request
	var res fasthttp.Response
	req.SetRequestURI(s.base + path)
	if err := client.Do(&req, &res); err != nil {
		return err
	}
	if res.StatusCode() != http.StatusOK {
		return fmt.Errorf("%s: status %d: %.500s", path, res.StatusCode(), res.Body())
	}
	return s.judge(path, res.Body(), least)
}

// atLeast are the numbers that readers must see from now on.
func (s *site) atLeast() []int64 {
	out := make([]int64, len(s.edited))
	for i, e := range s.edited {
		out[i] = e.published.Load()
	}
	return out
}

// judge compares an answer with the numbers that must be in it.
func (s *site) judge(path string, body []byte, least []int64) error {
	var answer struct {
		Data sections `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, got := range answer.Data {
		e := s.byID[got.ID]
		if e == nil {
			continue
		}
		s.checked.Add(1)
		seen := int64(0)
		if m := counter.FindStringSubmatch(got.Summary); m != nil {
			seen, _ = strconv.ParseInt(m[1], 10, 64) // the expression lets only digits through
		}
		if seen < least[e.n-1] {
			s.stale.Add(1)
			return fmt.Errorf("%w: %s has save %d of section %d, and save %d was published before it was asked for", errStale, path, seen, e.n, least[e.n-1])
		}
	}
	return nil
}

// sections are the data of an answer: one section, or a list of them.
type sections []struct {
	ID      models.ID `json:"id"`
	Summary string    `json:"summary"`
}

// UnmarshalJSON reads either.
func (s *sections) UnmarshalJSON(data []byte) error {
	type many sections
	if data[0] == '[' {
		return json.Unmarshal(data, (*many)(s))
	}
	*s = make(sections, 1)
	return json.Unmarshal(data, &(*s)[0])
}
