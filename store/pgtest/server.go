package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// superuser is the only role of the server.
const superuser = "lectern"

// server is a running PostgreSQL. Its folder holds its data, its socket and its log.
type server struct {
	dir string
	cmd *exec.Cmd
}

func start(ctx context.Context) (*server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := program("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := ownedFolder()
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	if err := s.run(ctx, initdb, postgres); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// program finds a program of PostgreSQL on PATH, or where Debian keeps the ones that are not on it: the newest.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errors.Join(fmt.Errorf("there is no %s on PATH or in /usr/lib/postgresql", name), err)
	}
	return found[len(found)-1], nil
}

func (s *server) run(ctx context.Context, initdb, postgres string) error {
	data := filepath.Join(s.dir, "data")
	// The collation is not that of bytes: what is sorted by bytes must say so.
	out, err := s.command(initdb, "-D", data, "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-sync",
		"--locale=C", "--locale-provider=icu", "--icu-locale=en-US").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = s.command(postgres, "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.await(ctx)
}

// command prepares a program that runs as the owner of the folder: PostgreSQL refuses to run as root.
func (s *server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...) //nolint:noctx // Stop ends the server, which serves all tests of the process
	cmd.Dir = s.dir
	cmd.SysProcAttr = attributes()
	return cmd
}

// await asks until the server answers.
func (s *server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the server does not answer: %w\n%s", err, log)
		}
	}
}

func (s *server) url(database string) string {
	return "postgres:///" + database + "?host=" + s.dir + "&user=" + superuser
}

// stop ends the server at once: nothing in it is worth keeping.
func (s *server) stop() error {
	var err error
	if s.cmd != nil && s.cmd.Process != nil {
		err = s.cmd.Process.Signal(syscall.SIGQUIT)
		_ = s.cmd.Wait() // it reports the signal
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}
