package seed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// MaxPageBytes is the most that a page may have. A long one has 100 KiB.
const MaxPageBytes = 8 << 20

// Further limits of a source.
const (
	maxPages     = 20_000
	maxDepth     = 30        // folders in folders
	maxLineBytes = 256 << 10 // a line is a paragraph, and a record holds no longer one
)

// pageTypes are the file names' ends of pages.
var pageTypes = []string{".md", ".markdown", ".txt"}

// notPages are files about a source, and folders with what is no content of their own.
var (
	notPages   = []string{"readme", "origin", "license", "contributing"}
	notContent = []string{"_site", "_includes", "_layouts", "vendor", "node_modules"}

	// setAside are folders with pages that a site does not publish.
	setAside = []string{"_archive", "_drafts", "shed"}
)

// FindPages lists the pages in a folder and the folders in it, in lexical order. It fails with KindMalformed if there
// are too many, or folders too deep; the error names the path.
func FindPages(fsys fs.FS) ([]string, error) {
	var pages []string
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("list %s: %w", p, err)
		case d.IsDir() && p != "." && skipsFolder(d.Name()):
			return fs.SkipDir
		case d.IsDir() && strings.Count(p, "/") >= maxDepth:
			return models.Malformed(fmt.Sprintf("%s: folders are nested more than %d deep", p, maxDepth), nil)
		case d.IsDir() || !isPage(d.Name()):
			return nil
		case len(pages) == maxPages:
			return models.Malformed(fmt.Sprintf("%s: the source has more than %d pages", p, maxPages), nil)
		}
		pages = append(pages, p)
		return nil
	})
	slices.Sort(pages)
	return pages, err
}

func skipsFolder(name string) bool {
	return slices.Contains(notContent, name) || slices.Contains(setAside, name) || strings.HasPrefix(name, ".")
}

// warnSetAside says which pages are not read because their site does not publish them.
func (s *Site) warnSetAside() error {
	if !s.Whole {
		return nil
	}
	return fs.WalkDir(s.FS, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("list %s: %w", p, err)
		case !d.IsDir() || p == ".":
			return nil
		case slices.Contains(setAside, d.Name()):
			pages, err := pagesBelow(s.FS, p)
			if err != nil {
				return err
			}
			if pages > 0 {
				s.Warn(p, 0, fmt.Sprintf("the folder holds %s that the site does not publish: not imported", many(pages, "page")))
			}
			return fs.SkipDir
		case skipsFolder(d.Name()):
			return fs.SkipDir
		}
		return nil
	})
}

func pagesBelow(fsys fs.FS, folder string) (pages int, err error) {
	err = fs.WalkDir(fsys, folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("list %s: %w", p, err)
		}
		if !d.IsDir() && isPage(d.Name()) {
			pages++
		}
		return nil
	})
	return pages, err
}

func isPage(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	base := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	return slices.Contains(pageTypes, ext) && !slices.Contains(notPages, base)
}

// readPage reads a page as text: without byte order mark, line breaks as "\n". It fails with KindMalformed if the page
// is too long or not UTF-8, naming the place.
func readPage(fsys fs.FS, name string, log *Log) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", models.Malformed(name+": no such page", err)
		}
		return "", fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxPageBytes+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > MaxPageBytes {
		return "", models.Malformed(fmt.Sprintf("%s: the page has more than %d bytes", name, MaxPageBytes), nil)
	}
	return decodePage(name, data, log)
}

func decodePage(name string, data []byte, log *Log) (string, error) {
	text := strings.TrimPrefix(string(data), "\uFEFF")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if frontmatter.Unclosed(text) {
		return "", models.Malformed(name+":1: the front matter is not closed: there is no second line of three hyphens", nil)
	}
	for i, line := range strings.Split(text, "\n") {
		if len(line) > maxLineBytes {
			return "", models.Malformed(fmt.Sprintf("%s, line %d: the line has more than %d bytes", name, i+1, maxLineBytes), nil)
		}
		if at := invalidUTF8(line); at >= 0 {
			return "", models.Malformed(fmt.Sprintf("%s, line %d, byte %d: the text is not UTF-8", name, i+1, at+1), nil)
		}
		if strings.ContainsRune(line, 0) {
			log.Warn(name, i+1, "a NUL was replaced: text can't hold it")
		}
	}
	return strings.ReplaceAll(text, "\x00", "\uFFFD"), nil
}

// invalidUTF8 is the offset of the first byte that is no part of a character, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
