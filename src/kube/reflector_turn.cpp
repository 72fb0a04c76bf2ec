#include "src/kube/reflector_turn.hpp"

#include <algorithm>
#include <utility>

namespace lookout::kube {
namespace {

using std::chrono::seconds;

constexpr Duration kRetryAfterMin = seconds(1);
constexpr Duration kRetryAfterJitter = seconds(1);

Duration scaled(Duration whole, double part) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(whole.count()) * part));
}

bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kForbidden || code == ErrorCode::kNotFound;
}

}  // namespace

void ReflectorTurn::after_delay() {
  switch (state_.next) {
    case Next::kList: return begin_list();
    case Next::kWatch: return send_watch();
    case Next::kProbe: return send_probe();
  }
}

void ReflectorTurn::request_ended(const RequestEnded& end) {
  switch (state_.query.kind) {
    case ListQuery::Kind::kWatchList: return watch_list_ended(end);
    case ListQuery::Kind::kList: return list_ended(end);
    case ListQuery::Kind::kWatch: return watch_ended(end);
    case ListQuery::Kind::kProbe: return probe_ended(end);
  }
}

void ReflectorTurn::send(ListQuery query) {
  state_.phase = ReflectorState::Phase::kRequesting;
  state_.query = query;
  state_.request_start = now_;
  state_.last_progress = now_;
  state_.response_started = false;
  state_.saw_event = false;
  effects_.send = std::move(query);
}

void ReflectorTurn::wait(Duration delay, Next next) {
  state_.phase = ReflectorState::Phase::kWaiting;
  state_.next = next;
  effects_.wait = delay;
}

void ReflectorTurn::back_off(Next next) {
  wait(state_.backoff.next(now_, chance()), next);
}

void ReflectorTurn::fail(const Error& error, Next next) {
  state_.failing = true;
  state_.last_error = error;
  state_.refused = is_refusal(error.code);
  // Once allowed, a refusal may be a moment's: an API server that has just started refuses until
  // it has read its roles.
  if (state_.refused && !state_.synced) return wait(scaled(kRefusedDelay, 1.0 + chance()), next);
  if (error.retry_after) return wait(retry_after_delay(*error.retry_after), next);
  back_off(next);
}

void ReflectorTurn::worked() {
  state_.failing = false;
  state_.refused = false;
  state_.last_error.reset();
  state_.throttles = 0;
}

// A server that throttles for ever with a short Retry-After gets our back-off in the end.
Duration ReflectorTurn::retry_after_delay(seconds retry_after) {
  const Duration asked = std::clamp<Duration>(retry_after, kRetryAfterMin, kRetryAfterMax);
  const Duration delay = asked + scaled(kRetryAfterJitter, chance());
  if (++state_.throttles <= kThrottlesObeyedMax) return delay;
  return std::max(delay, state_.backoff.next(now_, chance()));
}

// splitmix64 (Steele, Lea, Flood 2014), its upper 53 bits as a fraction.
double ReflectorTurn::chance() {
  state_.chance += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_.chance;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1.0p-53;
}

// Uniform, so that replicas' watches do not end together.
std::uint32_t ReflectorTurn::watch_timeout_seconds() {
  constexpr auto kMin = static_cast<std::uint32_t>(kWatchTimeMin.count());
  constexpr auto kRange = static_cast<double>((kWatchTimeMax - kWatchTimeMin).count() + 1);
  return kMin + static_cast<std::uint32_t>(kRange * chance());
}

}  // namespace lookout::kube
