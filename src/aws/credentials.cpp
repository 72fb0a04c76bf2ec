#include "lookout/aws/credentials.hpp"

#include <cstdint>
#include <utility>

#include "lookout/aws/retry.hpp"
#include "lookout/base/log.hpp"
#include "lookout/base/mutex.hpp"

#include "src/aws/credential_chain.hpp"

namespace lookout::aws {
namespace {

// Of credentials that do not expire, so that changed files are noticed.
constexpr std::chrono::minutes kReloadPeriod{15};
// Between two attempts while what is held is still good.
constexpr std::chrono::seconds kRefreshPause{30};

using Answer = Result<std::optional<Credentials>>;

}  // namespace

struct CredentialsProvider::State {
  State(CredentialsOptions chosen, http::TransportFactory create, const Clock& time)
      : options(std::move(chosen)), create_transport(std::move(create)), clock(time) {}

  // What can be given without asking anybody; nullopt: this thread is to refresh, or to wait.
  std::optional<Credentials> at_hand() const LOCKED(mutex) {
    if (!held || !is_good()) return std::nullopt;
    return loading || !is_due() ? held : std::nullopt;
  }
  bool is_good() const LOCKED(mutex) {
    return !refused && (!held->expires_at || clock.wall_now() < *held->expires_at);
  }
  bool is_due() const LOCKED(mutex) {
    const Duration age = clock.now() - tried_at;
    if (!held->expires_at) return age >= kReloadPeriod;
    return clock.wall_now() >= *held->expires_at - kRefreshAhead && age >= kRefreshPause;
  }

  // The only thread that loads: files, processes and services are asked without the lock.
  Result<Credentials> load(std::stop_token stop) {
    return load_credentials(options, {options.environment, create_transport, clock, retries,
                                      sts_region(options), std::move(stop)});
  }
  // Takes over what came of a load; what its caller and those who waited get.
  Answer settle(Result<Credentials> fresh) LOCKED(mutex);

  const CredentialsOptions options;
  const http::TransportFactory create_transport;
  const Clock& clock;
  RetryPolicy retries = RetryPolicy::seeded();  // of the thread that loads

  Mutex mutex;
  ConditionVariable loaded;
  bool loading GUARDED_BY(mutex) = false;
  bool refused GUARDED_BY(mutex) = false;
  bool failing GUARDED_BY(mutex) = false;
  MonoTime tried_at GUARDED_BY(mutex);
  std::optional<Credentials> held GUARDED_BY(mutex);
  std::uint64_t loads GUARDED_BY(mutex) = 0;  // ended ones, but cancelled
  Answer last GUARDED_BY(mutex) = std::optional<Credentials>();
};

Answer CredentialsProvider::State::settle(Result<Credentials> fresh) {
  loading = false;
  if (!fresh && fresh.error().code == ErrorCode::kCancelled) return fresh.error();
  ++loads;
  tried_at = clock.now();
  failing = !fresh;
  if (fresh) {
    held = std::move(fresh).value();
    refused = false;
    last = held;
  } else if (held && is_good()) {
    last = held;
  } else {
    last = fresh.error();
  }
  return last;
}

CredentialsProvider::CredentialsProvider(CredentialsOptions options, http::TransportFactory create,
                                         const Clock& clock)
    : state_(std::make_unique<State>(std::move(options), std::move(create), clock)) {}

CredentialsProvider::~CredentialsProvider() = default;

Result<std::optional<Credentials>> CredentialsProvider::credentials(std::stop_token stop) {
  State& state = *state_;
  if (state.options.source == CredentialsOptions::Source::kAnonymous) {
    if (!state.options.assume_role) return std::optional<Credentials>();
    return Error{ErrorCode::kInvalid, "a role cannot be assumed without credentials"};
  }
  bool was_failing = false;
  {
    MutexLock lock(state.mutex);
    const std::uint64_t seen = state.loads;
    if (auto ready = state.at_hand()) return ready;
    const bool free =
        state.loaded.wait(state.mutex, stop, [&]() LOCKED(state.mutex) { return !state.loading; });
    if (!free) return Error{ErrorCode::kCancelled, "cancelled while waiting for credentials"};
    if (state.loads != seen) return state.last;
    state.loading = true;
    was_failing = state.failing;
  }
  Result<Credentials> fresh = state.load(std::move(stop));
  const std::optional<Error> error = fresh ? std::nullopt : std::optional(fresh.error());
  Answer answer = [&] {
    MutexLock lock(state.mutex);
    return state.settle(std::move(fresh));
  }();
  state.loaded.notify_all();
  // Nobody else learns of it.
  if (error && answer && !was_failing) {
    log::warn("AWS credentials not refreshed, those held are used", {{"error", *error}});
  }
  return answer;
}

void CredentialsProvider::expire(const Credentials& refused) {
  MutexLock lock(state_->mutex);
  if (state_->held == refused) state_->refused = true;
}

}  // namespace lookout::aws
