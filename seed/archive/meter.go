package archive

import (
	"io"
	"sync/atomic"
)

// meter compares what really comes out of an archive with the packed bytes that were read for it, whatever the
// archive claims. It may be used by several readers at once.
type meter struct {
	limits           limits
	most             int64 // that may come out; 0: as much as entries declare
	packed, unpacked atomic.Int64
}

// check fails when too much has come out.
func (m *meter) check() error {
	out := m.unpacked.Load()
	if m.most > 0 && out > m.most {
		return errBytes(m.most)
	}
	if out > m.limits.ratioFrom && out/m.limits.ratio > m.packed.Load() {
		return errRatio(m.limits.ratio)
	}
	return nil
}

// packedReader counts what a decompressor takes.
type packedReader struct {
	io.Reader
	m *meter
}

func (r packedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.m.packed.Add(int64(n))
	return n, err
}

// unpackedReader counts what a decompressor gives.
type unpackedReader struct {
	io.ReadCloser
	m *meter
}

func (r unpackedReader) Read(b []byte) (int, error) {
	n, err := r.ReadCloser.Read(b)
	r.m.unpacked.Add(int64(n))
	if over := r.m.check(); over != nil {
		return 0, over
	}
	return n, err
}
