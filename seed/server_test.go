package seed_test

import (
	"context"
	"log/slog"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/server"
)

func init() {
	seed.NewServer = func(c *content.Service, folder *files.Folder, index search.Index, log *slog.Logger) seed.HTTPServer {
		return server.New(server.Config{
			Content: c, Files: folder, Index: index, Follower: search.NewFollower(index, c, log), Version: "test", Log: log,
			RequestTimeout: time.Minute, Ping: func(context.Context) error { return nil }, Statements: func() int64 { return 0 },
		})
	}
}
