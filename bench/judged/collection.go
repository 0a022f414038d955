// Package judged reads collections of documents and queries whose answers people have judged, and scores how well a search
// ranks the ones for the others.
package judged

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// maxLine is the longest line of a collection, in bytes.
const maxLine = 1 << 20

// Collection is a set of documents and queries that people have judged.
type Collection struct {
	Documents []Document
	Queries   []Query
	Grades    map[string]map[string]int // id of a query → id of a document → grade; above 0 is relevant
}

// Document is something to be found.
type Document struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"` // plain; an empty line ends a paragraph
}

// Query is something that people ask.
type Query struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Read reads the collection in a folder. It has three files, with lines of up to 1 MiB:
//
//   - docs.jsonl, one {"id", "title", "text"} per line
//   - queries.jsonl, one {"id", "text"} per line
//   - qrels.tsv, one judgement per line: id of the query, id of the document and grade, a whole number, with tabs between
//     them; the first line may be a heading
//
// Errors name the file and, where it is about one, the line. A collection no query of which has a relevant document is refused:
// nothing can be scored on it.
func Read(folder string) (c Collection, err error) {
	if c.Documents, err = readLines[Document](filepath.Join(folder, "docs.jsonl")); err != nil {
		return c, err
	}
	if c.Queries, err = readLines[Query](filepath.Join(folder, "queries.jsonl")); err != nil {
		return c, err
	}
	path := filepath.Join(folder, "qrels.tsv")
	if c.Grades, err = readGrades(path); err != nil {
		return c, err
	}
	for _, q := range c.Queries {
		if len(positive(c.Grades[q.ID])) > 0 {
			return c, nil
		}
	}
	return c, fmt.Errorf("%s: no query has a relevant document", path)
}

func readGrades(path string) (map[string]map[string]int, error) {
	grades := make(map[string]map[string]int)
	return grades, eachLine(path, func(n int, line string) error {
		row := strings.Split(line, "\t")
		if len(row) != 3 {
			return fmt.Errorf("has %d columns, want 3", len(row))
		}
		grade, err := strconv.Atoi(row[2])
		switch {
		case err != nil && n == 1:
			return nil // the heading
		case err != nil:
			return err
		case grades[row[0]] == nil:
			grades[row[0]] = make(map[string]int)
		}
		grades[row[0]][row[1]] = grade
		return nil
	})
}

func readLines[T any](path string) (all []T, err error) {
	return all, eachLine(path, func(_ int, line string) error {
		var v T
		err := json.Unmarshal([]byte(line), &v)
		all = append(all, v)
		return err
	})
}

func eachLine(path string, read func(n int, line string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		n++
		if err := read(n, lines.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, n+1, err)
	}
	return nil
}
