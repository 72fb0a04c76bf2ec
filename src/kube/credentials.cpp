#include "lookout/kube/credentials.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "lookout/base/mutex.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/kube/credential_text.hpp"
#include "src/kube/exec_plugin.hpp"

namespace lookout::kube {
namespace {

// client-go: bearer token files every minute, certificates and CA every five.
constexpr Duration kTokenPeriod = std::chrono::seconds(60);
constexpr Duration kCertificatePeriod = std::chrono::minutes(5);

// Inline wins over the file, which is then never read.
const std::string& unless_inline(const std::string& inline_text, const std::string& path) {
  static const std::string none;
  return inline_text.empty() ? path : none;
}

bool has_basic_auth(const ClusterConfig& config) {
  return !config.username.empty() || !config.password.empty();
}

}  // namespace

// Files and plugin are touched only by the thread that set `loading`, outside the lock,
// because reading and running are I/O.
struct Credentials::State {
  State(const ClusterConfig& cluster, const Clock& time);

  // Polls every text; an error only for one that was never good.
  Result<void> poll_files(MonoTime now);
  void expire_files();
  Result<void> refresh_plugin(std::stop_token stop);
  Result<Current> load(bool refused, std::stop_token stop);
  // With the generation of `before`, or the next one when TLS material differs.
  Current assemble(const Current& before) const;
  std::string authorization() const;

  // client-go does not run the plugin when something else already identifies the user.
  bool uses_plugin() const;

  const ClusterConfig config;
  const Clock& clock;
  const bool secure;  // nothing that identifies us goes over http://
  CredentialStats stats;

  CredentialText token;
  CredentialText ca;
  CredentialText certificate;
  CredentialText key;
  std::optional<ExecCredential> from_plugin;

  mutable Mutex mutex;
  ConditionVariable loaded;
  bool loading GUARDED_BY(mutex) = false;
  bool refused GUARDED_BY(mutex) = false;
  std::uint64_t loads GUARDED_BY(mutex) = 0;  // ended ones, but cancelled
  Result<Current> last GUARDED_BY(mutex) = Current{};
  Current held GUARDED_BY(mutex);
};

Credentials::State::State(const ClusterConfig& cluster, const Clock& time)
    : config(cluster),
      clock(time),
      secure(cluster.server.scheme == "https"),
      token(cluster.token, cluster.token_file, kTokenPeriod, looks_like_token),
      ca(cluster.ca_pem, unless_inline(cluster.ca_pem, cluster.ca_file), kCertificatePeriod,
         looks_like_certificates),
      certificate(cluster.client_cert_pem,
                  unless_inline(cluster.client_cert_pem, cluster.client_cert_file),
                  kCertificatePeriod, looks_like_certificates),
      key(cluster.client_key_pem, unless_inline(cluster.client_key_pem, cluster.client_key_file),
          kCertificatePeriod, looks_like_private_key) {}

Result<void> Credentials::State::poll_files(MonoTime now) {
  token.poll(now, stats);
  ca.poll(now, stats);
  const auto certificate_poll = certificate.poll(now, stats);
  const auto key_poll = key.poll(now, stats);
  // Half a rotation: the other half follows within moments, not in five minutes.
  if ((certificate_poll == CredentialText::Poll::kChanged) !=
      (key_poll == CredentialText::Poll::kChanged)) {
    certificate.expire();
    key.expire();
  }
  for (const CredentialText* text : {&token, &ca, &certificate, &key}) {
    if (text->text().empty() && text->failure()) {
      return Error{ErrorCode::kInvalid, text->failure()->message};
    }
  }
  return {};
}

void Credentials::State::expire_files() {
  for (CredentialText* text : {&token, &ca, &certificate, &key}) text->expire();
}

bool Credentials::State::uses_plugin() const {
  return config.exec && token.text().empty() && certificate.text().empty() &&
         !has_basic_auth(config);
}

Result<void> Credentials::State::refresh_plugin(std::stop_token stop) {
  const bool fresh =
      from_plugin && (!from_plugin->expires || clock.wall_now() < *from_plugin->expires);
  if (fresh) return {};
  Result<ExecCredential> answer = run_exec_plugin(config, ca.text(), std::move(stop));
  if (!answer.ok()) {
    if (answer.error().code != ErrorCode::kCancelled) stats.reload_errors.add();
    return answer.error();
  }
  if (from_plugin) stats.reloads.add();
  from_plugin = std::move(answer).value();
  return {};
}

std::string Credentials::State::authorization() const {
  if (!secure) return "";
  if (!token.text().empty()) return "Bearer " + token.text();
  if (has_basic_auth(config)) {
    return "Basic " + encoding::base64_encode(config.username + ":" + config.password);
  }
  if (from_plugin && !from_plugin->token.empty()) return "Bearer " + from_plugin->token;
  return "";
}

Credentials::Current Credentials::State::assemble(const Current& before) const {
  Current fresh;
  fresh.authorization = authorization();
  fresh.tls.ca_pem = ca.text();
  fresh.tls.cert_pem = certificate.text();
  fresh.tls.key_pem = key.text();
  if (fresh.tls.cert_pem.empty() && from_plugin) {
    fresh.tls.cert_pem = from_plugin->client_cert_pem;
    fresh.tls.key_pem = from_plugin->client_key_pem;
  }
  fresh.tls.insecure_skip_verify = config.insecure_skip_tls_verify;
  fresh.tls.server_name = config.tls_server_name;
  fresh.tls_generation = before.tls_generation + (fresh.tls == before.tls ? 0U : 1U);
  return fresh;
}

Result<Credentials::Current> Credentials::State::load(bool was_refused, std::stop_token stop) {
  if (was_refused) {
    expire_files();
    // Forgotten, so that a failing plugin is not taken for a good credential.
    if (from_plugin) from_plugin->expires = WallTime::min();
  }
  Current before;
  {
    MutexLock lock(mutex);
    before = held;
  }
  if (!secure) return assemble(before);
  const Result<void> polled = poll_files(clock.now());
  if (!polled.ok()) return polled.error();
  if (uses_plugin()) {
    const Result<void> ran = refresh_plugin(std::move(stop));
    if (!ran.ok()) return ran.error();
  }
  return assemble(before);
}

Credentials::Credentials(std::unique_ptr<State> state) : state_(std::move(state)) {}
Credentials::~Credentials() = default;

Result<std::unique_ptr<Credentials>> Credentials::create(const ClusterConfig& config,
                                                         const Clock& clock) {
  auto state = std::make_unique<State>(config, clock);
  if (state->secure) {
    const Result<void> polled = state->poll_files(clock.now());
    if (!polled.ok()) return polled.error();
  }
  {
    MutexLock lock(state->mutex);
    state->held = state->assemble(Current{});
  }
  return std::unique_ptr<Credentials>(new Credentials(std::move(state)));
}

Result<Credentials::Current> Credentials::current(std::stop_token stop) {
  State& state = *state_;
  bool was_refused = false;
  {
    MutexLock lock(state.mutex);
    const std::uint64_t seen = state.loads;
    const bool free =
        state.loaded.wait(state.mutex, stop, [&]() LOCKED(state.mutex) { return !state.loading; });
    if (!free) return Error{ErrorCode::kCancelled, "cancelled while waiting for credentials"};
    if (state.loads != seen) return state.last;
    state.loading = true;
    was_refused = std::exchange(state.refused, false);
  }
  Result<Current> fresh = state.load(was_refused, std::move(stop));
  {
    MutexLock lock(state.mutex);
    state.loading = false;
    if (fresh.ok()) state.held = *fresh;
    if (fresh.ok() || fresh.error().code != ErrorCode::kCancelled) {
      ++state.loads;
      state.last = fresh;
    }
  }
  state.loaded.notify_all();
  return fresh;
}

Credentials::Current Credentials::held() const {
  MutexLock lock(state_->mutex);
  return state_->held;
}

Credentials::Current Credentials::reread() {
  State& state = *state_;
  Current before;
  {
    MutexLock lock(state.mutex);
    if (state.loading || !state.secure) return state.held;
    state.loading = true;
    before = state.held;
  }
  const bool polled = state.poll_files(state.clock.now()).ok();
  const Current fresh = polled ? state.assemble(before) : before;
  {
    MutexLock lock(state.mutex);
    state.loading = false;
    state.held = fresh;
  }
  state.loaded.notify_all();
  return fresh;
}

void Credentials::invalidate(const Current& refused) {
  MutexLock lock(state_->mutex);
  if (refused == state_->held) state_->refused = true;
}

const CredentialStats& Credentials::stats() const {
  return state_->stats;
}

}  // namespace lookout::kube
