package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"syscall"
	"time"

	"helm.sh/helm/v3/pkg/repo"
)

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

// runIndex loads one chart repository index with Helm's own loader.
func runIndex(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("index FILE")
	}
	log.SetOutput(io.Discard) // Helm tells of each entry that it leaves out
	peakBefore, err := peakMegabytes()
	if err != nil {
		return err
	}
	cpuBefore, start := cpuSeconds(), time.Now()
	index, err := repo.LoadIndexFile(arguments[0])
	if err != nil {
		return err
	}
	seconds, cpu := time.Since(start).Seconds(), cpuSeconds()-cpuBefore
	peak, err := peakMegabytes()
	if err != nil {
		return err
	}
	versions := 0
	for _, entries := range index.Entries {
		distinct := map[string]bool{}
		for _, entry := range entries {
			distinct[entry.Version] = true
		}
		versions += len(distinct)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"seconds": seconds, "cpu_seconds": cpu, "extra_rss_mb": peak - peakBefore,
		"charts": len(index.Entries), "versions": versions,
	})
}
