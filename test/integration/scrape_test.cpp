// What a scrape shows while lists and events go by, and what they cost it.
#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <thread>

#include "lookout/base/text.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_join.hpp"

#include "test/integration/rig.hpp"
#include "test/metrics/metrics_fixture.hpp"

namespace lookout::integration {
namespace {

constexpr int kReleases = 200;

// The scrape of /metrics as text.
std::string scraped(metrics::Exposition& exposition) {
  return metrics::test::text_of(
      exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity));
}

// The revisions that a scrape shows, and how many releases it has.
struct Shown {
  std::set<std::string> revisions;
  int releases = 0;
};
Shown shown_by(const std::string& text) {
  constexpr std::string_view kFamily = "helm_release_revision{";
  Shown shown;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with(kFamily)) continue;
    ++shown.releases;
    shown.revisions.emplace(line.substr(line.rfind(' ') + 1));
  }
  return shown;
}

// All releases at that revision, as a store that a server can be restored to.
fakes::ObjectStore::Snapshot everything_at(std::uint32_t revision) {
  fakes::ObjectStore store(revision * 10'000);
  for (int i = 0; i < kReleases; ++i) {
    fakes::ReleaseSpec spec;
    spec.name = "app-" + std::to_string(i);
    spec.revision = revision;
    store.put(fakes::release_object(spec));
  }
  return store.snapshot();
}

helm::SecretMeta secret(int number) {
  helm::SecretMeta meta;
  const std::string release = "app-" + std::to_string(number);
  meta.ns = "team-" + std::to_string(number % 100);
  meta.name = "sh.helm.release.v1." + release + ".v1";
  meta.uid = "uid-" + std::to_string(number);
  meta.resource_version = std::to_string(1'000 + number);
  meta.labels = {{"name", release}, {"owner", "helm"}, {"status", "deployed"}, {"version", "1"}};
  return meta;
}

}  // namespace

TEST_CASE("L12: a scrape during a relist shows all of the old or all of the new") {
  RigOptions options;
  options.speed = 200;
  options.server.watch_list = GENERATE(true, false);
  Rig rig(options);
  rig.server().store().restore(everything_at(1));
  rig.start();
  REQUIRE(rig.wait_watching());
  state::ReleaseJoin join(rig.cache(), nullptr);
  metrics::Exposition exposition(join, rig.clock(), {}, {});
  std::atomic<int> scrapes{0};
  std::atomic<int> mixed{0};
  std::atomic<int> incomplete{0};
  std::set<std::string> seen;
  std::jthread scraper([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      const Shown shown = shown_by(scraped(exposition));
      if (shown.releases != kReleases) ++incomplete;
      if (shown.revisions.size() != 1) ++mixed;
      seen.insert(shown.revisions.begin(), shown.revisions.end());
      ++scrapes;
    }
  });
  for (std::uint32_t revision = 2; revision <= 6; ++revision) {
    const std::size_t commits = rig.commits();
    rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
    // All at once and told to no watch: only a list can bring it.
    rig.server().store().restore(everything_at(revision));
    rig.server().drop_connections(fakes::Hangup::kReset);
    REQUIRE(rig.wait([&] { return rig.commits() > commits; }));
    REQUIRE(rig.wait_watching());
    const int before = scrapes;
    REQUIRE(rig.wait([&] { return scrapes > before + 1; }));
  }
  scraper.request_stop();
  scraper.join();
  CHECK(mixed == 0);
  CHECK(incomplete == 0);
  CHECK(seen.size() == 6);
}

TEST_CASE("L13: a list of 200,000 unchanged objects wants no payload and renders nothing") {
  constexpr int kObjects = 200'000;
  const FastClock clock(1);
  state::ReleaseCacheOptions options;
  options.publish_delay = Duration(0);
  state::ReleaseCache cache(options);
  state::ReleaseJoin join(cache, nullptr);
  metrics::Exposition exposition(join, clock, {}, {});
  const auto list = [&] {
    cache.begin_replace(0);
    for (int i = 0; i < kObjects; ++i) cache.replace_item(0, secret(i));
    return cache.commit_replace(0, clock.now()).size();
  };
  REQUIRE(list() == kObjects);
  exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
  const auto before =
      exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
  const std::uint64_t rendered = exposition.stats().rendered_chunks.value();
  const std::size_t wanted = cache.wanted_payloads();
  CHECK(list() == 0);
  CHECK(cache.wanted_payloads() == wanted);
  const auto after =
      exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
  CHECK(exposition.stats().rendered_chunks.value() == rendered);
  CHECK(exposition.stats().dirty_chunks.value() == 0);
  CHECK(after.pieces() == before.pieces());  // the same memory, not only the same text
}

}  // namespace lookout::integration
