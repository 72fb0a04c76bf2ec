package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"sort"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v3/pkg/repo"
	"sigs.k8s.io/yaml"
)

// shown is what `helm search repo -l --devel` has of an index, a line a version:
// chart, version, app version, deprecated, created (Unix seconds or -); "REJECTED" for a file
// that Helm refuses. Lines are sorted by chart and by text of the version.
type shown struct {
	text     string
	charts   int
	versions int
}

func (s shown) digest() uint64 {
	hash := fnv.New64a()
	hash.Write([]byte(s.text))
	return hash.Sum64()
}

func showFile(path string) shown {
	index, err := repo.LoadIndexFile(path)
	if err != nil {
		return shown{text: "REJECTED\n"}
	}
	// Search keeps the last of equal versions. Helm's sort is not stable, so the order of the
	// file decides here.
	bytes, _ := os.ReadFile(path)
	inOrder := &repo.IndexFile{}
	if json.Valid(bytes) {
		json.Unmarshal(bytes, inOrder)
	} else {
		yaml.UnmarshalStrict(bytes, inOrder)
	}
	return show(index, inOrder)
}

func show(index, inOrder *repo.IndexFile) shown {
	constraint, _ := semver.NewConstraint(">0.0.0-0")
	lines := []string{}
	charts := map[string]bool{}
	for name, versions := range index.Entries {
		seen := map[string]bool{}
		for _, entry := range versions {
			version, err := semver.NewVersion(entry.Version)
			if err != nil || !constraint.Check(version) || seen[entry.Version] {
				continue
			}
			seen[entry.Version] = true
			charts[name] = true
			lines = append(lines, line(name, lastEqual(entry, versions, inOrder.Entries[name])))
		}
	}
	sort.Strings(lines)
	return shown{strings.Join(lines, ""), len(charts), len(lines)}
}

// lastEqual is the last entry of the file that was kept with this version.
func lastEqual(entry *repo.ChartVersion, kept, inOrder repo.ChartVersions) *repo.ChartVersion {
	found := entry
	for _, candidate := range inOrder {
		if candidate == nil || candidate.Metadata == nil || candidate.Version != entry.Version {
			continue
		}
		candidate.APIVersion = entry.APIVersion
		if candidate.Validate() == nil {
			found = candidate
		}
	}
	return found
}

func line(name string, entry *repo.ChartVersion) string {
	created := "-"
	if !entry.Created.IsZero() {
		created = fmt.Sprint(entry.Created.Unix())
	}
	return fmt.Sprintf("%s %s '%s' %t %s\n", url.PathEscape(name), url.PathEscape(entry.Version),
		url.PathEscape(entry.AppVersion), entry.Deprecated, created)
}
