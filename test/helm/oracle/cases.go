package main

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand"
	"reflect"
	"strings"

	"helm.sh/helm/v3/pkg/release"
)

// A release as Helm writes it, with something in every part.
const whole = `{"name":"web","info":{"first_deployed":"2024-03-01T10:11:12.123456789+01:00",` +
	`"last_deployed":"2024-03-02T10:11:12Z","deleted":"","description":"Upgrade complete",` +
	`"status":"deployed","notes":"n\u003c\u0026\u003e\n\u00e9"},"chart":{"metadata":{` +
	`"name":"c","sources":["s"],"version":"1.0.0","keywords":["k"],"maintainers":[{"name":"m"}],` +
	`"apiVersion":"v2","appVersion":"1.2","deprecated":true,"annotations":{"a":"b"},` +
	`"dependencies":[{"name":"d","version":"1","repository":"","tags":["t"],"enabled":true,` +
	`"import-values":["i",{"child":"c"}]}],"type":"application"},"lock":{` +
	`"generated":"2024-01-01T00:00:00Z","digest":"x","dependencies":[]},"templates":[{` +
	`"name":"templates/a.yaml","data":"eA=="}],"values":{"a":1,"b":[true,null,-2.5e3]},` +
	`"schema":"e30=","files":null},"config":{"r":2},"manifest":"---\n","hooks":[{"name":"h",` +
	`"kind":"Job","events":["test"],"last_run":{"started_at":"","completed_at":` +
	`"2024-03-01T10:11:12Z","phase":"Succeeded"},"weight":-5,"delete_policies":["x"]}],` +
	`"version":3,"namespace":"ns"}`

const small = `{"name":"a","info":{"last_deployed":"2024-03-02T10:11:12Z","status":"failed"},` +
	`"chart":{"metadata":{"name":"c","version":"1"}},"version":1}`

func zip(document string, level int) []byte {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, level)
	w.Write([]byte(document))
	w.Close()
	return buf.Bytes()
}

func writeVerdicts(out, others *bufio.Writer) {
	s := &sheet{out, others, map[string]int{}, map[string]int{}}
	fmt.Fprintln(out, "# Verdicts of Helm 3.22's decoder, written by test/helm/oracle: see sheet.go.")
	fmt.Fprintln(others, "# Where Helm 4.3's decoder says otherwise, written by test/helm/oracle: see sheet.go.")
	texts(s)
	gzips(s)
	documents(s)
	types(s)
	helm4(s)
	times(s)
	hostile(s)
	randoms(s)
	zipped := zip(small, 9)
	s.cuts("small", encode(zipped), zipped, []byte(small))
	s.damages("small", zipped, []byte(whole))
}

func texts(s *sheet) {
	good := encode(zip(small, 9))
	s.text("as Helm writes it", good)
	s.text("everything", encode(zip(whole, 9)))
	s.text("empty", "")
	s.text("lines", good[:10]+"\r\n"+good[10:13]+"\n"+good[13:]+"\r\n")
	s.text("only a line end", "\n")
	s.text("no padding", strings.TrimRight(encode(zip(small+" ", 9)), "="))
	s.text("padding too early", good[:8]+"="+good[9:])
	s.text("padding inside", "eyJ=fQ==")
	s.text("garbage behind padding", encode([]byte("{} "))+"=")
	s.text("group behind padding", "e30=e30=")
	s.text("space", good+" ")
	s.text("tab", "\t"+good)
	s.text("URL alphabet", strings.NewReplacer("+", "-", "/", "_").Replace(encode([]byte("\"\xfb\xff\xbe\""))))
	s.text("NUL", good[:4]+"\x00"+good[5:])
	s.text("unused bits set", "e31=")
	s.text("only padding", "====")
	s.text("twice base64", encode([]byte(good)))
	s.text("not text", "\x80\x81\x82\x83")
}

// member makes a gzip member with the flags and optional header parts given.
func member(flags byte, parts string, document string) []byte {
	plain := zip(document, 9)
	header := append([]byte{0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 2, 255}, parts...)
	if flags&2 != 0 {
		header = binary.LittleEndian.AppendUint16(header, uint16(crc32.ChecksumIEEE(header)))
	}
	return append(header, plain[10:]...)
}

func gzips(s *sheet) {
	bin := func(name string, parts ...[]byte) { s.text("gzip: "+name, encode(bytes.Join(parts, nil))) }
	z := func(document string) []byte { return zip(document, 9) }
	half := len(small) / 2
	bin("two members", z(small[:half]), z(small[half:]))
	bin("empty members around", z(""), z(small), z(""))
	bin("empty member", z(""))
	bin("second document", z(small), z(small))
	bin("stored", zip(small, 0))
	bin("Huffman only", zip(small, flate.HuffmanOnly))
	bin("trailing NUL", z(small), []byte{0})
	bin("trailing NULs", z(small), make([]byte, 600))
	bin("trailing text", z(small), []byte("x"))
	bin("trailing magic", z(small), []byte{0x1f, 0x8b, 8})
	bin("second member cut", z(small), z("")[:15])
	bin("second member without magic", z(small), []byte("0123456789abcdef"))
	bin("CRC", z(small)[:len(z(small))-8], []byte{1, 2, 3, 4, byte(len(small)), 0, 0, 0})
	bin("extra", member(4, "\x03\x00abc", small))
	bin("extra of 0 bytes", member(4, "\x00\x00", small))
	bin("extra of 65535 bytes", member(4, "\xff\xff"+strings.Repeat("e", 65535), small)[:20000])
	bin("name", member(8, "n.json\x00", small))
	bin("comment", member(16, "c\x80\x00", small))
	bin("all parts", member(4|8|16|2, "\x01\x00xn\x00c\x00", small))
	bin("text flag", member(1, "", small))
	bin("reserved flags", member(0xe0, "", small))
	bin("name of 511 bytes", member(8, strings.Repeat("n", 511)+"\x00", small))
	bin("name of 512 bytes", member(8, strings.Repeat("n", 512)+"\x00", small))
	wrong := member(2, "", small)
	wrong[10] ^= 1
	bin("header CRC wrong", wrong)
	bin("header CRC", member(2, "", small))
	bin("method 7", []byte{0x1f, 0x8b, 7}, z(small)[3:])
	bin("magic only", []byte{0x1f, 0x8b, 8})
	bin("magic and a byte", []byte{0x1f, 0x8b, 8, 0})
	bin("gzip in gzip", zip(string(z(small)), 9))
	bin("bad block type", z(small)[:10], []byte{7}, make([]byte, 20))
	bin("wrong stored length", z(small)[:10], []byte{1, 5, 0, 5, 0}, make([]byte, 20))
	bin("copy from before the start", z(small)[:10], []byte{0x4b, 4, 0x12, 0, 0, 255, 255}, make([]byte, 20))
	bin("bad JSON before a bad CRC", z("{]")[:len(z("{]"))-8], make([]byte, 8))
	bin("wrong type before a bad CRC", z("[]")[:len(z("[]"))-8], make([]byte, 8))
	s.text("bad JSON before bad base64", encode(z("{] "+strings.Repeat(small, 50)))+"*")
	s.text("bad gzip before bad base64", encode(append(z(small), make([]byte, 9000)...))+"*")
	s.text("wrong type before bad base64", encode([]byte(`{"name":3}`+strings.Repeat(" ", 9000)))+"*")
}

func documents(s *sheet) {
	for _, document := range []string{
		``, ` `, `{}`, ` {} `, "\t\r\n{}\n", `null`, ` null `, `true`, `3`, `3 `, `3}`, `-1`, `"x"`, `[]`, `[1]`, `[[{}]]`,
		`{}x`, `{}{}`, `{},`, "{}\x00", "{\x00}", "\x00", "\xef\xbb\xbf{}", "\xef\xbb{}", "{}\xef\xbb\xbf",
		`{"a":1}`, `{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":1.}`, `{"a":1e}`, `{"a":-}`, `{"a":0x1}`, `{"a":NaN}`, `{"a":-0}`,
		`{"a":nul}`, `{"a":nulL}`, `{"a":tru}`, `{"a":"`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{a:1}`, `{'a':1}`,
		`{"a":[1,]}`, `{"a":[,1]}`, `{"a" "b"}`, `{"a":1 "b":2}`, `{"a":1}}`, `[}`, `{]`, `// c`, `/**/{}`,
		"{\"a\":\"\x01\"}", "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}", `{"a":"\x"}`, `{"a":"\'"}`, `{"a":"\u12"}`, `{"a":"\u12g4"}`, `{"a":"\u0000"}`, `{"a":"\/\b\f"}`,
		"{\"a\":\f1}", "{\"a\":\v1}", "{\u00a0}",
		`{"name":"a","name":3}`, `{"name":3,"name":"a"}`,
		`{"info":{"status":"failed"},"info":{"status":"deployed"}}`,
		`{"info":{"status":"failed","last_deployed":"2024-03-02T10:11:12Z"},"info":{"first_deployed":"2024-03-01T10:11:12Z"}}`,
		`{"info":{"status":"failed"},"info":null}`, `{"info":null,"info":{"status":"failed"}}`, `{"info":{"status":"failed"},"info":{}}`,
		`{"info":{"status":"failed","status":null}}`, `{"info":{"status":"failed","status":"other"}}`, `{"info":{"status":"Failed"}}`, `{"info":{"status":""}}`,
		`{"info":{"last_deployed":"2024-03-02T10:11:12Z","last_deployed":""}}`, `{"info":{"last_deployed":"2024-03-02T10:11:12Z","last_deployed":null}}`,
		`{"info":{"last_deployed":"2024-03-02T10:11:12Z","last_deployed":"0001-01-01T00:00:00Z"}}`,
		`{"chart":{"metadata":{"name":"a","version":"1"}},"chart":{"metadata":{"version":"2","appVersion":"3"}}}`,
		`{"chart":{"metadata":{"name":"a"}},"chart":{"metadata":null}}`, `{"chart":{"metadata":{"name":"a"}},"chart":null}`, `{"chart":{"metadata":{"name":"a"}},"chart":{}}`,
		`{"chart":null}`, `{"chart":{}}`, `{"chart":{"metadata":null}}`, `{"chart":{"metadata":{}}}`, `{"chart":{"metadata":{"name":null}}}`,
		`{"chart":{"metadata":{"deprecated":true,"deprecated":null}}}`, `{"chart":{"metadata":{"deprecated":true,"deprecated":false}}}`,
		`{"chart":{"metadata":{"name":"a","name":"b"},"metadata":{"name":"c"}}}`, `{"chart":[]}`, `{"chart":{"metadata":[]}}`, `{"chart":{"metadata":"x"}}`,
		`{"INFO":{"STATUS":"failed"},"CHART":{"METADATA":{"NAME":"a","APPVERSION":"1"}}}`, `{"info":{"Status":"failed","status":"deployed","STATUS":"unknown"}}`,
		"{\"info\":{\"\u017ftatus\":\"failed\"}}", "{\"info\":{\"\u017ftatu\u017f\":\"failed\"},\"chart\":{\"metadata\":{\"ver\u017fion\":\"1\"}}}",
		"{\"hoo\u212as\":3}", "{\"hoo\u212a\u017f\":[]}", "{\"hoo\u212a\u017f\":[3]}", "{\"\u0130nfo\":3}", "{\"\u0131nfo\":3}", "{\"na\u00b5e\":3}", `{"\u006eame":3}`, `{"info":{"\u017ftatus":"failed"}}`,
		`{"name ":3}`, `{"":3}`, `{"names":3}`, `{"nam":3}`, "{\"name\\u0000\":3}", `{"apply_method":3}`, `{"labels":3}`, `{"Labels":{"a":3}}`,
		`{"chart":{"metadata":{"name":"\u0061\n\u00e9\ud83d\ude00\\"}}}`, "{\"chart\":{\"metadata\":{\"name\":\"\u00e9\u4e16\U0001f600\u2028\"}}}", `{"chart":{"Raw":3,"raw":3,"schemamodtime":3}}`,
		`{"hooks":[null,{},{"last_run":null}]}`, `{"hooks":[{"Events":[null,"x"]}]}`, `{"info":{"resources":{"v1/Pod":[null]}}}`, `{"info":{"resources":{"v1/Pod":[{}]}}}`,
		`{"chart":{"templates":[{"data":"eA==\n"}]}}`, `{"chart":{"templates":[{"data":"e\r\nA=\n="}]}}`, `{"chart":{"templates":[{"data":"eA"}]}}`, `{"chart":{"templates":[{"data":"-_-_"}]}}`, `{"chart":{"templates":[{"data":"\u0065A=="}]}}`,
		`{"chart":{"templates":[{"data":[1,2,255]}]}}`, `{"chart":{"templates":[{"data":[1,-0]}]}}`, `{"chart":{"schema":[[1]]}}`, `{"chart":{"schema":[null]}}`,
		`{"config":[]}`, `{"config":{"a":{"b":[{"c":"d"}]}}}`, `{"config":"x"}`,
	} {
		s.json("document", document)
	}
	for _, depth := range []int{9998, 9999, 10000, 10001} {
		s.text(fmt.Sprint("arrays ", depth+1), encode(zip(`{"x":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+"}", 9)))
		s.text(fmt.Sprint("objects ", depth+1), encode(zip(strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth), 9)))
		s.text(fmt.Sprint("typed ", depth), encode(zip(`{"chart":{"values":`+strings.Repeat(`{"a":`, depth-2)+"1"+strings.Repeat("}", depth-2)+"}}", 9)))
	}
}

var typeValues = []string{
	`null`, `true`, `0`, `-1`, `-0`, `3.0`, `1e3`, `255`, `256`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`,
	`-9223372036854775809`, `18446744073709551616`, `""`, `"x"`, `"YQ=="`, `"2024-01-01T00:00:00Z"`, `[]`, `[null]`, `["a"]`, `[1]`, `[-0]`, `[300]`,
	`[1.0]`, `[[]]`, `[{}]`, `{}`, `{"a":null}`, `{"a":"b"}`, `{"a":1}`, `{"a":[]}`, `{"a":[null]}`, `{"a":{}}`,
}

// fold writes a key in letters that only folding makes equal.
func fold(key string) string {
	return strings.NewReplacer("s", "\u017f", "k", "\u212a", "a", "A", "e", "E").Replace(key)
}

// types tries every value in every place that Helm's structs have, by exact and folded keys.
func types(s *sheet) {
	s.values("types", typeValues)
	walk(s, reflect.TypeOf(release.Release{}), "@", "", 0)
}

func walk(s *sheet, t reflect.Type, document, name string, depth int) {
	s.each("type of "+name, "types", document, typeValues)
	in := func(inner string) string { return strings.ReplaceAll(document, "@", inner) }
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case depth > 6 || strings.HasSuffix(t.PkgPath(), "time"):
	case t.Kind() == reflect.Slice:
		walk(s, t.Elem(), in("[@]"), name+"[]", depth+1)
	case t.Kind() == reflect.Map:
		walk(s, t.Elem(), in(`{"k":@}`), name+".*", depth+1)
	case t.Kind() == reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if key == "" || key == "-" {
				continue
			}
			walk(s, t.Field(i).Type, in(`{"`+key+`":@}`), name+"."+key, depth+1)
			s.each("folded "+name+"."+key, "types", in(`{"`+fold(key)+`":@}`), typeValues)
		}
	}
}

// helm4 tries what only the structs of Helm 4 have, or what they read in another way.
func helm4(s *sheet) {
	for _, document := range []string{`{"apply_method":@}`, `{"info":{"rollback_revision":@}}`, `{"chart":{"schemamodtime":@}}`,
		`{"chart":{"modtime":@}}`, `{"chart":{"templates":[{"modtime":@}]}}`, `{"info":{"x":@}}`} {
		s.each("Helm 4 "+document, "types", document, typeValues)
	}
}

func times(s *sheet) {
	values := []string{
		``, ` `, `2024`, `2024-03-01`, `2024-03-01T10:11:12`, `2024-03-01T10:11:12Z`, `2024-03-01t10:11:12Z`, `2024-03-01T10:11:12z`, `2024-03-01 10:11:12Z`,
		`2024-03-01T10:11:12.Z`, `2024-03-01T10:11:12.1Z`, `2024-03-01T10:11:12,1Z`, `2024-03-01T10:11:12.123456789Z`, `2024-03-01T10:11:12.1234567890123456789012345678901234567890Z`,
		`2024-03-01T10:11:12.9+01:00`, `2024-03-01T10:11:12-00:00`, `2024-03-01T10:11:12+23:59`, `2024-03-01T10:11:12+24:00`, `2024-03-01T10:11:12+24:60`, `2024-03-01T10:11:12+25:00`, `2024-03-01T10:11:12+00:61`,
		`2024-03-01T10:11:12+0100`, `2024-03-01T10:11:12+01`, `2024-03-01T1:11:12Z`, `2024-03-01T24:00:00Z`, `2024-03-01T23:60:00Z`, `2024-03-01T23:59:60Z`, `2024-02-29T00:00:00Z`, `2023-02-29T00:00:00Z`, `1900-02-29T00:00:00Z`, `2000-02-29T00:00:00Z`,
		`2024-00-01T00:00:00Z`, `2024-13-01T00:00:00Z`, `2024-01-00T00:00:00Z`, `2024-01-32T00:00:00Z`, `2024-04-31T00:00:00Z`, `0000-01-01T00:00:00Z`, `0000-02-29T00:00:00Z`, `0001-01-01T00:00:00Z`, `0001-01-01T00:00:01Z`, `0001-01-01T01:00:00+01:00`,
		`9999-12-31T23:59:59Z`, `10000-01-01T00:00:00Z`, `-001-01-01T00:00:00Z`, `+001-01-01T00:00:00Z`, `1969-12-31T23:59:59.5Z`, `2024-03-01T10:11:12Z `, ` 2024-03-01T10:11:12Z`, `2024-03-01T10:11:12Zx`, `\u0032024-03-01T10:11:12Z`, `2024-03-01T10:11:12\u005a`, `\"2024-03-01T10:11:12Z`, `2024-03-01T10:11:12.1x`,
		`2024-3-01T10:11:12Z`, `2024-03-1T10:11:12Z`, `2024-03-01T10:1:12Z`, `2024-03-01T10:11:1Z`, `null`,
	}
	s.values("times", values)
	s.each("times of info", "times", `{"info":{"first_deployed":"@","last_deployed": "@"}}`, values)
	s.each("times of the lock", "times", `{"chart":{"lock":{"generated":"@"}}}`, values)
	s.each("times of hooks", "times", `{"hooks":[{"last_run":{"started_at":"@"}}]}`, values)
}

var randomKeys = []string{"name", "info", "chart", "config", "manifest", "hooks", "version", "namespace", "status", "first_deployed", "last_deployed",
	"deleted", "metadata", "lock", "templates", "values", "schema", "files", "appVersion", "deprecated", "annotations", "Status", "NAME", "Metadata",
	"ver\u017fion", "x", "tags", "dependencies", "weight", "events", "last_run", "data"}

func randomValue(r *rand.Rand, depth int) string {
	switch n := r.Intn(12); {
	case n < 5 && depth > 0:
		var members []string
		for i := r.Intn(6); i > 0; i-- {
			members = append(members, `"`+randomKeys[r.Intn(len(randomKeys))]+`":`+randomValue(r, depth-1))
		}
		return "{" + strings.Join(members, ",") + "}"
	case n < 6 && depth > 0:
		return "[" + randomValue(r, depth-1) + "]"
	case n < 8:
		return []string{`"a"`, `"deployed"`, `""`, `"1.2.3"`}[r.Intn(4)]
	case n < 10:
		return "null"
	}
	return typeValues[r.Intn(len(typeValues))]
}

// likelyValue fits the place more often than not, so that merges and clears are met.
func likelyValue(r *rand.Rand, t reflect.Type) string {
	if r.Intn(12) == 0 {
		return "null"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case strings.HasSuffix(t.PkgPath(), "time"):
		return []string{`""`, `"2024-03-01T10:11:12Z"`, `"2024-03-02T10:11:12+02:00"`, `"0001-01-01T00:00:00Z"`}[r.Intn(4)]
	case t.Kind() == reflect.Struct:
		var members []string
		for i := r.Intn(7); i > 0; i-- {
			f := t.Field(r.Intn(t.NumField()))
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if key == "" || key == "-" {
				continue
			}
			if r.Intn(4) == 0 {
				key = fold(key)
			}
			members = append(members, `"`+key+`":`+likelyValue(r, f.Type))
		}
		return "{" + strings.Join(members, ",") + "}"
	case t.Kind() == reflect.String:
		return []string{`"a"`, `"deployed"`, `"failed"`, `"1.2.3"`}[r.Intn(4)]
	case t.Kind() == reflect.Bool:
		return []string{"true", "false"}[r.Intn(2)]
	case t.Kind() == reflect.Slice:
		return "[]"
	case t.Kind() == reflect.Map:
		return "{}"
	}
	return "1"
}

func randoms(s *sheet) {
	r := rand.New(rand.NewSource(1))
	for i := 0; i < 150; i++ {
		s.json("random", randomValue(r, 6))
	}
	for i := 0; i < 600; i++ {
		s.json("likely", likelyValue(r, reflect.TypeOf(release.Release{})))
	}
}
