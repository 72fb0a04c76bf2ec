#include "src/cli/probe.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/duration.hpp"

namespace lookout::cli {
namespace {

constexpr std::chrono::seconds kBetweenTries{1};
constexpr std::chrono::seconds kAnswerTimeout{10};
constexpr std::size_t kBeginBytesMax = 64;  // of a body, to say why it is not ready

Error invalid(std::string message) {
  return {ErrorCode::kInvalid, "probe: " + std::move(message)};
}

// Looks for a text in a body of any size without keeping it.
class Answer final : public http::BodySink {
 public:
  Answer(const std::string& wanted, const Clock& clock, MonoTime end)
      : wanted_(wanted), clock_(clock), end_(end), found_(wanted.empty()) {}

  Result<void> on_head(const http::ResponseHead& head) override {
    status_ = head.status;
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    // A drip would never be silent long enough to time out.
    if (clock_.now() > end_) return Error{ErrorCode::kUnavailable, "body: timed out"};
    body_bytes_ += bytes.size();
    if (body_bytes_ > kProbeBodyBytesMax) {
      return Error{ErrorCode::kTooLarge, "the answer is larger than 256 MiB"};
    }
    if (begin_.size() < kBeginBytesMax) begin_ += bytes.substr(0, kBeginBytesMax - begin_.size());
    if (found_) return {};
    tail_.append(bytes);
    found_ = tail_.find(wanted_) != std::string::npos;
    // A match may go on in the next piece.
    if (tail_.size() >= wanted_.size()) tail_.erase(0, tail_.size() - wanted_.size() + 1);
    return {};
  }

  int status() const { return status_; }
  bool found() const { return found_; }
  const std::string& begin() const { return begin_; }

 private:
  const std::string& wanted_;
  const Clock& clock_;
  const MonoTime end_;
  int status_ = 0;
  bool found_;
  std::size_t body_bytes_ = 0;
  std::string begin_;
  std::string tail_;
};

// Everything that does not change from try to try.
struct Target {
  std::unique_ptr<http::Transport> transport;
  http::Request request;
  std::string token;  // of the request; "": none
  std::chrono::milliseconds wait{0};
};

Result<std::chrono::milliseconds> parse_wait(const std::string& text) {
  if (text.empty()) return std::chrono::milliseconds(0);
  const auto wait = parse_duration(text);
  if (!wait || *wait > kProbeWaitMax) {
    return invalid("--wait: expected a duration of at most 1h, got " + quote_bounded(text));
  }
  return *wait;
}

Result<http::TransportOptions> transport_options(const ProbeCommand& command,
                                                 const ProbeContext& context, http::Url url) {
  http::TransportOptions options;
  options.tls.insecure_skip_verify = command.insecure_skip_verify;
  if (!command.ca_file.empty()) {
    auto pem = system::read_file(command.ca_file);
    if (!pem) return invalid("--ca-file: " + pem.error().message);
    options.tls.ca_pem = std::move(*pem);
  }
  auto proxy = http::proxy_for(url, http::proxy_environment(context.environment));
  if (!proxy) return invalid(proxy.error().message);
  options.proxy = std::move(*proxy);
  options.origin = std::move(url);
  return options;
}

Result<std::string> read_token(const std::string& path) {
  if (path.empty()) return std::string();
  const auto token = system::read_file(path);
  if (!token) return invalid("--bearer-token-file: " + token.error().message);
  if (trim(*token).empty()) return invalid("--bearer-token-file: is empty");
  return std::string(trim(*token));
}

http::Request make_request(const http::Url& url, const std::string& token) {
  http::Request request;
  request.target = url.path + (url.query.empty() ? "" : "?" + url.query);
  request.headers.add("User-Agent", http::user_agent());
  if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
  return request;
}

Result<Target> make_target(const ProbeCommand& command, const ProbeContext& context) {
  const auto wait = parse_wait(command.wait);
  if (!wait) return wait.error();
  const auto url = http::parse_url(command.url);
  if (!url) return invalid(url.error().message);
  if (url->scheme != "http" && url->scheme != "https") return invalid("expected http or https");
  if (!url->userinfo.empty()) return invalid("the URL holds credentials");
  auto token = read_token(command.bearer_token_file);
  if (!token) return token.error();
  auto options = transport_options(command, context, *url);
  if (!options) return options.error();
  auto transport = context.create(std::move(*options));
  if (!transport) return invalid(transport.error().message);
  return Target{std::move(*transport), make_request(*url, *token), *token, *wait};
}

// How the body begins, without what it repeats of the token and the query.
std::string said(const Answer& answer, const Target& target) {
  std::string begin(trim(answer.begin()));
  const std::string_view asked = target.request.target;
  begin = mask_secret(std::move(begin), asked.substr(std::min(asked.find('?'), asked.size())));
  return mask_secret(std::move(begin), target.token);
}

// One try, which has to be answered by `end`.
Result<int> ask(const ProbeCommand& command, const Target& target, const Clock& clock,
                MonoTime end) {
  const auto time_left = std::chrono::ceil<std::chrono::milliseconds>(end - clock.now());
  http::Request request = target.request;
  request.header_timeout = std::min<std::chrono::milliseconds>(kAnswerTimeout, time_left);
  request.idle_timeout = request.header_timeout;
  Answer answer(command.contains, clock, end);
  const auto sent = target.transport->send(request, answer, {});
  if (!sent) return Error{sent.error().code, "probe: " + sent.error().message};
  const int status = answer.status();
  const bool wanted =
      command.status == 0 ? status >= 200 && status < 300 : status == command.status;
  if (!wanted) {
    return Error{ErrorCode::kUnavailable, "probe: status " + std::to_string(status) + ", it says " +
                                              quote_bounded(said(answer, target))};
  }
  if (answer.found()) return status;
  return Error{ErrorCode::kUnavailable, "probe: status " + std::to_string(status) + ", but no " +
                                            quote_bounded(command.contains)};
}

}  // namespace

Result<int> probe(const ProbeCommand& command, const ProbeContext& context) {
  const auto target = make_target(command, context);
  if (!target) return target.error();
  const MonoTime end = context.clock.now() + target->wait;
  while (true) {
    // The last try begins when time is almost up, and a single one has no other bound.
    const Duration least = target->wait.count() == 0 ? kAnswerTimeout : kBetweenTries;
    auto status = ask(command, *target, context.clock, std::max(end, context.clock.now() + least));
    if (status || status.error().code == ErrorCode::kInvalid) return status;
    if (context.clock.now() + kBetweenTries > end) return status;
    context.clock.sleep(kBetweenTries, {});
  }
}

}  // namespace lookout::cli
