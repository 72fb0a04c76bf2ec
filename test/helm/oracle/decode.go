package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	release3 "helm.sh/helm/v3/pkg/release"
	release4 "helm.sh/helm/v4/pkg/release/v1"
)

// document is pkg/storage/driver/util.go's half before the JSON, the same in Helm 3 and 4 and not
// exported, with the stage at which it fails: empty, base64 or gzip.
func document(payload string) ([]byte, string) {
	if payload == "" {
		return nil, "empty"
	}
	b, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return nil, "base64"
	}
	if len(b) > 3 && bytes.Equal(b[0:3], []byte{0x1f, 0x8b, 0x08}) {
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, "gzip"
		}
		defer r.Close()
		if b, err = io.ReadAll(r); err != nil {
			return nil, "gzip"
		}
	}
	return b, ""
}

// decodeRelease is the other half, over the structs of Helm 3 or 4: bad_json or wrong_type.
func decodeRelease[R any](payload string) (*R, string) {
	b, stage := document(payload)
	if stage != "" {
		return nil, stage
	}
	rls := new(R)
	if err := json.Unmarshal(b, rls); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, "bad_json"
		}
		return nil, "wrong_type"
	}
	return rls, ""
}

// facts is what helm-lookout keeps of a release.
type facts struct {
	status                string
	metadata              bool
	name, version, app    string
	deprecated            bool
	firstDeployed, latest time.Time
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return fmt.Sprint(t.Unix())
}

// line shows long texts by their length only. It has:
// status metadata chart version app_version deprecated first_deployed last_deployed.
func (f facts) line() string {
	status := "-"
	switch f.status {
	case "unknown", "deployed", "uninstalled", "superseded", "failed", "uninstalling",
		"pending-install", "pending-upgrade", "pending-rollback":
		status = f.status
	}
	fields := []string{status, fmt.Sprint(f.metadata), f.name, f.version, f.app,
		fmt.Sprint(f.deprecated), seconds(f.firstDeployed), seconds(f.latest)}
	for i, field := range fields {
		if len(field) > 256 {
			field = fmt.Sprintf("%d bytes", len(field))
		}
		fields[i] = "'" + url.PathEscape(field) + "'"
	}
	return strings.Join(fields, " ")
}

// verdict is Helm 3's.
func verdict(payload string) string {
	rls, stage := decodeRelease[release3.Release](payload)
	if stage != "" {
		return stage
	}
	f := facts{}
	if i := rls.Info; i != nil {
		f.status, f.firstDeployed, f.latest = string(i.Status), i.FirstDeployed.Time, i.LastDeployed.Time
	}
	if rls.Chart != nil && rls.Chart.Metadata != nil {
		m := rls.Chart.Metadata
		f.metadata, f.name, f.version, f.app, f.deprecated = true, m.Name, m.Version, m.AppVersion, m.Deprecated
	}
	return f.line()
}

func verdict4(payload string) string {
	rls, stage := decodeRelease[release4.Release](payload)
	if stage != "" {
		return stage
	}
	f := facts{}
	if i := rls.Info; i != nil {
		f.status, f.firstDeployed, f.latest = string(i.Status), i.FirstDeployed, i.LastDeployed
	}
	if rls.Chart != nil && rls.Chart.Metadata != nil {
		m := rls.Chart.Metadata
		f.metadata, f.name, f.version, f.app, f.deprecated = true, m.Name, m.Version, m.AppVersion, m.Deprecated
	}
	return f.line()
}
