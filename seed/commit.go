package seed

import (
	"io/fs"
	"regexp"
	"strings"
)

// commitHash is what names a commit of git.
var commitHash = regexp.MustCompile(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$`)

// headCommit is the commit that is checked out in a folder, as git keeps it (gitrepository-layout(5)): empty when the
// folder is no checkout.
func headCommit(fsys fs.FS) string {
	head := gitFile(fsys, "HEAD")
	ref, symbolic := strings.CutPrefix(head, "ref: ")
	if !symbolic {
		return hash(head)
	}
	if !fs.ValidPath(ref) {
		return ""
	}
	if commit := hash(gitFile(fsys, ref)); commit != "" {
		return commit
	}
	for line := range strings.Lines(gitFile(fsys, "packed-refs")) {
		if commit, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name == ref {
			return hash(commit)
		}
	}
	return ""
}

func gitFile(fsys fs.FS, name string) string {
	data, err := fs.ReadFile(fsys, ".git/"+name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

func hash(s string) string {
	if commitHash.MatchString(s) {
		return s
	}
	return ""
}
