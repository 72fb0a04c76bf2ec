#include "src/cli/plan_figures.hpp"

#include <catch2/catch.hpp>

#include "test/state/repository_fixture.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kNow = 1'750'000'000;
constexpr std::int64_t kHour = 3'600;

struct Stored {
  std::string ns = "a";
  std::string name = "web";
  std::uint32_t revisions = 1;
  std::optional<std::uint64_t> bytes = 1'000;
  std::int64_t age = 30 * 24 * kHour;
  std::optional<helm::Undecodable> undecodable = std::nullopt;
};

ReleaseFigures figures(const std::vector<Stored>& stored, std::size_t top = 10) {
  std::vector<state::ReleasePtr> releases;
  for (const Stored& each : stored) {
    auto release = std::make_shared<state::Release>();
    release->key = {each.ns, each.name};
    release->revision = each.revisions;
    release->revisions = each.revisions;
    release->status = each.undecodable ? helm::Status::kFailed : helm::Status::kDeployed;
    release->storage_bytes = each.bytes;
    release->updated_seconds = kNow - each.age;
    release->undecodable = each.undecodable;
    releases.push_back(std::move(release));
  }
  return release_figures(releases, state::test::at(kNow), top);
}

std::vector<std::string> names(const std::vector<PlannedRelease>& releases) {
  std::vector<std::string> out;
  for (const PlannedRelease& each : releases) out.push_back(each.name);
  return out;
}

http::BodyChain chain(std::initializer_list<const char*> pieces) {
  http::BodyChain out;
  for (const char* piece : pieces) out.append(std::make_shared<const std::string>(piece));
  return out;
}

}  // namespace

TEST_CASE("plan figures: releases are counted") {
  const ReleaseFigures out =
      figures({{.revisions = 10, .age = kHour},
               {.ns = "b", .revisions = 2, .age = 3 * 24 * kHour},
               {.ns = "b", .name = "x", .undecodable = {}},
               {.ns = "b", .name = "bad", .bytes = 3, .undecodable = helm::Undecodable::kGzip}});
  CHECK(out.namespaces == 2);
  CHECK(out.releases == 4);
  CHECK(out.revisions == 14);
  CHECK(out.undecodable == 1);
  CHECK(out.by_status == std::map<std::string, std::size_t>{{"deployed", 3}, {"failed", 1}});
  CHECK(out.deployed_last_day == 1);
  CHECK(out.deployed_last_week == 2);
}

TEST_CASE("plan figures: older revisions are taken to be as large as the current one") {
  const ReleaseFigures out =
      figures({{.revisions = 10, .bytes = 1'000}, {.bytes = 500}, {.revisions = 3, .bytes = {}}});
  CHECK(out.sized == 2);
  CHECK(out.current_bytes == 1'500);
  CHECK(out.older_bytes == 9'000);
}

TEST_CASE("plan figures: near the limit from nine tenths of it on") {
  CHECK(figures({{.bytes = 943'718}}).near_limit == 0);
  CHECK(figures({{.bytes = 943'719}}).near_limit == 1);
  CHECK(figures({{.bytes = 2'000'000}}).near_limit == 1);
}

TEST_CASE("plan figures: the largest and the longest first, equals by key") {
  const std::vector<Stored> stored = {{.name = "a", .revisions = 2, .bytes = 5},
                                      {.name = "b", .revisions = 9, .bytes = {}},
                                      {.name = "c", .revisions = 2, .bytes = 7},
                                      {.name = "d", .revisions = 2, .bytes = 7}};
  CHECK(names(figures(stored).largest) == std::vector<std::string>{"c", "d", "a"});
  CHECK(names(figures(stored).longest) == std::vector<std::string>{"b", "a", "c", "d"});
  CHECK(names(figures(stored, 1).largest) == std::vector<std::string>{"c"});
  CHECK(figures(stored, 0).longest.empty());
}

TEST_CASE("plan figures: a repository by its index, its day by its interval") {
  const auto cache = state::test::repositories([] {
    std::vector<helm::ChartIndex> indexes;
    indexes.push_back(state::test::index(
        {state::test::chart("api", {"1.0.0"}), state::test::chart("web", {"2.0.0", "1.0.0"})}));
    return indexes;
  }());
  Settings settings;
  settings.repositories.resize(1);
  settings.repositories[0].name = "a";
  settings.repositories[0].interval = 5min;
  RepositoryFigures out = repository_figures(*cache->snapshot()->front(), settings);
  CHECK(out.charts == 2);
  CHECK(out.versions == 3);
  CHECK(out.index_bytes == 100);
  CHECK(out.error.empty());
  CHECK(out.scans_a_day() == 288);
  CHECK(out.bytes_a_day() == 28'800);
  out.rescan = Rescan::kUnchanged;
  CHECK(out.bytes_a_day() == 0);
  out.interval = 0ms;
  CHECK(out.scans_a_day() == 0);

  cache->put_failure("a", "connect", "refused", state::test::at(2));
  out = repository_figures(*cache->snapshot()->front(), settings);
  CHECK(out.error == "connect: refused");
  CHECK(out.charts == 2);  // the last good data
}

TEST_CASE("plan figures: series are the lines that are samples") {
  CHECK(count_series({}) == 0);
  CHECK(count_series(chain({"# HELP x y\n# TYPE x gauge\nx 1\nx{a=\"#\"} 2\n", "# EOF\n"})) == 2);
  // Cut anywhere.
  CHECK(count_series(chain({"x", " 1\n", "#", " c\ny 1\nz", " 1\n"})) == 3);
}

TEST_CASE("plan figures: memory as the kernel tells it") {
  const char* const status =
      "Name:\tVmHWM:\nVmPeak:\t  999 kB\nVmHWM:\t   23456 kB\nVmRSS:\t 1 kB\n";
  CHECK(status_bytes(status, "VmHWM") == 23'456U * 1024);
  CHECK(status_bytes(status, "VmRSS") == 1024);
  CHECK(status_bytes(status, "VmSwap") == 0);
  CHECK(status_bytes("VmHWM:\t kB", "VmHWM") == 0);
}
