"""What the servers of a node read: certificates, tokens, kubeconfigs, settings files."""

import json
import pathlib
import subprocess

from servers import Authority

ADDRESS = "10.210.0.1"
DNS_ADDRESS = "10.96.0.10"
SERVER_NAMES = ("DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
                "DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,"
                f"IP:{ADDRESS}")


def tokens(name):
    """Rows of kube-apiserver's token file: token, user, uid, group."""
    return [("admin-token", "admin", "admin", "system:masters"),
            ("kcm-token", "system:kube-controller-manager", "kcm", ""),
            ("scheduler-token", "system:kube-scheduler", "scheduler", ""),
            ("proxy-token", "system:kube-proxy", "proxy", ""),
            ("kubelet-token", f"system:node:{name}", "kubelet", "system:nodes")]


def kubeconfig(path, server, certificate, token):
    path.write_text(json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": "x",
        "clusters": [{"name": "c", "cluster": {"server": server,
                                               "certificate-authority": str(certificate)}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}))


def write_pki(folder, name):
    """Makes FOLDER/pki; the CA's certificate."""
    pki = folder / "pki"
    authority = Authority(pki)
    authority.issue("apiserver", SERVER_NAMES)
    authority.issue("kubelet-client")
    authority.issue("kubelet", f"DNS:{name},IP:{ADDRESS}")
    subprocess.run(["openssl", "genrsa", "-out", pki / "sa.key", "2048"], check=True,
                   capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", pki / "sa.key", "-pubout", "-out", pki / "sa.pub"],
                   check=True, capture_output=True)
    (pki / "tokens.csv").write_text("".join(",".join(row) + "\n" for row in tokens(name)))
    for user in ("admin", "kcm", "scheduler", "proxy", "kubelet"):
        kubeconfig(pki / f"{user}.kubeconfig", f"https://{ADDRESS}:6443", pki / "ca.crt",
                   f"{user}-token")
    return pki / "ca.crt"


# restrict_oom_score_adj: without CAP_SYS_RESOURCE nobody may lower it.
CONTAINERD = """version = 2
root = '{folder}/containerd'
state = '/run/containerd'
[grpc]
address = '/run/containerd/containerd.sock'
[plugins.'io.containerd.grpc.v1.cri']
sandbox_image = 'localhost/pause:3.10'
restrict_oom_score_adj = true
disable_apparmor = true
tolerate_missing_hugetlb_controller = true
[plugins.'io.containerd.grpc.v1.cri'.cni]
bin_dir = '/usr/lib/cni'
conf_dir = '{folder}/network'
[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
"""

NETWORK = {"cniVersion": "1.0.0", "name": "pods", "plugins": [
    {"type": "bridge", "bridge": "cni0", "isGateway": True, "hairpinMode": True,
     "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]],
              "routes": [{"dst": "0.0.0.0/0"}]}},
    {"type": "portmap", "capabilities": {"portMappings": True}}]}


def kubelet(folder, name):
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
        "failCgroupV1": False, "failSwapOn": False, "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{name}", "volumePluginDir": f"{folder}/volumeplugins",
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": True},
                           "x509": {"clientCAFile": f"{folder}/pki/ca.crt"}},
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": f"{folder}/pki/kubelet.crt",
        "tlsPrivateKeyFile": f"{folder}/pki/kubelet.key",
        "clusterDNS": [DNS_ADDRESS], "clusterDomain": "cluster.local",
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%",
                         "imagefs.available": "1%"},
        "imageGCHighThresholdPercent": 100, "imageGCLowThresholdPercent": 99,
        "maxPods": 50, "syncFrequency": "10s"}


def write(folder, name):
    """All of it into FOLDER; the CA's certificate."""
    folder = pathlib.Path(folder)
    (folder / "network").mkdir()
    (folder / "network/10-pods.conflist").write_text(json.dumps(NETWORK))
    (folder / "containerd.toml").write_text(CONTAINERD.format(folder=folder))
    (folder / "kubelet.yaml").write_text(json.dumps(kubelet(folder, name)))
    return write_pki(folder, name)
