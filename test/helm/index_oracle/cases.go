package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/repo"
)

// writeCases writes two kinds of lines: "T name template", and "name field value verdict" for the
// document that the template becomes with $F and $V replaced. The verdict is what Helm shows of
// it, with commas between the lines, "-" for nothing, or "R" for refused. "%" is an empty text.
func writeCases(out io.Writer) {
	fmt.Fprintln(out, "# Helm 3.22's verdicts on whole indexes, written by test/helm/index_oracle: see cases.go.")
	folder, err := os.MkdirTemp("", "index-oracle-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	for _, group := range groups() {
		fmt.Fprintf(out, "T %s %s\n", group.name, escaped(group.template))
		for _, field := range group.fields {
			for _, value := range group.values {
				document := strings.NewReplacer("$F", field, "$V", value).Replace(group.template)
				fmt.Fprintln(out, group.name, escaped(field), escaped(value), verdict(folder+"/index.yaml", document))
			}
		}
	}
}

func escaped(text string) string {
	if text == "" {
		return "%"
	}
	return url.PathEscape(text)
}

func verdict(path, document string) string {
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		panic(err)
	}
	switch text := showFile(path).text; text {
	case "":
		return "-"
	case "REJECTED\n":
		return "R"
	default:
		return strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", ",")
	}
}

type group struct {
	name, template string
	fields, values []string
}

// Entries have version 2.0.0 beside a good one of 1.0.0; a field that comes again is seen
// with its own templates.
func groups() []group {
	const second = good + "  - name: c\n    version: 2.0.0\n    $F: $V\n"
	const json = `{"apiVersion":"v1","entries":{"c":[{"name":"c","version":"1.0.0"},{"name":"c","version":"2.0.0","$F":$V}]}}`
	none := []string{""}
	return []group{
		{"whole", "$V", none, whole},
		{"field", second, fields, values},
		{"name", good + "  - version: 2.0.0\n    name: $V\n", none, values},
		{"version", good + "  - name: c\n    version: $V\n", none, values},
		{"entry", good + "  - $V\n  - name: c\n    version: 2.0.0\n", none, values},
		{"chart", good + "  d: $V\n", none, values},
		{"key", good + "  $V:\n  - name: c\n    version: 2.0.0\n", none, values},
		{"entries", "apiVersion: v1\nentries: $V\n", none, values},
		{"api", "apiVersion: $V\nentries:\n  c:\n  - name: c\n    version: 1.0.0\n", none, values},
		{"json", json, jsonFields, jsonValues},
		{"exception", "$V", none, exceptions},
	}
}

// Values for each field of an entry, as they stand in YAML.
var values = []string{
	"a", `"a"`, "'a'", "''", `""`, "", "~", "null", `"null"`, "1", "1.10", "1.2.3", `"1.10"`, "v1.2.3", "1.0.0-0233", "01.2.3", "0x10",
	"0b11", "0o17", "017", "08", "1_000", "1e3", "1e999", "-1", "+1", ".5", "5.", ".inf", ".nan", "-.inf", "+.INF", ".", "-", "--", "+",
	"true", "True", "yes", "y", "Y", "no", "off", "On", "tRue", `"true"`, "2021-11-08", "2021-1-8", `"2021-11-08"`,
	"2021-11-08T11:57:55Z", `"2021-11-08T11:57:55Z"`, "2021-11-08 11:57:55", "2021-11-08 11:57:55.95288396Z",
	`"2021-11-08 11:57:55 +0000 UTC"`, "2019-11-21T14:25:34.5430000+00:00", "2021-11-08t11:57:55z", "2021-11-08T1:57:55Z",
	"2021-11-08T11:57:55,5Z", "0001-01-01T00:00:00Z", `"0001-01-01T00:00:00Z"`, "2021-02-30T00:00:00Z", "2021-11-08T24:00:00Z",
	"9999-12-31T23:59:59.999999999-23:59", "1600000000", "[]", "[a]", "[1]", "[null]", "[~, a]", "[[]]", "[{}]", "{}", "{a: b}",
	"{a: 1}", "{a: null}", "{a: [b]}", "[{name: a}]", "[{name: 1}]", "[{name: a, name: b}]", "[{name: a, alias: b}]",
	"[{name: a, alias: b c}]", "[{name: a, alias: ''}]", "[{name: a}, {name: a}]", "[{enabled: yes}]", "[{enabled: 'yes'}]",
	"[{tags: [a, 1]}]", "[{tags: [a, '1']}]", "[{import-values: [1, {a: [b]}]}]", "[{import-values: 1}]", "[{foo: 1}]",
	"application", "library", "Library", "{version: 1, foo: a}", "{version: 1, foo: 1}", "{name: true, type: 1.50}",
	"{deprecated: true}", "{1: a}", "{~: a}", "{[a]: b}", "{a: b, a: c}", "{a: b, A: c}", "!!str 1", "!!int '1'", "!!int a",
	"!!float 1", "!!null ''", "!!bool yes", "!!bool a", "!foo 1", "! 1", "!!timestamp 2021-11-08", "&x a", "*none",
	"|\n      a\n      b", ">\n      a\n      b\n\n      c", "a\n      b", "\"a\\u0041\\n\\x41\"", `"\ud83d\ude80"`, "'it''s'", "a: b", "a #b",
	"a#b", "{{ .Values.x }}", "@a", "`a", "%a", "a/b", ".", "..", "/", "a/", "é", "\"\\t\"", "\"\\x01\"", "\"a\\tb\"", "1.2.3+b", "1.2.3_b",
	"\"1.2.3 \"", "0.0.0-0", "0.0.0", "99999999999999999999", "0x8000000000000000", "-0x8000000000000000", "1__0", "_1", "1_", "0_8", "<<", "'<<'",
}

var fields = []string{
	"apiVersion", "appVersion", "type", "deprecated", "created", "removed", "digest", "urls", "url", "engine",
	"annotations", "maintainers", "dependencies", "keywords", "description", "tags", "kubeVersion", "foo", "VERSION", "Created",
}

// What ours reads otherwise: base64, characters that cannot be printed outside ASCII, text that is
// not UTF-8 and lone surrogates in JSON, and a time with an escape in it.
var exceptions = []string{
	good + "  - name: c\n    version: !!binary Mi4wLjA=\n", good + "  - name: \"\\u200b\"\n    version: 2.0.0\n",
	strings.Replace(flow, `"version"`, "\"home\":\"\xff\",\"version\"", 1), strings.Replace(flow, `"version"`, `"home":"\ud83d","version"`, 1),
	strings.Replace(flow, `"version"`, `"created":"2021-11-08T11:57:5\u0035Z","version"`, 1),
}

var jsonFields = append(fields, "name", "version", "Name", `ver\u0073ion`, "ver\u017fion")

var jsonValues = []string{`"a"`, `""`, `null`, `1`, `1.10`, `true`, `"true"`, `"1.2.3"`, `"2021-11-08T11:57:55Z"`, `"2021-11-08"`, `[]`, `["a"]`,
	`[1]`, `[null]`, `{}`, `{"a":"b"}`, `{"a":1}`, `{"a":null}`, `{"a":"b","a":"c"}`, `{"version":1}`, `[{"name":"a"}]`, `[{"alias":"b c"}]`,
	`[{"name":1}]`, `"application"`, `"\u0063"`, `"\ud83d\ude80"`, `"\t"`, `01`, `1e999`, `'a'`, `a`, `"a",`, `"2021-11-08T11:57:55Z","created":null`}

// indented is JSON that Helm itself would write.
func indented() string {
	index := repo.NewIndexFile()
	index.Generated = time.Unix(1600000000, 0).UTC()
	index.Entries["c"] = repo.ChartVersions{}
	text, _ := json.MarshalIndent(index, "", "  ")
	return string(bytes.TrimSpace(text))
}

const good = "apiVersion: v1\nentries:\n  c:\n  - name: c\n    version: 1.0.0\n"
const flow = `{"apiVersion":"v1","entries":{"c":[{"name":"c","version":"1.0.0"}]}}`

var whole = []string{
	good, flow, indented(), "", " ", "\n", "\t\n", "# only a comment\n", "---\n", "--- ~\n", "null", "~", "{}", "[]", "a", "1", `"a"`, "<html></html>",
	"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "<?xml version=\"1.0\"?><Error/>", "apiVersion: v1", "entries: {}\n", "apiVersion: ''\nentries: {}\n",
	"\xef\xbb\xbf" + good, "\xef\xbb\xbf" + flow, "\xef\xbb\xbf", strings.ReplaceAll(good, "\n", "\r\n"), strings.ReplaceAll(good, "\n", "\r"),
	"---\n" + good + "---\nanother: document\n", good + "...\ngarbage: [\n", good + "---\ngarbage: [\n", "%YAML 1.1\n---\n" + good, " " + flow, "\n\n" + flow + "\n\n", flow + "x",
	flow + flow, flow[:len(flow)-1], flow + "\x00", good + "\x00", good + "\x01", good + "foo: bar\n", good + "serverInfo: {}\n",
	good + "serverInfo:\n  contextPath: /a\npublicKeys: []\nannotations:\n  a: b\ngenerated: 2021-11-08T11:57:55Z\n",
	good + "apiVersion: v1\n", good + "entries: {}\n", good + "  c: []\n", good + "  c:\n  - name: c\n    version: 2.0.0\n", good + "  d:\n", good + "  d: []\n", good + "  d: ~\n",
	good + "  - null\n", good + "  -\n", good + "  - {}\n", good + "  - []\n", good + "  - a\n", good + "\tx: y\n", good + "  -\tname: c\n", "apiVersion:\tv1\nentries:\t{}\n",
	good + "    name: d\n", good + "    NAME: d\n", good + "    Version: 3.0.0\n", good + "    foo: bar\n", good + "    metadata: {}\n", good + "    Metadata: {name: x}\n",
	"entries:\n  c:\n  - name: c\n    version: 1.0.0\n", "apiVersion: v1\nEntries:\n  c:\n  - name: c\n    version: 1.0.0\n", "APIVERSION: v1\nentries: {}\n",
	// Anchors, aliases, merge keys.
	"apiVersion: &v v1\nentries:\n  c:\n  - name: &n c\n    version: 1.0.0\n    appVersion: *v\n  - name: *n\n    version: 2.0.0\n",
	"apiVersion: v1\nentries:\n  c:\n  - &e\n    name: c\n    version: 1.0.0\n  d:\n  - *e\n", "apiVersion: v1\nentries:\n  c: &c\n  - name: c\n    version: 1.0.0\n  d: *c\n",
	"apiVersion: v1\nentries:\n  c:\n  - &e\n    name: c\n    appVersion: x\n    version: 1.0.0\n  - <<: *e\n", good + "  - <<: {name: c}\n    version: 2.0.0\n",
	good + "  - <<: {name: c, version: 2.0.0}\n    version: 3.0.0\n", good + "  - version: 3.0.0\n    <<: {name: c, version: 2.0.0}\n",
	good + "  - <<: [{name: c}, {version: 2.0.0}]\n", good + "  - <<: [{name: c}, {name: d, version: 2.0.0}]\n", good + "  - <<: [{name: c}, a]\n", good + "  - <<: a\n",
	good + "  - <<:\n", good + "  - <<: []\n    name: c\n    version: 2.0.0\n", good + "  - '<<': {name: c}\n    version: 2.0.0\n", good + "  - !!merge <<: {name: c}\n    version: 2.0.0\n",
	good + "  - <<: {<<: {name: c}}\n    version: 2.0.0\n", good + "  - <<: {name: c}\n    <<: {version: 2.0.0}\n", good + "  <<: {d: [{name: d, version: 1.0.0}]}\n",
	good + "  - name: &a [*a]\n", good + "  - &a\n    name: *a\n", good + "  - &a name: c\n    version: 2.0.0\n", good + "  - &1687645073 name: c\n    &1687645074 version: 2.0.0\n",
	good + "  - ? name\n    : c\n    ? version\n    : 2.0.0\n", good + "  - ? [a]\n    : c\n", good + "  - ? {a: b}\n    : c\n", "x: &x c\n" + good, good + "  - {name: c, version: 2.0.0}\n",
	good + "  - {name: c, version: 2.0.0, }\n", good + "  - {name: c, version}\n", good + "  - {\"name\":c,\"version\":\"2.0.0\"}\n", good + "  - {name:c}\n",
	good + "  - &a {name: c, version: 2.0.0}\n  - &a {name: c, version: 3.0.0}\n  - *a\n", good + "  - *a\n  - &a {name: c, version: 2.0.0}\n",
	"apiVersion: v1\nentries:\n  c:\n  - version: &a 1.0.0\n    name: c\n    annotations: &m\n      a: *a\n  - version: 1.1.0\n    name: c\n    annotations: *m\n",
	// Equal and odd versions.
	good + "  - name: c\n    version: 1.0.0\n    appVersion: second\n", good + "  - name: c\n    version: v1.0.0\n", good + "  - name: c\n    version: 1.0.0+b\n  - name: c\n    version: 1.0.0+a\n",
	good + "  - name: d\n    version: 2.0.0\n", "apiVersion: v1\nentries:\n  '':\n  - name: c\n    version: 1.0.0\n", "{apiVersion: v1, entries: {c: [{name: c, version: 1.0.0}]}}",
	`{"apiVersion":"v1","entries":{"c":[{"name":"c","version":"1.0.0"}],"c":[{"name":"c","version":"2.0.0"}]}}`,
	`{"apiVersion":"v1","entries":{"c":[{"name":"c","version":"1.0.0"}]},"entries":{"d":[{"name":"d","version":"2.0.0"}]}}`,
	`{"apiVersion":"v1","entries":{"c":null,"d":[null,{"name":"d","version":"2.0.0"}]},"x":{"y":[1,{}]}}`, `{"apiVersion":"v1"}`, `{"apiVersion":1}`, `{"apiVersion":"v1","entries":[]}`,
	`{"apiVersion":"v1","entries":{"c":{}}}`, `{"apiVersion":"v1","entries":{"c":[[]]}}`, `{"entries":{}}`, `{"apiversion":"v1","ENTRIES":{"c":[{"NAME":"c","Version":"1.0.0"}]}}`,
	"apiVersion: v1\nentries:\n    c:\n        - name: c\n          version: 1.0.0\n", "apiVersion: v1\nentries:\n  c:\n  - name: c\n   version: 1.0.0\n", "apiVersion: v1\nentries:\n c:\n - name: c\n",
	"apiVersion: v1\nentries:\n  c:\n  - name: c\n    version: 1.0.0\n    description: a\n      b: c\n", "apiVersion: v1\n<<<<<<< HEAD\nentries: {}\n", "apiVersion: v1\nentries: {", "apiVersion: v1\nentries:\n  c:\n  - name: \"c\n",
	"apiVersion: v1\nentries:\n  c:\n  - version: 1.0.0\n    name: c\n    description: |2\n        x\n       y\n", "\xff\xfea\x00:\x00 \x00b\x00", "a: \xff", "\x80",
}
