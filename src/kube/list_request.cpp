#include "src/kube/list_request.hpp"

#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/http/url.hpp"

namespace lookout::kube {
namespace {

constexpr std::string_view kAcceptList =
    "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
constexpr std::string_view kAcceptWatch =
    "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

std::string base_target(const ReflectorOptions& options) {
  std::string target = "/api/v1/";
  if (!options.ns.empty()) target += "namespaces/" + http::percent_encode(options.ns) + "/";
  target += resource_name(options.driver);
  target += "?labelSelector=owner%3Dhelm";
  // Always both on Secrets, so that an authorizer can allow exactly this and no more.
  if (options.driver == StorageDriver::kSecret) {
    target += "&fieldSelector=type%3Dhelm.sh%2Frelease.v1";
  }
  return target;
}

void append_parameter(std::string& target, std::string_view name, std::string_view value) {
  target += '&';
  target += name;
  target += '=';
  target += http::percent_encode(value);
}

void append_list_query(std::string& target, const ListQuery& query) {
  LOOKOUT_CHECK(query.continue_token.empty() || query.resource_version.empty());
  if (!query.resource_version.empty()) {
    append_parameter(target, "resourceVersion", query.resource_version);
  }
  // A relist at a version we know must not bring something older.
  if (!query.resource_version.empty() && query.resource_version != "0") {
    target += "&resourceVersionMatch=NotOlderThan";
  }
  if (query.limit > 0) append_parameter(target, "limit", std::to_string(query.limit));
  if (!query.continue_token.empty()) append_parameter(target, "continue", query.continue_token);
}

void append_watch_query(std::string& target, const ListQuery& query) {
  target += "&watch=true&allowWatchBookmarks=true";
  append_parameter(target, "timeoutSeconds", std::to_string(query.timeout_seconds));
  if (!query.resource_version.empty()) {
    append_parameter(target, "resourceVersion", query.resource_version);
  }
  if (query.kind == ListQuery::Kind::kWatchList) {
    target += "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
  }
}

}  // namespace

ApiRequest list_request(const ReflectorOptions& options, const ListQuery& query) {
  const bool watch =
      query.kind == ListQuery::Kind::kWatch || query.kind == ListQuery::Kind::kWatchList;
  ApiRequest request;
  request.target = base_target(options);
  if (watch) {
    append_watch_query(request.target, query);
  } else {
    append_list_query(request.target, query);
  }
  request.accept = watch ? kAcceptWatch : kAcceptList;
  request.header_timeout = watch ? kWatchHeaderTimeout : kListHeaderTimeout;
  request.idle_timeout = watch ? kWatchIdleTimeout : kListIdleTimeout;
  request.bulk = query.kind == ListQuery::Kind::kWatchList || query.kind == ListQuery::Kind::kList;
  return request;
}

}  // namespace lookout::kube
