// Command peers is PocketBase with the content of a benchmark in it. It is a module by itself, so that what PocketBase needs
// stays out of Lectern's own module. bench builds and starts it.
//
//	peers FOLDER CONTENT HOST:PORT
//
// FOLDER is for its data, and filled on the first start from CONTENT, a folder of JSON Lines as bench/generate writes them.
package main

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: peers FOLDER CONTENT HOST:PORT")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(folder, content, addr string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
	if err := app.Bootstrap(); err != nil {
		return fmt.Errorf("open %s: %w", folder, err)
	}
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	if err := configure(app); err != nil {
		return err
	}
	if _, err := app.FindCollectionByNameOrId(lastCollection); err != nil { // the last one that fill makes
		if err := fill(app, content); err != nil {
			return fmt.Errorf("load %s: %w", content, err)
		}
	}
	err := apis.Serve(app, apis.ServeConfig{HttpAddr: addr})
	return errors.Join(err, app.ResetBootstrapState())
}

// configure has PocketBase write no log of requests into its database and refuse nobody, which would cost it time that the
// comparison is not about.
func configure(app core.App) error {
	s := app.Settings()
	s.Logs.MinLevel = int(slog.LevelWarn)
	s.RateLimits.Enabled = false
	if err := app.Save(s); err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	return nil
}
