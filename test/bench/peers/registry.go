package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const registryNamespaces = 200

var (
	infoLabels   = []string{"name", "namespace", "chart", "chart_version", "app_version", "revision"}
	statusLabels = []string{"name", "namespace", "status"}
	statuses     = []string{"deployed", "failed", "pending-install", "pending-rollback", "pending-upgrade"}
	plainNames   = []string{"helm_release_revision", "helm_release_updated", "helm_release_deployed_revision",
		"helm_release_revisions", "helm_release_first_deployed_timestamp_seconds", "helm_release_storage_bytes"}
)

// releaseFamilies holds the series that bench_scrape serves, in client_golang's own registry.
type releaseFamilies struct {
	info, status *prometheus.GaugeVec
	plain        []*prometheus.GaugeVec
}

func newReleaseFamilies(registry *prometheus.Registry) *releaseFamilies {
	family := func(name string, labels []string) *prometheus.GaugeVec {
		vector := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: name}, labels)
		registry.MustRegister(vector)
		return vector
	}
	out := &releaseFamilies{info: family("helm_release_info", infoLabels), status: family("helm_release_status", statusLabels)}
	for _, name := range plainNames {
		out.plain = append(out.plain, family(name, []string{"name", "namespace"}))
	}
	return out
}

func infoValues(i int) []string {
	return []string{fmt.Sprintf("release-%d", i), fmt.Sprintf("namespace-%d", i%registryNamespaces), fmt.Sprintf("chart-%d", i%50),
		fmt.Sprintf("1.2.%d", i%30), fmt.Sprintf("4.5.%d", i%20), "1"}
}

func (f *releaseFamilies) add(i int) {
	values := infoValues(i)
	f.info.WithLabelValues(values...).Set(1)
	for _, status := range statuses {
		value := 0.0
		if status == "deployed" {
			value = 1
		}
		f.status.WithLabelValues(values[0], values[1], status).Set(value)
	}
	for _, family := range f.plain {
		family.WithLabelValues(values[0], values[1]).Set(float64(1700000000 + i))
	}
}

func (f *releaseFamilies) drop(i int) {
	values := infoValues(i)
	f.info.DeleteLabelValues(values...)
	for _, status := range statuses {
		f.status.DeleteLabelValues(values[0], values[1], status)
	}
	for _, family := range f.plain {
		family.DeleteLabelValues(values[0], values[1])
	}
}

// runRegistry serves the series of bench_scrape as promhttp does; each line of its input drops a release.
func runRegistry(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("registry RELEASES")
	}
	count, err := strconv.Atoi(arguments[0])
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	families := newReleaseFamilies(registry)
	for i := 0; i < count; i++ {
		families.add(i)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(listener, promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	fmt.Println(listener.Addr())
	next := 0
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		next = (next + 7919) % count
		start := time.Now()
		families.drop(next)
		fmt.Printf("%.2f 0\n", float64(time.Since(start).Nanoseconds())/1e3)
	}
	return nil
}
