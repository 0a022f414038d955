// Package cli is the commands. They are thin: each opens what it needs and calls content, seed or server.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/lectern-cms/lectern/config"
	"github.com/lectern-cms/lectern/transfer"
)

// Exit codes, for scripts.
const (
	ExitOK        = 0
	ExitFailed    = 1 // nothing was done, or it ended early
	ExitUsage     = 2 // the command line or the settings are wrong
	ExitAttention = 3 // it was done, and found something that a person should look at
)

// attention is an error of a command that did its work and found something.
type attention struct{ error }

// usage is an error in the command line or the settings.
type usage struct{ error }

// ExitCode is the exit code for what Run gave.
func ExitCode(err error) int {
	if err == nil {
		return ExitOK
	}
	if _, ok := errors.AsType[attention](err); ok {
		return ExitAttention
	}
	if _, ok := errors.AsType[usage](err); ok {
		return ExitUsage
	}
	return ExitFailed
}

// Env is what commands have of the world outside.
type Env struct {
	Getenv   func(string) string
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Contract []byte // openapi.yaml
}

// commands is the command line as kong reads it.
type commands struct {
	flags

	Serve   serveCommand   `cmd:"" help:"Serve the content API."`
	Import  importCommand  `cmd:"" help:"Read training pages and save them as drafts."`
	Export  exportCommand  `cmd:"" help:"Write a course, for backups and for moves to another installation."`
	Publish publishCommand `cmd:"" help:"Publish courses, modules or sections with what belongs to them."`
	Reindex reindexCommand `cmd:"" help:"Rebuild the search index from what is published."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this version's schema."`
	Check   checkCommand   `cmd:"" help:"Check the database and compare the search index with it."`
	Prune   pruneCommand   `cmd:"" help:"Remove revisions that the settings history-days and history-count don't keep, and counts of searches that search-days doesn't."`
	User    userCommand    `cmd:"" help:"Add and change users."`
	Token   tokenCommand   `cmd:"" help:"Make and revoke tokens, with which programs act for users."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// flags are the settings that were given on the command line; nil: not given.
type flags struct {
	Config          *string `help:"YAML file with settings [LECTERN_CONFIG]." placeholder:"FILE"`
	Addr            *string `help:"${addr}" placeholder:"HOST:PORT"`
	Data            *string `help:"${data}" placeholder:"FOLDER"`
	CORS            *string `name:"cors" help:"${cors}" placeholder:"ORIGINS"`
	ContentAccess   *string `help:"${content_access}" placeholder:"open|key"`
	MeiliURL        *string `name:"meili-url" help:"${meili_url}" placeholder:"URL"`
	MeiliIndex      *string `help:"${meili_index}" placeholder:"NAME"`
	CacheSize       *string `help:"${cache_size}" placeholder:"SIZE"`
	CacheControl    *string `help:"${cache_control}" placeholder:"DIRECTIVES"`
	Coalesce        *string `help:"${coalesce}" placeholder:"TIME"`
	HistoryDays     *string `help:"${history_days}" placeholder:"DAYS"`
	HistoryCount    *string `help:"${history_count}" placeholder:"COUNT"`
	SearchDays      *string `help:"${search_days}" placeholder:"DAYS"`
	LogLevel        *string `help:"${log_level}" placeholder:"LEVEL"`
	LogFormat       *string `help:"${log_format}" placeholder:"FORMAT"`
	PprofAddr       *string `help:"${pprof_addr}" placeholder:"HOST:PORT"`
	RateLimit       *string `help:"${rate_limit}" placeholder:"COUNT"`
	RateLimitSearch *string `help:"${rate_limit_search}" placeholder:"COUNT"`
	RateLimitAdmin  *string `help:"${rate_limit_admin}" placeholder:"COUNT"`
	RequestTimeout  *string `help:"${request_timeout}" placeholder:"TIME"`
	StopTimeout     *string `help:"${stop_timeout}" placeholder:"TIME"`
}

func (f flags) given() map[string]string {
	out := map[string]string{}
	for name, v := range map[string]*string{
		"meili-url": f.MeiliURL, "meili-index": f.MeiliIndex,
		config.FileSetting: f.Config, "addr": f.Addr, "data": f.Data, "cors": f.CORS, "content-access": f.ContentAccess, "coalesce": f.Coalesce,
		"history-days": f.HistoryDays, "history-count": f.HistoryCount, "search-days": f.SearchDays,
		"cache-size": f.CacheSize, "cache-control": f.CacheControl, "log-level": f.LogLevel,
		"pprof-addr": f.PprofAddr, "rate-limit": f.RateLimit, "rate-limit-search": f.RateLimitSearch, "rate-limit-admin": f.RateLimitAdmin,
		"log-format": f.LogFormat, "request-timeout": f.RequestTimeout, "stop-timeout": f.StopTimeout,
	} {
		if v != nil {
			out[name] = *v
		}
	}
	return out
}

// job is what a command runs with.
type job struct {
	Env
	ctx context.Context
	cfg config.Config
	log *slog.Logger
}

// Run reads the command line and runs the command.
func Run(ctx context.Context, args []string, env Env) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("lectern"),
		kong.Description("A headless CMS and content API for training material."),
		kong.Writers(env.Stdout, env.Stderr), kong.Exit(func(int) { exited = true }),
		helpTexts())
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if exited {
		return nil // help was asked for and printed
	}
	if err != nil {
		return usage{err}
	}
	cfg, err := config.Load(c.given(), env.Getenv)
	if err != nil && command.Command() != "version" {
		return usage{err}
	}
	return command.Run(&job{Env: env, ctx: ctx, cfg: cfg, log: slog.New(newLog(cfg, env.Stderr))})
}

// helpTexts says for each setting what it is, its default and its environment variable.
func helpTexts() kong.Vars {
	vars := kong.Vars{"kinds": strings.Join(transfer.Kinds(), ", ")}
	for _, s := range config.Settings() {
		vars[strings.ReplaceAll(s.Name, "-", "_")] = fmt.Sprintf("%s (default %s) [%s].", s.Help, s.Default, s.Env())
	}
	return vars
}

func newLog(cfg config.Config, w io.Writer) slog.Handler {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogJSON {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// printf writes to standard output. A reader that has gone away is not the command's failure.
func (j *job) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(j.Stdout, format, args...)
}

type versionCommand struct{}

func (versionCommand) Run(j *job) error {
	_, err := fmt.Fprintln(j.Stdout, "lectern", version())
	return err
}

// version is what Go recorded of the build: the module's version, or the commit of a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}

// plural writes a number with its noun: "1 section", "3 sections".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", n, noun))
}
