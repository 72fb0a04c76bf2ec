// Asks the API server whose a bearer token is (TokenReview) and whether a user may ask for a path
// (SubjectAccessReview), with the limits of controller-runtime's filter for metrics. Neither
// stores anything: both are virtual resources.
// Sources: k8s.io/api/authentication/v1 and authorization/v1; controller-runtime
// pkg/metrics/filters, k8s.io/apiserver plugin/pkg/authenticator/token/webhook.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/api_client.hpp"

namespace lookout::kube {

struct UserInfo {
  std::string name;
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;

  bool operator==(const UserInfo&) const = default;
};

// A request for something that is no resource: rules name it in nonResourceURLs.
struct PathAccess {
  std::string verb;  // "get"
  std::string path;  // "/metrics"

  auto operator<=>(const PathAccess&) const = default;
};

// Both reviews block until stop is requested or kReviewTimeout has passed, retries included; after
// that nothing is sent or read. An answer that began in time and then falls silent blocks as long
// again. Errors: of ApiClient::post; kUnavailable for an answer that takes too long; kMalformed,
// kTooLarge for one that is no review. Thread-safe.
class AccessReviewer {
 public:
  static constexpr std::chrono::seconds kReviewTimeout{10};

  // `audiences`: a token must be for one of them; empty: for the API server itself. `client` and
  // `clock` outlive this.
  AccessReviewer(ApiClient& client, std::vector<std::string> audiences, const Clock& clock);

  // nullopt: nobody's, or for none of the audiences.
  Result<std::optional<UserInfo>> review_token(const std::string& token, std::stop_token stop);
  // Whether it is allowed; "no opinion" is a no.
  Result<bool> review_access(const UserInfo& user, const PathAccess& access, std::stop_token stop);

 private:
  // The answer's body.
  Result<std::string> ask(Review kind, std::string question, std::stop_token stop);

  ApiClient& client_;
  const std::vector<std::string> audiences_;
  const Clock& clock_;
};

}  // namespace lookout::kube
