// Command lectern is a headless CMS and content API for training material.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/lectern-cms/lectern/cli"
)

// contract is the API's contract, served at /openapi.yaml and shown at /docs.
//
//go:embed openapi.yaml
var contract []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := cli.Run(ctx, os.Args[1:], cli.Env{
		Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Contract: contract,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "lectern:", err)
	}
	stop()
	os.Exit(cli.ExitCode(err))
}
