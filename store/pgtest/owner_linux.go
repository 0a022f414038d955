package pgtest

import (
	"errors"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"
)

// owner is the account that the server runs as: nil for the one of the test, another one when that is root.
var owner = sync.OnceValue(func() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if errors.Join(err, err2) == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
})

// attributes let the server end with the test process, even when that is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: owner(), Pdeathsig: syscall.SIGQUIT}
}

// ownedFolder makes a folder that belongs to the server's account.
func ownedFolder() (string, error) {
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil || owner() == nil {
		return dir, err
	}
	return dir, os.Chown(dir, int(owner().Uid), int(owner().Gid))
}
