// Secrets that attackers, restores and broken tools leave behind, from the API server to the text
// of /metrics: each hurts itself alone, and counts once.
#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/metrics/exposition.hpp"

#include "test/controllers/release_world.hpp"

using namespace lookout;
using namespace lookout::controllers;

namespace {

std::shared_ptr<const std::string> payload_of(const std::string& json) {
  return std::make_shared<const std::string>(encoding::base64_encode(encoding::gzip(json)));
}

fakes::Object secret(const std::string& release, std::shared_ptr<const std::string> value) {
  fakes::Object object = fakes::release_object(spec(release));
  object.value = std::move(value);
  return object;
}

// A running controller and the text that it would show.
class Lookout {
 public:
  Lookout() : exposition_(join_, clock_, {}, {}) {}

  void put(const fakes::Object& object) { world.server().store().put(object); }
  void start() {
    world.controller().start();
    REQUIRE(world.becomes_ready());
  }
  bool shows(const std::string& line) { return text().find("\n" + line + "\n") != text_.npos; }
  bool comes_to_show(const std::string& line) {
    return world.eventually([&] { return shows(line); });
  }
  bool names(const std::string& part) { return text().find(part) != text_.npos; }

  World world;

 private:
  const std::string& text() {
    text_.clear();
    const auto body =
        exposition_.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
    for (const auto& piece : body.pieces()) text_ += *piece;
    return text_;
  }

  const SystemClock clock_;
  state::ReleaseJoin join_{world.cache(), nullptr};
  metrics::Exposition exposition_;
  std::string text_;
};

const std::string kGood = R"({"name":"x","info":{"status":"failed","last_deployed":)"
                          R"("2024-03-01T10:11:12Z"},"chart":{"metadata":{"name":"c",)"
                          R"("version":"1.0.0"}},"version":1})";

}  // namespace

TEST_CASE("HSM-8: each undecodable payload counts once, under its reason, and hurts no other") {
  Lookout lookout;
  using helm::Undecodable;
  const std::map<Undecodable, std::shared_ptr<const std::string>> bad = {
      {Undecodable::kEmpty, std::make_shared<const std::string>()},
      {Undecodable::kNoReleaseKey, nullptr},
      {Undecodable::kBase64, std::make_shared<const std::string>("eyJ*")},
      {Undecodable::kGzip, std::make_shared<const std::string>("H4sIAAAA")},
      {Undecodable::kTooLarge, payload_of(R"({"manifest":")" + std::string(9U << 20, 'x'))},
      {Undecodable::kBadJson, payload_of("\xef\xbb\xbf" + kGood)},
      {Undecodable::kWrongType, payload_of(R"({"info":{"status":3}})")},
  };
  REQUIRE(bad.size() == helm::kUndecodableCount);
  for (const auto& [reason, value] : bad) {
    const int number = static_cast<int>(reason);
    lookout.put(secret("bad-" + std::to_string(number), value));
    lookout.put(secret("good-" + std::to_string(number), payload_of(kGood)));
  }
  lookout.start();

  for (const auto& [reason, value] : bad) {
    const std::string number = std::to_string(static_cast<int>(reason));
    const std::string name(helm::undecodable_reason(reason));
    CAPTURE(name);
    const auto& counts = lookout.world.controller().payload_stats().decode_errors;
    CHECK(counts[static_cast<std::size_t>(reason)].value() == 1);
    CHECK(lookout.shows("helm_release_undecodable{name=\"bad-" + number +
                        R"(",namespace="team",revision="1",reason=")" + name + "\"} 1"));
    CHECK(lookout.shows(R"(helm_release_info{app_version="",chart="c",chart_version="1.0.0",)"
                        R"(name="good-)" +
                        number + R"(",namespace="team",revision="1"} 1)"));
  }
  CHECK(lookout.shows(R"(helm_release_errors{namespace="team"} 7)"));
  CHECK(lookout.world.requests("metadata.name") == 2 * bad.size());
}

TEST_CASE("HSM-8: a good payload that becomes corrupt takes its facts along, until it is mended") {
  Lookout lookout;
  lookout.put(secret("web", payload_of(kGood)));
  lookout.start();
  REQUIRE(lookout.names(R"(chart_version="1.0.0",name="web")"));

  lookout.put(secret("web", std::make_shared<const std::string>("!!!!")));
  CHECK(lookout.comes_to_show(R"(helm_release_errors{namespace="team"} 1)"));
  CHECK_FALSE(lookout.names(R"(chart_version="1.0.0",name="web")"));
  CHECK_FALSE(lookout.names(R"(helm_release_updated{name="web")"));

  lookout.put(secret("web", payload_of(kGood)));
  CHECK(lookout.world.eventually([&] { return !lookout.names("helm_release_undecodable{"); }));
  CHECK(lookout.names(R"(chart_version="1.0.0",name="web")"));
  CHECK(lookout.shows(R"(helm_release_errors{namespace="team"} 1)"));
}

TEST_CASE("HSM-4, HEX-3, NOVA-4: without info, chart or metadata a release is shown by its label") {
  const std::string json =
      GENERATE(as<std::string>{}, "{}", "null", R"({"info":null,"chart":null})",
               R"({"chart":{"metadata":null}})", R"({"name":"web","version":1})");
  Lookout lookout;
  lookout.put(secret("web", payload_of(json)));
  lookout.put(secret("good", payload_of(kGood)));
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_info{app_version="MISSING",chart="MISSING",)"
                      R"(chart_version="MISSING",name="web",namespace="team",revision="1"} 1)"));
  CHECK(lookout.shows(R"(helm_release_status{name="web",namespace="team",status="deployed"} 1)"));
  CHECK_FALSE(lookout.names(R"(helm_release_updated{name="web")"));
  CHECK(lookout.shows(R"(helm_release_errors{namespace="team"} 0)"));
  CHECK(lookout.shows(R"(helm_release_status{name="good",namespace="team",status="failed"} 1)"));
}

TEST_CASE("HSM-6: no time, an empty one and Go's zero are no sample") {
  const std::string time = GENERATE(as<std::string>{}, R"("")", "null", R"("0001-01-01T00:00:00Z")",
                                    R"("0001-01-01T01:00:00+01:00")");
  Lookout lookout;
  lookout.put(
      secret("web", payload_of(R"({"info":{"status":"deployed","first_deployed":)" + time +
                               R"(,"last_deployed":)" + time + R"(},"chart":{"metadata":{}}})")));
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_status{name="web",namespace="team",status="deployed"} 1)"));
  CHECK_FALSE(lookout.names("helm_release_updated{"));
  CHECK_FALSE(lookout.names("helm_release_first_deployed_timestamp_seconds{"));
}

TEST_CASE("HSM-15: a payload without version leaves no series of its chart before") {
  Lookout lookout;
  const std::string head = R"({"info":{"status":"deployed"},"chart":{"metadata":{"name":"c",)";
  lookout.put(secret("web", payload_of(head + R"("version":"1.0.0"}}})")));
  lookout.start();
  REQUIRE(lookout.names(R"(chart_version="1.0.0")"));
  lookout.put(secret("web", payload_of(head + R"("version":"2.0.0"}}})")));
  CHECK(lookout.comes_to_show(R"(helm_release_info{app_version="",chart="c",chart_version="2.0.0",)"
                              R"(name="web",namespace="team",revision="1"} 1)"));
  CHECK_FALSE(lookout.names(R"(chart_version="1.0.0")"));
}

TEST_CASE("DD-2: a Secret with another release's payload is its own, and leaves nothing behind") {
  Lookout lookout;
  lookout.put(secret("web", payload_of(kGood)));
  const std::string other = R"({"name":"web","namespace":"elsewhere","version":7,)" +
                            kGood.substr(kGood.find("\"info\""));
  lookout.put(secret("copy", payload_of(other)));
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_revision{name="copy",namespace="team"} 1)"));
  CHECK(lookout.shows(R"(helm_release_revision{name="web",namespace="team"} 1)"));
  CHECK_FALSE(lookout.names("elsewhere"));

  // Undecodable when it goes.
  lookout.put(secret("copy", std::make_shared<const std::string>("!!!!")));
  REQUIRE(lookout.comes_to_show(R"(helm_release_errors{namespace="team"} 1)"));
  lookout.world.remove(spec("copy"));
  CHECK(lookout.world.eventually([&] { return !lookout.names("\"copy\""); }));
  CHECK(lookout.shows(R"(helm_release_revision{name="web",namespace="team"} 1)"));
}

TEST_CASE("hostile labels: revision and name are those of the Secret's name, whatever they say") {
  const std::string version =
      GENERATE(as<std::string>{}, "007", "-1", "9223372036854775808", "", "one", "3", "<missing>");
  Lookout lookout;
  fakes::Object object = secret("web", payload_of(kGood));
  object.labels = {{"name", "other"}, {"owner", "helm"}, {"status", "superseded"}};
  if (version != "<missing>") object.labels.emplace_back("version", version);
  lookout.put(object);
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_revision{name="web",namespace="team"} 1)"));
  CHECK(lookout.shows(R"(helm_release_status{name="web",namespace="team",status="failed"} 1)"));
  CHECK_FALSE(lookout.names("\"other\""));
  CHECK_FALSE(lookout.names("helm_release_deployed_revision{"));
}

TEST_CASE("hostile labels: without a status label and payload it is unknown") {
  Lookout lookout;
  fakes::Object object = secret("web", payload_of("{}"));
  object.labels = {{"owner", "helm"}};
  lookout.put(object);
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_status{name="web",namespace="team",status="unknown"} 1)"));
}

TEST_CASE("hostile labels: an owner in other letters is no release") {
  const std::string owner = GENERATE(as<std::string>{}, "Helm", "HELM", "tiller", "");
  Lookout lookout;
  fakes::Object object = secret("web", payload_of(kGood));
  for (auto& [key, value] : object.labels) {
    if (key == "owner") value = owner;
  }
  lookout.put(object);
  lookout.put(secret("good", payload_of(kGood)));
  lookout.start();
  CHECK(lookout.names(R"(helm_release_revision{name="good")"));
  CHECK_FALSE(lookout.names("\"web\""));
}

TEST_CASE("hostile names: dots, 53 characters, gaps, two namespaces, and names that are none") {
  Lookout lookout;
  const std::string longest(53, 'x');
  for (const std::string& name : {std::string("a.v2"), std::string("v1"), longest}) {
    lookout.put(secret(name, payload_of(kGood)));
  }
  for (const char* const ns : {"team", "prod"}) {
    for (const std::uint32_t revision : {2U, 7U}) {
      fakes::Object object = fakes::release_object(spec("web", revision, "deployed", ns));
      object.value = payload_of(kGood);
      lookout.put(object);
    }
  }
  for (const char* const name : {"sh.helm.release.v1.web.v07", "sh.helm.release.v1.web.v0",
                                 "sh.helm.release.v1.web.v9223372036854775808", "web.v1"}) {
    fakes::Object object = secret("web", payload_of(kGood));
    object.name = name;
    lookout.put(object);
  }
  lookout.start();
  CHECK(lookout.shows(R"(helm_release_revision{name="a.v2",namespace="team"} 1)"));
  CHECK(lookout.shows(R"(helm_release_revision{name="v1",namespace="team"} 1)"));
  CHECK(lookout.shows("helm_release_revision{name=\"" + longest + R"(",namespace="team"} 1)"));
  for (const std::string ns : {"team", "prod"}) {
    CHECK(lookout.shows(R"(helm_release_revision{name="web",namespace=")" + ns + "\"} 7"));
    CHECK(lookout.shows(R"(helm_release_revisions{name="web",namespace=")" + ns + "\"} 2"));
  }
  CHECK(lookout.world.cache().ignored_objects()[0] == 4);
}
