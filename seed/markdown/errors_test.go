package markdown_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/markdown"
)

// Paths of the golden course.
const (
	firstSteps  = "modules/10-finding/0010-first-steps.md"
	callNumbers = "modules/10-finding/0020-call-numbers.md"
	onTheShelf  = "modules/10-finding/0030-on-the-shelf.md"
	finding     = "modules/10-finding/module.md"
	yourShelf   = "modules/10-finding/worksheets/0010-your-shelf.md"
	atTheDesk   = "modules/20-lending/0010-at-the-desk.md"
)

// TestWhatCantBeReadIsSaidWithFileLineAndField changes one thing in the golden course.
func TestWhatCantBeReadIsSaidWithFileLineAndField(t *testing.T) {
	for name, tt := range map[string]struct {
		file, old, with string
		want            string
	}{
		"no front matter":            {onTheShelf, "---\nid", "id", onTheShelf + ":1: the page does not begin with front matter"},
		"front matter without end":   {onTheShelf, "false\n---\n", "false\n", onTheShelf + ":1: the page does not begin with front matter"},
		"broken YAML":                {onTheShelf, "title: On the shelf", "title: \"On the shelf", onTheShelf + ":5: "},
		"a tab in YAML":              {callNumbers, "  locator:\n", "\tlocator:\n", callNumbers + ":"},
		"an unknown key":             {onTheShelf, "title: On", "subtitle: x\ntitle: On", onTheShelf + ":5: subtitle: there is no such key"},
		"an unknown key further in":  {callNumbers, "    label: page", "    lable: page", callNumbers + ":14: citations[1].locator.lable: there is no such key"},
		"a key twice":                {onTheShelf, "title: On the shelf", "title: a\ntitle: b", onTheShelf + ":6: "},
		"a field of the database":    {onTheShelf, "in_menu: false", "created_at: 2024-01-01", onTheShelf + ":6: created_at: there is no such key"},
		"a field of the body":        {onTheShelf, "in_menu: false", "blocks: []", onTheShelf + ":6: blocks: there is no such key"},
		"a field called otherwise":   {callNumbers, "parent: ", "parent_id: ", callNumbers + ":4: parent_id: there is no such key: it is called parent"},
		"no list":                    {finding, "keywords:\n- catalogue", "keywords: catalogue\nowners:\n- x", finding + ":11: keywords: must be a list"},
		"no number":                  {finding, "duration_minutes: 40", "duration_minutes: long", finding + ":10: duration_minutes: must be a number"},
		"no whole number":            {finding, "duration_minutes: 40", "duration_minutes: 1.5", finding + ":10: duration_minutes: "},
		"no yes or no":               {onTheShelf, "in_menu: false", "in_menu: no", onTheShelf + ":6: in_menu: must be true or false"},
		"no text":                    {onTheShelf, "title: On the shelf", "title: [On, the, shelf]", onTheShelf + ":5: title: must be a text"},
		"no version":                 {onTheShelf, "version: 1", "version: 1.0", onTheShelf + ":3: version: must be a whole number from 1"},
		"an anchor":                  {onTheShelf, "title: On the shelf", "title: &a On the shelf", onTheShelf + ":5: "},
		"an alias":                   {onTheShelf, "title: On the shelf", "title: *a", onTheShelf + ":5: "},
		"a tag":                      {onTheShelf, "title: On the shelf", "title: !!str On the shelf", onTheShelf + ":5: "},
		"no id":                      {onTheShelf, "id: 0190a1b2-0000-7000-8000-000000000012", "id: twelve", onTheShelf + `:2: id: "twelve" is no id`},
		"an id twice":                {onTheShelf, "000000000012", "000000000013", atTheDesk + ":2: id: 0190a1b2-0000-7000-8000-000000000013 is the id of " + onTheShelf + ":2 too"},
		"an id of a source":          {onTheShelf, "000000000012", "000000000020", "sources.yml:1: id: 0190a1b2-0000-7000-8000-000000000020 is the id of " + onTheShelf + ":2 too"},
		"a slug twice":               {onTheShelf, "slug: on-the-shelf", "slug: first-steps", onTheShelf + `:4: slug: "first-steps" is the slug of ` + firstSteps + ":4 too"},
		"no slug":                    {onTheShelf, "slug: on-the-shelf", "slug: On the shelf", onTheShelf + ":4: slug: must be lower-case letters"},
		"a key of a source twice":    {"sources.yml", "key: harbour-archive", "key: miller-2019", `sources.yml:18: key: "miller-2019" is the key of sources.yml:3 too`},
		"no key of a source":         {"sources.yml", "  key: harbour-archive\n", "", "sources.yml:16: key: is missing"},
		"no title":                   {onTheShelf, "title: On the shelf\n", "", onTheShelf + ":2: title: is required"},
		"a title that is too long":   {onTheShelf, "On the shelf", strings.Repeat("long ", 101), onTheShelf + ":5: title: must have at most 500 characters"},
		"a summary of paragraphs":    {finding, "*why*.", "*why*.\n\nAnd who.", finding + ":18: summary: is inline text and can't hold a blank line"},
		"two summaries":              {finding, "cover:", "summary: x\ncover:", finding + ":15: summary: the summary stands below the front matter already"},
		"a directive that isn't":     {onTheShelf, "Books stand", ":::boks\nBooks stand", onTheShelf + ":9: "},
		"a page above that isn't":    {callNumbers, "parent: 0190a1b2-0000-7000-8000-000000000010", "parent: first", callNumbers + `:4: parent: there is no page with the slug "first" in the module`},
		"no page by id above":        {callNumbers, "parent: 0190a1b2-0000-7000-8000-000000000010", "parent: 0190a1b2-0000-7000-8000-000000000099", callNumbers + ":4: parent: there is no page with the id"},
		"a page above itself":        {firstSteps, "slug: first-steps", "parent: call-numbers\nslug: first-steps", firstSteps + ":4: parent: the page stands below itself"},
		"a page of another module":   {atTheDesk, "slug:", "parent: 0190a1b2-0000-7000-8000-000000000010\nslug:", atTheDesk + ":4: parent: " + firstSteps + " is a page of another module"},
		"a citation that isn't":      {callNumbers, "[^2]: Catalogue of the Harbour Library, drawer 4,\n    card 12.\n", "", callNumbers + ":17: citations[2]: the text has no [^2]: … for it"},
		"a citation in its place":    {callNumbers, "  label: \"2\"", "  label: \"2\"\n  written: x", callNumbers + ":19: citations[2].written: what a citation says stands in the text, as [^2]: …"},
		"a citation twice":           {callNumbers, "  label: \"2\"", "  label: \"1\"", callNumbers + `:18: citations[2].label: another citation of the page is labelled "1"`},
		"a source that isn't":        {callNumbers, "source: 0190a1b2-0000-7000-8000-000000000021", "source: nobody", callNumbers + `:19: source: there is no source with the id or name "nobody"`},
		"a worksheet that isn't":     {callNumbers, "ref=0190a1b2-0000-7000-8000-000000000060", "ref=her-shelf", callNumbers + `:38: the attribute ref: there is no worksheet with the id or name "her-shelf"`},
		"a cover that isn't":         {finding, "cover: 0190a1b2-0000-7000-8000-000000000030", "cover: files/none.png", finding + ":15: asset: there is no asset"},
		"a note in a worksheet":      {yourShelf, "Work alone.", "Work alone.\n\n<!-- really -->", yourShelf + ":12: "},
		"a note in a fragment":       {"fragments/how-to-ask.md", "Ask", "<!-- really -->\n\nAsk", "fragments/how-to-ask.md:8: a fragment has no place for notes: \"really\""},
		"a mark in a fragment":       {"fragments/how-to-ask.md", "everything.", "everything.[^1]\n\n[^1]: Dana.", "fragments/how-to-ask.md:10: a fragment has no citations of its own"},
		"another format":             {"lectern.yml", "lectern-markdown", "other", "lectern.yml:1: format: must be lectern-markdown"},
		"a later form":               {"lectern.yml", "version: 1\nnewest", "version: 2\nnewest", "lectern.yml:2: version: must be 1"},
		"a course without id":        {"lectern.yml", "  id: 0190a1b2-0000-7000-8000-000000000001\n", "", "lectern.yml:5: course.id: is missing"},
		"a course without language":  {"lectern.yml", "  language: en\n", "", "lectern.yml:5: language: is required"},
		"a key beside the course":    {"lectern.yml", "course:", "colour: red\ncourse:", "lectern.yml:4: colour: there is no such key"},
		"no newest record":           {"lectern.yml", "newest: 0190a1b2-0000-7000-8000-000000000060", "newest: today", "lectern.yml:3: newest: must be the id of a record"},
		"no list of sources":         {"sources.yml", "- id: 0190a1b2-0000-7000-8000-000000000020", "id: 0190a1b2-0000-7000-8000-000000000020", `sources.yml:1: each entry of the list begins with "- "`},
		"an entry that is no object": {"sources.yml", "- id: 0190a1b2-0000-7000-8000-000000000021", "- x\n- id: 0190a1b2-0000-7000-8000-000000000021", "sources.yml:16: an entry must be keys with values"},
		"a kind of work that isn't":  {"sources.yml", "type: webpage", "type: blog", `sources.yml:20: csl.type: "blog" is no item type of CSL`},
		"no file":                    {"assets.yml", "files/a-dot", "files/no-dot", "assets.yml:4: file.path: there is no file files/no-dot"},
		"a file outside":             {"assets.yml", "path: files/a-dot-6b7fa434f92a.png", "path: files/../lectern.yml", "assets.yml:4: file.path: must be a path in files/"},
		"no path of a file":          {"assets.yml", "    path: files/a-dot-6b7fa434f92a.png\n", "", "assets.yml:4: file.path: is missing"},
		"other bytes":                {"assets.yml", "sha256: 6b7f", "sha256: 0000", "assets.yml:4: file.path: files/a-dot-6b7fa434f92a.png holds other bytes than its sha256 says"},
	} {
		t.Run(name, func(t *testing.T) {
			d := golden(t)
			d.change(t, tt.file, tt.old, tt.with)
			wantRefused(t, d, tt.want)
		})
	}
}

func wantRefused(t *testing.T, d dir, want string) {
	t.Helper()
	l := newLectern(t)
	_, err := l.tryLoad(d.fs(), false)
	if models.KindOf(err) != models.KindMalformed || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if n := len(l.courses()); n > 0 {
		t.Errorf("%d courses were saved", n)
	}
}

// TestFilesThatMeanNothingAreRefused adds a file to the golden course.
func TestFilesThatMeanNothingAreRefused(t *testing.T) {
	const nothing = ": is no part of a course"
	for name, want := range map[string]string{
		"README.md":                         "README.md" + nothing,
		"modules/notes.md":                  "modules/notes.md" + nothing,
		"modules/30-new/0010-page.md":       "modules/30-new: holds no module.md",
		"modules/20-lending/page.txt":       "modules/20-lending/page.txt" + nothing,
		"modules/20-lending/more/0010-a.md": "modules/20-lending/more" + nothing,
		"fragments/a/b.md":                  "fragments/a" + nothing,
		"files/a/b.png":                     "files/a" + nothing,
		"chapters/a.md":                     "chapters" + nothing,
		"modules/20-lending/latin1.md":      "modules/20-lending/latin1.md:3: is not UTF-8",
		"modules/20-lending/empty.md":       "modules/20-lending/empty.md:1: the page does not begin with front matter",
	} {
		t.Run(name, func(t *testing.T) {
			d := golden(t)
			d[name] = map[string]string{
				"modules/20-lending/latin1.md": "---\ntitle: x\n\xe9: y\n---\n", "modules/20-lending/empty.md": "",
			}[name]
			wantRefused(t, d, want)
		})
	}
	t.Run("but for hidden ones", func(t *testing.T) {
		d := golden(t)
		d[".git/config"], d["modules/.DS_Store"], d["modules/20-lending/0010-at-the-desk.md~"] = "x", "x", "x"
		l := newLectern(t)
		l.load(d, false)
		wantSame(t, l.exported(false), golden(t))
	})
}

func TestWhatIsReadButHardlyMeantIsReported(t *testing.T) {
	d := golden(t)
	d["files/spare.png"] = "spare"
	d.change(t, "on-the-shelf", "Books stand", "Books <!-- really --> stand")
	d["modules/20-lending/trash/0010-old.md"] = "---\ntitle: Old\n---\n"
	report := newLectern(t).load(d, false)
	var got []string
	for _, w := range report.Warnings {
		got = append(got, w.Path)
	}
	for _, p := range report.Pages {
		for _, w := range p.Warnings {
			got = append(got, w.Path)
		}
	}
	wantEqual(t, got, []string{"files/spare.png", onTheShelf, "modules/20-lending/trash/0010-old.md"})
}

func TestWhatIsACourse(t *testing.T) {
	for text, want := range map[string]bool{
		"format: lectern-markdown\nversion: 1\n":            true,
		"# ours\r\nformat: \"lectern-markdown\"\r\n":        true,
		"format: lectern-markdown\nversion: 9\n":            true, // Load says that it is too new
		"format: lectern\n":                                 false,
		"course:\n  format: lectern-markdown\n":             false,
		"":                                                  false,
		"title: a site with a file of this name\nformat: x": false,
	} {
		if got := markdown.Is(fstest.MapFS{"lectern.yml": {Data: []byte(text)}}); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
	if markdown.Is(fstest.MapFS{"index.md": {}}) {
		t.Error("a site without lectern.yml is called a course")
	}
}
