// peer is what helm-lookout is measured against: Go's own decode of a Helm release, Helm's loader of
// an index, client-go's informers and client_golang's registry; and it makes the releases both sides
// read, with Helm's own code.
//
//	peer payload CHART.tgz                      one payload of that chart on standard output
//	peer seed KUBECONFIG ETCD RELEASES REVISIONS [CHARTS [MEAN_BYTES]]
//	peer decode FILE SECONDS                    nanoseconds an operation
//	peer index FILE                             JSON: seconds, cpu_seconds, extra_rss_mb, charts, versions
//	peer informer typed|metadata KUBECONFIG     JSON: seconds, cpu_seconds, peak_rss_mb, objects
//	peer follow typed|metadata KUBECONFIG       lines: request, synced, saw RELEASE REVISION
//	peer registry RELEASES                      serves the series of bench_scrape
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{
		"payload": runPayload, "seed": runSeed, "decode": runDecode, "index": runIndex,
		"informer": runInformer, "follow": runFollow, "registry": runRegistry,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: peer payload|seed|decode|index|informer|follow|registry ...")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}
