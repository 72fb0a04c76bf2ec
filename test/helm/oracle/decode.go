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

	"helm.sh/helm/v3/pkg/release"
	htime "helm.sh/helm/v3/pkg/time"
)

// decodeRelease is pkg/storage/driver/util.go's, which is not exported, with the stage at
// which it fails: base64, gzip, bad_json or wrong_type.
func decodeRelease(payload string) (*release.Release, string) {
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
	var rls release.Release
	if err := json.Unmarshal(b, &rls); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, "bad_json"
		}
		return nil, "wrong_type"
	}
	return &rls, ""
}

func seconds(t htime.Time) string {
	if t.IsZero() {
		return "-"
	}
	return fmt.Sprint(t.Unix())
}

// facts is what helm-lookout keeps of a release, on one line:
// status metadata chart version app_version deprecated first_deployed last_deployed.
func facts(rls *release.Release) string {
	status, first, last := "-", "-", "-"
	if rls.Info != nil {
		switch rls.Info.Status {
		case "unknown", "deployed", "uninstalled", "superseded", "failed", "uninstalling",
			"pending-install", "pending-upgrade", "pending-rollback":
			status = string(rls.Info.Status)
		}
		first, last = seconds(rls.Info.FirstDeployed), seconds(rls.Info.LastDeployed)
	}
	fields := []string{status, "false", "", "", "", "false", first, last}
	if rls.Chart != nil && rls.Chart.Metadata != nil {
		m := rls.Chart.Metadata
		fields[1], fields[5] = "true", fmt.Sprint(m.Deprecated)
		fields[2], fields[3], fields[4] = m.Name, m.Version, m.AppVersion
	}
	for i, field := range fields {
		fields[i] = "'" + url.PathEscape(field) + "'"
	}
	return strings.Join(fields, " ")
}

func verdict(payload string) string {
	rls, stage := decodeRelease(payload)
	if stage != "" {
		return stage
	}
	return facts(rls)
}
