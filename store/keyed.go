package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

// keyed runs the statements that read rows by their keys, which are most of all: without GORM, whose way to a statement takes
// longer than SQLite takes to run it.
type keyed struct {
	ctx      context.Context // of the transaction
	watched  context.Context // which the database looks at while it reads by a key
	run      gorm.ConnPool
	log      *statementLog
	numbered bool // parameters are $1, $2: those of PostgreSQL
}

// byKey runs a statement that reads rows by their keys, with ? for each argument, of which a list that is not empty may stand behind
// IN. In SQLite it ends sooner than anybody could stop it, and nothing watches its context, which takes as long as the statement
// itself; it does not begin when that has ended already.
func (s *Side) byKey(text string, args ...any) (*sql.Rows, error) {
	return s.keyed.read(s.keyed.watched, text, args)
}

// byText is byKey for a statement that looks into texts. It ends with the transaction's context.
func (s *Side) byText(text string, args ...any) (*sql.Rows, error) {
	return s.keyed.read(s.keyed.ctx, text, args)
}

func (k *keyed) read(watched context.Context, text string, args []any) (*sql.Rows, error) {
	if err := k.ctx.Err(); err != nil {
		return nil, err
	}
	text, args = k.expand(text, args)
	begin := time.Now()
	rows, err := k.run.QueryContext(watched, text, args...)
	k.log.Trace(watched, begin, func() (string, int64) { return text, -1 }, err) // who reads the rows knows how many there are
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return rows, nil
}

// ran counts a statement that was run elsewhere.
func (k *keyed) ran(text string) {
	k.log.Trace(k.watched, time.Now(), func() (string, int64) { return text, 1 }, nil)
}

// expand writes the parameters of a statement as the database reads them: each element of a list is one.
func (k *keyed) expand(text string, args []any) (string, []any) {
	plain := true
	for _, arg := range args {
		plain = plain && !isList(arg)
	}
	if plain && !k.numbered {
		return text, args
	}
	var out strings.Builder
	out.Grow(len(text) + 4*len(args))
	values := make([]any, 0, len(args))
	mark := func(value any) {
		values = append(values, value)
		if k.numbered {
			out.WriteString("$" + strconv.Itoa(len(values)))
		} else {
			out.WriteByte('?')
		}
	}
	for _, arg := range args {
		before, after, _ := strings.Cut(text, "?")
		out.WriteString(before)
		text = after
		if !isList(arg) {
			mark(arg)
			continue
		}
		out.WriteByte('(')
		for i, list := 0, reflect.ValueOf(arg); i < list.Len(); i++ {
			if i > 0 {
				out.WriteByte(',')
			}
			mark(list.Index(i).Interface())
		}
		out.WriteByte(')')
	}
	out.WriteString(text)
	return out.String(), values
}

// eachRow reads the rows of a statement, or gives the error of one that failed: the columns of each are in their places when row is
// called.
func eachRow(rows *sql.Rows, failed error, row func() error, into ...any) (err error) {
	if failed != nil {
		return failed
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func isList(arg any) bool { return reflect.ValueOf(arg).Kind() == reflect.Slice }
