package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/release"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	seedWorkers    = 8
	seedNamespaces = 20
)

type seeder struct {
	client    kubernetes.Interface
	payloads  [][2]string // superseded, deployed: one pair a chart
	revisions int
}

// chartPayloads encodes every chart once: all releases of one chart share their payload.
func chartPayloads(folder string) ([][2]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	if err != nil {
		return nil, err
	}
	var out [][2]string
	for _, path := range paths {
		c, err := loader.Load(path)
		if err != nil {
			continue // a library chart without what install needs
		}
		var pair [2]string
		for i, status := range []release.Status{release.StatusSuperseded, release.StatusDeployed} {
			pair[i], err = encode(makeRelease(c, "web", "shop", i+1, status))
			if err != nil {
				return nil, err
			}
		}
		if len(pair[1]) < 1<<20 {
			out = append(out, pair)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no charts in %s", folder)
	}
	return out, nil
}

func (s *seeder) create(index int) error {
	ns := fmt.Sprintf("bench-%d", index%seedNamespaces)
	name := fmt.Sprintf("release-%d", index)
	for revision := 1; revision <= s.revisions; revision++ {
		status, payload := "superseded", s.payloads[index%len(s.payloads)][0]
		if revision == s.revisions {
			status, payload = "deployed", s.payloads[index%len(s.payloads)][1]
		}
		secret := &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Name:   fmt.Sprintf("sh.helm.release.v1.%s.v%d", name, revision),
				Labels: map[string]string{"name": name, "owner": "helm", "status": status, "version": strconv.Itoa(revision), "modifiedAt": "1700000000"},
			},
			Type: "helm.sh/release.v1",
			Data: map[string][]byte{"release": []byte(payload)},
		}
		_, err := s.client.CoreV1().Secrets(ns).Create(context.Background(), secret, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}

func runSeed(arguments []string) error {
	if len(arguments) != 4 {
		return fmt.Errorf("seed KUBECONFIG CHARTS RELEASES REVISIONS")
	}
	config, err := clientcmd.BuildConfigFromFlags("", arguments[0])
	if err != nil {
		return err
	}
	config.QPS, config.Burst = -1, -1
	config.ContentType = "application/vnd.kubernetes.protobuf"
	payloads, err := chartPayloads(arguments[1])
	if err != nil {
		return err
	}
	releases, err := strconv.Atoi(arguments[2])
	if err != nil {
		return err
	}
	revisions, err := strconv.Atoi(arguments[3])
	if err != nil {
		return err
	}
	s := &seeder{client: kubernetes.NewForConfigOrDie(config), payloads: payloads, revisions: revisions}
	for i := 0; i < seedNamespaces; i++ {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("bench-%d", i)}}
		_, err := s.client.CoreV1().Namespaces().Create(context.Background(), ns, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	indexes := make(chan int)
	failures := make(chan error, releases)
	var workers sync.WaitGroup
	for w := 0; w < seedWorkers; w++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for index := range indexes {
				if err := s.create(index); err != nil {
					failures <- err
				}
			}
		}()
	}
	for i := 0; i < releases; i++ {
		indexes <- i
	}
	close(indexes)
	workers.Wait()
	close(failures)
	total := 0
	for _, pair := range payloads {
		total += len(pair[1])
	}
	fmt.Printf("{\"charts\": %d, \"mean_payload_bytes\": %d}\n", len(payloads), total/len(payloads))
	return <-failures
}
