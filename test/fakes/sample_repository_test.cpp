#include "test/fakes/sample_repository.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>

#include "lookout/helm/chart_index.hpp"

#include "test/fakes/chart_samples.hpp"

namespace lookout::fakes {
namespace {

constexpr std::int64_t kNow = 1'750'000'000;

helm::ChartIndex read(SampleRepository repository, SampleAge age = SampleAge::kVersionGone) {
  std::string rest = sample_index(repository, age, kNow);
  const auto outcome = helm::read_chart_index([&](std::span<char> out) -> Result<std::size_t> {
    const std::size_t size = std::min(out.size(), rest.size());
    std::memcpy(out.data(), rest.data(), size);
    rest.erase(0, size);
    return size;
  });
  REQUIRE(std::holds_alternative<helm::ChartIndex>(outcome));
  return std::get<helm::ChartIndex>(outcome);
}

const helm::IndexedChart& chart(const helm::ChartIndex& index, std::string_view name) {
  const auto found = std::find_if(index.charts.begin(), index.charts.end(),
                                  [&](const auto& one) { return one.name == name; });
  REQUIRE(found != index.charts.end());
  return *found;
}

}  // namespace

TEST_CASE("sample repository: both together hold every chart, and nothing is skipped") {
  const auto stable = read(SampleRepository::kStable);
  const auto team = read(SampleRepository::kTeam);
  CHECK(stable.charts.size() + team.charts.size() == chart_samples().size());
  CHECK(stable.skipped == decltype(stable.skipped)());
  CHECK(team.skipped == decltype(team.skipped)());
}

TEST_CASE("sample repository: newer, missing and deprecated versions") {
  const auto stable = read(SampleRepository::kStable);
  const auto team = read(SampleRepository::kTeam);
  CHECK(chart(stable, "kafka").versions.front().text == "32.0.1");
  CHECK(chart(team, "loki-stack").versions.front().deprecated);
  const auto& keycloak = chart(stable, "keycloak").versions;
  CHECK(keycloak.size() == 2);
  CHECK(keycloak.back().text == "24.0.4");
  const auto fresh = read(SampleRepository::kStable, SampleAge::kFresh);
  CHECK(chart(fresh, "keycloak").versions.back().text == "22.2.6");
}

TEST_CASE("sample repository: served with its ETag, until a version goes") {
  std::int64_t now = kNow;
  const auto serve = sample_repositories([&now] { return now; });
  const auto first = serve({http::Method::kGet, "/stable/index.yaml", "", {}});
  CHECK(first.status == 200);
  REQUIRE(first.headers.find("ETag") != nullptr);
  const http::ServerRequest again{http::Method::kGet,
                                  "/stable/index.yaml",
                                  "",
                                  {{"If-None-Match", *first.headers.find("ETag")}}};
  CHECK(serve(again).status == 304);
  CHECK(serve(again).body.size_bytes() == 0);
  now += kVersionGoneAfterSeconds;
  CHECK(serve(again).status == 200);
  CHECK(serve({http::Method::kGet, "/team-charts/index.yaml", "", {}}).status == 200);
  CHECK(serve({http::Method::kGet, "/team-charts/", "", {}}).status == 404);
}

}  // namespace lookout::fakes
