package store

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"gorm.io/gorm/logger"
)

// statementLog counts statements and shows them at debug level. Errors are returned to callers, not logged here: an
// error is returned or logged, never both.
type statementLog struct {
	log   *slog.Logger
	count *atomic.Int64
}

func (l *statementLog) LogMode(logger.LogLevel) logger.Interface         { return l }
func (l *statementLog) Info(_ context.Context, msg string, args ...any)  { l.debug(msg, args) }
func (l *statementLog) Warn(_ context.Context, msg string, args ...any)  { l.debug(msg, args) }
func (l *statementLog) Error(_ context.Context, msg string, args ...any) { l.debug(msg, args) }
func (l *statementLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil // values of content stay out of the log
}

func (l *statementLog) debug(msg string, args []any) {
	if l.log != nil {
		l.log.Debug("gorm", "message", msg, "args", args)
	}
}

// Trace is called for each statement.
func (l *statementLog) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), _ error) {
	l.count.Add(1)
	if l.log != nil && l.log.Enabled(ctx, slog.LevelDebug) {
		sql, rows := fc()
		l.log.DebugContext(ctx, "sql", "statement", sql, "rows", rows, "ms", time.Since(begin).Milliseconds())
	}
}
