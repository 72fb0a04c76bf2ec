// The JSON spoken with exec credential plugins: ExecCredential of
// client.authentication.k8s.io/v1 and v1beta1 (client-go pkg/apis/clientauthentication).
// In: environment variable KUBERNETES_EXEC_INFO. Out: standard output.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

struct ExecCredential {
  std::string token;
  std::string client_cert_pem;  // with its key; or both empty
  std::string client_key_pem;
  std::optional<WallTime> expires;  // nullopt: good until refused

  bool operator==(const ExecCredential&) const = default;
};

// kMalformed: not JSON, another kind or apiVersion, no status, half a key pair, neither
// token nor certificate, bad time. Messages quote nothing of `text`.
Result<ExecCredential> parse_exec_credential(std::string_view text, std::string_view api_version);

// The value of KUBERNETES_EXEC_INFO. `cluster` nullptr: spec.cluster is left out.
// `ca_pem` is what spec.cluster tells as certificate-authority-data.
struct ExecInfo {
  std::string_view api_version;
  bool interactive = false;
  const ClusterConfig* cluster = nullptr;
  std::string_view ca_pem;
};
std::string exec_info_json(const ExecInfo& info);

}  // namespace lookout::kube
