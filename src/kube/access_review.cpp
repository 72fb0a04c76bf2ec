#include "lookout/kube/access_review.hpp"

#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

#include "src/kube/access_review_json.hpp"

namespace lookout::kube {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// The answer repeats the question: a token of 16 KiB, or a user with all groups.
constexpr std::size_t kAnswerBytesMax = 256 * 1024;

// options.DefaultAuthWebhookRetryBackoff of k8s.io/apiserver.
constexpr int kAttemptsMax = 5;
constexpr milliseconds kFirstDelay{500};
constexpr double kDelayFactor = 1.5;
constexpr double kDelayJitter = 0.2;

class AnswerText final : public http::BodySink {
 public:
  AnswerText(const Clock& clock, MonoTime deadline) : clock_(clock), deadline_(deadline) {}

  Result<void> on_head(const http::ResponseHead&) override { return {}; }
  // The transport's limits begin again with each byte.
  Result<void> on_body(std::string_view bytes) override {
    if (clock_.now() >= deadline_) {
      return Error{ErrorCode::kUnavailable, "review: the answer takes too long"};
    }
    if (text_.size() + bytes.size() > kAnswerBytesMax) {
      return Error{ErrorCode::kTooLarge, "review: the answer is too large"};
    }
    text_ += bytes;
    return {};
  }
  std::string take() { return std::move(text_); }

 private:
  const Clock& clock_;
  const MonoTime deadline_;
  std::string text_;
};

// A server that cannot be reached at all is no better half a second later, and whoever asked
// waits; client-go's webhooks do not try again either.
bool was_not_reached(const Error& error) {
  using namespace http;
  const std::string_view phases[] = {phase::kResolve, phase::kConnect, phase::kProxy, phase::kTls};
  return std::any_of(std::begin(phases), std::end(phases),
                     [&error](std::string_view phase) { return error.message.starts_with(phase); });
}

bool may_pass(const Error& error, int attempt) {
  switch (error.code) {
    case ErrorCode::kThrottled: return true;
    case ErrorCode::kUnavailable: return !was_not_reached(error);
    // Our own credentials are read again after a refusal.
    case ErrorCode::kUnauthorized: return attempt == 1;
    default: return false;
  }
}

class Delays {
 public:
  Duration next(const Error& error) {
    const double chance = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
    const Duration own(static_cast<Duration::rep>(static_cast<double>(base_.count()) *
                                                  (1.0 + kDelayJitter * chance)));
    base_ = Duration(static_cast<Duration::rep>(static_cast<double>(base_.count()) * kDelayFactor));
    return std::max<Duration>(own, error.retry_after.value_or(std::chrono::seconds(0)));
  }

 private:
  Duration base_ = kFirstDelay;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

AccessReviewer::AccessReviewer(ApiClient& client, std::vector<std::string> audiences,
                               const Clock& clock)
    : client_(client), audiences_(std::move(audiences)), clock_(clock) {}

Result<std::string> AccessReviewer::ask(Review kind, std::string question, std::stop_token stop) {
  const MonoTime deadline = clock_.now() + kReviewTimeout;
  ReviewRequest request{kind, std::move(question), kReviewTimeout};
  Delays delays;
  for (int attempt = 1;; ++attempt) {
    AnswerText answer(clock_, deadline);
    const auto sent = client_.post(request, answer, stop);
    if (sent) return answer.take();
    const Error& error = sent.error();
    if (attempt == kAttemptsMax || !may_pass(error, attempt)) return error;
    const Duration delay = delays.next(error);
    if (clock_.now() + delay >= deadline) return error;
    if (!clock_.sleep(delay, stop)) return Error{ErrorCode::kCancelled, "review: cancelled"};
    request.timeout =
        std::max(duration_cast<milliseconds>(deadline - clock_.now()), milliseconds(1));
  }
}

Result<std::optional<UserInfo>> AccessReviewer::review_token(const std::string& token,
                                                             std::stop_token stop) {
  const auto answer = ask(Review::kToken, token_review_json(token, audiences_), std::move(stop));
  if (!answer) return answer.error();
  return parse_token_review(*answer, audiences_);
}

Result<bool> AccessReviewer::review_access(const UserInfo& user, const PathAccess& access,
                                           std::stop_token stop) {
  const auto answer = ask(Review::kAccess, access_review_json(user, access), std::move(stop));
  if (!answer) return answer.error();
  return parse_access_review(*answer);
}

}  // namespace lookout::kube
