// WatchList, and servers and proxies that do it halfway.
#include <catch2/catch.hpp>

#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using How = fakes::BodyCut::How;

void put_releases(Rig& rig) {
  for (int i = 0; i < 10; ++i) rig.put("app-" + std::to_string(i));
}

// Breaks the watch so that everything is listed once more.
void relist(Rig& rig) {
  const std::size_t commits = rig.commits();
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() > commits; }));
}

}  // namespace

TEST_CASE("S1: one stream lists and goes on") {
  Rig rig;
  put_releases(rig);
  rig.start();
  REQUIRE(rig.wait_watching());
  rig.put("later");
  rig.remove("app-0");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
  CHECK(rig.server().log().count({}) == 1);
}

TEST_CASE("S2: a server that does not do it is asked for lists, and remembered") {
  RigOptions options;
  Rig rig(options);
  put_releases(rig);
  Fault unable = GENERATE(fakes::refuse(400), fakes::refuse(422), Fault{}, Fault{});
  // The third ignores the parameter and sends bookmarks, the fourth not even those.
  if (!unable.refusal) unable.ignore_initial_events = true;
  if (!unable.refusal && GENERATE(true, false)) unable.bookmarks = Fault::Bookmarks::kNone;
  rig.server().inject({Verb::kWatchList, "", 0, RequestMatcher::kForever}, unable);
  const MonoTime start = rig.clock().now();
  rig.start();
  REQUIRE(rig.wait_requests(Verb::kList, "", 1));
  // 25 s; at this speed a slow machine's delays look long.
  CHECK(rig.clock().now() - start < std::chrono::seconds(75));
  REQUIRE(rig.wait_watching());
  relist(rig);
  CHECK(rig.wait_watching());
  CHECK(rig.count(Verb::kWatchList) == 1);
  CHECK(rig.commits() == 2);
}

TEST_CASE("S3: three streams that drop before their end lead to a list") {
  Rig rig;
  put_releases(rig);
  rig.server().inject({Verb::kWatchList, "", 0, RequestMatcher::kForever},
                      fakes::cut_body(2'000, GENERATE(How::kFin, How::kReset)));
  rig.start();
  REQUIRE(rig.wait_watching());
  CHECK(rig.count(Verb::kWatchList) == 3);
  CHECK(rig.count(Verb::kList) == 1);
  CHECK(rig.commits() == 1);
}

TEST_CASE("S4: a proxy that loses the end bookmark does not hold us up") {
  Rig rig;
  put_releases(rig);
  Fault lossy;
  lossy.bookmarks = GENERATE(Fault::Bookmarks::kNoEnd, Fault::Bookmarks::kNone);
  rig.server().inject({Verb::kWatchList, "", 0, RequestMatcher::kForever}, lossy);
  rig.start();
  REQUIRE(rig.wait_watching());
  CHECK(rig.count(Verb::kWatchList) == 1);
  CHECK(rig.commits() == 1);
  rig.put("later");
  CHECK(rig.wait_equal());
}

}  // namespace lookout::integration
