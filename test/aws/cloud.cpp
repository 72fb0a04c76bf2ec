#include "test/aws/cloud.hpp"

#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/time.hpp"
#include "lookout/http/url.hpp"

namespace lookout::aws {
namespace {

std::string expiration(std::chrono::seconds lifetime) {
  return encoding::format_rfc3339(
      static_cast<std::int64_t>(unix_seconds(SteppingClock::kStart + lifetime)));
}

}  // namespace

Cloud::Cloud() {
  environment = {{"AWS_REGION", "eu-west-1"},
                 {"AWS_EC2_METADATA_DISABLED", "true"},
                 {"AWS_CONFIG_FILE", folder.path("config")},
                 {"AWS_SHARED_CREDENTIALS_FILE", folder.path("credentials")},
                 {"PATH", "/usr/bin:/bin"},
                 {"HOME", folder.path("home")}};
}

CredentialsOptions Cloud::options() const {
  CredentialsOptions options = base_options;
  options.environment = environment;
  return options;
}

SourceContext Cloud::context() {
  return {environment, factory, clock, retries, "eu-west-1", stop.get_token()};
}

void Cloud::set_web_identity(const std::string& token) {
  environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/irsa";
  environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder.write("token", token);
}

fakes::ScriptedResponse sts_answer(const std::string& action, const std::string& key,
                                   std::chrono::seconds lifetime) {
  return text_answer(
      "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">" + "<" +
      action + "Result><AssumedRoleUser><Arn>a</Arn></AssumedRoleUser>" +
      "<Credentials><AccessKeyId>" + key + "</AccessKeyId><SecretAccessKey>" + kCanary +
      "secret</SecretAccessKey><SessionToken>" + kCanary + "token</SessionToken><Expiration>" +
      expiration(lifetime) + "</Expiration></Credentials></" + action +
      "Result><ResponseMetadata/></" + action + "Response>");
}

fakes::ScriptedResponse sts_error(int status, const std::string& code) {
  return text_answer(
      "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
      "<Type>Sender</Type><Code>" +
          code + "</Code><Message>" + kCanary +
          "</Message></Error><RequestId>1</RequestId></ErrorResponse>",
      status);
}

std::string credentials_json(const std::string& key, std::chrono::seconds lifetime) {
  return R"({"Code":"Success","Type":"AWS-HMAC","LastUpdated":"2023-01-01T00:00:00Z",)"
         R"("AccessKeyId":")" +
         key + R"(","SecretAccessKey":")" + kCanary + R"(secret","Token":")" + kCanary +
         R"(token","Expiration":")" + expiration(lifetime) + R"("})";
}

fakes::ScriptedResponse text_answer(std::string body, int status) {
  fakes::ScriptedResponse response;
  response.status = status;
  response.body.push_back(std::move(body));
  return response;
}

std::map<std::string, std::string> form_of(const http::Request& request) {
  std::map<std::string, std::string> form;
  for (const std::string_view part : split(request.body, '&')) {
    const std::size_t equals = part.find('=');
    form[std::string(part.substr(0, equals))] =
        http::percent_decode(part.substr(equals + 1)).value();
  }
  return form;
}

std::string signer_of(const http::Request& request) {
  const std::string* const field = request.headers.find("Authorization");
  if (field == nullptr) return "";
  const std::size_t begin = field->find("Credential=") + 11;
  return field->substr(begin, field->find('/', begin) - begin);
}

}  // namespace lookout::aws
