package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// judge reads lines "NAME PAYLOAD VERDICT", the payload percent-encoded and the verdict being helm-lookout's in verify mode, and
// writes "NAME MARK VERDICT" with Helm's; MARK is "~" for documents that docs/decoding.md excepts,
// else "=". What neither is equal nor excepted goes to standard error and fails the program.
func judge(in io.Reader) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	count, wrong := 0, 0
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), " ")
		escaped, ours, _ := strings.Cut(rest, " ")
		payload, err := url.PathUnescape(escaped)
		check(err)
		helms, mark := verdict(payload), "="
		if ours != helms && (ours == "bad_json" || ours == "too_large") && excepted(payload) {
			mark = "~"
		} else if ours != helms {
			fmt.Fprintf(os.Stderr, "%s: Helm: %s, helm-lookout: %s\n", name, helms, ours)
			wrong++
		}
		fmt.Println(name, mark, helms)
		count++
	}
	check(lines.Err())
	fmt.Fprintf(os.Stderr, "%d payloads judged by Helm, %d disagreements\n", count, wrong)
	if wrong != 0 {
		os.Exit(1)
	}
}

const timeBytesMax = 126

// excepted: invalid UTF-8, lone surrogates, numbers beyond a double, long times, large documents.
func excepted(payload string) bool {
	b, stage := document(payload)
	if stage != "" {
		return false
	}
	return len(b) > 8<<20 || !utf8.Valid(b) || hasLoneSurrogate(b) || hasLongTokens(b)
}

func hasLongTokens(b []byte) bool {
	tokens := json.NewDecoder(bytes.NewReader(b))
	tokens.UseNumber()
	for {
		switch token, err := tokens.Token(); value := token.(type) {
		case json.Number:
			if _, err := strconv.ParseFloat(value.String(), 64); err != nil {
				return true
			}
		case string:
			if len(value) > timeBytesMax {
				return true
			}
		default:
			if err != nil {
				return false
			}
		}
	}
}

func hasLoneSurrogate(b []byte) bool {
	unit := func(at int) uint64 {
		if at+6 > len(b) || b[at] != '\\' || b[at+1] != 'u' {
			return 0
		}
		value, _ := strconv.ParseUint(string(b[at+2:at+6]), 16, 16)
		return value
	}
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		high := unit(i)
		switch {
		case high >= 0xdc00 && high < 0xe000:
			return true
		case high >= 0xd800 && high < 0xdc00:
			if low := unit(i + 6); low < 0xdc00 || low >= 0xe000 {
				return true
			}
			i += 11
		default:
			i++
		}
	}
	return false
}
