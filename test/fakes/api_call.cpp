#include "test/fakes/api_call.hpp"

#include "lookout/base/text.hpp"

namespace lookout::fakes {
namespace {

std::optional<Resource> parse_resource(std::string_view text) {
  if (text == "secrets") return Resource::kSecrets;
  if (text == "configmaps") return Resource::kConfigMaps;
  return std::nullopt;
}

bool is_true(const std::string& value) {
  return value == "true" || value == "1";
}

Verb collection_verb(const HttpRequest& request) {
  if (!is_true(request.parameter("watch"))) return Verb::kList;
  return is_true(request.parameter("sendInitialEvents")) ? Verb::kWatchList : Verb::kWatch;
}

bool wants_pretty(const HttpRequest& request) {
  const std::string agent = request.header("User-Agent");
  return request.query.count("pretty") > 0 || agent.starts_with("curl") ||
         agent.starts_with("Wget") || agent.starts_with("Mozilla/5.0");
}

// One alternative: media type and parameters.
std::optional<Representation> read_alternative(std::string_view text, Verb verb,
                                               const Abilities& abilities) {
  const std::vector<std::string_view> parts = split(text, ';');
  const std::string media = to_lower(trim(parts.front()));
  Representation out;
  out.protobuf = media == "application/vnd.kubernetes.protobuf";
  const bool json =
      media.empty() || media == "*/*" || media == "application/*" || media == "application/json";
  if (!json && !(out.protobuf && abilities.protobuf)) return std::nullopt;
  const std::string_view wanted =
      verb == Verb::kList ? "as=PartialObjectMetadataList" : "as=PartialObjectMetadata";
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view parameter = trim(parts[i]);
    if (!parameter.starts_with("as=")) continue;
    if (parameter != wanted || !abilities.metadata) return std::nullopt;
    out.metadata_only = true;
  }
  return out;
}

}  // namespace

ApiCall parse_call(const HttpRequest& request) {
  ApiCall out;
  std::vector<std::string_view> parts = split(request.path, '/');  // "", api, v1, ...
  if (request.method != "GET" || parts.size() < 4 || parts[1] != "api" || parts[2] != "v1") {
    return out;
  }
  std::size_t at = 3;
  if (parts[3] == "namespaces" && parts.size() >= 6) {
    out.ns = std::string(parts[4]);
    at = 5;
  }
  const auto resource = parse_resource(parts[at]);
  if (!resource || parts.size() > at + 2) return out;
  out.resource = *resource;
  if (parts.size() == at + 1) {
    out.verb = collection_verb(request);
  } else if (!out.ns.empty()) {
    out.name = std::string(parts[at + 1]);
    out.verb = Verb::kGet;
  }
  return out;
}

std::optional<Representation> negotiate(const HttpRequest& request, Verb verb,
                                        const Abilities& abilities) {
  const std::string accept = request.header("Accept");
  for (const std::string_view alternative : split(accept, ',')) {
    auto out = read_alternative(alternative, verb, abilities);
    if (!out) continue;
    out->pretty = !out->protobuf && wants_pretty(request);
    return out;
  }
  return std::nullopt;
}

std::string target_of(const HttpRequest& request) {
  return request.raw_query.empty() ? request.path : request.path + "?" + request.raw_query;
}

}  // namespace lookout::fakes
