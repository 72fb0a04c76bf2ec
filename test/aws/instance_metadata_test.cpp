#include "src/aws/instance_metadata.hpp"

#include <catch2/catch.hpp>

#include "test/aws/cloud.hpp"

namespace lookout::aws {
namespace {

constexpr const char* kRoles = "/latest/meta-data/iam/security-credentials/";

struct Machine : Cloud {
  Machine() { environment.erase("AWS_EC2_METADATA_DISABLED"); }
  void add(std::string body, int status = 200) {
    metadata().add(text_answer(std::move(body), status));
  }
  Error error() {
    const auto credentials = instance_credentials(context());
    REQUIRE_FALSE(credentials.ok());
    CHECK(credentials.error().message.starts_with("instance metadata: "));
    CHECK(credentials.error().message.find(kCanary) == std::string::npos);
    CHECK(network.steps_left() == 0);
    CHECK(network.mismatches() == 0);
    return credentials.error();
  }
};

}  // namespace

TEST_CASE("instance metadata: token, role, credentials") {
  Machine machine;
  machine.environment["HTTP_PROXY"] = "http://proxy:3128";
  machine.add("CANARYtoken");
  machine.add("node-role\nother-role\n");
  machine.add(credentials_json("ASIANODE"));
  const auto credentials = instance_credentials(machine.context());
  REQUIRE(credentials.ok());
  CHECK(credentials->access_key_id == "ASIANODE");

  const auto requests = machine.metadata().requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].method == http::Method::kPut);
  CHECK(requests[0].target == "/latest/api/token");
  CHECK(*requests[0].headers.find("X-aws-ec2-metadata-token-ttl-seconds") == "21600");
  CHECK(requests[1].target == kRoles);
  CHECK(requests[2].target == kRoles + std::string("node-role"));
  CHECK(*requests[2].headers.find("X-aws-ec2-metadata-token") == "CANARYtoken");
  for (const auto& request : requests) {
    CHECK(request.header_timeout == std::chrono::seconds(1));
  }
  CHECK_FALSE(machine.network.made().at(0).proxy);
}

TEST_CASE("instance metadata: not reached is not there, after one attempt") {
  Machine machine;
  machine.metadata().add({.error = Error{ErrorCode::kUnavailable, "headers: timed out"}});
  CHECK(machine.error() == Error{ErrorCode::kNotFound, "instance metadata: headers: timed out"});
  CHECK(machine.clock.sleeps().empty());
}

TEST_CASE("instance metadata: version 1 is never asked") {
  Machine machine;
  machine.add("", GENERATE(400, 403, 404, 405));
  CHECK(machine.error().code == ErrorCode::kNotFound);
}

TEST_CASE("instance metadata: what goes wrong after the token") {
  Machine machine;
  machine.add("token");
  SECTION("no role") {
    machine.add("", 404);
    CHECK(machine.error().code == ErrorCode::kNotFound);
  }
  SECTION("role refused") {
    machine.add("", 401);
    CHECK(machine.error().code == ErrorCode::kUnavailable);
  }
  SECTION("role that leads elsewhere") {
    machine.add("../../../user-data");
    CHECK(machine.error().code == ErrorCode::kUnavailable);
  }
  SECTION("page instead of a role") {
    machine.add("<html>CANARY</html>");
    CHECK(machine.error().code == ErrorCode::kUnavailable);
  }
  SECTION("credentials fail") {
    machine.add("role");
    machine.add("CANARY", 500);
    CHECK(machine.error().code == ErrorCode::kUnavailable);
  }
  SECTION("credentials are none") {
    machine.add("role");
    machine.add("CANARY");
    CHECK(machine.error().code == ErrorCode::kUnavailable);
  }
  SECTION("the role may not be used") {
    machine.add("role");
    machine.add(R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"CANARY"})");
    CHECK(machine.error().code == ErrorCode::kForbidden);
  }
  SECTION("too much") {
    machine.add(std::string(10'001, 'x'));
    CHECK(machine.error().code == ErrorCode::kTooLarge);
  }
}

TEST_CASE("instance metadata: a token that cannot stand in a header") {
  Machine machine;
  machine.add(GENERATE(as<std::string>{}, "", "CANARY\r\nHost: evil"));
  CHECK(machine.error().code == ErrorCode::kNotFound);
}

TEST_CASE("instance metadata: a service in trouble may be there later") {
  Machine machine;
  machine.add("", 503);
  CHECK(machine.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("instance metadata: switched off, nothing is sent") {
  Machine machine;
  machine.environment["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  CHECK(machine.error().code == ErrorCode::kNotFound);
  CHECK(machine.network.made().empty());
}

TEST_CASE("instance metadata: other endpoints") {
  Machine machine;
  std::string origin;
  SECTION("IPv6") {
    machine.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
    origin = "http://[fd00:ec2::254]:80";
  }
  SECTION("custom") {
    machine.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://localhost:1338/";
    origin = "http://localhost:1338";
  }
  auto& service = machine.network.at(origin);
  service.add(text_answer("token"));
  service.add(text_answer("role"));
  service.add(text_answer(credentials_json("ASIA")));
  CHECK(instance_credentials(machine.context()).ok());
  CHECK(service.requests().at(0).target == "/latest/api/token");
}

TEST_CASE("instance metadata: an endpoint that is no URL") {
  Machine machine;
  machine.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "localhost";
  CHECK(machine.error().code == ErrorCode::kInvalid);
}

TEST_CASE("instance metadata: stopping is no missing service") {
  Machine machine;
  machine.stop.request_stop();
  machine.add("token");
  CHECK(machine.error().code == ErrorCode::kCancelled);
}

}  // namespace lookout::aws
