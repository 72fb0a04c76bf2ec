#include "src/aws/sts.hpp"

#include <catch2/catch.hpp>

#include "lookout/aws/sigv4.hpp"

#include "test/aws/cloud.hpp"

namespace lookout::aws {
namespace {

const Credentials kBase{"AKIABASE", "CANARYbase", "", std::nullopt};
const RoleRequest kRole{"arn:aws:iam::123456789012:role/reader", "", "", std::nullopt};
const std::string kWebAction = "AssumeRoleWithWebIdentity";

void check_silent(const Error& error) {
  CHECK(error.message.find(kCanary) == std::string::npos);
  CHECK(error.message.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("sts: where it is") {
  const auto [region, variables, url,
              signing] = GENERATE(table<std::string, Environment, std::string, std::string>({
      {"eu-west-1", {}, "https://sts.eu-west-1.amazonaws.com:443/", "eu-west-1"},
      {"cn-north-1", {}, "https://sts.cn-north-1.amazonaws.com.cn:443/", "cn-north-1"},
      {"us-gov-west-1", {}, "https://sts.us-gov-west-1.amazonaws.com:443/", "us-gov-west-1"},
      {"eu-west-1",
       {{"AWS_STS_REGIONAL_ENDPOINTS", "legacy"}},
       "https://sts.amazonaws.com:443/",
       "us-east-1"},
      {"eu-west-1",
       {{"AWS_STS_REGIONAL_ENDPOINTS", "regional"}},
       "https://sts.eu-west-1.amazonaws.com:443/",
       "eu-west-1"},
      {"eu-south-1",
       {{"AWS_STS_REGIONAL_ENDPOINTS", "legacy"}},
       "https://sts.eu-south-1.amazonaws.com:443/",
       "eu-south-1"},
      {"eu-west-1", {{"AWS_ENDPOINT_URL", "http://minio:9000"}}, "http://minio:9000/", "eu-west-1"},
      {"eu-west-1",
       {{"AWS_ENDPOINT_URL", "http://minio:9000"},
        {"AWS_ENDPOINT_URL_STS", "https://sts.example/path"},
        {"AWS_STS_REGIONAL_ENDPOINTS", "legacy"}},
       "https://sts.example:443/path",
       "eu-west-1"},
      {"eu-west-1",
       {{"AWS_ENDPOINT_URL", "http://minio:9000"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
       "https://sts.eu-west-1.amazonaws.com:443/",
       "eu-west-1"},
  }));
  const auto endpoint = resolve_sts(variables, region);
  REQUIRE(endpoint.ok());
  CHECK(endpoint->url.redacted() == url);
  CHECK(endpoint->signing_region == signing);
}

TEST_CASE("sts: what cannot be an endpoint") {
  CHECK(resolve_sts({}, "evil.example/").error().code == ErrorCode::kInvalid);
  CHECK(resolve_sts({}, "").error().code == ErrorCode::kInvalid);
  CHECK(resolve_sts({{"AWS_ENDPOINT_URL", "minio"}}, "eu-west-1").error().code ==
        ErrorCode::kInvalid);
  CHECK(resolve_sts({{"AWS_ENDPOINT_URL", "socks5://minio"}}, "eu-west-1").error().code ==
        ErrorCode::kInvalid);
}

TEST_CASE("sts: AssumeRole is signed by the credentials below it") {
  Cloud cloud;
  cloud.sts().add(sts_answer("AssumeRole", "ASIAROLE"));
  RoleRequest role = kRole;
  role.session_name = "me@here";
  role.external_id = "external+id&x=1";
  role.duration = std::chrono::seconds(900);
  const auto credentials = assume_role(cloud.context(), role, kBase);
  REQUIRE(credentials.ok());
  CHECK(credentials->access_key_id == "ASIAROLE");

  const http::Request request = cloud.sts().requests().at(0);
  CHECK(request.method == http::Method::kPost);
  CHECK(request.target == "/");
  CHECK(form_of(request) == std::map<std::string, std::string>{{"Action", "AssumeRole"},
                                                               {"Version", "2011-06-15"},
                                                               {"RoleArn", role.role_arn},
                                                               {"RoleSessionName", "me@here"},
                                                               {"ExternalId", "external+id&x=1"},
                                                               {"DurationSeconds", "900"}});
  CHECK(signer_of(request) == "AKIABASE");
  http::Request again = request;
  sign_request(again, "sts.eu-west-1.amazonaws.com", kBase,
               {"eu-west-1", "sts", SteppingClock::kStart}, PathRule::kNormalised);
  CHECK(*again.headers.find("Authorization") == *request.headers.find("Authorization"));
}

TEST_CASE("sts: a web identity is not signed, its token is read each time") {
  Cloud cloud;
  cloud.sts().add(sts_answer(kWebAction, "ASIA1"));
  cloud.sts().add(sts_answer(kWebAction, "ASIA2"));
  const std::string path = cloud.folder.write("token", "first.CANARY.token\n");
  REQUIRE(assume_role_with_web_identity(cloud.context(), kRole, path).ok());
  cloud.folder.write("token", "second.CANARY.token");
  REQUIRE(assume_role_with_web_identity(cloud.context(), kRole, path).ok());

  const auto requests = cloud.sts().requests();
  CHECK(form_of(requests.at(0)) ==
        std::map<std::string, std::string>{{"Action", kWebAction},
                                           {"Version", "2011-06-15"},
                                           {"RoleArn", kRole.role_arn},
                                           {"RoleSessionName", "helm-lookout"},
                                           {"WebIdentityToken", "first.CANARY.token"}});
  CHECK(form_of(requests.at(1)).at("WebIdentityToken") == "second.CANARY.token");
  CHECK(signer_of(requests.at(0)).empty());
  CHECK(requests.at(0).headers.find("X-Amz-Date") == nullptr);
}

TEST_CASE("sts: a token file that is none") {
  Cloud cloud;
  std::string path = cloud.folder.path("token");
  SECTION("missing") {}
  SECTION("empty") {
    cloud.folder.write("token", " \n");
  }
  SECTION("too large") {
    cloud.folder.write("token", std::string(20'001, 'x'));
  }
  SECTION("not printable") {
    cloud.folder.write("token", "CANARY\x01");
  }
  SECTION("two lines") {
    cloud.folder.write("token", "CANARY\nX-Evil: 1");
  }
  const auto credentials = assume_role_with_web_identity(cloud.context(), kRole, path);
  REQUIRE_FALSE(credentials.ok());
  CHECK(credentials.error().code == ErrorCode::kInvalid);
  CHECK(credentials.error().message.starts_with("web identity token: "));
  check_silent(credentials.error());
  CHECK(cloud.network.made().empty());
}

TEST_CASE("sts: transient failures are tried three times, with back-off") {
  Cloud cloud;
  cloud.sts().add(sts_error(500, "InternalFailure"));
  cloud.sts().add({.error = Error{ErrorCode::kUnavailable, "connect: refused"}});
  cloud.sts().add(sts_answer("AssumeRole", "ASIA3"));
  CHECK(assume_role(cloud.context(), kRole, kBase)->access_key_id == "ASIA3");
  CHECK(cloud.clock.sleeps() ==
        std::vector<Duration>{std::chrono::milliseconds(25), std::chrono::milliseconds(50)});
}

TEST_CASE("sts: three failures are enough, the last one is told") {
  Cloud cloud;
  for (int i = 0; i < 4; ++i) cloud.sts().add(sts_error(503, "ServiceUnavailable"));
  const auto credentials = assume_role(cloud.context(), kRole, kBase);
  REQUIRE_FALSE(credentials.ok());
  CHECK(credentials.error() ==
        Error{ErrorCode::kUnavailable, "sts AssumeRole: status 503 ServiceUnavailable"});
  CHECK(cloud.sts().steps_left() == 1);
}

TEST_CASE("sts: throttling waits a second and more, or what STS asks for") {
  Cloud cloud;
  cloud.sts().add(sts_error(400, "Throttling"));
  auto asking = sts_error(400, "Throttling");
  asking.headers.add("x-amz-retry-after", "2500");
  cloud.sts().add(asking);
  cloud.sts().add(sts_answer("AssumeRole", "ASIA3"));
  REQUIRE(assume_role(cloud.context(), kRole, kBase).ok());
  CHECK(cloud.clock.sleeps() ==
        std::vector<Duration>{std::chrono::milliseconds(500), std::chrono::milliseconds(2'500)});
}

TEST_CASE("sts: a refusal is final") {
  Cloud cloud;
  cloud.sts().add(sts_error(403, "AccessDenied"));
  const auto credentials = assume_role(cloud.context(), kRole, kBase);
  REQUIRE_FALSE(credentials.ok());
  CHECK(credentials.error() ==
        Error{ErrorCode::kForbidden, "sts AssumeRole: status 403 AccessDenied"});
  CHECK(cloud.clock.sleeps().empty());
}

TEST_CASE("sts: a token that its issuer does not vouch for yet is shown once more") {
  const std::string code =
      GENERATE(as<std::string>{}, "IDPCommunicationError", "InvalidIdentityToken");
  Cloud cloud;
  const std::string path = cloud.folder.write("token", "CANARY");
  for (int i = 0; i < 3; ++i) cloud.sts().add(sts_error(400, code));
  const auto credentials = assume_role_with_web_identity(cloud.context(), kRole, path);
  REQUIRE_FALSE(credentials.ok());
  check_silent(credentials.error());
  CHECK(cloud.sts().requests().size() == 2);
}

TEST_CASE("sts: a redirect is not followed, a page is no answer, a flood is cut") {
  Cloud cloud;
  SECTION("redirect") {
    auto redirect = text_answer("", 302);
    redirect.headers.add("Location", "http://169.254.169.254/");
    cloud.sts().add(redirect);
  }
  SECTION("page") {
    cloud.sts().add(text_answer("<html>CANARY</html>"));
  }
  SECTION("flood") {
    cloud.sts().add(text_answer(std::string(70'000, 'x')));
  }
  const auto credentials = assume_role(cloud.context(), kRole, kBase);
  REQUIRE_FALSE(credentials.ok());
  CHECK(credentials.error().message.starts_with("sts AssumeRole: "));
  check_silent(credentials.error());
  CHECK(cloud.network.made().size() == 1);
  CHECK(cloud.sts().requests().size() == 1);
}

TEST_CASE("sts: a proxy of the environment and a CA bundle are used") {
  Cloud cloud;
  cloud.environment["https_proxy"] = "http://proxy:3128";
  cloud.environment["AWS_CA_BUNDLE"] = cloud.folder.write("ca.pem", "PEM");
  cloud.sts().add(sts_answer("AssumeRole", "ASIA"));
  REQUIRE(assume_role(cloud.context(), kRole, kBase).ok());
  const auto made = cloud.network.made().at(0);
  REQUIRE(made.proxy);
  CHECK(made.proxy->host == "proxy");
  CHECK(made.tls.ca_pem == "PEM");
  CHECK_FALSE(made.tls.insecure_skip_verify);
}

TEST_CASE("sts: a CA bundle that cannot be read is a wrong setting") {
  Cloud cloud;
  cloud.environment["AWS_CA_BUNDLE"] = cloud.folder.path("missing.pem");
  CHECK(assume_role(cloud.context(), kRole, kBase).error().code == ErrorCode::kInvalid);
}

TEST_CASE("sts: stopping ends it") {
  Cloud cloud;
  cloud.stop.request_stop();
  cloud.sts().add(sts_answer("AssumeRole", "ASIA"));
  CHECK(assume_role(cloud.context(), kRole, kBase).error().code == ErrorCode::kCancelled);
}

}  // namespace lookout::aws
