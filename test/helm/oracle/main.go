// Command oracle gives Helm's own verdict on payloads (one layer of base64, as Helm stores them).
//
//	oracle verdicts SHEET OTHERS  the cases of cases.go and hostile.go by Helm 3, in the format of
//	                              sheet.go, and what Helm 4 says otherwise
//	oracle decode FILE...         one line a payload file: the reason of the refusal, or the facts
//	oracle judge <LINES           see judge.go
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "verdicts":
		sheet, others := create(os.Args[2]), create(os.Args[3])
		writeVerdicts(sheet, others)
		check(sheet.Flush())
		check(others.Flush())
	case len(os.Args) >= 3 && os.Args[1] == "decode":
		for _, path := range os.Args[2:] {
			payload, err := os.ReadFile(path)
			check(err)
			fmt.Println(verdict(strings.TrimRight(string(payload), "\n")))
		}
	case len(os.Args) >= 2 && os.Args[1] == "judge":
		judge(os.Stdin)
	default:
		fmt.Fprintln(os.Stderr, "usage: oracle verdicts SHEET OTHERS | oracle decode FILE... | oracle judge")
		os.Exit(2)
	}
}

func create(path string) *bufio.Writer {
	file, err := os.Create(path)
	check(err)
	return bufio.NewWriter(file)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
