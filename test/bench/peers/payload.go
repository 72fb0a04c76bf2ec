package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/release"
	helmtime "helm.sh/helm/v3/pkg/time"
)

// manifest renders the chart as `helm install` would; a chart that needs values it does not bring
// keeps its templates' text, which is of the same size.
func manifest(c *chart.Chart, name, ns string) string {
	values, err := chartutil.ToRenderValues(c, nil, chartutil.ReleaseOptions{Name: name, Namespace: ns, Revision: 1}, nil)
	var out strings.Builder
	if err == nil {
		rendered, err := engine.Render(c, values)
		if err == nil {
			for path, text := range rendered {
				fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", path, text)
			}
			return out.String()
		}
	}
	for _, template := range c.Templates {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", template.Name, template.Data)
	}
	return out.String()
}

func makeRelease(c *chart.Chart, name, ns string, revision int, status release.Status) *release.Release {
	now := helmtime.Now()
	return &release.Release{
		Name: name, Namespace: ns, Version: revision, Chart: c, Manifest: manifest(c, name, ns),
		Config: map[string]interface{}{},
		Info:   &release.Info{FirstDeployed: now, LastDeployed: now, Status: status, Description: "Install complete"},
	}
}

// encode is what Helm's storage driver does: JSON, gzip -9, base64.
func encode(r *release.Release) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if _, err := writer.Write(text); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

func runPayload(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("payload CHART.tgz")
	}
	c, err := loader.Load(arguments[0])
	if err != nil {
		return err
	}
	payload, err := encode(makeRelease(c, "web", "shop", 1, release.StatusDeployed))
	if err != nil {
		return err
	}
	_, err = os.Stdout.WriteString(payload)
	return err
}
