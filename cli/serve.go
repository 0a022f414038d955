package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/server"
	"github.com/lectern-cms/lectern/store"
)

type serveCommand struct {
	Sample bool `help:"Load the sample course if there is no course yet."`
}

// Run serves until the context ends, and then lets requests under way finish.
func (cmd serveCommand) Run(j *job) error {
	lines := newLineBuffer(j.Stderr)
	defer lines.close()
	logRequest := func(server.RequestLine) {}
	if j.cfg.LogLevel <= slog.LevelInfo {
		logRequest = server.RequestLog(lines, j.cfg.LogJSON)
	}
	j.log = slog.New(bufferedLog{newLog(j.cfg, lines), lines})
	if err := limitMemory(j.log, memlimit.FromCgroup); err != nil {
		return usage{err}
	}
	stopProfiling, err := j.profile()
	if err != nil {
		return err
	}
	defer stopProfiling()
	ln, err := server.Listen(j.ctx, j.cfg.Addr)
	if err != nil {
		return err
	}
	defer ln.Close() // the server has closed it, unless something before it failed
	return j.with(func(s *store.Store, c *content.Service) error {
		lock, err := j.lock()
		if err != nil {
			return err
		}
		defer lock.Unlock() //nolint:errcheck // the lock goes with the process
		folder, err := files.Open(j.path(filesFolder))
		if err != nil {
			return err
		}
		if cmd.Sample {
			if err := j.loadSample(c, folder); err != nil {
				return err
			}
		}
		a := j.accounts(s)
		if err := j.offerSetup(a); err != nil {
			return err
		}
		return j.serve(ln, s, c, a, folder, logRequest)
	})
}

// profile serves profiles of the process where the settings say so, until the function that it gives is called.
func (j *job) profile() (stop func(), err error) {
	if j.cfg.PprofAddr == "" {
		return func() {}, nil
	}
	p, err := server.StartProfiling(j.ctx, j.cfg.PprofAddr)
	if err != nil {
		return nil, err
	}
	j.log.Info("profiles are served", "address", "http://"+p.Addr()+"/debug/pprof/")
	return func() {
		if err := p.Close(); err != nil {
			j.log.Error("stop serving profiles", "error", err)
		}
	}, nil
}

// offerSetup prints a token for making the first user, as long as there is none. It is not for the log, which others
// read.
func (j *job) offerSetup(a *accounts.Service) error {
	token, err := a.BeginSetup(j.ctx)
	if err != nil || token == "" {
		return err
	}
	j.printf("There is no user yet. Make an owner with \"lectern user add --role owner LOGIN\", or with this token, good once,\n"+
		"by POST /v1/admin/setup: %s\n", token)
	return nil
}

func (j *job) loadSample(c *content.Service, folder *files.Folder) error {
	loaded, err := seed.LoadSample(j.ctx, c, folder)
	if err != nil {
		return fmt.Errorf("load the sample course: %w", err)
	}
	if !loaded {
		j.log.Info("the sample course was not loaded: there are courses already")
	}
	return nil
}

// serve opens the index and answers requests.
func (j *job) serve(ln net.Listener, s *store.Store, c *content.Service, a *accounts.Service, folder *files.Folder, logRequest func(server.RequestLine)) error {
	index, err := j.openIndex()
	if err != nil {
		return err
	}
	follower := search.NewFollower(index, c, j.log)
	c.OnPublish(func(int64) { follower.Wake() })
	work, err := j.newBackground(s, c, a, folder)
	if err != nil {
		return errors.Join(err, index.Close())
	}
	var searches *content.SearchTally
	if j.cfg.SearchDays > 0 {
		searches = c.NewSearchTally()
	}
	srv := server.New(server.Config{
		Content: c, Accounts: a, Transfers: work.transfers, Files: folder, Index: index, Follower: follower, Searches: searches, Contract: j.Contract, Version: version(), Log: j.log,
		LogRequest: logRequest,
		Origins:    j.cfg.Origins, AdminOrigins: j.cfg.AdminOrigins, ContentKey: j.cfg.ContentKey, BaseURL: j.cfg.BaseURL,
		Purge: server.Purge(j.cfg.Purge), RateLimits: server.RateLimits{Read: j.cfg.RateLimit, Search: j.cfg.RateLimitSearch, Admin: j.cfg.RateLimitAdmin},
		MaxRequests: j.cfg.MaxRequests, CacheBytes: j.cfg.CacheBytes, CacheControl: j.cfg.CacheControl,
		TrustedProxies: j.cfg.TrustedProxies, RequestTimeout: j.cfg.RequestTimeout, Ping: s.Ping, Statements: s.Statements,
	})
	control, err := srv.StartControl(j.ctx, j.cfg.Data)
	if err != nil {
		return errors.Join(err, index.Close())
	}
	defer collectSeldom()()
	err = j.untilDone(ln, srv, follower, a, c, work)
	return errors.Join(err, control.Close(), index.Close())
}

// untilDone runs server, follower and background work until the context ends or the server fails. The follower stops last
// but for the index: requests under way may still search, and are counted.
func (j *job) untilDone(ln net.Listener, srv *server.Server, follower *search.Follower, a *accounts.Service, c *content.Service, work *background) (err error) {
	following, stopFollowing := context.WithCancel(context.WithoutCancel(j.ctx))
	var wg sync.WaitGroup
	wg.Go(func() { follower.Run(following) })
	wg.Go(func() { a.KeepTidy(following) })
	wg.Go(func() { c.KeepTidy(following, j.retention()) })
	if srv.Searches != nil {
		wg.Go(func() { srv.Searches.Run(following) })
	}
	defer wg.Wait()
	defer stopFollowing()

	if err := work.resume(j.ctx); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(j.ctx), j.cfg.StopTimeout)
		defer cancel()
		err = errors.Join(err, work.Stop(ctx))
	}()

	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	j.log.Info("lectern serves", "address", "http://"+ln.Addr().String(), "data", j.cfg.Data, "version", version())
	err = work.Start(j.ctx) // requests don't wait for it
	if err == nil {
		select {
		case err := <-failed:
			return err
		case <-j.ctx.Done():
		}
	}
	j.log.Info("stopping", "within", j.cfg.StopTimeout)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.ctx), j.cfg.StopTimeout)
	defer cancel()
	if stopping := srv.Stop(ctx); stopping != nil {
		return errors.Join(err, fmt.Errorf("requests were cut off after %s: %w", j.cfg.StopTimeout, stopping))
	}
	return errors.Join(err, <-failed)
}
