package markdown

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// longest is how long a refusal may take, on a machine that does other things too.
const longest = time.Minute

// TestHostileYAMLIsRefusedInTime repeats what costs the parser most.
func TestHostileYAMLIsRefusedInTime(t *testing.T) {
	const size = 2 << 20
	keys := func() string {
		var b strings.Builder
		for i := range size / 8 {
			fmt.Fprintf(&b, "k%d: v\n", i)
		}
		return b.String()
	}()
	for name, text := range map[string]string{
		"brackets":         strings.Repeat("[", size),
		"lists in a list":  "k: [" + strings.Repeat("[a],", size/4),
		"commas":           "k: [" + strings.Repeat(",", size),
		"keys":             keys,
		"keys further in":  "k:\n  " + strings.ReplaceAll(keys, "\n", "\n  "),
		"entries":          "k:\n" + strings.Repeat("- a\n", size/4),
		"dashes":           strings.Repeat("- ", size/2),
		"aliases":          "k: " + strings.Repeat("*a ", size/3),
		"aliases in lines": "k:\n" + strings.Repeat("- *a\n", size/5),
		"tags":             "k: " + strings.Repeat("!a ", size/3),
		"keys on one line": "k: " + strings.Repeat("a: ", size/3),
		"blank lines":      "k: |\n" + strings.Repeat("\n", size) + "  a\n",
		"quoted texts":     "k: " + strings.Repeat(`"a" `, size/4),
		"single quotes":    "k: " + strings.Repeat("'a' ", size/4),
		"far in":           "k:\n" + strings.Repeat(" ", size) + "a: b\n",
		"too long":         "k: \"" + strings.Repeat("a", maxHeadBytes) + "\"\n",
	} {
		began := time.Now()
		if _, err := parseYAML(text, 1); err == nil {
			t.Errorf("%s: %d bytes are read", name, len(text))
		}
		if took := time.Since(began); took > longest {
			t.Errorf("%s: refused after %v", name, took)
		}
	}
}

// TestLargeFrontMatterIsRead has what records may hold at most.
func TestLargeFrontMatterIsRead(t *testing.T) {
	n := &node{kind: object}
	citations := &node{kind: list}
	for i := range 2000 {
		c := &node{kind: object}
		locator := &node{kind: object}
		locator.set("label", textNode("page"))
		locator.set("value", textNode(fmt.Sprint(i)))
		c.set("label", textNode(fmt.Sprint(i)))
		c.set("locator", locator)
		citations.items = append(citations.items, c)
	}
	n.set("citations", citations)
	n.set("transcript", textNode(strings.Repeat("[Dana] & *everybody*: \"Where is it?\"\n\n", 25_000)))
	n.set("lines", textNode(strings.Repeat("A line of a summary: it goes on.\n", 400)))
	sameThroughYAML(t, n)
}

func TestNamesStandInOrder(t *testing.T) {
	names := []string{"0-a", "1-b", "0002-a", "2-b", "0010-a", "10-b", "99999999999999999999-a", "100000000000000000000-a", "a", "b-1"}
	for i := range names {
		for j := range names {
			if got, want := compareNames(names[i], names[j]), i-j; got > 0 != (want > 0) || got < 0 != (want < 0) {
				t.Errorf("compareNames(%q, %q) = %d", names[i], names[j], got)
			}
		}
	}
	if moduleDigits(9) != 2 || moduleDigits(10) != 3 || numbered(12, pageDigits, "a") != "0120-a" || numbered(1000, pageDigits, "a") != "10000-a" {
		t.Error("numbers have other digits")
	}
}

func TestNamesOfFilesSuitEverySystem(t *testing.T) {
	sum := strings.Repeat("0123456789abcdef", 4)
	for name, want := range map[string]string{
		"The desk.JPG":                 "files/the-desk-0123456789ab.jpg",
		"a/../b?.png":                  "files/a-b-0123456789ab.png",
		"日本.webp":                      "files/0123456789ab.webp",
		".htaccess":                    "files/0123456789ab.htaccess",
		"no extension":                 "files/no-extension-0123456789ab",
		strings.Repeat("a", 255):       "files/" + strings.Repeat("a", maxStem) + "-0123456789ab",
		"archive.tar.gz":               "files/archive-tar-0123456789ab.gz",
		"con.txt":                      "files/con-0123456789ab.txt",
		"x." + strings.Repeat("日", 10): "files/x-0123456789ab",
	} {
		if got := filePathOf(fileNamed(name, sum)); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func fileNamed(name, sum string) models.File { return models.File{Name: name, Sha256: sum} }
