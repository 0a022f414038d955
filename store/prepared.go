package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxPrepared bounds the statements that a pool of connections keeps compiled, each once for every connection. The store has
// fewer texts than that, but for lists of ids and filters, of which those asked for last are kept.
const maxPrepared = 200

// preparers is how many connections a pool has for compiling alone, so that transactions which have all others never wait
// for each other.
const preparers = 1

// prepared are the compiled statements of a pool of connections. SQLite takes longer to read most texts than to run them.
type prepared struct {
	pool  *sql.DB
	turn  sync.Mutex // to compile: one at a time, for there is a connection for one
	texts *lru.Cache[string, *sql.Stmt]
}

func newPrepared(pool *sql.DB) (*prepared, error) {
	// One that is let go is closed once no transaction uses it any more: database/sql counts.
	texts, err := lru.NewWithEvict(maxPrepared, func(_ string, stmt *sql.Stmt) { _ = stmt.Close() })
	if err != nil {
		return nil, fmt.Errorf("keep statements: %w", err)
	}
	return &prepared{pool: pool, texts: texts}, nil
}

// within gives the statement of a text within a transaction, which closes it.
func (p *prepared) within(ctx context.Context, tx *sql.Tx, text string) (*sql.Stmt, error) {
	stmt, ok := p.texts.Get(text)
	if !ok {
		p.turn.Lock()
		defer p.turn.Unlock()
		if stmt, ok = p.texts.Get(text); !ok {
			var err error
			if stmt, err = p.pool.PrepareContext(ctx, text); err != nil {
				return nil, err
			}
			p.texts.Add(text, stmt)
		}
	}
	return tx.StmtContext(ctx, stmt), nil
}
