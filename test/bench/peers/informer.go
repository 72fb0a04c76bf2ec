package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// newInformer watches release Secrets; `seen` is told of each request before it goes out.
func newInformer(kind, kubeconfig string, seen func(*http.Request)) (cache.SharedIndexInformer, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = -1, -1
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return watchedTripper{next, seen} })
	select_ := func(options *metav1.ListOptions) {
		options.FieldSelector = "type=helm.sh/release.v1"
		options.LabelSelector = "owner=helm"
	}
	if kind == "metadata" {
		client, err := metadata.NewForConfig(config)
		if err != nil {
			return nil, err
		}
		secrets := schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
		factory := metadatainformer.NewFilteredSharedInformerFactory(client, 0, "", select_)
		return factory.ForResource(secrets).Informer(), nil
	}
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTweakListOptions(select_))
	return factory.Core().V1().Secrets().Informer(), nil
}

type watchedTripper struct {
	next http.RoundTripper
	seen func(*http.Request)
}

func (t watchedTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	t.seen(request)
	return t.next.RoundTrip(request)
}

// peakMegabytes is VmHWM: what the kernel's memory limit would have seen.
func peakMegabytes() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kilobytes, err := strconv.ParseFloat(strings.Fields(line)[1], 64)
			return kilobytes / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmHWM")
}

func waitForSync(informer cache.SharedIndexInformer) {
	for !informer.HasSynced() {
		time.Sleep(time.Millisecond)
	}
}

// tellUsage is one line of JSON: what the process has used so far.
func tellUsage(informer cache.SharedIndexInformer, start time.Time) error {
	seconds, cpu := time.Since(start).Seconds(), cpuSeconds()
	peak, err := peakMegabytes()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"seconds": seconds, "cpu_seconds": cpu, "peak_rss_mb": peak,
		"objects": len(informer.GetStore().ListKeys()),
	})
}

// runInformer syncs, tells what that took, and stays until its input ends when asked to.
func runInformer(arguments []string) error {
	if len(arguments) < 2 {
		return fmt.Errorf("informer typed|metadata KUBECONFIG [stay]")
	}
	start := time.Now()
	informer, err := newInformer(arguments[0], arguments[1], func(*http.Request) {})
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	defer close(stop)
	go informer.Run(stop)
	waitForSync(informer)
	if err := tellUsage(informer, start); err != nil || len(arguments) < 3 {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// tellMarker says that a release whose name begins with "marker" was seen, with the payload decoded
// if the object has one.
func tellMarker(object any) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return
	}
	if secret, ok := object.(*corev1.Secret); ok {
		if _, err := decodeRelease(string(secret.Data["release"])); err != nil {
			return
		}
	}
	labels := accessor.GetLabels()
	if strings.HasPrefix(labels["name"], "marker") {
		fmt.Printf("saw %s %s\n", labels["name"], labels["version"])
	}
}

// runFollow tells each request it sends, when it has synced, and each marker its handler is done with.
func runFollow(arguments []string) error {
	if len(arguments) != 2 {
		return fmt.Errorf("follow typed|metadata KUBECONFIG")
	}
	informer, err := newInformer(arguments[0], arguments[1],
		func(*http.Request) { fmt.Println("request") })
	if err != nil {
		return err
	}
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: tellMarker, UpdateFunc: func(_, object any) { tellMarker(object) },
	})
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	defer close(stop)
	go informer.Run(stop)
	go func() {
		waitForSync(informer)
		fmt.Println("synced")
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
