package store

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"gorm.io/gorm/schema"

	"github.com/lectern-cms/lectern/models"
)

// layout is how rows of a table become values of a model. Values are filled in from what the driver gives, with GORM's schema of
// the model but without GORM, whose way takes three times as long: most of what a read costs is this.
type layout struct {
	model   reflect.Type
	table   string
	columns string          // for SELECT, with commas between them
	from    string          // what a statement begins with that reads them: SELECT columns FROM table
	fields  []*schema.Field // one for each column
	fill    []filler
}

// filler puts a value of a column into a field, which is zero.
type filler func(field reflect.Value, value any) error

// layouts are those of one side's tables, made when they are first needed. There are as many as reads leave columns out in
// different ways: two thousand at most of a kind, that is of modules.
type layouts struct {
	mu   sync.RWMutex
	made map[layoutKey]*layout
}

type layoutKey struct {
	kind  models.Kind
	large bool
	json  bool   // as it is stored
	left  string // columns that are left out, with commas between them
}

// of gives the layout of a model, made if need be.
func (l *layouts) of(key layoutKey, layoutOf func() (*layout, error)) (*layout, error) {
	l.mu.RLock()
	known := l.made[key]
	l.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	fresh, err := layoutOf()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		l.made = map[layoutKey]*layout{}
	}
	l.made[key] = fresh
	return fresh, nil
}

// add appends a column that holds a field.
func (l *layout) add(column string, field *schema.Field) error {
	fill, err := fillerOf(field)
	if err != nil {
		return fmt.Errorf("column %s: %w", field.DBName, err)
	}
	if l.columns != "" {
		l.columns += ", "
	}
	l.columns += column
	l.fields, l.fill = append(l.fields, field), append(l.fill, fill)
	return nil
}

// scan reads all rows of a statement that selects the columns of a layout, or gives the error of one that failed. T is a pointer to
// the model, or an interface that it implements.
func scan[T any](l *layout, rows *sql.Rows, failed error) (out []T, err error) {
	if failed != nil {
		return nil, failed
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values := make([]any, len(l.fields))
	places := make([]any, len(values))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		row := reflect.New(l.model)
		for i, value := range values {
			if value == nil {
				continue
			}
			if err := l.fill[i](row.Elem().FieldByIndex(l.fields[i].StructField.Index), value); err != nil {
				return nil, fmt.Errorf("column %s: %w", l.fields[i].DBName, err)
			}
		}
		out = append(out, row.Interface().(T))
	}
	return out, rows.Err()
}

var timeType = reflect.TypeFor[time.Time]()

// fillerOf chooses how a field is filled: as JSON when a serializer keeps it, else by its type.
func fillerOf(field *schema.Field) (filler, error) {
	if field.Serializer != nil {
		return fillJSON, nil
	}
	t := field.FieldType
	if t.Kind() != reflect.Pointer {
		return plainFiller(t)
	}
	fill, err := plainFiller(t.Elem())
	return func(to reflect.Value, value any) error {
		to.Set(reflect.New(t.Elem()))
		return fill(to.Elem(), value)
	}, err
}

func plainFiller(t reflect.Type) (filler, error) {
	switch {
	case t == timeType:
		return fillTime, nil
	case t.Kind() == reflect.String:
		return fillString, nil
	case t.Kind() == reflect.Bool:
		return fillBool, nil
	case slices.Contains([]reflect.Kind{reflect.Int, reflect.Int64}, t.Kind()):
		return fillInt, nil
	}
	return nil, fmt.Errorf("nothing fills a %s", t)
}

func fillJSON(to reflect.Value, value any) error {
	switch v := value.(type) {
	case string:
		return json.Unmarshal([]byte(v), to.Addr().Interface())
	case []byte:
		return json.Unmarshal(v, to.Addr().Interface())
	}
	return wrongType(value)
}

func fillString(to reflect.Value, value any) error {
	switch v := value.(type) {
	case string:
		to.SetString(v)
	case []byte:
		to.SetString(string(v))
	default:
		return wrongType(value)
	}
	return nil
}

func fillInt(to reflect.Value, value any) error {
	v, ok := value.(int64)
	if !ok {
		return wrongType(value)
	}
	to.SetInt(v)
	return nil
}

func fillBool(to reflect.Value, value any) error {
	switch v := value.(type) {
	case bool:
		to.SetBool(v)
	case int64:
		to.SetBool(v != 0)
	default:
		return wrongType(value)
	}
	return nil
}

func fillTime(to reflect.Value, value any) error {
	v, ok := value.(time.Time)
	if !ok {
		return wrongType(value)
	}
	to.Set(reflect.ValueOf(v))
	return nil
}

func wrongType(value any) error { return fmt.Errorf("is a %T", value) }
