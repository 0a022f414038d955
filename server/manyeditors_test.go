package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
)

// crowd is many people who edit the sections of one module at once, and others who read it.
type crowd struct {
	*site
	client   *http.Client // without the checks of the contract, which take longer than the server
	module   string
	sections []string
	people   []*member
	done     atomic.Bool
	refused  atomic.Int64 // saves of versions that were not the newest
}

// member is one of the crowd. What they note was acknowledged by the server.
type member struct {
	number      int
	name, token string
	saves       []saved
	took        []time.Duration
}

// saved is a save that the server has acknowledged.
type saved struct {
	section string
	version int
	mark    string
}

const crowdSize = 64

// usualTimeout is the time for the work of a request where nothing else is set: people who save must not be sent away.
const usualTimeout = 10 * time.Second

// newCrowd makes a course with a module of a few sections, so that people get into each other's way.
func newCrowd(t *testing.T, change func(*Config)) *crowd {
	s := newSite(t, change)
	c := &crowd{site: s, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * crowdSize}}}
	t.Cleanup(c.client.CloseIdleConnections)
	v := s.owner()
	made := func(records, format string, args ...any) string {
		return v.send(http.MethodPost, "/v1/admin/"+records, fmt.Sprintf(format, args...)).want(t, http.StatusCreated).object(t).text("id")
	}
	course := made("courses", `{"title": "Tides", "language": "en"}`)
	c.module = made("modules", `{"course_id": %q, "title": "Moon"}`, course)
	for i := range 16 {
		c.sections = append(c.sections, made("sections", `{"module_id": %q, "title": "Part %d", "summary": "0"}`, c.module, i))
	}
	v.send(http.MethodPost, "/v1/admin/modules/"+c.module+"/publish", `{}`).want(t, http.StatusOK)
	for i := range crowdSize {
		u := s.adds(fmt.Sprintf("editor%d", i), access.Grant{Role: access.Editor})
		token := s.tokenFor(u, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead, access.ContentWrite, access.CanPublish}}).token
		c.people = append(c.people, &member{number: i, name: u.Name, token: token})
	}
	return c
}

// ask sends a request and reads the answer.
func (c *crowd) ask(p *member, method, path, body string, version int) (status int, answer []byte, err error) {
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch && !strings.HasSuffix(path, "/blocks") {
		req.Header.Set("Content-Type", mimeMergePatch)
	}
	if version > 0 {
		req.Header.Set("If-Match", strconv.Quote(strconv.Itoa(version)))
	}
	res, err := c.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// edit makes one save: it reads, changes what it has read, and begins anew when somebody was faster.
func (c *crowd) edit(p *member, n int) error {
	section := c.sections[(p.number+n)%len(c.sections)]
	path := "/v1/admin/sections/" + section
	mark := fmt.Sprintf("%s, save %d", p.name, n)
	for {
		status, answer, err := c.ask(p, http.MethodGet, path, "", 0)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("read: %d %s %w", status, answer, err)
		}
		var read struct {
			Data struct {
				Version int
				Summary string
			}
		}
		if err := json.Unmarshal(answer, &read); err != nil {
			return err
		}
		count, err := strconv.Atoi(read.Data.Summary)
		if err != nil {
			return err
		}
		to, body := path, fmt.Sprintf(`{"summary": "%d"}`, count+1) // lost when two count on from the same number
		if n%2 == 1 {
			to, body = path+"/blocks", fmt.Sprintf(`[{"op": "insert", "before": null, "block": {"kind": "paragraph", "text": %q}}]`, mark)
		}
		begin := time.Now()
		status, answer, err = c.ask(p, http.MethodPatch, to, body, read.Data.Version)
		took := time.Since(begin)
		switch {
		case err != nil:
			return err
		case status == http.StatusPreconditionFailed:
			c.refused.Add(1)
			continue
		case status != http.StatusOK:
			return fmt.Errorf("save: %d %s", status, answer)
		}
		done := saved{section: section, version: read.Data.Version + 1}
		if n%2 == 1 {
			done.mark = mark
		}
		p.saves, p.took = append(p.saves, done), append(p.took, took)
		return nil
	}
}

// read looks at what editors change, as reader and as editor, until they are done.
func (c *crowd) read(p *member) error {
	paths := []string{"/v1/sections/" + c.sections[0], "/v1/modules/" + c.module, "/v1/admin/sections/" + c.sections[1], "/v1/admin/sections?limit=20"}
	for n := 0; !c.done.Load(); n++ {
		status, answer, err := c.ask(p, http.MethodGet, paths[n%len(paths)], "", 0)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("a reader got %d %s %w", status, answer, err)
		}
		time.Sleep(readerPause)
	}
	return nil
}

// readerPause is what a reader takes to look at an answer. Without it the readers alone fill a machine.
const readerPause = 50 * time.Millisecond

// Sixty-four people edit one module at once, while others read it and one publishes it again and again: each save that
// was acknowledged is in history under the name of who made it, and in the end all of them are there.
func TestManyEditorsLoseNoSave(t *testing.T) {
	full := proof.Full()
	c := newCrowd(t, func(cfg *Config) {
		if full {
			cfg.RequestTimeout = usualTimeout
		}
	})
	more := func(n int) bool { return n < 2 }
	if full {
		end := time.Now().Add(time.Minute)
		more = func(int) bool { return time.Now().Before(end) }
	}
	var editing, reading sync.WaitGroup
	fails := func(err error) {
		if err != nil {
			t.Error(err)
			c.done.Store(true)
		}
	}
	for _, p := range c.people {
		editing.Go(func() {
			for n := 0; more(n) && !c.done.Load(); n++ {
				fails(c.edit(p, n))
			}
		})
		reading.Go(func() { fails(c.read(p)) })
	}
	reading.Go(func() {
		for !c.done.Load() {
			status, answer, err := c.ask(c.people[0], http.MethodPost, "/v1/admin/modules/"+c.module+"/publish", `{}`, 0)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("publish: %d %s", status, answer)
			}
			fails(err)
			time.Sleep(readerPause)
		}
	})
	editing.Wait()
	c.done.Store(true)
	reading.Wait()
	c.wantAll(t)
}

// wantAll compares what was acknowledged with history and with the drafts.
func (c *crowd) wantAll(t *testing.T) {
	t.Helper()
	authors := map[string]map[int]string{}
	marks := map[string][]string{}
	counted := map[string]int{}
	var took []time.Duration
	for _, p := range c.people {
		took = append(took, p.took...)
		for _, s := range p.saves {
			if authors[s.section] == nil {
				authors[s.section] = map[int]string{}
			}
			if other := authors[s.section][s.version]; other != "" {
				t.Errorf("version %d of %s is of %s and of %s", s.version, s.section, other, p.name)
			}
			authors[s.section][s.version] = p.name
			if s.mark == "" {
				counted[s.section]++
			} else {
				marks[s.section] = append(marks[s.section], s.mark)
			}
		}
	}
	for _, id := range c.sections {
		revisions, err := c.content.Revisions(t.Context(), models.ID(id))
		check(t, err)
		if len(revisions) != len(authors[id])+1 {
			t.Errorf("%s has %d revisions, and %d saves", id, len(revisions), len(authors[id]))
		}
		for _, r := range revisions {
			if r.Version > 1 && (authors[id][int(r.Version)] != r.Author || r.Parent == nil || *r.Parent != r.Version-1) {
				t.Errorf("version %d of %s is of %q, want %q", r.Version, id, r.Author, authors[id][int(r.Version)])
			}
		}
		d, err := c.content.Draft(t.Context(), models.Ref{Type: models.KindSection, ID: models.ID(id)})
		check(t, err)
		section := d.(*models.Section)
		if string(section.Summary) != strconv.Itoa(counted[id]) {
			t.Errorf("%s counted to %s, want %d", id, section.Summary, counted[id])
		}
		var there []string
		for _, b := range section.Blocks {
			there = append(there, string(b.(*models.Paragraph).Text))
		}
		slices.Sort(there)
		slices.Sort(marks[id])
		if !slices.Equal(there, marks[id]) {
			t.Errorf("%s has %q, want %q", id, there, marks[id])
		}
	}
	if failed := c.log.with("request failed"); len(failed) > 0 {
		t.Errorf("the server failed: %v", failed)
	}
	if len(took) == 0 {
		t.Fatal("nobody saved anything")
	}
	slices.Sort(took)
	t.Logf("%d saves of %d people, %d refused; p50 %s, p99 %s, longest %s", len(took), len(c.people), c.refused.Load(),
		took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
}
