// Command oracle gives Helm's own verdict on payloads (one layer of base64, as Helm stores them).
//
//	oracle verdicts        the cases of cases.go, in the format of verdicts.txt, to standard output
//	oracle decode FILE...  one line a payload file: the reason of the refusal, or the facts
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "verdicts" {
		out := bufio.NewWriter(os.Stdout)
		defer out.Flush()
		writeVerdicts(out)
		return
	}
	if len(os.Args) < 3 || os.Args[1] != "decode" {
		fmt.Fprintln(os.Stderr, "usage: oracle verdicts | oracle decode FILE...")
		os.Exit(2)
	}
	for _, path := range os.Args[2:] {
		payload, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(verdict(strings.TrimRight(string(payload), "\n")))
	}
}
