#include "lookout/kube/api_client.hpp"

#include <optional>
#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/base/text.hpp"
#include "lookout/kube/status.hpp"
#include "lookout/system/files.hpp"

#include "src/kube/request_headers.hpp"

namespace lookout::kube {
namespace {

// A metav1.Status is well under 10 KB; what a proxy answers instead is cut here.
constexpr std::size_t kErrorBodyBytesMax = 64 * 1024;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

// Lets a 2xx through to the caller's sink and keeps the beginning of any other body.
class AnswerSink final : public http::BodySink {
 public:
  AnswerSink(http::BodySink& inner, http::Method method, ApiClientStats& stats, const Clock& clock)
      : inner_(inner), method_(method), stats_(stats), clock_(clock), sent_at_(clock.now()) {}

  Result<void> on_head(const http::ResponseHead& head) override {
    // At the head, as client-go does: a watch that is open has been answered.
    Histogram& seconds =
        method_ == http::Method::kPost ? stats_.review_seconds : stats_.request_seconds;
    seconds.observe(std::chrono::duration<double>(clock_.now() - sent_at_).count());
    stats_.requests.add(
        {std::to_string(head.status), std::string(http::method_name(method_)), stats_.host});
    head_ = head;
    return is_success(head.status) ? inner_.on_head(head) : Result<void>();
  }

  Result<void> on_body(std::string_view bytes) override {
    stats_.bytes_received.add(bytes.size());
    if (is_success(head_->status)) return inner_.on_body(bytes);
    refusal_.append(bytes.substr(0, kErrorBodyBytesMax - refusal_.size()));
    if (refusal_.size() < kErrorBodyBytesMax) return {};
    return Error{ErrorCode::kTooLarge, "body of a refusal is larger than what is kept"};
  }

  const std::optional<http::ResponseHead>& head() const { return head_; }
  const std::string& refusal() const { return refusal_; }

 private:
  http::BodySink& inner_;
  const http::Method method_;
  ApiClientStats& stats_;
  const Clock& clock_;
  const MonoTime sent_at_;
  std::optional<http::ResponseHead> head_;
  std::string refusal_;
};

// A server, or a proxy before it, may repeat in its refusal who it was asked by.
Error without_secrets(const Error& error, const http::Headers& sent) {
  Error told = error;
  for (const auto& [name, value] : sent.fields()) {
    const bool credential = equals_ignoring_case(name, "Authorization");
    if (!credential && !name.starts_with("Impersonate-Extra-")) continue;
    const std::size_t scheme_end = credential ? value.find(' ') + 1 : 0;
    told.message = mask_secret(std::move(told.message), std::string_view(value).substr(scheme_end));
  }
  return told;
}

Result<std::optional<http::Url>> choose_proxy(const ClusterConfig& config) {
  if (!config.proxy_url.empty()) {
    Result<http::Url> url = http::parse_url(config.proxy_url);
    // Nothing of it is quoted: it may hold a password.
    if (!url.ok()) return Error{ErrorCode::kInvalid, "proxy-url of the kubeconfig is no URL"};
    return std::optional<http::Url>(std::move(url).value());
  }
  return http::proxy_for(config.server, http::proxy_environment(system::environment()));
}

}  // namespace

struct ApiClient::State {
  State(ClusterConfig cluster, TransportFactory make, const Clock& time)
      : config(std::move(cluster)), factory(std::move(make)), clock(time) {}

  Result<std::shared_ptr<http::Transport>> make_transport(const http::TlsOptions& tls) const;
  // The transport for these credentials, or the last one that worked when their TLS
  // material is refused: an old certificate is better than none.
  Result<std::shared_ptr<http::Transport>> transport_for(const Credentials::Current& current)
      EXCLUDES(mutex);
  // `sent` lacks what all requests have alike: the path's prefix and who we are.
  Result<void> send(http::Request sent, const std::string& accept, http::BodySink& sink,
                    std::stop_token stop) EXCLUDES(mutex);
  // `sent` is whole; `current` is in it.
  Result<void> ask(const http::Request& sent, const Credentials::Current& current,
                   http::BodySink& sink, std::stop_token stop) EXCLUDES(mutex);

  const ClusterConfig config;
  const TransportFactory factory;
  const Clock& clock;
  std::string path_prefix;  // of the server's URL, without '/' at its end
  std::optional<http::Url> proxy;
  std::unique_ptr<Credentials> credentials;
  ApiClientStats stats;

  Mutex mutex;
  // Requests in flight share the one they began with.
  std::shared_ptr<http::Transport> transport GUARDED_BY(mutex);
  std::uint64_t tls_generation GUARDED_BY(mutex) = 0;
};

Result<std::shared_ptr<http::Transport>> ApiClient::State::make_transport(
    const http::TlsOptions& tls) const {
  Result<std::unique_ptr<http::Transport>> made = factory({config.server, tls, proxy});
  if (!made.ok()) return made.error();
  return std::shared_ptr<http::Transport>(std::move(made).value());
}

Result<std::shared_ptr<http::Transport>> ApiClient::State::transport_for(
    const Credentials::Current& current) {
  {
    MutexLock lock(mutex);
    if (tls_generation >= current.tls_generation) return transport;
    // Claimed before the work, so that one thread does it and a refusal is logged once.
    tls_generation = current.tls_generation;
  }
  Result<std::shared_ptr<http::Transport>> made = make_transport(current.tls);
  if (!made.ok()) {
    log::warn("changed TLS material refused, old one kept", {{"error", made.error()}});
  }
  MutexLock lock(mutex);
  if (made.ok() && tls_generation == current.tls_generation) transport = *made;
  return made.ok() ? std::move(made) : Result<std::shared_ptr<http::Transport>>(transport);
}

Result<void> ApiClient::State::send(http::Request sent, const std::string& accept,
                                    http::BodySink& sink, std::stop_token stop) {
  const Result<Credentials::Current> current = credentials->current(stop);
  if (!current.ok()) return current.error();
  sent.target = path_prefix + sent.target;
  sent.headers = request_headers(accept, current->authorization, config);
  if (sent.method == http::Method::kPost) sent.headers.add("Content-Type", "application/json");
  const Result<void> done = ask(sent, *current, sink, std::move(stop));
  if (done.ok()) return done;
  return without_secrets(done.error(), sent.headers);
}

Result<void> ApiClient::State::ask(const http::Request& sent, const Credentials::Current& current,
                                   http::BodySink& sink, std::stop_token stop) {
  const Result<std::shared_ptr<http::Transport>> chosen = transport_for(current);
  if (!chosen.ok()) return chosen.error();
  AnswerSink answer(sink, sent.method, stats, clock);
  Result<void> done = (*chosen)->send(sent, answer, std::move(stop));
  const auto& head = answer.head();
  if (!head) {
    stats.requests.add({"<error>", std::string(http::method_name(sent.method)), stats.host});
    return done;
  }
  if (is_success(head->status)) return done;
  if (!done.ok() && done.error().code == ErrorCode::kCancelled) return done;
  Error refusal = error_from_response(*head, answer.refusal());
  if (refusal.code == ErrorCode::kUnauthorized) credentials->invalidate(current);
  return refusal;
}

ApiClient::ApiClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
ApiClient::~ApiClient() = default;

Result<std::unique_ptr<ApiClient>> ApiClient::create(ClusterConfig config, TransportFactory factory,
                                                     const Clock& clock) {
  auto state = std::make_unique<State>(std::move(config), std::move(factory), clock);
  state->stats.host = state->config.server.host_and_port();
  state->path_prefix = state->config.server.path;
  while (!state->path_prefix.empty() && state->path_prefix.back() == '/') {
    state->path_prefix.pop_back();
  }
  Result<std::optional<http::Url>> proxy = choose_proxy(state->config);
  if (!proxy.ok()) return proxy.error();
  state->proxy = std::move(proxy).value();

  Result<std::unique_ptr<Credentials>> credentials = Credentials::create(state->config, clock);
  if (!credentials.ok()) return credentials.error();
  state->credentials = std::move(credentials).value();

  const Credentials::Current first = state->credentials->held();
  Result<std::shared_ptr<http::Transport>> transport = state->make_transport(first.tls);
  if (!transport.ok()) return transport.error();
  {
    MutexLock lock(state->mutex);
    state->transport = std::move(transport).value();
    state->tls_generation = first.tls_generation;
  }
  return std::unique_ptr<ApiClient>(new ApiClient(std::move(state)));
}

Result<void> ApiClient::get(const ApiRequest& request, http::BodySink& sink, std::stop_token stop) {
  http::Request sent;
  sent.target = request.target;
  sent.header_timeout = request.header_timeout;
  sent.idle_timeout = request.idle_timeout;
  sent.bulk = request.bulk;
  return state_->send(std::move(sent), request.accept, sink, std::move(stop));
}

Result<void> ApiClient::post(const ReviewRequest& request, http::BodySink& sink,
                             std::stop_token stop) {
  http::Request sent;
  sent.method = http::Method::kPost;
  sent.target = request.kind == Review::kToken
                    ? "/apis/authentication.k8s.io/v1/tokenreviews"
                    : "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  sent.body = request.body;
  sent.header_timeout = sent.idle_timeout = request.timeout;
  return state_->send(std::move(sent), "application/json", sink, std::move(stop));
}

std::uint64_t ApiClient::tls_generation() const {
  return state_->credentials->reread().tls_generation;
}

const ApiClientStats& ApiClient::stats() const {
  return state_->stats;
}
const CredentialStats& ApiClient::credential_stats() const {
  return state_->credentials->stats();
}

}  // namespace lookout::kube
