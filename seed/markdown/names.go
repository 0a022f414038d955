package markdown

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/lectern-cms/lectern/models"
)

// step is the distance of the numbers in names, so that there is room for what an author adds between two.
const step = 10

// pageDigits is how many digits the numbers of pages and worksheets have: enough for 999 in a module. Beyond that they
// get longer, and are still read as numbers.
const pageDigits = 4

// moduleDigits is how many the numbers of so many modules have.
func moduleDigits(count int) int { return max(2, len(strconv.Itoa(count*step))) }

// numbered names the place-th of the files that stand in order, from 1.
func numbered(place, digits int, slug string) string {
	return fmt.Sprintf("%0*d-%s", digits, place*step, slug)
}

// trashName names a file in a trash folder, where slugs may be there many times and there is no order.
func trashName(slug string, id models.ID) string { return slug + "-" + string(id) }

var numberedName = regexp.MustCompile(`^([0-9]+)(?:-(.*))?$`)

// splitName parts a name in its number and the rest. It has no number when it begins with none.
func splitName(name string) (number, rest string, ok bool) {
	if m := numberedName.FindStringSubmatch(name); m != nil {
		return strings.TrimLeft(m[1], "0"), m[2], true
	}
	return "", name, false
}

// compareNames orders names by their numbers. Those without come last, by the alphabet.
func compareNames(a, b string) int {
	x, restX, okX := splitName(a)
	y, restY, okY := splitName(b)
	if okX != okY {
		if okX {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y), cmp.Compare(restX, restY), cmp.Compare(a, b))
}

// hashDigits is how many digits of a hash tell files with one name apart.
const hashDigits = 12

// maxStem keeps the names of files well under what file systems allow.
const maxStem = 80

// filePathOf is where the bytes of a file are in the folder: under the name that it has, without what some system does
// not allow in names, and with a part of its hash.
func filePathOf(f models.File) string {
	extension := path.Ext(f.Name)
	stem := portable(strings.TrimSuffix(f.Name, extension))
	if extension = portable(strings.TrimPrefix(extension, ".")); extension != "" {
		extension = "." + extension
	}
	return filesDir + "/" + strings.TrimPrefix(stem+"-", "-") + f.Sha256[:hashDigits] + extension
}

// portable keeps the letters and digits of a name, in lower case, and puts hyphens in the place of all else.
func portable(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= maxStem:
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
