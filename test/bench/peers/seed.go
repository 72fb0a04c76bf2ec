package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/release"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	seedNamespaces = 20
	// Limits of etcd: operations and bytes of one transaction.
	batchPuts, batchBytes = 100, 1 << 20
)

// payloadPair is one chart's payload, of a superseded and of a deployed release.
type payloadPair [2]string

func makePair(c *chart.Chart) (payloadPair, error) {
	var pair payloadPair
	for i, status := range []release.Status{release.StatusSuperseded, release.StatusDeployed} {
		var err error
		if pair[i], err = encode(makeRelease(c, "web", "shop", i+1, status)); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

// chartPayloads encodes every chart once: all releases of one chart share their payload.
func chartPayloads(folder string) ([]payloadPair, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	if err != nil {
		return nil, err
	}
	var out []payloadPair
	for _, path := range paths {
		c, err := loader.Load(path)
		if err != nil {
			continue // a library chart without what install needs
		}
		pair, err := makePair(c)
		if err != nil {
			return nil, err
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

func meanBytes(pairs []payloadPair) int {
	total := 0
	for _, pair := range pairs {
		total += len(pair[1])
	}
	return total / len(pairs)
}

// withMean is the charts from the smallest up whose mean does not pass `mean`.
func withMean(pairs []payloadPair, mean int) []payloadPair {
	sort.Slice(pairs, func(i, j int) bool { return len(pairs[i][1]) < len(pairs[j][1]) })
	for len(pairs) > 1 && meanBytes(pairs) > mean {
		pairs = pairs[:len(pairs)-1]
	}
	return pairs
}

// seedPayloads: without charts, those of one chart without templates.
func seedPayloads(arguments []string) ([]payloadPair, error) {
	if len(arguments) == 0 {
		pair, err := makePair(&chart.Chart{Metadata: &chart.Metadata{Name: "small", Version: "1.0.0", AppVersion: "1"}})
		return []payloadPair{pair}, err
	}
	pairs, err := chartPayloads(arguments[0])
	if err != nil || len(arguments) == 1 {
		return pairs, err
	}
	mean, err := strconv.Atoi(arguments[1])
	return withMean(pairs, mean), err
}

// pattern is a Secret as the API server completed it: with managed fields, times and a uid.
func pattern(kubeconfig string) (*corev1.Secret, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	secrets := kubernetes.NewForConfigOrDie(config).CoreV1().Secrets(metav1.NamespaceDefault)
	labels := map[string]string{"name": "x", "owner": "helm", "status": "x", "version": "1", "modifiedAt": "1700000000"}
	created, err := secrets.Create(context.Background(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "pattern", Labels: labels},
		Type:       "helm.sh/release.v1",
		Data:       map[string][]byte{"release": {}},
	}, metav1.CreateOptions{FieldManager: "helm"})
	if err != nil {
		return nil, err
	}
	return created, secrets.Delete(context.Background(), created.Name, metav1.DeleteOptions{})
}

// seeder writes Secrets where the API server keeps them, in its own encoding: many times faster than
// through it, and it cannot tell the difference.
type seeder struct {
	etcd     *clientv3.Client
	encoder  *protobuf.Serializer
	pattern  *corev1.Secret
	payloads []payloadPair
	puts     []clientv3.Op
	bytes    int
}

func (s *seeder) put(index, revision int, current bool) error {
	name, pair := fmt.Sprintf("release-%d", index), s.payloads[index%len(s.payloads)]
	status, payload := "superseded", pair[0]
	if current {
		status, payload = "deployed", pair[1]
	}
	secret := s.pattern.DeepCopy()
	secret.ResourceVersion = ""
	secret.Namespace = fmt.Sprintf("bench-%d", index%seedNamespaces)
	secret.Name = fmt.Sprintf("sh.helm.release.v1.%s.v%d", name, revision)
	secret.UID = types.UID(uuid.NewUUID())
	secret.Labels["name"], secret.Labels["status"], secret.Labels["version"] = name, status, strconv.Itoa(revision)
	secret.Data["release"] = []byte(payload)
	var out strings.Builder
	if err := s.encoder.Encode(secret, &out); err != nil {
		return err
	}
	if len(s.puts) == batchPuts || s.bytes+out.Len() > batchBytes {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.puts = append(s.puts, clientv3.OpPut("/registry/secrets/"+secret.Namespace+"/"+secret.Name, out.String()))
	s.bytes += out.Len()
	return nil
}

func (s *seeder) flush() error {
	if len(s.puts) == 0 {
		return nil
	}
	_, err := s.etcd.Txn(context.Background()).Then(s.puts...).Commit()
	s.puts, s.bytes = nil, 0
	return err
}

func (s *seeder) fill(releases, revisions int) error {
	s.pattern.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
	for index := 0; index < releases; index++ {
		for revision := 1; revision <= revisions; revision++ {
			if err := s.put(index, revision, revision == revisions); err != nil {
				return err
			}
		}
	}
	return s.flush()
}

func runSeed(arguments []string) error {
	if len(arguments) < 4 || len(arguments) > 6 {
		return fmt.Errorf("seed KUBECONFIG ETCD RELEASES REVISIONS [CHARTS [MEAN_BYTES]]")
	}
	payloads, err := seedPayloads(arguments[4:])
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
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{arguments[1]}, DialTimeout: 10 * time.Second, MaxCallSendMsgSize: 4 << 20})
	if err != nil {
		return err
	}
	defer etcd.Close()
	secret, err := pattern(arguments[0])
	if err != nil {
		return err
	}
	s := &seeder{etcd: etcd, encoder: protobuf.NewSerializer(scheme.Scheme, scheme.Scheme), pattern: secret, payloads: payloads}
	if err := s.fill(releases, revisions); err != nil {
		return err
	}
	fmt.Printf("{\"charts\": %d, \"mean_payload_bytes\": %d}\n", len(payloads), meanBytes(payloads))
	return nil
}
