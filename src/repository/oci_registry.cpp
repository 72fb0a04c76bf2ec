#include "src/repository/oci_registry.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/repository/docker_config.hpp"
#include "src/repository/index_request.hpp"
#include "src/repository/oci_link.hpp"
#include "src/repository/oci_manifest.hpp"
#include "src/repository/oci_tag.hpp"
#include "src/repository/peer_guard.hpp"
#include "src/repository/scan_failure.hpp"
#include "src/repository/secret_value.hpp"
#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

constexpr std::string_view kDockerHubApi = "registry-1.docker.io";

Failed failed(ScanErrorType type, const http::Url& url, const std::string& why) {
  return {
      ScanError{.type = type, .message = shown_url(url) + ": " + why, .retry_after = std::nullopt}};
}

std::string encode_path(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    out.append("/").append(http::percent_encode(part));
  }
  return out;
}

// Of {"errors": [{"code": "NAME_UNKNOWN", ...}]}, when it is one that may be shown.
std::string error_code(std::string_view body) {
  std::string code;
  const Result<void> walked = walk_json(body, [&](JsonPath path, const JsonValue& value) {
    if (code.empty() && path_is(path, {"errors", "", "code"})) code = text_of(value);
  });
  const bool sound =
      walked.ok() && code.size() <= 40 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
  return sound ? code : "";
}

ScanErrorType page_defect(const Error& error, std::string_view body) {
  const std::string_view text = trim(body);
  if (text.empty()) return ScanErrorType::kEmpty;
  if (error.code == ErrorCode::kTooLarge) return ScanErrorType::kTooLarge;
  const bool other = error.code == ErrorCode::kInvalid || text.front() != '{';
  return other ? ScanErrorType::kNotAnIndex : ScanErrorType::kMalformed;
}

// nullopt: the registry's trouble, not that of what was asked for.
std::optional<OciRegistry::Verdict> judge(const http::ResponseHead& head) {
  switch (head.status) {
    case 200: return OciRegistry::Verdict::kHere;
    case 404:
    case 410: return OciRegistry::Verdict::kGone;
    case 429: return OciRegistry::Verdict::kBusy;
    default: break;
  }
  if (head.status == 503 && retry_after(head.headers)) return OciRegistry::Verdict::kBusy;
  if (head.status / 100 == 4) return OciRegistry::Verdict::kRefused;
  return std::nullopt;
}

}  // namespace

Result<http::Url> registry_url(const OciSource& source) {
  const bool hub = parse_registry_key(source.host).host == "docker.io";
  return http::parse_url((source.plain_http ? "http://" : "https://") +
                         (hub ? std::string(kDockerHubApi) : source.host));
}

OciRegistry::OciRegistry(const RepositorySettings& settings, const ScanContext& context)
    : source_(std::get<OciSource>(settings.source)),
      context_(context),
      transports_(settings, context),
      authorizer_(source_, context, transports_) {}

std::optional<Failed> OciRegistry::start_scan(MonoTime deadline) {
  deadline_ = deadline;
  authorizer_.start_scan();
  if (const Result<void> fresh = transports_.refresh(); !fresh) {
    return Failed{settings_failure(fresh.error())};
  }
  Result<http::Url> home = registry_url(source_);
  if (!home.ok()) return Failed{settings_failure(home.error())};
  home_ = std::move(*home);
  HttpAuth custom;
  custom.headers = source_.auth.headers;
  Result<http::Headers> headers = read_auth_headers(custom, context_.environment);
  if (!headers.ok()) return Failed{settings_failure(headers.error())};
  custom_headers_ = std::move(*headers);
  return std::nullopt;
}

Fetched<OciRegistry::TagList> OciRegistry::list_tags(const std::string& repository,
                                                     std::stop_token stop) {
  TagList list;
  std::set<std::string> seen;
  Place place = place_of(repository, "/tags/list");
  for (std::size_t pages = 0; pages < kPagesMax; ++pages) {
    if (!seen.insert(place.url.query).second) {
      return failed(ScanErrorType::kMalformed, place.url, "its pages go round in a circle");
    }
    Fetched<Reply> fetched = fetch({http::Method::kGet,
                                    place,
                                    {repository, OciPurpose::Kind::kTags},
                                    "application/json",
                                    kTagsPageBytesMax},
                                   stop);
    if (auto* const failure = std::get_if<Failed>(&fetched)) return std::move(*failure);
    const Reply& reply = std::get<Reply>(fetched);
    if (reply.answer.head.status != 200) {
      return Failed{
          status_failure(reply.answer.head, reply.place.url, error_code(reply.answer.body))};
    }
    list.bytes += reply.answer.body.size();
    const Result<void> taken = append_tags_page(reply.answer.body, kTagsMax, list.tags);
    if (!taken.ok()) {
      return failed(page_defect(taken.error(), reply.answer.body), reply.place.url,
                    taken.error().message);
    }
    Result<std::optional<http::Url>> next = next_page(reply.place.url, reply.answer.head.headers);
    if (!next.ok()) {
      const bool elsewhere = next.error().code == ErrorCode::kForbidden;
      return failed(elsewhere ? ScanErrorType::kRedirect : ScanErrorType::kMalformed,
                    reply.place.url, next.error().message);
    }
    if (!*next) return list;
    place = {std::move(**next), reply.place.at_home};
  }
  return failed(ScanErrorType::kTooLarge, place.url, "too many pages of tags");
}

OciRegistry::Question OciRegistry::manifest_question(http::Method method,
                                                     const std::string& repository,
                                                     const std::string& tag) const {
  return {method,
          place_of(repository, "/manifests/" + tag),
          {repository, OciPurpose::Kind::kContent},
          kManifestAccept,
          kManifestBytesMax};
}

Fetched<OciRegistry::Content> OciRegistry::read_manifest(const std::string& repository,
                                                         const std::string& tag,
                                                         std::stop_token stop) {
  return fetch_content(manifest_question(http::Method::kGet, repository, tag), std::move(stop));
}

Fetched<OciRegistry::Content> OciRegistry::probe_manifest(const std::string& repository,
                                                          const std::string& tag,
                                                          std::stop_token stop) {
  return fetch_content(manifest_question(http::Method::kHead, repository, tag), std::move(stop));
}

Fetched<OciRegistry::Content> OciRegistry::read_blob(const std::string& repository,
                                                     const std::string& digest,
                                                     std::stop_token stop) {
  return fetch_content({http::Method::kGet,
                        place_of(repository, "/blobs/" + digest),
                        {repository, OciPurpose::Kind::kContent},
                        "*/*",
                        kChartConfigBytesMax},
                       std::move(stop));
}

OciRegistry::Place OciRegistry::place_of(const std::string& repository,
                                         const std::string& rest) const {
  Place place{home_, true};
  place.url.path = "/v2" + encode_path(repository) + rest;
  return place;
}

Fetched<OciRegistry::Content> OciRegistry::fetch_content(Question question, std::stop_token stop) {
  Fetched<Reply> fetched = fetch(std::move(question), std::move(stop));
  if (auto* const failure = std::get_if<Failed>(&fetched)) {
    const auto* const error = std::get_if<ScanError>(&failure->outcome);
    const bool oversize = error != nullptr && error->type == ScanErrorType::kTooLarge;
    if (oversize) return Content{Verdict::kGone, {}};
    return std::move(*failure);
  }
  Reply& reply = std::get<Reply>(fetched);
  const std::optional<Verdict> verdict = judge(reply.answer.head);
  if (verdict) return Content{*verdict, std::move(reply.answer)};
  return Failed{status_failure(reply.answer.head, reply.place.url, error_code(reply.answer.body))};
}

Fetched<OciRegistry::Reply> OciRegistry::fetch(Question question, std::stop_token stop) {
  for (int redirects = 0;; ++redirects) {
    Fetched<Answer> fetched = fetch_here(question, stop);
    if (auto* const failure = std::get_if<Failed>(&fetched)) return std::move(*failure);
    Answer& answer = std::get<Answer>(fetched);
    if (!is_redirect(answer.head.status))
      return Reply{std::move(question.place), std::move(answer)};
    const http::Url& here = question.place.url;
    const std::string* const location = answer.head.headers.find("Location");
    if (location == nullptr) return Failed{status_failure(answer.head, here)};
    if (redirects == kRedirectsMax) {
      return failed(ScanErrorType::kRedirect, here, "too many redirects");
    }
    Result<http::Url> next = resolve_location(here, *location);
    if (!next.ok()) return failed(ScanErrorType::kRedirect, here, next.error().message);
    const bool at_home = question.place.at_home && same_origin(home_, *next);
    question.place = {std::move(*next), at_home};
  }
}

// Twice at most: the second time with what the registry asked for.
Fetched<Answer> OciRegistry::fetch_here(const Question& question, std::stop_token stop) {
  Fetched<Answer> first = send(question, stop);
  const auto* const refusal = std::get_if<Answer>(&first);
  if (refusal == nullptr || refusal->head.status != 401) return first;
  const http::Url& url = question.place.url;
  if (!question.place.at_home) {
    return Failed{status_failure(refusal->head, url, "", "credentials are not sent there")};
  }
  if (std::optional<Failed> failure =
          authorizer_.renew(url, refusal->head, question.purpose, stop)) {
    return std::move(*failure);
  }
  Fetched<Answer> second = send(question, stop);
  const auto* const answer = std::get_if<Answer>(&second);
  if (answer == nullptr || answer->head.status != 401) return second;
  return Failed{status_failure(answer->head, url, error_code(answer->body))};
}

Fetched<Answer> OciRegistry::send(const Question& question, std::stop_token stop) {
  const http::Url& url = question.place.url;
  const bool at_home = question.place.at_home;
  const Result<http::Transport*> transport =
      transports_.open(url, at_home ? NamedBy::kSettings : NamedBy::kServer);
  if (!transport.ok()) return Failed{settings_failure(transport.error())};
  http::Request request = index_request(url, deadline_ - context_.clock.now());
  request.method = question.method;
  request.headers.add("Accept", std::string(question.accept));
  if (at_home) {
    for (const auto& [name, value] : custom_headers_.fields()) request.headers.add(name, value);
    std::string authorization = authorizer_.authorization(question.purpose);
    const bool own = custom_headers_.find("Authorization") != nullptr;
    if (!own && !authorization.empty()) {
      request.headers.add("Authorization", std::move(authorization));
    }
  }
  Result<Answer> answer = ask(**transport, request, question.bytes_max, std::move(stop));
  if (!answer.ok()) return Failed{transport_failure(answer.error(), shown_url(url))};
  return std::move(*answer);
}

}  // namespace lookout::repository
