// How a list begins, pages, expires and fails.
#include <catch2/catch.hpp>

#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using How = fakes::BodyCut::How;

// A server without WatchList.
RigOptions listing() {
  RigOptions options;
  options.server.watch_list = false;
  return options;
}

// Lists, but not the one object that is asked for after a broken watch.
RequestMatcher lists(std::size_t times) {
  return {Verb::kList, "", 0, times, "limit=1"};
}

void put_releases(Rig& rig, int count) {
  for (int i = 0; i < count; ++i) rig.put("app-" + std::to_string(i));
}

// From here on the server no longer knows what the reflector knows, and its watch ends.
void expire(Rig& rig) {
  rig.server().store().compact();
  rig.server().store().advance(1);
  rig.server().store().compact();
  rig.server().drop_connections(fakes::Hangup::kReset);
}

}  // namespace

TEST_CASE("L1: a cold start asks once and holds what the server holds") {
  RigOptions options;
  options.server.watch_list = GENERATE(true, false);
  options.driver = GENERATE(kube::StorageDriver::kSecret, kube::StorageDriver::kConfigMap);
  Rig rig(options);
  put_releases(rig, 30);
  rig.put("app-3", 2, "failed");
  CHECK_FALSE(rig.status().synced);
  rig.start();
  REQUIRE(rig.wait_watching());
  CHECK(rig.commits() == 1);
  CHECK(rig.count(Verb::kWatchList) == 1);
  CHECK(rig.count(Verb::kList) == (options.server.watch_list ? 0 : 1));
  CHECK(rig.count(Verb::kList, "limit=") == 0);
  CHECK(rig.stats().synced.value() == 1.0);
}

TEST_CASE("L1: not synced before the first list is whole") {
  Rig rig(listing());
  put_releases(rig, 3);
  rig.server().inject({Verb::kList, "", 0, 1}, fakes::cut_body(200, How::kStall));
  rig.start();
  REQUIRE(rig.wait_requests(Verb::kList, "", 1));
  CHECK_FALSE(rig.status().synced);
  CHECK(rig.cache().counts().releases == 0);
  CHECK(rig.wait_watching());
}

TEST_CASE("L3: the most recent state comes in pages") {
  RigOptions options = listing();
  options.relist_page_items = 2;
  Rig rig(options);
  put_releases(rig, 5);
  rig.start();
  REQUIRE(rig.wait_watching());
  rig.server().inject({Verb::kList, "resourceVersionMatch=NotOlderThan", 0, 1}, gone());
  rig.remove("app-4");
  rig.put("app-9");
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.count(Verb::kList, "limit=2") == 3);
  CHECK(rig.count(Verb::kList, "&continue=") == 2);
}

TEST_CASE("L4: a page that expired starts the whole list again") {
  RigOptions options = listing();
  options.relist_page_items = 2;
  Rig rig(options);
  put_releases(rig, 7);
  rig.start();
  REQUIRE(rig.wait_watching());
  rig.server().inject({Verb::kList, "resourceVersionMatch=NotOlderThan", 0, 1}, gone());
  rig.server().inject({Verb::kList, "&continue=", 0, 1}, gone());
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.cache().counts().objects == 7);
  CHECK(rig.count(Verb::kList, "&continue=") == 1);
}

TEST_CASE("L5: a version that expired is followed by the most recent one at once") {
  RigOptions options;
  options.server.watch_list = GENERATE(true, false);
  const Verb verb = options.server.watch_list ? Verb::kWatchList : Verb::kList;
  Rig rig(options);
  put_releases(rig, 4);
  rig.start();
  REQUIRE(rig.wait_watching());
  rig.server().inject({verb, "resourceVersion=", 0, 1}, gone());
  rig.put("app-4");
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.relists("expired") == 1);
}

TEST_CASE("L6: a version from the future, in all its forms, leads to the most recent one") {
  RigOptions options = listing();
  Rig rig(options);
  put_releases(rig, 4);
  rig.start();
  REQUIRE(rig.wait_watching());
  Fault too_large = fakes::refuse(504, 1);
  fakes::Refusal& refusal = *too_large.refusal;
  const int form = GENERATE(0, 1, 2);
  if (form == 0) refusal.cause_reason = "ResourceVersionTooLarge";
  if (form == 1) refusal.cause_message = "Too large resource version";
  if (form == 2) refusal.message = "Timeout: Too large resource version: 99, current: 12";
  rig.server().inject({Verb::kList, "resourceVersion=", 0, 1}, too_large);
  rig.remove("app-0");
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
}

TEST_CASE("L7: a body cut short publishes nothing and the old state stays") {
  RigOptions options = listing();
  options.speed = 150;
  Rig rig(options);
  put_releases(rig, 50);
  rig.start();
  REQUIRE(rig.wait_watching());
  const How how = GENERATE(How::kFin, How::kReset, How::kStall);
  const std::size_t bytes = GENERATE(0U, 1U, 10'000U);
  Fault cut = fakes::cut_body(bytes, how);
  cut.json_only = GENERATE(true, false);
  rig.server().inject(lists(2), cut);
  expire(rig);
  REQUIRE(rig.server().log().wait(lists(0), 4, kPatience));
  CHECK(rig.cache().counts().releases == 50);
  CHECK(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
}

TEST_CASE("L8: an answer that is no list is refused and the old state stays") {
  Rig rig(listing());
  put_releases(rig, 5);
  rig.start();
  REQUIRE(rig.wait_watching());
  const Fault answer = GENERATE(
      canned(200, "text/html", "<html><body>Please log in</body></html>"),
      canned(200, "application/json", R"({"kind":"PartialObjectMetadataList","items":[{"meta)"),
      canned(200, "application/json",
             R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[]})"),
      canned(200, "application/json", R"(["not", "a", "list"])"),
      canned(200, "application/vnd.kubernetes.protobuf", "k8s nonsense"),
      canned(200, "application/json", ""));
  rig.server().inject(lists(2), answer);
  expire(rig);
  REQUIRE(rig.server().log().wait(lists(0), 4, kPatience));
  CHECK(rig.cache().counts().releases == 5);
  CHECK(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  std::uint64_t failed = 0;
  for (const auto& [labels, count] : rig.stats().lists.snapshot()) {
    if (labels.front() != "ok") failed += count;
  }
  CHECK(failed == 2);
}

}  // namespace lookout::integration
