// A registry with its token service, in memory: what `helm push` left there, as the distribution
// specification serves it. One thread at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/http/transport.hpp"

#include "test/repository/scan_fixture.hpp"

namespace lookout::repository {

struct PushedChart {
  std::string app_version = "1.0";
  std::string created = "2024-03-01T10:11:12Z";
  bool deprecated = false;
  std::string config_type = "application/vnd.cncf.helm.config.v1+json";
};

struct SeenRequest {
  std::string origin;
  http::Request request;
};

class FakeRegistry {
 public:
  static constexpr const char* kOrigin = "https://reg.example:443";
  static constexpr const char* kAuthOrigin = "https://auth.example:443";

  enum class Access { kOpen, kBasic, kToken };
  Access access = Access::kOpen;
  std::string realm = "https://auth.example/token";
  std::string authorization;  // what Basic, or the token service, wants; "" = anything
  int token_lifetime_seconds = 300;
  // Azure asks for another scope for lists than for content.
  std::string tags_action = "pull";
  std::size_t page_size = 100;
  // Answers instead of the registry when it returns something.
  std::function<std::optional<fakes::ScriptedResponse>(const SeenRequest&)> fault;

  void push(const std::string& repository, const std::string& tag, const PushedChart& chart = {});
  void remove(const std::string& repository, const std::string& tag);
  void revoke_tokens() { tokens_.clear(); }

  http::TransportFactory factory();
  const std::vector<SeenRequest>& requests() const { return requests_; }
  // Since the last time it was asked.
  std::size_t requests_with(const std::string& part, http::Method method = http::Method::kGet);
  void forget_requests() { requests_.clear(); }

  fakes::ScriptedResponse serve(const SeenRequest& seen);

 private:
  std::optional<fakes::ScriptedResponse> refuse(const SeenRequest& seen) const;
  fakes::ScriptedResponse serve_token(const http::Request& request);
  fakes::ScriptedResponse serve_tags(const std::string& path, const std::string& query) const;
  fakes::ScriptedResponse serve_content(const std::string& path) const;

  std::map<std::string, std::map<std::string, std::string>> tags_;  // repository, tag → digest
  std::map<std::string, std::string> content_;                      // by digest
  std::map<std::string, std::string> tokens_;                       // token → scope
  std::size_t tokens_made_ = 0;
  std::vector<SeenRequest> requests_;
};

}  // namespace lookout::repository
