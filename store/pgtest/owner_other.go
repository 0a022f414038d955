//go:build !linux

package pgtest

import (
	"os"
	"syscall"
)

func attributes() *syscall.SysProcAttr { return nil }

func ownedFolder() (string, error) { return os.MkdirTemp("", "pgtest") }
