package archive

import (
	"errors"
	"fmt"
)

// What an archive may hold. A whole site with its documents and images has some thousand entries and 200 MiB.
const (
	MaxEntries    = 100_000   // files and folders, the folders that are only implied by paths included
	MaxBytes      = 2 << 30   // unpacked, all together; also what an archive itself may have
	MaxEntryBytes = 256 << 20 // unpacked, of one entry
	MaxRatio      = 200       // of unpacked to packed bytes; text has 3 to 10, a blank image 100

	// ratioFrom is how much may be unpacked before the ratio is judged: little text can repeat itself a lot.
	ratioFrom = 10 << 20

	maxDepth     = 30    // folders in folders, as FindPages has it
	maxPathBytes = 1_000 // of the path of an entry

	// maxDirectoryBytes keeps the directory of a zip archive, which is read at once, out of the way of memory.
	maxDirectoryBytes = 64 << 20
)

// limits are the bounds in use: tests have smaller ones.
type limits struct {
	entries                    int
	bytes, entryBytes          int64
	ratio, ratioFrom           int64
	depth, pathBytes           int
	directoryBytes, spoolBytes int64
}

func standardLimits() limits {
	return limits{
		entries: MaxEntries, bytes: MaxBytes, entryBytes: MaxEntryBytes, ratio: MaxRatio, ratioFrom: ratioFrom,
		depth: maxDepth, pathBytes: maxPathBytes, directoryBytes: maxDirectoryBytes, spoolBytes: MaxBytes,
	}
}

// Limits that are found broken while reading.
var errEntries = errors.New("its directory is too large")

func errRatio(ratio int64) error {
	return fmt.Errorf("it unpacks to more than %d times its size", ratio)
}

func errBytes(most int64) error {
	return fmt.Errorf("it unpacks to more than %d bytes", most)
}
