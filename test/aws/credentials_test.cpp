#include "lookout/aws/credentials.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

#include "test/aws/cloud.hpp"

namespace lookout::aws {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kWebAction = "AssumeRoleWithWebIdentity";

// Credentials by web identity, each load another key.
struct Irsa : Cloud {
  Irsa() { set_web_identity("CANARY.token"); }
  void add(const std::string& key, seconds lifetime = hours(1)) {
    sts().add(sts_answer(kWebAction, key, lifetime));
  }
  void add_failure() { sts().add(sts_error(403, "AccessDenied")); }
};

std::string key_of(const Result<std::optional<Credentials>>& result) {
  if (!result) return "error: " + result.error().message;
  return *result ? (*result)->access_key_id : "anonymous";
}

}  // namespace

TEST_CASE("credentials: nothing anywhere, and all that was asked is named") {
  Cloud cloud;
  const auto found = cloud.load();
  REQUIRE_FALSE(found.ok());
  CHECK(found.error() ==
        Error{ErrorCode::kNotFound,
              "no AWS credentials in environment, profile \"default\", web identity and "
              "container; instance metadata: switched off by AWS_EC2_METADATA_DISABLED"});
}

TEST_CASE("credentials: anonymous requests are asked for, never a fall-back") {
  Cloud cloud;
  cloud.base_options.source = CredentialsOptions::Source::kAnonymous;
  CHECK(key_of(cloud.load()) == "anonymous");
  cloud.base_options.assume_role = AssumedRole{.role_arn = "r"};
  CHECK(cloud.load().error().code == ErrorCode::kInvalid);
}

TEST_CASE("credentials: static ones") {
  Cloud cloud;
  cloud.base_options.source = CredentialsOptions::Source::kStatic;
  cloud.base_options.static_credentials = {"AKIASTATIC", "secret", "", std::nullopt};
  CHECK(key_of(cloud.load()) == "AKIASTATIC");
  cloud.base_options.static_credentials = GENERATE(values<Credentials>(
      {{"AKIA", "", "", {}}, {"", "CANARY", "", {}}, {"AKIA\n", "CANARY", "", {}}}));
  CHECK(cloud.load().error().code == ErrorCode::kInvalid);
  CHECK(cloud.load().error().message.find(kCanary) == std::string::npos);
}

TEST_CASE("credentials: half a pair in the environment contradicts itself") {
  Cloud cloud;
  cloud.folder.write("credentials",
                     "[default]\naws_access_key_id = A\naws_secret_access_key = s\n");
  cloud.environment[GENERATE(as<std::string>{}, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")] =
      "CANARY";
  const auto found = cloud.load();
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == ErrorCode::kInvalid);
  CHECK(found.error().message.find(kCanary) == std::string::npos);
}

TEST_CASE("credentials: those of the environment that have expired cannot be refreshed") {
  Cloud cloud;
  cloud.environment["AWS_ACCESS_KEY_ID"] = "ASIAENV";
  cloud.environment["AWS_SECRET_ACCESS_KEY"] = "CANARY";
  cloud.environment["AWS_CREDENTIAL_EXPIRATION"] = "2023-11-14T22:13:21Z";
  CredentialsProvider provider = cloud.provider();
  CHECK(key_of(provider.credentials({})) == "ASIAENV");
  cloud.clock.advance(seconds(1));
  const auto found = provider.credentials({});
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == ErrorCode::kUnauthorized);
  cloud.environment["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  CHECK(cloud.load().error().code == ErrorCode::kInvalid);
}

TEST_CASE("credentials: each source is asked when those before it have none") {
  Cloud cloud;
  cloud.environment.erase("AWS_EC2_METADATA_DISABLED");
  cloud.metadata().add(text_answer("token"));
  cloud.metadata().add(text_answer("role"));
  cloud.metadata().add(text_answer(credentials_json("ASIAMACHINE")));
  CHECK(key_of(cloud.load()) == "ASIAMACHINE");
  cloud.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
  cloud.container().add(text_answer(credentials_json("ASIACONTAINER")));
  CHECK(key_of(cloud.load()) == "ASIACONTAINER");
  cloud.set_web_identity("CANARY.token");
  cloud.sts().add(sts_answer(kWebAction, "ASIAWEB"));
  CHECK(key_of(cloud.load()) == "ASIAWEB");
  cloud.folder.write("credentials",
                     "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n");
  CHECK(key_of(cloud.load()) == "AKIAPROFILE");
  cloud.environment["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  cloud.environment["AWS_SECRET_ACCESS_KEY"] = "s";
  CHECK(key_of(cloud.load()) == "AKIAENV");
  cloud.base_options.profile = "default";
  CHECK(key_of(cloud.load()) == "AKIAPROFILE");
}

TEST_CASE("credentials: a source that is set up and fails is not passed over") {
  Cloud cloud;
  cloud.environment.erase("AWS_EC2_METADATA_DISABLED");
  SECTION("profile") {
    cloud.base_options.profile = "missing";
  }
  SECTION("web identity") {
    cloud.set_web_identity("CANARY.token");
    cloud.sts().add(sts_error(403, "AccessDenied"));
  }
  SECTION("container, not then the machine") {
    cloud.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
    cloud.container().add(text_answer("", 404));
  }
  CHECK_FALSE(cloud.load().ok());
  CHECK(cloud.metadata().requests().empty());
}

TEST_CASE("credentials: a role on top of what was found") {
  Irsa cloud;
  cloud.base_options.assume_role =
      AssumedRole{.role_arn = "arn:other", .external_id = "ext", .session_name = "me"};
  cloud.add("ASIAWEB");
  cloud.sts().add(sts_answer("AssumeRole", "ASIATOP"));
  CHECK(key_of(cloud.load()) == "ASIATOP");
  const http::Request request = cloud.sts().requests().at(1);
  CHECK(signer_of(request) == "ASIAWEB");
  CHECK(*request.headers.find("X-Amz-Security-Token") == "CANARYtoken");
  CHECK(form_of(request).at("RoleArn") == "arn:other");
  CHECK(form_of(request).at("ExternalId") == "ext");
  CHECK(form_of(request).at("RoleSessionName") == "me");
}

TEST_CASE("credentials: STS of the region given, else of the environment, else of the profile") {
  Cloud cloud;
  cloud.set_web_identity("token");
  cloud.folder.write("config", "[default]\nregion = eu-north-1\n");
  const auto origin = [&] {
    static_cast<void>(cloud.load());
    return cloud.network.made().back().origin.host;
  };
  cloud.base_options.region = "ap-south-1";
  CHECK(origin() == "sts.ap-south-1.amazonaws.com");
  cloud.base_options.region = "";
  CHECK(origin() == "sts.eu-west-1.amazonaws.com");
  cloud.environment.erase("AWS_REGION");
  cloud.environment["AWS_DEFAULT_REGION"] = "eu-south-2";
  CHECK(origin() == "sts.eu-south-2.amazonaws.com");
  cloud.environment.erase("AWS_DEFAULT_REGION");
  CHECK(origin() == "sts.eu-north-1.amazonaws.com");
  cloud.folder.write("config", "");
  CHECK(origin() == "sts.us-east-1.amazonaws.com");
  CHECK(region_from_environment(cloud.environment, "").empty());
}

TEST_CASE("credentials: kept until five minutes before they expire") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  cloud.add("ASIA1");
  cloud.add("ASIA2", hours(2));
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  cloud.clock.advance(minutes(55) - seconds(1));
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  cloud.clock.advance(seconds(1));
  CHECK(key_of(provider.credentials({})) == "ASIA2");
  CHECK(cloud.sts().requests().size() == 2);
}

TEST_CASE("credentials: good ones are kept while a refresh fails, and asked for seldom") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  cloud.add("ASIA1");
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  cloud.clock.advance(minutes(56));
  for (int i = 0; i < 2; ++i) cloud.add_failure();
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  CHECK(cloud.sts().requests().size() == 2);
  cloud.clock.advance(seconds(30));
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  CHECK(cloud.sts().requests().size() == 3);
  cloud.clock.advance(minutes(5));
  cloud.add_failure();
  CHECK(provider.credentials({}).error().code == ErrorCode::kForbidden);
  cloud.add("ASIA2", hours(3));
  CHECK(key_of(provider.credentials({})) == "ASIA2");
}

TEST_CASE("credentials: short-lived ones are not asked for at each call") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  cloud.add("ASIA1", minutes(2));
  cloud.add("ASIA2", minutes(3));
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  cloud.clock.advance(seconds(30));
  CHECK(key_of(provider.credentials({})) == "ASIA2");
}

TEST_CASE("credentials: refused ones are replaced, and not used meanwhile") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  cloud.add("ASIA1");
  const auto first = provider.credentials({});
  provider.expire(**first);
  cloud.add_failure();
  CHECK_FALSE(provider.credentials({}).ok());
  cloud.add("ASIA2");
  CHECK(key_of(provider.credentials({})) == "ASIA2");
  provider.expire(**first);
  CHECK(key_of(provider.credentials({})) == "ASIA2");
  CHECK(cloud.sts().requests().size() == 3);
}

TEST_CASE("credentials: files are read again after a quarter of an hour") {
  Cloud cloud;
  const auto write = [&](const std::string& key) {
    cloud.folder.write("credentials",
                       "[default]\naws_access_key_id = " + key + "\naws_secret_access_key = s\n");
  };
  write("AKIA1");
  CredentialsProvider provider = cloud.provider();
  CHECK(key_of(provider.credentials({})) == "AKIA1");
  write("AKIA2");
  cloud.clock.advance(minutes(15) - seconds(1));
  CHECK(key_of(provider.credentials({})) == "AKIA1");
  cloud.clock.advance(seconds(1));
  CHECK(key_of(provider.credentials({})) == "AKIA2");
  cloud.folder.write("credentials", "damaged");
  cloud.clock.advance(minutes(15));
  CHECK(key_of(provider.credentials({})) == "AKIA2");
}

TEST_CASE("credentials: one thread asks, the others get its answer") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  auto slow = sts_answer(kWebAction, "ASIA1");
  slow.on_request = [released](const http::Request&) { released.wait(); };
  cloud.sts().add(slow);
  std::vector<std::future<std::string>> keys;
  for (int i = 0; i < 8; ++i) {
    keys.push_back(
        std::async(std::launch::async, [&] { return key_of(provider.credentials({})); }));
  }
  REQUIRE(cloud.sts().wait_for_requests(1));
  release.set_value();
  for (auto& key : keys) CHECK(key.get() == "ASIA1");
  CHECK(cloud.sts().requests().size() == 1);
}

TEST_CASE("credentials: nobody waits for a refresh while there are good ones") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  cloud.add("ASIA1");
  REQUIRE(provider.credentials({}).ok());
  cloud.clock.advance(minutes(56));
  auto blocked = sts_answer(kWebAction, "ASIA2", hours(2));
  blocked.end = fakes::ScriptEnd::kBlock;
  cloud.sts().add(blocked);
  std::stop_source stop;
  auto refresher = std::async(std::launch::async,
                              [&] { return key_of(provider.credentials(stop.get_token())); });
  REQUIRE(cloud.sts().wait_for_requests(2));
  CHECK(key_of(provider.credentials({})) == "ASIA1");
  stop.request_stop();
  CHECK(refresher.get() == "error: sts AssumeRoleWithWebIdentity: cancelled");
}

TEST_CASE("credentials: when the one that asks is stopped, another one asks") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  auto blocked = sts_answer(kWebAction, "ASIA1");
  blocked.end = fakes::ScriptEnd::kBlock;
  cloud.sts().add(blocked);
  cloud.add("ASIA2");
  std::stop_source stop;
  auto first = std::async(std::launch::async,
                          [&] { return key_of(provider.credentials(stop.get_token())); });
  REQUIRE(cloud.sts().wait_for_requests(1));
  auto second = std::async(std::launch::async, [&] { return key_of(provider.credentials({})); });
  stop.request_stop();
  CHECK(first.get().starts_with("error: "));
  CHECK(second.get() == "ASIA2");
}

TEST_CASE("credentials: who waits can be stopped too") {
  Irsa cloud;
  CredentialsProvider provider = cloud.provider();
  auto blocked = sts_answer(kWebAction, "ASIA1");
  blocked.end = fakes::ScriptEnd::kBlock;
  cloud.sts().add(blocked);
  std::stop_source stop_first;
  auto first = std::async(std::launch::async,
                          [&] { return key_of(provider.credentials(stop_first.get_token())); });
  REQUIRE(cloud.sts().wait_for_requests(1));
  std::stop_source stop_second;
  stop_second.request_stop();
  CHECK(provider.credentials(stop_second.get_token()).error().code == ErrorCode::kCancelled);
  stop_first.request_stop();
  CHECK(first.get().starts_with("error: "));
}

TEST_CASE("credentials: endpoints of the environment") {
  const Environment both{{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_S3", "http://s3"}};
  CHECK(endpoint_from_environment(both, "S3") == "http://s3");
  CHECK(endpoint_from_environment(both, "STS") == "http://all");
  CHECK(endpoint_from_environment({}, "S3").empty());
}

}  // namespace lookout::aws
