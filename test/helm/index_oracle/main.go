// Command index_oracle gives Helm's own verdict on chart repository indexes and versions.
//
//	index_oracle show FILE        what Helm shows of an index: one line a version
//	index_oracle digests FILE...  one line a file: name, charts, versions, digest of its `show`
//	index_oracle cases            the documents of cases.go with their verdicts
//	index_oracle judge FOLDER     see judge.go
//	index_oracle versions FILE... versions of these indexes and many that are made up, with verdicts
//
// Texts are escaped as in a URL path. Lines of a sheet are described where they are written.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetOutput(io.Discard) // Helm tells of each entry that it leaves out
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	switch {
	case len(os.Args) == 3 && os.Args[1] == "show":
		fmt.Fprint(out, showFile(os.Args[2]).text)
	case len(os.Args) >= 3 && os.Args[1] == "digests":
		fmt.Fprintln(out, "# Helm 3.22's view of corpora/index: file, charts, versions, FNV-1a of `show`.")
		for _, path := range os.Args[2:] {
			shown := showFile(path)
			fmt.Fprintf(out, "%s %d %d %016x\n", filepath.Base(path), shown.charts, shown.versions, shown.digest())
		}
	case len(os.Args) == 2 && os.Args[1] == "cases":
		writeCases(out)
	case len(os.Args) == 3 && os.Args[1] == "judge":
		judge(os.Stdin, os.Args[2])
	case len(os.Args) >= 3 && os.Args[1] == "versions":
		writeVersions(out, os.Args[2:])
	default:
		fmt.Fprintln(os.Stderr, "usage: index_oracle show FILE | digests FILE... | cases | judge FOLDER | versions FILE...")
		os.Exit(2)
	}
}
