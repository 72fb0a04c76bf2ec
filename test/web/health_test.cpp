#include "src/web/health.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::web;

namespace {

std::string body_of(const http::ServerResponse& response) {
  std::string text;
  for (const auto& piece : response.body.pieces()) text += *piece;
  return text;
}

const HealthReport kReady{true, "", {{"releases", true, ""}}};
const HealthReport kWaiting{false,
                            "namespace a: not yet listed",
                            {{"cluster", true, ""}, {"releases", false, "0 of 2 namespaces"}}};

}  // namespace

TEST_CASE("health: ready is 200 ok", "[web]") {
  const auto response = health_response("readyz", kReady, "");
  CHECK(response.status == 200);
  CHECK(body_of(response) == "ok");
}

TEST_CASE("health: not ready is 503 with the reason", "[web]") {
  const auto response = health_response("readyz", kWaiting, "");
  CHECK(response.status == 503);
  CHECK(body_of(response) == "namespace a: not yet listed\n");
  CHECK(body_of(health_response("readyz", {}, "")) == "not ready\n");
}

TEST_CASE("health: verbose lists each check", "[web]") {
  CHECK(body_of(health_response("readyz", kReady, "verbose")) ==
        "[+]releases ok\nreadyz check passed\n");
  const auto waiting = health_response("readyz", kWaiting, "verbose");
  CHECK(waiting.status == 503);
  CHECK(body_of(waiting) ==
        "[+]cluster ok\n[-]releases failed: 0 of 2 namespaces\n"
        "readyz check failed: namespace a: not yet listed\n");
}

TEST_CASE("health: verbose is a key of the query", "[web]") {
  const auto [query, verbose] = GENERATE(table<std::string, bool>({
      {"verbose", true},
      {"verbose=1", true},
      {"a=b&verbose", true},
      {"verbose&a", true},
      {"", false},
      {"verbosely", false},
      {"a=verbose", false},
      {"&", false},
  }));
  INFO(query);
  CHECK((body_of(health_response("livez", kReady, query)) != "ok") == verbose);
}
