#include "src/web/visitor.hpp"

#include <algorithm>
#include <string_view>

#include "src/web/bearer_token.hpp"

namespace lookout::web {
namespace {

constexpr std::string_view kAuthenticated = "system:authenticated";

// Length first, so that no two lists of texts are written alike.
void add(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void add(std::string& out, const std::vector<std::string>& texts) {
  out += std::to_string(texts.size());
  out += '*';
  for (const std::string& text : texts) add(out, text);
}

std::string written(const kube::UserInfo& user) {
  std::string out;
  add(out, user.name);
  add(out, user.uid);
  add(out, user.groups);
  for (const auto& [key, values] : user.extra) {
    add(out, key);
    add(out, values);
  }
  return out;
}

Visitor holder_of(const http::ClientCertificate& certificate) {
  kube::UserInfo user;
  user.name = certificate.common_name;
  user.groups = certificate.organizations;
  if (std::find(user.groups.begin(), user.groups.end(), kAuthenticated) == user.groups.end()) {
    user.groups.emplace_back(kAuthenticated);
  }
  // No token begins so: theirs are visible characters.
  const encoding::Digest key = encoding::sha256(std::string(1, '\0') + written(user));
  return {key, "", std::make_shared<const kube::UserInfo>(std::move(user))};
}

}  // namespace

std::optional<Visitor> visitor_of(const http::ServerRequest& request) {
  const auto& certificate = request.client_certificate;
  if (certificate && !certificate->common_name.empty()) return holder_of(*certificate);
  const auto token = bearer_token(request.headers);
  if (!token) return std::nullopt;
  return Visitor{encoding::sha256(*token), std::string(*token), nullptr};
}

kube::PathAccess access_to(std::string_view path) {
  // First parts of the ClusterRoles system:discovery, system:public-info-viewer and
  // system:service-account-issuer-discovery.
  constexpr std::string_view kShared[] = {".well-known", "api",    "apis",   "healthz", "livez",
                                          "openapi",     "openid", "readyz", "version"};
  const std::string_view first = path.substr(1, path.find('/', 1) - 1);
  const bool shared = std::find(std::begin(kShared), std::end(kShared), first) != std::end(kShared);
  return {"get", (shared ? "/helm-lookout" : "") + std::string(path)};
}

encoding::Digest access_key(const kube::UserInfo& user, const kube::PathAccess& access) {
  std::string text = written(user);
  text += '>';
  add(text, access.verb);
  add(text, access.path);
  return encoding::sha256(text);
}

}  // namespace lookout::web
