#include "src/kube/list_request.hpp"

#include <catch2/catch.hpp>

namespace lookout::kube {
namespace {

using Kind = ListQuery::Kind;

constexpr const char* kSecrets =
    "/api/v1/secrets?labelSelector=owner%3Dhelm&fieldSelector=type%3Dhelm.sh%2Frelease.v1";

TEST_CASE("list request: a list asks for what the query says") {
  const auto [query, parameters] = GENERATE(table<ListQuery, std::string>({
      {{.kind = Kind::kList}, ""},
      {{.kind = Kind::kList, .resource_version = "0"}, "&resourceVersion=0"},
      {{.kind = Kind::kList, .resource_version = "17"},
       "&resourceVersion=17&resourceVersionMatch=NotOlderThan"},
      {{.kind = Kind::kList, .limit = 5'000}, "&limit=5000"},
      {{.kind = Kind::kList, .continue_token = "a+b/=", .limit = 2},
       "&limit=2&continue=a%2Bb%2F%3D"},
      {{.kind = Kind::kProbe, .resource_version = "17", .limit = 1},
       "&resourceVersion=17&resourceVersionMatch=NotOlderThan&limit=1"},
  }));
  const ApiRequest request = list_request({}, query);
  CHECK(request.target == kSecrets + parameters);
  CHECK(request.accept.find("as=PartialObjectMetadataList;") != std::string::npos);
  CHECK(request.header_timeout == std::chrono::seconds(30));
  CHECK(request.bulk == (query.kind == Kind::kList));
}

TEST_CASE("list request: a watch asks for bookmarks and an end") {
  const auto [query, parameters] = GENERATE(table<ListQuery, std::string>({
      {{.kind = Kind::kWatch, .resource_version = "17", .timeout_seconds = 300},
       "&timeoutSeconds=300&resourceVersion=17"},
      {{.kind = Kind::kWatchList, .timeout_seconds = 600},
       "&timeoutSeconds=600&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"},
      {{.kind = Kind::kWatchList, .resource_version = "17", .timeout_seconds = 600},
       "&timeoutSeconds=600&resourceVersion=17&sendInitialEvents=true"
       "&resourceVersionMatch=NotOlderThan"},
  }));
  const ApiRequest request = list_request({}, query);
  CHECK(request.target == kSecrets + ("&watch=true&allowWatchBookmarks=true" + parameters));
  CHECK(request.accept.find("as=PartialObjectMetadata;") != std::string::npos);
  CHECK(request.header_timeout == std::chrono::seconds(90));
  CHECK(request.idle_timeout == std::chrono::seconds(150));
  CHECK(request.bulk == (query.kind == Kind::kWatchList));
}

TEST_CASE("list request: a namespace and ConfigMaps have paths of their own") {
  ReflectorOptions options;
  options.driver = StorageDriver::kConfigMap;
  options.ns = "team-a";
  CHECK(list_request(options, {.kind = Kind::kList}).target ==
        "/api/v1/namespaces/team-a/configmaps?labelSelector=owner%3Dhelm");
}

}  // namespace
}  // namespace lookout::kube
