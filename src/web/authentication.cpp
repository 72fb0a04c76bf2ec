#include "lookout/web/authentication.hpp"

#include <utility>

#include "lookout/base/check.hpp"

#include "src/web/bearer_token.hpp"
#include "src/web/health.hpp"
#include "src/web/review_queue.hpp"

namespace lookout::web {

struct Authentication::State {
  State(AuthenticationSources given, const Clock& clock)
      : knows_token(std::move(given.knows_token)) {
    // All of them, so that a rate can be taken of the first.
    for (const Verdict verdict : kVerdicts) {
      stats.requests.add({std::string(verdict_name(verdict))}, 0);
    }
    LOOKOUT_CHECK((given.reviews.token == nullptr) == (given.reviews.access == nullptr));
    if (given.reviews.token != nullptr) queue.emplace(std::move(given.reviews), clock, stats);
  }

  void decide(const http::ServerRequest& request, http::Decide decide);
  void conclude(Verdict verdict, const http::Decide& decide);
  bool has_static_token(const http::ServerRequest& request) const;

  const std::function<bool(std::string_view)> knows_token;
  metrics::AuthStats stats;
  std::optional<ReviewQueue> queue;  // last: its threads use the above
};

bool Authentication::State::has_static_token(const http::ServerRequest& request) const {
  const auto token = bearer_token(request.headers);
  return token && knows_token != nullptr && knows_token(*token);
}

void Authentication::State::conclude(Verdict verdict, const http::Decide& decide) {
  stats.requests.add({std::string(verdict_name(verdict))});
  if (verdict == Verdict::kAllowed) {
    decide(std::nullopt);
  } else {
    decide(refusal(verdict));
  }
}

void Authentication::State::decide(const http::ServerRequest& request, http::Decide decide) {
  // With ?verbose they name namespaces and repositories.
  if (is_health_path(request.path) && request.query.empty()) return decide(std::nullopt);
  if (has_static_token(request)) return conclude(Verdict::kAllowed, decide);
  if (!queue) {
    return conclude(request.client_certificate ? Verdict::kAllowed : Verdict::kUnauthenticated,
                    decide);
  }
  const auto visitor = visitor_of(request);
  if (!visitor) return conclude(Verdict::kUnauthenticated, decide);
  queue->ask(*visitor, access_to(request.path),
             [this, decide = std::move(decide)](Verdict verdict) { conclude(verdict, decide); });
}

Authentication::Authentication(AuthenticationSources sources, const Clock& clock)
    : state_(std::make_unique<State>(std::move(sources), clock)) {}
Authentication::~Authentication() = default;

http::Gate Authentication::gate() {
  return [state = state_.get()](const http::ServerRequest& request, http::Decide decide) {
    state->decide(request, std::move(decide));
  };
}

void Authentication::stop() {
  if (state_->queue) state_->queue->stop();
}

const metrics::AuthStats& Authentication::stats() const {
  return state_->stats;
}

}  // namespace lookout::web
