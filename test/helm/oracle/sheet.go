package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// A sheet writes lines of verdicts.txt:
//
//	V NAME VALUE...         a list of JSON texts for the operation "each"
//	F NUMBER FACTS          a result of an accepted payload, used below by its number
//	C NAME OP INPUT TOKENS  the verdicts on the payloads that OP makes of INPUT, in order
//
// TOKENS are separated by commas: a fact's number, or e(mpty), b(ase64), g(zip), j (bad_json),
// t (wrong_type); "t*3" stands for "t,t,t". Names, values and inputs are percent-encoded.
//
// Into others it writes what Helm 4 says otherwise, `NAME INDEX FACTS-OR-REASON`, INDEX counting
// the payloads of all cases of that name.
type sheet struct {
	out, others *bufio.Writer
	known       map[string]int
	seen        map[string]int
}

var letters = map[string]string{
	"empty": "e", "base64": "b", "gzip": "g", "bad_json": "j", "wrong_type": "t",
}

func (s *sheet) token(payload string) string {
	result := verdict(payload)
	if letter, refused := letters[result]; refused {
		return letter
	}
	number, known := s.known[result]
	if !known {
		number = len(s.known)
		s.known[result] = number
		fmt.Fprintf(s.out, "F %d %s\n", number, result)
	}
	return fmt.Sprint(number)
}

func (s *sheet) values(name string, values []string) {
	fmt.Fprintf(s.out, "V %s", name)
	for _, value := range values {
		fmt.Fprintf(s.out, " %s", url.PathEscape(value))
	}
	fmt.Fprintln(s.out)
}

func (s *sheet) line(name, op, input string, payloads []string) {
	var tokens []string
	last, count := "", 0
	flush := func() {
		if count == 1 {
			tokens = append(tokens, last)
		} else if count > 1 {
			tokens = append(tokens, fmt.Sprintf("%s*%d", last, count))
		}
	}
	for _, payload := range payloads {
		s.compare(name, payload)
		token := s.token(payload)
		if token != last {
			flush()
			last, count = token, 0
		}
		count++
	}
	flush()
	if input == "" {
		input = "%"
	}
	fmt.Fprintf(s.out, "C %s %s %s %s\n", url.PathEscape(name), op, input,
		strings.Join(tokens, ","))
}

func (s *sheet) compare(name, payload string) {
	if other := verdict4(payload); other != verdict(payload) {
		fmt.Fprintf(s.others, "%s %d %s\n", url.PathEscape(name), s.seen[name], other)
	}
	s.seen[name]++
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// text: the payload as it is.
func (s *sheet) text(name, payload string) {
	s.line(name, "text", url.PathEscape(payload), []string{payload})
}

// json: a document without compression.
func (s *sheet) json(name, document string) {
	s.line(name, "json", url.PathEscape(document), []string{encode([]byte(document))})
}

// fill-N: a compressed document of the form PREFIX@UNIT@SUFFIX with N units, '#' in them their number.
func (s *sheet) fill(name string, count int, document string) {
	parts := strings.Split(document, "@")
	filled := bytes.NewBufferString(parts[0])
	for i := 0; i < count; i++ {
		filled.WriteString(strings.ReplaceAll(parts[1], "#", fmt.Sprint(i)))
	}
	filled.WriteString(parts[2])
	s.line(name, fmt.Sprint("fill-", count), url.PathEscape(document),
		[]string{encode(zip(filled.String(), 9))})
}

// members-N: PREFIX, N times a MiB of units and SUFFIX as one gzip member each.
func (s *sheet) members(name string, count int, document string) {
	parts := strings.Split(document, "@")
	bomb := zip(parts[0], 9)
	mib := zip(strings.Repeat(parts[1], 1<<20/len(parts[1])), 9)
	bomb = append(append(bomb, bytes.Repeat(mib, count)...), zip(parts[2], 9)...)
	s.line(name, fmt.Sprint("members-", count), url.PathEscape(document), []string{encode(bomb)})
}

// each: a document with every value of a list in place of '@'.
func (s *sheet) each(name, list, document string, values []string) {
	var payloads []string
	for _, value := range values {
		payloads = append(payloads, encode([]byte(strings.ReplaceAll(document, "@", value))))
	}
	s.line(name, "each-"+list, url.PathEscape(document), payloads)
}

// cut-text, cut-gzip, cut-json: each proper prefix of the payload, of its bytes, of the document.
func (s *sheet) cuts(name, payload string, zipped, document []byte) {
	var texts, zips, documents []string
	for i := range payload {
		texts = append(texts, payload[:i])
	}
	for i := range zipped {
		zips = append(zips, encode(zipped[:i]))
	}
	for i := range document {
		documents = append(documents, encode(document[:i]))
	}
	s.line(name, "cut-text", payload, texts)
	s.line(name, "cut-bytes", payload, zips)
	s.line(name, "cut-bytes", encode(document), documents)
}

const swaps = "\"{]0,\\"

// flip-bytes: each bit. swap-bytes: each byte by each of swaps. drop-bytes: each byte left out.
func (s *sheet) damages(name string, zipped, document []byte) {
	var flips, swapped, drops []string
	for i := range zipped {
		for bit := 0; bit < 8; bit++ {
			damaged := append([]byte(nil), zipped...)
			damaged[i] ^= 1 << bit
			flips = append(flips, encode(damaged))
		}
	}
	for i := range document {
		for _, c := range []byte(swaps) {
			damaged := append([]byte(nil), document...)
			damaged[i] = c
			swapped = append(swapped, encode(damaged))
		}
		drops = append(drops, encode(append(append([]byte(nil), document[:i]...),
			document[i+1:]...)))
	}
	s.line(name, "flip-bytes", encode(zipped), flips)
	s.line(name, "swap-bytes", encode(document), swapped)
	s.line(name, "drop-bytes", encode(document), drops)
}
