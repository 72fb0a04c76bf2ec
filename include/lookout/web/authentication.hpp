// Who may see metrics, pages and API. A request passes with a static token, with a client
// certificate that TLS has verified, or, when reviews are on, with credentials that the API server
// knows and that its authorizer allows to `get` the request's path (a HEAD shows less than a GET
// and needs no other verb; /api/... is asked for as /helm-lookout/api/..., because Kubernetes lets
// everyone get /api/*). Health endpoints without a query stay open; everything else, unknown
// paths too, is 401, 403, 429 (too many unknown tokens) or 503 (the API server cannot be asked)
// otherwise.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/server.hpp"
#include "lookout/kube/access_review.hpp"
#include "lookout/metrics/auth_stats.hpp"

namespace lookout::web {

// As kube::AccessReviewer: both block, and both are called from two threads at once.
struct Reviews {
  std::function<Result<std::optional<kube::UserInfo>>(const std::string& token, std::stop_token)>
      token;
  std::function<Result<bool>(const kube::UserInfo&, const kube::PathAccess&, std::stop_token)>
      access;
};

struct AuthenticationSources {
  std::function<bool(std::string_view token)> knows_token;  // null: there are no static tokens
  // Both or none; with them a client certificate needs a permission too.
  Reviews reviews;
};

class Authentication {
 public:
  // `clock` outlives this.
  Authentication(AuthenticationSources sources, const Clock& clock);
  ~Authentication();

  // Refers to this.
  http::Gate gate();
  // Before the server stops: what is undecided is refused, as is all that comes later. Idempotent.
  void stop();
  const metrics::AuthStats& stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::web
