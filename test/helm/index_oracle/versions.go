package main

import (
	"fmt"
	"io"
	"math/rand"
	"net/url"
	"os"
	"regexp"
	"sort"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v3/pkg/repo"
)

// writeVersions writes two kinds of lines: "- text" for a version that is refused, and
// "rank text major minor patch 'prerelease' 'build'", sorted by precedence; versions of one rank
// are equal in it.
func writeVersions(out io.Writer, indexes []string) {
	fmt.Fprintln(out, "# Verdicts of Masterminds/semver v3.5.0, written by test/helm/index_oracle: see versions.go.")
	accepted := []*semver.Version{}
	for _, text := range versionTexts(indexes) {
		version, err := semver.NewVersion(text)
		if err != nil {
			fmt.Fprintf(out, "- %s\n", url.PathEscape(text))
			continue
		}
		accepted = append(accepted, version)
	}
	sort.SliceStable(accepted, func(i, j int) bool { return accepted[i].LessThan(accepted[j]) })
	rank := 0
	for i, version := range accepted {
		if i > 0 && accepted[i-1].LessThan(version) {
			rank++
		}
		fmt.Fprintf(out, "%d %s %d %d %d '%s' '%s'\n", rank, url.PathEscape(version.Original()), version.Major(),
			version.Minor(), version.Patch(), version.Prerelease(), version.Metadata())
	}
}

var odd = []string{
	"", " ", "v", "V1", "v1", "vv1", "1", "25", "1.2", "1.2.3", "1.2.3.4", "01.02.03", "1.2.03-rc", "00", "0", "-1", "+1",
	"1.", ".1", "1..2", "1.2.", "1.2.3-", "1.2.3+", "1.2.3-+", "1.2.3-a+", "1.2.3-.", "1.2.3-a..b", "1.2.3-a.", "1.2.3+a..b",
	"1.2.3+a.", "1.2.3-01", "1.2.3-0", "1.2.3-00", "0.0.1-0233", "1.2.3-0a", "1.2.3-0-1", "1.2.3+01", "1.2.3+a+b", "1.2.3-a-b",
	"1.2.3--", "1.2.3---", "1.2.3+-", "1-a", "1-0", "1.2-a", "1+a", "1.2+a", "v1-a+b", "1.2.3 ", " 1.2.3", "1.2.3\n", "\t1",
	"1.2.3-a_b", "1.2.3_a", "1.2.3-é", "é", "1.2.é", "1,2,3", "1.2.x", "x", "*", ">1", "~1.2", "^1", "=1.2.3", "1.2.3a", "1a",
	"master", "canary", "latest", "2.0-SNAPSHOT", "1.0.0.RELEASE", "1.0.0-SNAPSHOT.20200101", "2021-01-01", "20210101",
	"18446744073709551615", "18446744073709551616", "1.18446744073709551616", "1.0.18446744073709551616",
	"00000000000000000000000000001.2.3", "1.0.0-18446744073709551615", "1.0.0-18446744073709551616",
	"1.0.0-18446744073709551617", "1.0.0-99999999999999999999", "1.0.0-9999999999999999999a",
	"0.0.0", "0.0.0-0", "0.0.0-0+b", "0.0.0-0.0", "0.0.0-1", "0.0.0--", "100.1.0+up0.2.6", "1.0.0+build5", "v1.2.3-patch1",
	"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
	"1.0.0-rc.1+1", "1.0.0-rc.1+2", "1.0.0+1", "1.0.0+2", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-a1", "1.0.0-A1", "1.0.0-1a",
	"1.0.0\x00", "1.0.0-\x00", "1.0.0\xff", "1.0.0-\u0661", "\u0661.0.0", "1.0.0\u200b",
}

func versionTexts(indexes []string) []string {
	texts := map[string]bool{}
	for _, text := range odd {
		texts[text] = true
	}
	for _, length := range []int{255, 256, 257} {
		texts["1.0.0-"+strings.Repeat("a", length-6)] = true
		texts[strings.Repeat("0", length-1)+"1"] = true
	}
	for _, text := range realVersions(indexes) {
		texts[text] = true
	}
	source := rand.New(rand.NewSource(1))
	for i := 0; i < 3000; i++ {
		texts[madeVersion(source)] = true
	}
	sorted := []string{}
	for text := range texts {
		sorted = append(sorted, text)
	}
	sort.Strings(sorted)
	return sorted
}

// realVersions has all unusual versions of the indexes and one in eight of the others.
func realVersions(indexes []string) []string {
	plain := regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	all := map[string]bool{}
	for _, path := range indexes {
		index, err := repo.LoadIndexFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		for _, versions := range index.Entries {
			for _, version := range versions {
				all[version.Version] = true
			}
		}
	}
	sorted := []string{}
	for text := range all {
		sorted = append(sorted, text)
	}
	sort.Strings(sorted)
	kept := []string{}
	for i, text := range sorted {
		if !plain.MatchString(text) || i%8 == 0 {
			kept = append(kept, text)
		}
	}
	return kept
}

func madeVersion(source *rand.Rand) string {
	parts := []string{"0", "1", "2", "10", "00", "01", "9", "18446744073709551615", "18446744073709551616", "a", "Z", "rc", "-", "-1",
		"alpha", "beta1", "0a", "", ".", "..", "+", "_", " ", "v", "x", "é"}
	signs := []string{".", ".", ".", "-", "+", "."}
	text := []string{"", "", "v", "V", " "}[source.Intn(5)]
	for i := source.Intn(7) + 1; i > 0; i-- {
		// Half of all are numbers, or hardly any would be accepted.
		text += parts[source.Intn(7*(1+source.Intn(2))+source.Intn(2)*(len(parts)-14))]
		if i > 1 {
			text += signs[source.Intn(len(signs))]
		}
	}
	return text
}
