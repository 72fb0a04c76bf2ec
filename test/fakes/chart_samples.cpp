#include "test/fakes/chart_samples.hpp"

#include <array>

namespace lookout::fakes {
namespace {

using Versions = std::array<ChartVersionSample, 3>;

constexpr Versions kIngress{{{"4.10.1", "1.10.1"}, {"4.11.3", "1.11.3"}, {"4.12.0", "1.12.0"}}};
constexpr Versions kCert{{{"v1.14.7", "v1.14.7"}, {"v1.15.4", "v1.15.4"}, {"v1.16.2", "v1.16.2"}}};
constexpr Versions kPrometheus{
    {{"25.27.0", "v2.54.1"}, {"25.30.1", "v2.55.1"}, {"26.0.0", "v3.0.0"}}};
constexpr Versions kGrafana{{{"8.5.2", "11.2.1"}, {"8.5.12", "11.3.0"}, {"8.6.4", "11.3.1"}}};
constexpr Versions kRedis{{{"19.6.4", "7.2.5"}, {"20.1.7", "7.4.0"}, {"20.5.0", "7.4.1"}}};
constexpr Versions kPostgres{{{"15.5.38", "16.4.0"}, {"16.0.6", "17.0.0"}, {"16.3.1", "17.2.0"}}};
constexpr Versions kKafka{{{"29.3.14", "3.7.1"}, {"30.1.6", "3.8.0"}, {"31.0.0", "3.9.0"}}};
constexpr Versions kDns{{{"1.14.5", "0.14.2"}, {"1.15.0", "0.15.0"}, {"1.15.0+build.7", "0.15.0"}}};
constexpr Versions kMetrics{{{"3.11.0", "0.7.0"}, {"3.12.1", "0.7.1"}, {"3.12.2", "0.7.2"}}};
constexpr Versions kArgo{{{"7.6.12", "v2.12.6"}, {"7.7.5", "v2.13.1"}, {"7.7.7", "v2.13.2"}}};
constexpr Versions kKeycloak{{{"22.2.6", "25.0.6"}, {"24.0.4", "26.0.5"}, {"24.2.2", "26.0.7"}}};
constexpr Versions kLoki{{{"5.48.0", "2.9.6"}, {"6.18.0", "3.2.0"}, {"6.22.0-rc.1", "3.3.0"}}};

constexpr std::array<ChartSample, 12> kCharts{{
    {"ingress-nginx", "Ingress controller for Kubernetes using NGINX as a reverse proxy",
     "https://github.com/kubernetes/ingress-nginx", kIngress, 28, 2'400, false},
    {"cert-manager", "A Helm chart for cert-manager", "https://cert-manager.io", kCert, 24, 3'000,
     false},
    {"prometheus", "Prometheus is a monitoring system and time series database.",
     "https://prometheus.io/", kPrometheus, 20, 2'000, false},
    {"grafana", "The leading tool for querying and visualizing time series and metrics.",
     "https://grafana.com", kGrafana, 26, 3'500, false},
    {"redis", "An open source, advanced key-value store.", "https://redis.io", kRedis, 30, 4'000,
     false},
    {"postgresql", "An object-relational database known for reliability & data integrity.",
     "https://www.postgresql.org", kPostgres, 22, 4'000, false},
    {"kafka", "A distributed streaming platform designed to build real-time pipelines.",
     "https://kafka.apache.org", kKafka, 34, 5'000, false},
    {"external-dns", "ExternalDNS synchronizes exposed Services and Ingresses with DNS providers.",
     "https://kubernetes-sigs.github.io/external-dns/", kDns, 9, 1'500, false},
    {"metrics-server", "Metrics Server is a scalable source of container resource metrics.",
     "https://github.com/kubernetes-sigs/metrics-server", kMetrics, 14, 1'200, false},
    {"argo-cd", "A declarative, GitOps continuous delivery tool for Kubernetes.",
     "https://argoproj.github.io/cd", kArgo, 48, 3'000, false},
    {"keycloak", "A high performance identity and access management solution.",
     "https://www.keycloak.org", kKeycloak, 16, 3'000, false},
    {"loki-stack", "Loki: like Prometheus, but for logs.", "https://grafana.com/loki", kLoki, 12,
     2'500, true},
}};

}  // namespace

std::span<const ChartSample> chart_samples() {
  return kCharts;
}

}  // namespace lookout::fakes
