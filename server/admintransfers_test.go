package server

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

const soilPage = "---\ntitle: Soil\n---\nSoil is alive.\n\n## Digging\n\nDig it over in autumn.\n"

// zipOf packs files.
func zipOf(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		check(t, err)
		_, err = f.Write([]byte(files[name]))
		check(t, err)
	}
	check(t, w.Close())
	return out.Bytes()
}

// uploads sends an archive, or what is meant to be one.
func (v *visitor) uploads(query, mediaType string, body io.Reader, headers ...string) answer {
	v.t.Helper()
	req, err := http.NewRequestWithContext(wrongly(v.t.Context()), http.MethodPost, v.url+"/v1/admin/imports?"+query, body)
	check(v.t, err)
	req.Header.Set("Content-Type", mediaType)
	v.authorize(req)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return v.site.send(req)
}

// transfers lists the files that imports and exports have on disk.
func (s *site) transfers() (names []string) {
	s.t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, "transfers"))
	check(s.t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// wantFiles fails unless so many archives are on disk.
func (s *site) wantFiles(want int) {
	s.t.Helper()
	if got := s.transfers(); len(got) != want {
		s.t.Errorf("archives on disk are %v, want %d", got, want)
	}
}

func TestAnArchiveIsLookedAtAndThenImported(t *testing.T) {
	s := newSite(t)
	v := s.with("zoe", access.Grant{Role: access.Editor})
	archive := zipOf(t, map[string]string{"garden/soil.md": soilPage})
	got := v.uploads("dry_run=true&publish=true&course=garden&name=garden.zip", "application/zip", bytes.NewReader(archive)).want(t, http.StatusAccepted)
	in := got.object(t)
	at := "/v1/admin/imports/" + in.text("id")
	if got.header.Get("Location") != at || in.text("state") != "waiting" || in.text("name") != "garden.zip" || in["report"] != nil {
		t.Errorf("the import at %s is %s", got.header.Get("Location"), got.body)
	}
	v.send(http.MethodGet, at+"/report", nil).problem(t, http.StatusConflict)
	v.send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusConflict)
	s.works()
	looked := v.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
	totals := looked.object("report").object("totals")
	if looked.text("state") != "done" || looked["dry_run"] != true || totals["pages"] != 1. || looked.object("progress")["done"] != 1. || looked.text("expires_at") == "" {
		t.Errorf("looked at, it is %v", looked)
	}
	if all := v.send(http.MethodGet, "/v1/admin/courses", nil).part(t); len(all.Data) != 0 {
		t.Errorf("the dry run made %v", all.Data)
	}
	page := v.send(http.MethodGet, at+"/report", nil).want(t, http.StatusOK)
	if !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.body, "garden.zip") || strings.Contains(page.body, s.dir) {
		t.Errorf("the report is %s", page.body)
	}
	s.wantFiles(1)

	applied := v.send(http.MethodPost, at+"/apply", nil).want(t, http.StatusAccepted).object(t)
	if applied.text("state") != "waiting" || applied["dry_run"] != false {
		t.Errorf("applied, it is %v", applied)
	}
	v.send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusConflict)
	s.works()
	done := v.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
	if done.text("state") != "done" || done["expires_at"] != nil || done.object("report").object("totals")["published"] == 0. {
		t.Errorf("done, it is %v", done)
	}
	s.get("/v1/courses/garden").want(t, http.StatusOK)
	s.wantFiles(0)
	v.send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusConflict)
	if all := v.send(http.MethodGet, "/v1/admin/imports?limit=1", nil).part(t); len(all.Data) != 1 || all.Data[0]["report"] != nil {
		t.Errorf("the list is %v", all.Data)
	}
	v.send(http.MethodDelete, at, nil).want(t, http.StatusNoContent)
	v.send(http.MethodGet, at, nil).problem(t, http.StatusNotFound)
	s.get("/v1/courses/garden").want(t, http.StatusOK)
	log := s.owner().send(http.MethodGet, "/v1/admin/audit?action=import", nil).want(t, http.StatusOK)
	for _, want := range []string{"import.create", "import.apply", "import.done", "import.discard"} {
		if !strings.Contains(log.body, want) {
			t.Errorf("the audit log lacks %s: %s", want, log.body)
		}
	}
}

func TestADryRunOfDraftsThatHaveChangedIsNotApplied(t *testing.T) {
	s := newSite(t)
	v := s.with("zoe", access.Grant{Role: access.Editor})
	archive := zipOf(t, map[string]string{"garden/soil.md": soilPage})
	at := v.uploads("dry_run=true&course=garden", "application/zip", bytes.NewReader(archive)).want(t, http.StatusAccepted).header.Get("Location")
	s.works()
	v.send(http.MethodPost, "/v1/admin/courses", `{"title": "Garden", "slug": "garden", "language": "en"}`).want(t, http.StatusCreated)
	v.send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusPreconditionFailed)
	s.wantFiles(1)
	s.clock.advance(8 * 24 * time.Hour)
	if p := v.tokenOrSession().send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusConflict); !strings.Contains(p.Detail, "removed") {
		t.Errorf("after a week: %+v", p)
	}
}

// tokenOrSession signs in again: sessions don't last for days.
func (v *visitor) tokenOrSession() *visitor { return v.signsIn(v.user.Login) }

func TestFormsAreArchivesToo(t *testing.T) {
	s := newSite(t)
	v := s.with("zoe", access.Grant{Role: access.Editor})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	check(t, w.WriteField("comment", "not a file"))
	part, err := w.CreateFormFile("file", `C:\site\garden.zip`)
	check(t, err)
	_, err = part.Write(zipOf(t, map[string]string{"garden/soil.md": soilPage}))
	check(t, err)
	check(t, w.Close())
	in := v.uploads("", w.FormDataContentType(), &form).want(t, http.StatusAccepted).object(t)
	if in.text("name") != "garden.zip" {
		t.Errorf("the import is %v", in)
	}
	s.works()
	if got := v.send(http.MethodGet, "/v1/admin/imports/"+in.text("id"), nil).want(t, http.StatusOK).object(t); got.text("state") != "done" {
		t.Errorf("it is %v", got)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	s := newSite(t)
	v, viewer := s.with("zoe", access.Grant{Role: access.Editor}), s.with("vera", access.Grant{Role: access.Viewer})
	archive := zipOf(t, map[string]string{"garden/soil.md": soilPage})
	for name, tt := range map[string]struct {
		who              *visitor
		query, mediaType string
		body             []byte
		status           int
		says             string
	}{
		"from nobody":                      {s.nobody(), "", "application/zip", archive, http.StatusUnauthorized, ""},
		"from those who may not create":    {viewer, "", "application/zip", archive, http.StatusForbidden, "create courses"},
		"no archive":                       {v, "", "application/zip", []byte("words"), http.StatusBadRequest, "neither a zip nor a tar.gz"},
		"nothing":                          {v, "", "application/zip", nil, http.StatusBadRequest, "neither"},
		"JSON":                             {v, "", "application/json", []byte(`{}`), http.StatusUnsupportedMediaType, "application/zip"},
		"a form without a boundary":        {v, "", "multipart/form-data", archive, http.StatusUnsupportedMediaType, ""},
		"a form that is none":              {v, "", "multipart/form-data; boundary=x", archive, http.StatusBadRequest, ""},
		"parameters that are wrong":        {v, "course=No!&dry_run=maybe&kind=stone&name=a/b&x=1", "application/zip", archive, http.StatusBadRequest, "course"},
		"a form without a file":            {v, "", "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n"), http.StatusBadRequest, "has no file"},
		"a body that is compressed, twice": {v, "", "application/zip", archive, http.StatusUnsupportedMediaType, ""},
	} {
		var headers []string
		if strings.HasPrefix(name, "a body") {
			headers = []string{"Content-Encoding", "gzip"}
		}
		got := tt.who.uploads(tt.query, tt.mediaType, bytes.NewReader(tt.body), headers...)
		if p := got.problem(t, tt.status); !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	v.uploads("", "application/zip", bytes.NewReader(archive), "Idempotency-Key", "once").problem(t, http.StatusBadRequest)
	s.wantFiles(0)
	if all := v.send(http.MethodGet, "/v1/admin/imports", nil).part(t); len(all.Data) > 0 {
		t.Errorf("there are %v", all.Data)
	}
}

// A body that nobody read is not taken for another request on the same connection.
func TestARefusedUploadEndsItsConnection(t *testing.T) {
	s := newSite(t)
	for name, head := range map[string]string{
		"an upload":                "POST /v1/admin/imports HTTP/1.1\r\nHost: x\r\nContent-Type: application/zip\r\nContent-Length: %d\r\n\r\n%s",
		"a method that nobody has": "BREW /v1/admin/imports HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s",
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
		check(t, err)
		check(t, conn.SetDeadline(time.Now().Add(requestTimeout)))
		hidden := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
		_, err = fmt.Fprintf(conn, head, len(hidden), hidden)
		check(t, err)
		got, err := io.ReadAll(conn)
		if err != nil || strings.Count(string(got), "HTTP/1.1 ") != 1 || !strings.Contains(string(got), "Connection: close") {
			t.Errorf("%s is answered with %q, %v", name, got, err)
		}
		check(t, conn.Close())
	}
}

func TestAnImportThatFailsSaysWhy(t *testing.T) {
	s := newSite(t)
	v := s.with("zoe", access.Grant{Role: access.Editor})
	broken := zipOf(t, map[string]string{"garden/soil.md": soilPage})
	broken = broken[:len(broken)-10]
	for name, tt := range map[string]struct {
		body []byte
		says string
	}{
		"a damaged archive": {broken, "garden.zip"},
		"without pages":     {zipOf(t, map[string]string{"a.bin": "x"}), "holds no pages"},
	} {
		at := v.uploads("name=garden.zip", "application/zip", bytes.NewReader(tt.body)).want(t, http.StatusAccepted).header.Get("Location")
		s.works()
		got := v.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
		detail := got.object("error").text("detail")
		if got.text("state") != "failed" || !strings.Contains(detail, tt.says) || strings.Contains(detail, s.dir) || got["report"] != nil {
			t.Errorf("%s: %v", name, got)
		}
		v.send(http.MethodPost, at+"/apply", nil).problem(t, http.StatusConflict)
	}
	s.wantFiles(0)
}

// What somebody could import when they asked, they may not be allowed to by the time that it is done.
func TestAnImportIsDoneWithTheGrantsOfThen(t *testing.T) {
	s := newSite(t)
	owner, v := s.owner(), s.with("zoe", access.Grant{Role: access.Editor})
	at := v.uploads("", "application/zip", bytes.NewReader(zipOf(t, map[string]string{"garden/soil.md": soilPage}))).want(t, http.StatusAccepted).header.Get("Location")
	owner.send(http.MethodPatch, "/v1/admin/users/"+string(v.user.ID), `{"disabled": true}`, "If-Match", fmt.Sprintf(`"%d"`, v.user.Version)).want(t, http.StatusOK)
	s.works()
	got := owner.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
	if got.text("state") != "failed" || !strings.Contains(got.object("error").text("detail"), "is disabled") {
		t.Errorf("it is %v", got)
	}
	s.wantFiles(0)
}

func TestImportsAndExportsOfOthers(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	here := access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: l.course.ID}}}
	mine, theirs := s.with("mine", here), s.with("theirs", here)
	body := zipOf(t, map[string]string{"tea/soil.md": soilPage})
	mine.uploads("", "application/zip", bytes.NewReader(body)).problem(t, http.StatusForbidden) // a new course
	in := mine.uploads("course=tea", "application/zip", bytes.NewReader(body)).want(t, http.StatusAccepted).header.Get("Location")
	out := mine.send(http.MethodPost, "/v1/admin/exports", `{"course": "tea", "format": "json"}`).want(t, http.StatusAccepted).header.Get("Location")
	for _, path := range []string{in, out} {
		theirs.send(http.MethodGet, path, nil).problem(t, http.StatusNotFound)
		theirs.send(http.MethodDelete, path, nil).problem(t, http.StatusNotFound)
		owner.send(http.MethodGet, path, nil).want(t, http.StatusOK)
	}
	for _, list := range []string{"/v1/admin/imports", "/v1/admin/exports"} {
		for who, want := range map[*visitor]int{mine: 1, theirs: 0, owner: 1} {
			if got := who.send(http.MethodGet, list, nil).part(t); len(got.Data) != want {
				t.Errorf("%s sees %v in %s", who.user.Login, got.Data, list)
			}
		}
	}
	s.works()
	if got := mine.send(http.MethodGet, in, nil).want(t, http.StatusOK).object(t); got.text("state") != "done" {
		t.Errorf("it is %v", got)
	}
}

// An archive that is an export of one course does not become another one for somebody who may change only that.
func TestAnExportDoesNotLeadOutOfOnesCourse(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	other := owner.send(http.MethodPost, "/v1/admin/courses", `{"title": "Coffee", "language": "en"}`).want(t, http.StatusCreated).object(t)
	at := owner.send(http.MethodPost, "/v1/admin/exports", `{"course": "coffee", "format": "json"}`).want(t, http.StatusAccepted).header.Get("Location")
	s.works()
	archive := owner.send(http.MethodGet, at+"/file", nil).want(t, http.StatusOK).body
	v := s.with("limited", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: l.course.ID}}})
	in := v.uploads("course=tea", "application/zip", strings.NewReader(archive)).want(t, http.StatusAccepted).header.Get("Location")
	s.works()
	got := v.send(http.MethodGet, in, nil).want(t, http.StatusOK).object(t)
	if got.text("state") != "failed" || !strings.Contains(got.object("error").text("detail"), "limited to other courses") {
		t.Errorf("the import of %s is %v", other.text("id"), got)
	}
}

func TestAnExportIsDownloadedForADay(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v := s.with("zoe", access.Grant{Role: access.Editor})
	for _, tt := range []struct {
		body    string
		private bool
		entry   string
	}{
		{`{"course": "tea", "format": "json", "revisions": true}`, true, "manifest.json"},
		{`{"course": "tea", "format": "json", "public": true}`, false, "manifest.json"},
		{`{"course": "` + string(l.course.ID) + `", "format": "markdown"}`, true, "lectern.yml"},
	} {
		got := v.send(http.MethodPost, "/v1/admin/exports", tt.body).want(t, http.StatusAccepted)
		at := got.header.Get("Location")
		if out := got.object(t); out.text("state") != "waiting" || out["file"] != nil {
			t.Errorf("the export is %s", got.body)
		}
		v.send(http.MethodGet, at+"/file", nil).problem(t, http.StatusConflict)
		s.works()
		out := v.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t)
		if out.text("state") != "done" || out.text("file") != at+"/file" || out.text("expires_at") == "" {
			t.Errorf("the export is %v", out)
		}
		file := v.send(http.MethodGet, at+"/file", nil).want(t, http.StatusOK)
		if want := "attachment; filename=" + out.text("name"); file.header.Get("Content-Disposition") != want || file.header.Get("Cache-Control") != "no-store" {
			t.Errorf("the file comes with %v", file.header)
		}
		text := unzipped(t, file.body)
		if strings.Contains(text, private) != tt.private || !strings.Contains(text, tt.entry) {
			t.Errorf("private text in %s: %t", tt.body, !tt.private)
		}
	}
	last := v.send(http.MethodGet, "/v1/admin/exports", nil).part(t).Data[0]
	at := "/v1/admin/exports/" + last.text("id")
	s.wantFiles(3)
	s.clock.advance(25 * time.Hour)
	later := v.tokenOrSession()
	later.send(http.MethodGet, at+"/file", nil).problem(t, http.StatusGone)
	if out := later.send(http.MethodGet, at, nil).want(t, http.StatusOK).object(t); out["file"] != nil {
		t.Errorf("a day later it is %v", out)
	}
	later.send(http.MethodDelete, at, nil).want(t, http.StatusNoContent)
	later.send(http.MethodGet, at+"/file", nil).problem(t, http.StatusNotFound)
	s.wantFiles(2)
}

// unzipped is all that an archive holds: names and text.
func unzipped(t testing.TB, body string) string {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	check(t, err)
	var out strings.Builder
	for _, f := range r.File {
		out.WriteString(f.Name + "\n")
		in, err := f.Open()
		check(t, err)
		_, err = io.Copy(&out, in)
		check(t, err)
	}
	return out.String()
}

func TestExportsThatAreRefused(t *testing.T) {
	s := newSite(t)
	s.teach()
	v, viewer := s.with("zoe", access.Grant{Role: access.Editor}), s.with("vera", access.Grant{Role: access.Viewer})
	for name, tt := range map[string]struct {
		who    *visitor
		body   string
		status int
		says   string
	}{
		"of private fields, by those who may not read them": {viewer, `{"course": "tea", "format": "json"}`, http.StatusForbidden, "read_private"},
		"of no course":                  {v, `{"course": "coffee", "format": "json"}`, http.StatusNotFound, ""},
		"of a course that is not there": {v, `{"course": "` + string(models.NewID()) + `", "format": "json"}`, http.StatusNotFound, ""},
		"of nothing":                    {v, `{}`, http.StatusUnprocessableEntity, "/format"},
		"of revisions for readers":      {v, `{"course": "tea", "format": "json", "public": true, "revisions": true}`, http.StatusUnprocessableEntity, "/revisions"},
		"of revisions as Markdown":      {v, `{"course": "tea", "format": "markdown", "revisions": true}`, http.StatusUnprocessableEntity, "/revisions"},
		"with members of its own":       {v, `{"course": "tea", "format": "json", "colour": "red"}`, http.StatusBadRequest, "/colour"},
	} {
		got := tt.who.wrongly(http.MethodPost, "/v1/admin/exports", tt.body)
		if got.problem(t, tt.status); !strings.Contains(got.body, tt.says) {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	at := viewer.send(http.MethodPost, "/v1/admin/exports", `{"course": "tea", "format": "json", "public": true}`).want(t, http.StatusAccepted).header.Get("Location")
	s.works()
	if file := viewer.send(http.MethodGet, at+"/file", nil).want(t, http.StatusOK); strings.Contains(unzipped(t, file.body), private) {
		t.Error("readers get what is private")
	}
}
