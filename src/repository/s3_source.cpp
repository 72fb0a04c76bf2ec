#include "src/repository/s3_source.hpp"

#include <utility>

#include "lookout/aws/sigv4.hpp"

#include "src/repository/http_date.hpp"
#include "src/repository/index_request.hpp"
#include "src/repository/peer_guard.hpp"
#include "src/repository/scan_failure.hpp"
#include "src/repository/secret_value.hpp"

namespace lookout::repository {
namespace {

constexpr std::string_view kOperation = "GetObject";
// As client-go counts requests that brought no answer.
constexpr std::string_view kNoAnswer = "<error>";

// Longer than any clock of a machine that keeps time is off; a Date further away is nonsense.
constexpr Duration kClockOffsetMax = std::chrono::hours(24 * 366);

aws::S3Location complete(const S3Source& source, const aws::Environment& environment) {
  aws::S3Location location = source.location;
  if (location.endpoint.empty()) {
    location.endpoint = aws::endpoint_from_environment(environment, "S3");
  }
  if (location.region.empty()) {
    location.region = aws::region_from_environment(environment, source.profile);
  }
  if (location.region.empty()) location.region = "us-east-1";
  return location;
}

RepositorySettings with_ca_bundle(RepositorySettings settings,
                                  const aws::Environment& environment) {
  const auto bundle = environment.find("AWS_CA_BUNDLE");
  const bool wanted = bundle != environment.end() && !settings.tls.ca.given();
  if (wanted) settings.tls.ca.file = bundle->second;
  return settings;
}

http::Url url_of(const aws::S3Target& target) {
  http::Url url = target.origin;
  url.path = target.path;
  return url;
}

}  // namespace

S3SourceReader::S3SourceReader(const RepositorySettings& settings, const ScanContext& context)
    : settings_(with_ca_bundle(settings, context.environment)),
      source_(std::get<S3Source>(settings_.source)),
      context_(context),
      location_(complete(source_, context.environment)),
      transports_(settings_, context) {}

ScanOutcome S3SourceReader::scan(std::stop_token stop, MonoTime deadline) {
  if (const Result<void> fresh = transports_.refresh(); !fresh) {
    return settings_failure(fresh.error());
  }
  if (const Result<void> fresh = refresh_credentials(); !fresh) {
    return settings_failure(fresh.error());
  }
  Cured cured;
  for (int attempts = 1;;) {
    Result<Attempt> attempt = send(stop, deadline);
    if (!attempt.ok()) return settings_failure(attempt.error());
    if (cure(*attempt, cured)) continue;
    const std::optional<Duration> delay = retry_delay(*attempt, attempts++);
    const bool in_time = delay && context_.clock.now() + *delay < deadline;
    if (!in_time) return conclude(std::move(*attempt));
    if (!context_.clock.sleep(*delay, stop)) return Cancelled{};
  }
}

Result<void> S3SourceReader::refresh_credentials() {
  Result<aws::CredentialsOptions> options = credentials_options();
  if (!options.ok()) return options.error();
  if (credentials_ != nullptr && static_credentials_ == options->static_credentials) return {};
  static_credentials_ = options->static_credentials;
  credentials_ = std::make_unique<aws::CredentialsProvider>(
      std::move(*options),
      [this](http::TransportOptions to) { return create_aws_transport(std::move(to)); },
      context_.clock);
  return {};
}

Result<aws::CredentialsOptions> S3SourceReader::credentials_options() const {
  aws::CredentialsOptions options;
  options.region = aws::region_from_environment(context_.environment, source_.profile);
  if (options.region.empty()) options.region = location_.region;
  options.profile = source_.profile;
  options.environment = context_.environment;
  if (!source_.role_arn.empty()) {
    options.assume_role =
        aws::AssumedRole{source_.role_arn, source_.external_id, source_.session_name};
  }
  if (source_.auth == S3Source::Auth::kAnonymous) {
    options.source = aws::CredentialsOptions::Source::kAnonymous;
  }
  if (source_.auth != S3Source::Auth::kStatic) return options;
  options.source = aws::CredentialsOptions::Source::kStatic;
  for (const auto& [secret, target] :
       {std::pair(&source_.access_key_id, &options.static_credentials.access_key_id),
        std::pair(&source_.secret_access_key, &options.static_credentials.secret_access_key),
        std::pair(&source_.session_token, &options.static_credentials.session_token)}) {
    Result<std::string> text = read_secret(*secret, context_.environment);
    if (!text.ok()) return text.error();
    *target = std::move(*text);
  }
  return options;
}

// To STS and metadata services.
Result<std::unique_ptr<http::Transport>> S3SourceReader::create_aws_transport(
    http::TransportOptions options) {
  // A private S3 server's own STS has that server's certificate.
  const Result<aws::S3Target> target = aws::resolve_s3(location_);
  const bool same_server = target.ok() && target->origin.host == options.origin.host;
  if (!location_.endpoint.empty() && same_server) options.tls = transports_.tls();
  const std::string& host = options.origin.host;
  const bool local = is_metadata_host(host) || is_loopback_host(host);
  if (!settings_.proxy_url.empty() && !local) {
    Result<std::optional<http::Url>> proxy =
        choose_proxy(settings_.proxy_url, options.origin, context_.environment);
    if (!proxy.ok()) return proxy.error();
    options.proxy = std::move(*proxy);
  }
  return context_.create_transport(std::move(options));
}

Result<S3SourceReader::Attempt> S3SourceReader::send(std::stop_token stop, MonoTime deadline) {
  Result<std::optional<aws::Credentials>> credentials = credentials_->credentials(stop);
  if (!credentials.ok()) return credentials.error();
  const Result<aws::S3Target> target = aws::resolve_s3(location_);
  if (!target.ok()) return target.error();
  Result<http::Transport*> transport = transports_.open(target->origin, NamedBy::kSettings);
  if (!transport.ok()) return transport.error();

  Attempt attempt{.url = url_of(*target), .credentials = std::move(*credentials)};
  const http::Request request = request_for(attempt, deadline - context_.clock.now());
  attempt.fetch = fetch_index(**transport, request, std::move(stop));
  const int status = attempt.fetch.head.status;
  const std::string code = status == 0 ? std::string(kNoAnswer) : std::to_string(status);
  context_.stats.s3_requests.add({code, std::string(kOperation)});
  if (const auto* const refusal = std::get_if<Refusal>(&attempt.fetch.content)) {
    attempt.refusal = read_s3_refusal(attempt.fetch.head, refusal->body);
  }
  return attempt;
}

http::Request S3SourceReader::request_for(Attempt& attempt, Duration left) const {
  http::Request request = index_request(attempt.url, left);
  // Unsigned, as proxies may change it.
  http::Headers unsigned_headers = std::exchange(request.headers, {});
  attempt.conditional = validators_.add_to(attempt.url, request.headers);
  request.headers.add("X-Amz-Checksum-Mode", "ENABLED");
  if (attempt.credentials) {
    aws::sign_request(
        request, aws::host_header(attempt.url), *attempt.credentials,
        {location_.region, "s3",
         context_.clock.wall_now() + std::chrono::duration_cast<WallTime::duration>(clock_offset_)},
        aws::PathRule::kAsSent);
  }
  for (const auto& [name, value] : unsigned_headers.fields()) request.headers.add(name, value);
  return request;
}

bool S3SourceReader::cure(const Attempt& attempt, Cured& cured) {
  if (!attempt.refusal) return false;
  switch (remedy_of(*attempt.refusal, location_.region)) {
    case S3Remedy::kNone: return false;
    case S3Remedy::kRegion:
      if (std::exchange(cured.region, true)) return false;
      location_.region = attempt.refusal->region;
      return true;
    case S3Remedy::kClock:
      if (std::exchange(cured.clock, true)) return false;
      return learn_clock_offset(attempt.refusal->head.headers);
    case S3Remedy::kCredentials:
      if (!attempt.credentials || std::exchange(cured.credentials, true)) return false;
      credentials_->expire(*attempt.credentials);
      return true;
  }
  return false;
}

bool S3SourceReader::learn_clock_offset(const http::Headers& headers) {
  const std::string* const date = headers.find("Date");
  const std::optional<WallTime> theirs = date == nullptr ? std::nullopt : parse_http_date(*date);
  if (!theirs) return false;
  const Duration offset = *theirs - context_.clock.wall_now();
  if (std::chrono::abs(offset) > kClockOffsetMax) return false;
  clock_offset_ = offset;
  return true;
}

std::optional<Duration> S3SourceReader::retry_delay(const Attempt& attempt, int attempts) {
  std::optional<aws::RetryCause> cause;
  if (attempt.refusal)
    cause = aws::retry_cause(attempt.refusal->head.status, attempt.refusal->code);
  const auto* const failure = std::get_if<helm::IndexFailure>(&attempt.fetch.content);
  // A certificate that is refused now is refused in a second.
  if (failure != nullptr && !failure->defect &&
      !failure->error.message.starts_with(http::phase::kTls)) {
    cause = aws::retry_cause(failure->error);
  }
  if (!cause) return std::nullopt;
  return retries_.next_delay(*cause, attempts, aws::asked_delay(attempt.fetch.head.headers));
}

ScanOutcome S3SourceReader::conclude(Attempt attempt) {
  const IndexFetch& fetch = attempt.fetch;
  if (const auto* const failure = std::get_if<helm::IndexFailure>(&fetch.content)) {
    return index_failure(*failure, shown_url(attempt.url));
  }
  const bool unchanged = attempt.conditional && fetch.head.status == 304;
  if (attempt.refusal && !unchanged) {
    return s3_failure(*attempt.refusal, attempt.url,
                      attempt.credentials ? S3Access::kSigned : S3Access::kAnonymous);
  }
  retries_.succeeded();
  if (unchanged) return Unchanged{};
  validators_.remember(attempt.url, fetch.head.headers);
  return ScanData{std::move(std::get<helm::ChartIndex>(attempt.fetch.content)), fetch.bytes};
}

}  // namespace lookout::repository
