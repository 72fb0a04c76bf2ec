package main

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// judge reads lines "NAME SHOWN", SHOWN being what helm-lookout shows of FOLDER/NAME without its
// first byte, percent-encoded. Where Helm accepts that index, both must show the same; if not,
// standard error has both and the program fails.
func judge(in io.Reader, folder string) {
	scratch, err := os.MkdirTemp("", "index-oracle-")
	check(err)
	defer os.RemoveAll(scratch)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	accepted, wrong := 0, 0
	for lines.Scan() {
		name, escaped, _ := strings.Cut(lines.Text(), " ")
		ours, err := url.PathUnescape(escaped)
		check(err)
		input, err := os.ReadFile(filepath.Join(folder, name))
		check(err)
		path := filepath.Join(scratch, "index.yaml")
		check(os.WriteFile(path, input[1:], 0o600))
		helms := showFile(path).text
		if helms == "REJECTED\n" {
			continue
		}
		accepted++
		if helms != ours && !excepted(input[1:], ours) {
			fmt.Fprintf(os.Stderr, "%s\n  Helm: %q\n  ours: %q\n", name, helms, ours)
			wrong++
		}
	}
	check(lines.Err())
	fmt.Fprintf(os.Stderr, "%d indexes that Helm accepts, %d disagreements\n", accepted, wrong)
	if wrong != 0 {
		os.RemoveAll(scratch)
		os.Exit(1)
	}
}

// excepted: what the exceptions of cases.go stand for.
func excepted(input []byte, ours string) bool {
	return false
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
