package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"helm.sh/helm/v3/pkg/release"
)

// decodeRelease does what Helm's storage driver does for each Secret it lists.
func decodeRelease(payload string) (*release.Release, error) {
	packed, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return nil, err
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	var out release.Release
	return &out, json.Unmarshal(text, &out)
}

func runDecode(arguments []string) error {
	if len(arguments) != 2 {
		return fmt.Errorf("decode FILE SECONDS")
	}
	payload, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(arguments[1], 64)
	if err != nil {
		return err
	}
	start := time.Now()
	operations := 0
	for time.Since(start).Seconds() < seconds {
		decoded, err := decodeRelease(string(payload))
		if err != nil || decoded.Chart.Metadata.Name == "" {
			return fmt.Errorf("not decoded: %v", err)
		}
		operations++
	}
	fmt.Printf("%.0f\n", float64(time.Since(start).Nanoseconds())/float64(operations))
	return nil
}
