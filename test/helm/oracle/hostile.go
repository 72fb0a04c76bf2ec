package main

import (
	"bytes"
	"fmt"
	"strings"
)

// A release whose facts come first, as Helm writes them, with room for what is hostile behind.
const first = `{"name":"a","info":{"last_deployed":"2024-03-02T10:11:12Z","status":"failed"},` +
	`"chart":{"metadata":{"name":"c","version":"1"}`

// hostile has one case an input that an attacker or a broken tool may leave in a Secret.
// docs/decoding.md lists them with what becomes of them.
func hostile(s *sheet) {
	hostileBase64(s)
	hostileGzip(s)
	hostileJSON(s)
	hostileTypes(s)
	hostileSizes(s)
}

func hostileBase64(s *sheet) {
	good := encode(zip(first+`,"x":"`+strings.Repeat("pad ", 3)+`"}}`, 9))
	good = good[:len(good)-len(good)%4]
	tail := strings.TrimRight(good, "=")
	text := func(name, payload string) { s.text("hostile: base64: "+name, payload) }
	text("illegal character", good[:40]+"*"+good[41:])
	text("padding inside", good[:40]+"="+good[41:])
	text("missing padding", encode([]byte(first + "}} "))[:len(encode([]byte(first+"}} ")))-1])
	text("too much padding", tail+"====")
	text("URL alphabet", "eyJuYW1lIjoi_-8ifQ==")
	text("line ends inside", good[:41]+"\r\n"+good[41:77]+"\n"+good[77:]+"\r\n")
	text("garbage behind", good+"!")
	s.line("hostile: base64: cut at every byte", "cut-text", good, textCuts(good))
	text("second text behind the padding", encode([]byte(first+"}} "))+encode([]byte("{}")))
	s.text("hostile: empty", "")
	s.text("hostile: JSON without gzip", encode([]byte(small)))
}

func hostileGzip(s *sheet) {
	bin := func(name string, parts ...[]byte) {
		s.text("hostile: gzip: "+name, encode(bytes.Join(parts, nil)))
	}
	good := zip(small, 9)
	end := len(good) - 8
	bin("FEXTRA", member(4, "\x03\x00abc", small))
	bin("FNAME", member(8, "release.json\x00", small))
	bin("FCOMMENT", member(16, "by hand\x00", small))
	bin("FHCRC", member(2, "", small))
	bin("all four", member(4|8|16|2, "\x01\x00xn\x00c\x00", small))
	wrong := member(2, "", small)
	wrong[10] ^= 1
	bin("FHCRC wrong", wrong)
	bin("reserved flags", member(0xe0, "", small))
	bin("CRC wrong", good[:end], []byte{1, 2, 3, 4}, good[end+4:])
	bin("ISIZE wrong", good[:end+4], []byte{1, 2, 3, 4})
	bin("several members", zip(small[:50], 9), zip("", 9), zip(small[50:], 9))
	bin("zeros behind", good, make([]byte, 512))
	bin("garbage behind", good, []byte("garbage"))
	bin("stored only", zip(small, 0))
	bin("magic and nothing", []byte{0x1f, 0x8b, 8, 0})
	s.line("hostile: gzip: cut at every byte", "cut-bytes", encode(good), cuts(good))
}

func textCuts(text string) []string {
	var payloads []string
	for i := range text {
		payloads = append(payloads, text[:i])
	}
	return payloads
}

func cuts(b []byte) []string {
	var payloads []string
	for i := range b {
		payloads = append(payloads, encode(b[:i]))
	}
	return payloads
}

func hostileJSON(s *sheet) {
	json := func(name, document string) { s.json("hostile: JSON: "+name, document) }
	deep := func(levels int) string {
		return strings.Repeat("[", levels) + strings.Repeat("]", levels)
	}
	packed := func(name, document string) { s.text("hostile: JSON: "+name, encode(zip(document, 9))) }
	packed("10,000 deep", `{"x":`+deep(9999)+"}")
	packed("10,001 deep", `{"x":`+deep(10000)+"}")
	packed("10,001 deep in a skipped field behind the facts", first+`,"x":`+deep(9999)+"}}")
	json("null everywhere", `{"name":null,"info":null,"chart":null,"config":null,"manifest":null,`+
		`"hooks":null,"version":null,"namespace":null}`)
	json("null one level down", `{"info":{"first_deployed":null,"last_deployed":null,"deleted":null,`+
		`"description":null,"status":null,"notes":null,"resources":null},"chart":{"metadata":null,`+
		`"lock":null,"templates":null,"values":null,"schema":null,"files":null},"hooks":[null]}`)
	json("null two levels down", `{"chart":{"metadata":{"name":null,"home":null,"sources":null,`+
		`"version":null,"description":null,"keywords":null,"maintainers":null,"icon":null,`+
		`"apiVersion":null,"condition":null,"tags":null,"appVersion":null,"deprecated":null,`+
		`"annotations":null,"kubeVersion":null,"dependencies":null,"type":null}}}`)
	json("duplicate key, the last wins", `{"info":{"status":"failed","status":"deployed"},"chart":{"metadata":{}}}`)
	json("duplicate struct, merged", `{"chart":{"metadata":{"name":"a","version":"1"}},`+
		`"chart":{"metadata":{"version":"2"}},"info":{}}`)
	json("duplicate behind the facts", first+`},"info":{"status":"deployed"}}`)
	json("keys in other case", `{"NAME":"a","Info":{"STATUS":"failed"},"chart":{"MetaData":{"Name":"c"}}}`)
	json("keys equal by folding only", "{\"info\":{\"\u017ftatus\":\"failed\"},\"chart\":{\"metadata\":{\"ver\u017fion\":\"1\"}}}")
	json("byte order mark", "\xef\xbb\xbf"+small)
	json("NUL in a string", "{\"name\":\"a\x00\"}")
	json("NUL in a string, escaped", `{"chart":{"metadata":{"name":"a\u0000"}}}`)
	json("NUL behind", small+"\x00")
	json("invalid UTF-8", "{\"chart\":{\"metadata\":{\"name\":\"a\xff\"}}}")
	json("invalid UTF-8 in a skipped field", "{\"x\":\"\xc3(\"}")
	json("invalid UTF-8 behind the facts", first+",\"x\":\"\xff\"}}")
	json("overlong UTF-8", "{\"a\":\"\xc0\x80\"}")
	json("invalid UTF-8 in a key", "{\"\xff\":1}")
	json("lone high surrogate", `{"chart":{"metadata":{"name":"a\ud800"}}}`)
	json("lone low surrogate", `{"chart":{"metadata":{"name":"\udc00a"}}}`)
	json("high surrogate before another escape", `{"a":"\ud800\u0041"}`)
	json("lone surrogate behind the facts", first+`,"x":"\ud800"}}`)
	json("1e999", `{"x":1e999}`)
	json("-1e999 behind the facts", first+`,"x":-1e999}}`)
	json("1e-999", `{"x":1e-999}`)
	json("a second document behind", small+"{}")
	json("text behind", small+"x")
	json("white space behind", small+" \r\n\t")
	json("cut behind the facts", first)
}

func hostileTypes(s *sheet) {
	json := func(name, document string) { s.json("hostile: type: "+name, document) }
	for _, version := range []string{`"3"`, `3.0`, `1e3`, `-1`, `9223372036854775807`, `9223372036854775808`, `007`} {
		json("version "+version, `{"name":"a","info":{"status":"failed"},"version":`+version+`}`)
	}
	json("no info, no chart", `{"name":"a","version":1}`)
	json("no chart.metadata", `{"name":"a","info":{"status":"failed"},"chart":{}}`)
	json("version left out", `{"name":"a","info":{"status":"failed"},"chart":{"metadata":{"name":"c","version":"2"}}}`)
	for _, place := range []string{`"info"`, `"chart"`} {
		for _, value := range []string{`null`, `[]`, `"x"`, `3`} {
			json(place[1:len(place)-1]+" "+value, `{`+place+`:`+value+`}`)
		}
	}
	json("chart.metadata null", `{"chart":{"metadata":null}}`)
	json("chart.metadata []", `{"chart":{"metadata":[]}}`)
	json("status a number", `{"info":{"status":3}}`)
	json("status none of Helm's", `{"info":{"status":"broken"}}`)
	json("wrong type behind the facts", first+`},"version":"3"}`)
	for _, time := range []string{``, `0001-01-01T00:00:00Z`, `9999-12-31T23:59:59Z`,
		`10000-01-01T00:00:00Z`, `2024-03-01T10:11:12+25:00`, `2024-03-01T10:11:12`, `yesterday`,
		`2024-03-01T10:11:12.1234567890123456789Z`} {
		json(fmt.Sprintf("time %q", time), `{"info":{"last_deployed":"`+time+`"}}`)
	}
	json("time with an escape", `{"info":{"last_deployed":"\u0032024-03-01T10:11:12Z"}}`)
	json("time of 127 characters", `{"info":{"last_deployed":"2024-03-01T10:11:12.`+strings.Repeat("1", 106)+`Z"}}`)
	json("time of 126 characters", `{"info":{"last_deployed":"2024-03-01T10:11:12.`+strings.Repeat("1", 105)+`Z"}}`)
}

func hostileSizes(s *sheet) {
	const mib = 1 << 20
	fill := func(name string, count int, document string) {
		s.fill("hostile: size: "+name, count, document)
	}
	fill("chart name of 1 MiB", mib, `{"chart":{"metadata":{"name":"@x@"}}}`)
	fill("chart name of 1 MiB and a byte", mib+1, `{"chart":{"metadata":{"name":"@x@"}}}`)
	fill("manifest of 7 MiB", 7*mib, `{"manifest":"@x@"}`)
	fill("manifest of 9 MiB", 9*mib, `{"manifest":"@x@"}`)
	fill("manifest of 9 MiB behind the facts", 9*mib, first+`},"manifest":"@x@"}`)
	fill("9 MiB of white space", 9*mib, `{@ @}`)
	fill("a number of 9 million digits", 9_000_000, `{"x":0.@1@}`)
	fill("a million keys", 1_000_000, `{"config":{@"k#":1,@"a":1}}`)
	fill("a document of 65 MiB", 65*1024, `{"x":[@"`+strings.Repeat("y", 1021)+`",@1]}`)
	fill("bomb 1,032:1", 63*mib, `{"manifest":"@x@"}`)
	s.members("hostile: size: bomb of 800 MB", 763, `{"manifest":"@x@"}`)
	s.members("hostile: size: bomb of 800 MB behind the facts", 763, first+`},"manifest":"@x@"}`)
}
