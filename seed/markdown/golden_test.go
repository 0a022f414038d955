package markdown_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// golden is a small course as people would want to look at it: testdata/course.
func golden(t testing.TB) dir {
	t.Helper()
	root := os.DirFS(filepath.Join("testdata", "course"))
	out := dir{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		out[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTheGoldenCourse is written as it was read, live or not.
func TestTheGoldenCourse(t *testing.T) {
	for _, publish := range []bool{false, true} {
		l := newLectern(t)
		report := l.load(golden(t), publish)
		if c := report.Courses[0]; len(c.Blockers) > 0 || len(report.Warnings) > 0 || publish != (c.Revision > 0) {
			t.Errorf("blockers %+v, warnings %+v, revision %d", c.Blockers, report.Warnings, c.Revision)
		}
		wantSame(t, l.exported(false), golden(t))
		wantFixedPoint(t, l, func() *lectern { return newLectern(t) }, l.course(), publish)
	}
}
