package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	textLimit      = 100_000 // letters in a field
	lastCollection = "worksheets"
)

// table is a collection, and the letter that its ids begin with.
type table struct {
	name, letter string
	fields       []core.Field
	relations    map[string]string // fields by the collection that they lead to
	indexes      []index
}

type index struct {
	unique  bool
	columns string
}

// tables are the collections, those that others lead to first. Each read of the benchmark has an index, as it has in Lectern.
func tables() []table {
	return []table{
		{name: "modules", letter: "m", fields: texts("slug", "title", "level", "description"), indexes: []index{{true, "slug"}}},
		{
			name: "sections", letter: "s", fields: append(texts("slug", "title", "summary", "body"), whole("ordinal")),
			relations: map[string]string{"module": "modules"},
			indexes:   []index{{true, "slug"}, {false, "module, title"}, {false, "title"}},
		},
		{name: "sources", letter: "o", fields: texts("key", "text", "url"), indexes: []index{{true, "key"}}},
		{
			name: "citations", letter: "c", fields: append(texts("key", "text", "url"), whole("position")),
			relations: map[string]string{"section": "sections", "source": "sources"}, indexes: []index{{false, "section"}},
		},
		{
			name: lastCollection, letter: "w", fields: texts("slug", "title", "body"),
			relations: map[string]string{"section": "sections"}, indexes: []index{{false, "section"}},
		},
	}
}

func texts(names ...string) (out []core.Field) {
	for _, name := range names {
		out = append(out, &core.TextField{Name: name, Max: textLimit})
	}
	return out
}

func whole(name string) core.Field { return &core.NumberField{Name: name, OnlyInt: true} }

// fill makes the collections, which everybody may read, and their records. Nothing is left of it when it fails.
func fill(app core.App, content string) error {
	return app.RunInTransaction(func(tx core.App) error {
		made := map[string]*core.Collection{}
		for _, t := range tables() {
			c, err := t.create(tx, made)
			if err != nil {
				return fmt.Errorf("make %s: %w", t.name, err)
			}
			made[t.name] = c
			if err := t.load(tx, c, filepath.Join(content, t.name+".ndjson")); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t table) create(app core.App, made map[string]*core.Collection) (*core.Collection, error) {
	c := core.NewBaseCollection(t.name)
	c.ListRule, c.ViewRule = types.Pointer(""), types.Pointer("")
	c.Fields.Add(t.fields...)
	for name, to := range t.relations {
		c.Fields.Add(&core.RelationField{Name: name, CollectionId: made[to].Id, MaxSelect: 1})
	}
	for i, x := range t.indexes {
		c.AddIndex(fmt.Sprintf("idx_%s_%d", t.name, i), x.unique, x.columns, "")
	}
	return c, app.Save(c)
}

func (t table) load(app core.App, c *core.Collection, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := json.NewDecoder(bufio.NewReader(f))
	for {
		var fields map[string]any
		if err := lines.Decode(&fields); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fields["id"] = recordID(t.letter, fields["id"])
		for field, to := range t.relations {
			fields[field] = recordID(letterOf(to), fields[field])
		}
		r := core.NewRecord(c)
		r.Load(fields)
		if err := app.SaveNoValidate(r); err != nil {
			return fmt.Errorf("%s: record %v: %w", name, fields["id"], err)
		}
	}
}

// recordID is the id of 15 characters that PocketBase wants, made of a number in JSON.
func recordID(letter string, n any) string { return fmt.Sprintf("%s%014.0f", letter, n) }

func letterOf(name string) string {
	for _, t := range tables() {
		if t.name == name {
			return t.letter
		}
	}
	panic("no collection " + name) // they are all in tables
}
