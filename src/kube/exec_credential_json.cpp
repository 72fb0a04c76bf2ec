#include <chrono>
#include <nlohmann/json.hpp>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/time.hpp"
#include "src/kube/credential_text.hpp"
#include "src/kube/exec_credential.hpp"

namespace lookout::kube {
namespace {

using Json = nlohmann::json;

Error malformed(const std::string& what) {
  return {ErrorCode::kMalformed, "its output: " + what};
}

// Absent and null read as empty, as Go's decoder does.
Result<std::string> text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string()) return malformed(std::string(name) + " is no string");
  return found->get<std::string>();
}

Result<ExecCredential> read_status(const Json& status) {
  ExecCredential credential;
  const std::pair<const char*, std::string*> members[] = {
      {"token", &credential.token},
      {"clientCertificateData", &credential.client_cert_pem},
      {"clientKeyData", &credential.client_key_pem}};
  for (const auto& [name, into] : members) {
    Result<std::string> text = text_member(status, name);
    if (!text.ok()) return text.error();
    *into = std::move(text).value();
  }
  const Result<std::string> expires = text_member(status, "expirationTimestamp");
  if (!expires.ok()) return expires.error();
  if (!expires->empty()) {
    const auto seconds = encoding::parse_rfc3339(*expires);
    if (!seconds) return malformed("expirationTimestamp is no RFC 3339 time");
    credential.expires = encoding::wall_time(*seconds);
  }
  return credential;
}

Result<void> check_credential(const ExecCredential& credential) {
  if (credential.token.empty() && credential.client_cert_pem.empty() &&
      credential.client_key_pem.empty()) {
    return malformed("neither token nor certificate");
  }
  if (credential.client_cert_pem.empty() != credential.client_key_pem.empty()) {
    return malformed("clientCertificateData and clientKeyData come together or not at all");
  }
  if (!credential.token.empty() && !looks_like_token(credential.token)) {
    return malformed("token holds control characters");
  }
  if (!credential.client_cert_pem.empty() &&
      (!looks_like_certificates(credential.client_cert_pem) ||
       !looks_like_private_key(credential.client_key_pem))) {
    return malformed("certificate or key is not PEM");
  }
  return {};
}

Json cluster_json(const ExecInfo& info) {
  const ClusterConfig& config = *info.cluster;
  Json cluster = {{"server", config.server.origin() +
                                 (config.server.path == "/" ? "" : config.server.path)}};
  if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
  if (config.insecure_skip_tls_verify) cluster["insecure-skip-tls-verify"] = true;
  if (!info.ca_pem.empty()) {
    cluster["certificate-authority-data"] = encoding::base64_encode(info.ca_pem);
  }
  if (!config.proxy_url.empty()) cluster["proxy-url"] = config.proxy_url;
  // Text that our own YAML reader wrote, so it parses.
  const std::string& extension = config.exec->cluster_extension_json;
  if (!extension.empty()) cluster["config"] = Json::parse(extension, nullptr, false);
  return cluster;
}

}  // namespace

Result<ExecCredential> parse_exec_credential(std::string_view text,
                                             std::string_view api_version) {
  const Json root = Json::parse(text, nullptr, false);
  if (!root.is_object()) return malformed("no JSON object");
  const Result<std::string> kind = text_member(root, "kind");
  if (!kind.ok() || *kind != "ExecCredential") return malformed("kind is not ExecCredential");
  const Result<std::string> version = text_member(root, "apiVersion");
  if (!version.ok() || *version != api_version) {
    return malformed("apiVersion is not " + std::string(api_version));
  }
  const auto status = root.find("status");
  if (status == root.end() || !status->is_object()) return malformed("no status");
  Result<ExecCredential> credential = read_status(*status);
  if (!credential.ok()) return credential;
  const Result<void> checked = check_credential(*credential);
  if (!checked.ok()) return checked.error();
  return credential;
}

std::string exec_info_json(const ExecInfo& info) {
  Json spec = {{"interactive", info.interactive}};
  if (info.cluster != nullptr) spec["cluster"] = cluster_json(info);
  const Json credential = {
      {"kind", "ExecCredential"}, {"apiVersion", info.api_version}, {"spec", spec}};
  return credential.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lookout::kube
