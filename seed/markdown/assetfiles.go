package markdown

import (
	"fmt"

	"github.com/lectern-cms/lectern/models"
)

// filePath says where the bytes of one of an asset's files are, as its entry has it.
type filePath struct {
	path  string
	line  int
	field string // of the file
}

// filesOf are the files of an asset: the asset's own, caption tracks, renditions.
func filesOf(a *models.Asset) []*models.File {
	out := []*models.File{&a.File}
	for i := range a.CaptionTracks {
		out = append(out, &a.CaptionTracks[i].File)
	}
	for i := range a.Renditions {
		out = append(out, &a.Renditions[i].File)
	}
	return out
}

// fileNode is the object of a file in an asset's entry, with its place there.
type fileNode struct {
	*node
	field string
}

// fileNodes are the objects of the files in an asset's entry, in the order of filesOf. One that is missing is nil.
func fileNodes(n *node) []fileNode {
	out := []fileNode{{n.get("file"), "file"}}
	for _, key := range []string{"caption_tracks", "renditions"} {
		if files := n.get(key); files != nil {
			for i, item := range files.items {
				out = append(out, fileNode{item.get("file"), fmt.Sprintf("%s[%d].file", key, i+1)})
			}
		}
	}
	return out
}

// setPaths puts the paths of its files into an asset's entry.
func setPaths(n *node, a *models.Asset) {
	files := filesOf(a)
	for i, f := range fileNodes(n) {
		f.keys = append([]string{pathKey}, f.keys...)
		f.items = append([]*node{textNode(filePathOf(*files[i]))}, f.items...)
		f.at = append([]int{0}, f.at...)
	}
}

// takePaths takes the paths of files out of an asset's entry, in the order of filesOf.
func takePaths(n *node) []filePath {
	var out []filePath
	for _, f := range fileNodes(n) {
		p := filePath{field: f.field, line: n.line}
		if f.node != nil && f.kind == object {
			p.line = f.lineOf(pathKey)
			if v := f.take(pathKey); v != nil && !v.isNull() {
				p.path = v.text
			}
		}
		out = append(out, p)
	}
	return out
}
