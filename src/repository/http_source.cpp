#include "src/repository/http_source.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/repository/index_request.hpp"
#include "src/repository/peer_guard.hpp"
#include "src/repository/scan_failure.hpp"
#include "src/repository/secret_value.hpp"

namespace lookout::repository {
namespace {

constexpr std::array<std::string_view, 3> kIndexEndings = {".yaml", ".yml", ".json"};

ScanError redirect_failure(const http::Url& url, std::string why) {
  return {.type = ScanErrorType::kRedirect,
          .message = shown_url(url) + ": " + std::move(why),
          .retry_after = std::nullopt};
}

const std::string* redirect_location(const IndexFetch& fetch) {
  return is_redirect(fetch.head.status) ? fetch.head.headers.find("Location") : nullptr;
}

}  // namespace

http::Url index_url(const http::Url& url) {
  http::Url index = url;
  const std::string path = to_lower(url.path);
  const bool names_a_file = std::any_of(kIndexEndings.begin(), kIndexEndings.end(),
                                        [&](auto ending) { return path.ends_with(ending); });
  if (names_a_file) return index;
  while (index.path.ends_with('/')) index.path.pop_back();
  index.path += "/index.yaml";
  return index;
}

HttpSourceReader::HttpSourceReader(const RepositorySettings& settings, const ScanContext& context)
    : settings_(settings),
      source_(std::get<HttpSource>(settings.source)),
      context_(context),
      url_(index_url(source_.url)),
      transports_(settings, context) {}

ScanOutcome HttpSourceReader::scan(std::stop_token stop, MonoTime deadline) {
  if (const Result<void> fresh = transports_.refresh(); !fresh) {
    return settings_failure(fresh.error());
  }
  const Result<http::Headers> credentials = read_credentials();
  if (!credentials.ok()) return settings_failure(credentials.error());
  Hop hop{.url = url_};
  for (int redirects = 0;; ++redirects) {
    if (const Result<void> fetched = fetch(hop, *credentials, deadline, stop); !fetched) {
      return settings_failure(fetched.error());
    }
    const std::string* const location = redirect_location(hop.fetch);
    if (location == nullptr) return conclude(std::move(hop));
    if (redirects == kRedirectsMax) return redirect_failure(url_, "too many redirects");
    Result<http::Url> next = resolve_location(hop.url, *location);
    if (!next.ok()) return redirect_failure(hop.url, next.error().message);
    hop.at_home = hop.at_home && same_origin(url_, *next);
    hop.url = std::move(*next);
  }
}

Result<http::Headers> HttpSourceReader::read_credentials() const {
  Result<http::Headers> headers = read_auth_headers(source_.auth, context_.environment);
  if (!headers.ok() || source_.url.userinfo.empty()) return headers;
  if (headers->find("Authorization") != nullptr) return headers;
  const Result<std::string> user = http::percent_decode(source_.url.userinfo);
  if (!user.ok()) return Error{ErrorCode::kInvalid, "bad percent escape in the URL's user"};
  headers->add("Authorization", "Basic " + encoding::base64_encode(*user));
  return headers;
}

Result<void> HttpSourceReader::fetch(Hop& hop, const http::Headers& credentials, MonoTime deadline,
                                     std::stop_token stop) {
  const NamedBy named_by = hop.at_home ? NamedBy::kSettings : NamedBy::kServer;
  Result<http::Transport*> transport = transports_.open(hop.url, named_by);
  if (!transport.ok()) return transport.error();
  http::Request request = index_request(hop.url, deadline - context_.clock.now());
  if (hop.at_home) {
    for (const auto& [name, value] : credentials.fields()) request.headers.add(name, value);
  }
  request.headers.add("Accept-Encoding", "gzip");
  hop.conditional = validators_.add_to(hop.url, request.headers);
  hop.fetch = fetch_index(**transport, request, std::move(stop));
  return {};
}

ScanOutcome HttpSourceReader::conclude(Hop hop) {
  if (const auto* const failure = std::get_if<helm::IndexFailure>(&hop.fetch.content)) {
    return index_failure(*failure, shown_url(hop.url));
  }
  if (hop.conditional && hop.fetch.head.status == 304) return Unchanged{};
  if (std::holds_alternative<Refusal>(hop.fetch.content)) return refusal(hop);
  validators_.remember(hop.url, hop.fetch.head.headers);
  return ScanData{std::move(std::get<helm::ChartIndex>(hop.fetch.content)), hop.fetch.bytes};
}

ScanError HttpSourceReader::refusal(const Hop& hop) const {
  const int status = hop.fetch.head.status;
  std::string hint;
  if ((status == 401 || status == 403) && !hop.at_home) {
    hint = "credentials are not sent where " + shown_url(url_) + " redirects to";
  }
  return status_failure(hop.fetch.head, hop.url, "", hint);
}

}  // namespace lookout::repository
