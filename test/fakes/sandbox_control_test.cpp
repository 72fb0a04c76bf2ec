#include "test/fakes/sandbox_control.hpp"

#include <catch2/catch.hpp>

#include "test/fakes/http_request.hpp"

namespace lookout::fakes {
namespace {

class Door {
 public:
  Door() {
    SandboxOptions options;
    options.quiet = true;
    options.pace.changes_per_second = 0;
    auto started = Sandbox::start(std::move(options));
    REQUIRE(started);
    sandbox = *std::move(started);
    pages_ = control_pages(*sandbox);
  }

  OwnPage ask(const std::string& method, const std::string& target, const std::string& body = "") {
    auto request = parse_request(method + " " + target + " HTTP/1.1");
    REQUIRE(request);
    request->body = body;
    const auto page = pages_(*request);
    REQUIRE(page);
    return *page;
  }

  std::unique_ptr<Sandbox> sandbox;

 private:
  OwnPages pages_;
};

}  // namespace

TEST_CASE("sandbox control: faults come as lines and are refused by name") {
  Door door;
  const OwnPage added = door.ask("POST", "/sandbox/faults", "watch status=500\nrepository close");
  CHECK(added.status == 200);
  CHECK(added.body == "2 lines\n");
  const OwnPage refused = door.ask("POST", "/sandbox/faults", "watch statsu=500");
  CHECK(refused.status == 400);
  CHECK(refused.body == "in \"watch statsu=500\": \"statsu\": no such word\n");
  CHECK(door.ask("DELETE", "/sandbox/faults").status == 200);
}

TEST_CASE("sandbox control: the pace is set in parts, within its limits") {
  Door door;
  CHECK(door.ask("POST", "/sandbox/pace?changes-per-second=20&churn=history").status == 200);
  CHECK(door.ask("POST", "/sandbox/pace?fault-every=3.5").status == 200);
  const Pace pace = door.sandbox->pace();
  CHECK(pace.changes_per_second == 20);
  CHECK(pace.churn == ChurnKind::kHistory);
  CHECK(pace.fault_every_seconds == 3.5);
  const std::string wrong = GENERATE("changes-per-second=-1", "changes-per-second=many",
                                     "changes-per-second=1e9", "churn=some", "fault-every=x");
  CHECK(door.ask("POST", "/sandbox/pace?" + wrong).status == 400);
  CHECK(door.sandbox->pace().changes_per_second == 20);
}

TEST_CASE("sandbox control: what it knows and what not") {
  Door door;
  CHECK(door.ask("GET", "/sandbox").body.find("POST /sandbox/rewind") != std::string::npos);
  CHECK(door.ask("GET", "/sandbox/nothing").status == 404);
  CHECK(door.ask("GET", "/sandbox/faults").status == 405);
  CHECK(door.ask("POST", "/sandbox/probe").body == "{\"revision\":1}\n");
  const std::string target =
      GENERATE("drop", "drop?how=fin", "compact", "rewind", "pause", "resume");
  CHECK(door.ask("POST", "/sandbox/" + target).status == 200);
  CHECK(door.ask("POST", "/sandbox/drop?how=slowly").status == 400);
}

TEST_CASE("sandbox control: state and requests") {
  Door door;
  const std::string version = std::to_string(door.sandbox->cluster().store().resource_version());
  CHECK(door.ask("GET", "/sandbox/state").body.starts_with("{\"resource_version\":" + version));
  RecordedRequest one;
  one.verb = Verb::kWatch;
  one.request = *parse_request("GET /api/v1/secrets?watch=1 HTTP/1.1");
  one.at = std::chrono::steady_clock::now();
  door.sandbox->cluster().log().add(one);
  CHECK(door.ask("GET", "/sandbox/requests").body.ends_with(" watch /api/v1/secrets?watch=1\n"));
  CHECK(door.ask("GET", "/sandbox/requests?contains=configmaps").body.empty());
  CHECK(door.ask("GET", "/sandbox/requests?of=repositories").body.empty());
}

}  // namespace lookout::fakes
