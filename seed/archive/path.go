package archive

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// cleanPath gives the path of an entry as fs.FS has it, or says what is wrong with it. A path that could mean another
// place on any system is refused, not repaired: nobody makes one by accident.
func cleanPath(name string, l limits) (string, error) {
	parts := strings.Split(name, "/")
	switch {
	case name == "":
		return "", errors.New("the path is empty")
	case len(name) > l.pathBytes:
		return "", fmt.Errorf("the path has more than %d bytes", l.pathBytes)
	case !utf8.ValidString(name):
		return "", errors.New("the path is not UTF-8: pack the archive again with a tool that writes UTF-8")
	case strings.ContainsRune(name, 0):
		return "", errors.New("the path holds a NUL")
	case strings.Contains(name, `\`):
		return "", errors.New("the path holds a backslash")
	case name[0] == '/':
		return "", errors.New("the path is absolute and leaves the archive")
	case hasDrive(name):
		return "", errors.New("the path names a drive and leaves the archive")
	case slices.Contains(parts, ".."):
		return "", errors.New(`the path holds ".." and may leave the archive`)
	}
	clean := path.Clean(name)
	if strings.Count(clean, "/") > l.depth {
		return "", fmt.Errorf("folders are nested more than %d deep", l.depth)
	}
	return clean, nil
}

// hasDrive tells whether a path begins with a drive letter.
func hasDrive(name string) bool {
	if len(name) < 2 || name[1] != ':' {
		return false
	}
	letter := name[0] | 0x20
	return letter >= 'a' && letter <= 'z'
}
