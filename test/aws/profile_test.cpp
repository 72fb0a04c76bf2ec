#include <catch2/catch.hpp>

#include "lookout/base/text.hpp"

#include "src/aws/profile_file.hpp"
#include "src/aws/profile_source.hpp"
#include "test/aws/cloud.hpp"
#include "test/aws/sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::aws {
namespace {

std::string replaced_folder(std::string text, const Cloud& cloud) {
  static const std::string mark = "@FOLDER@/";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
    text.replace(at, mark.size(), cloud.folder.path(""));
  }
  return text;
}

void arrange(const SheetCase& sheet_case, Cloud& cloud) {
  cloud.folder.write("token", "web.identity.token");
  for (const auto& [part, text] : sheet_case.parts) {
    if (part == "config" || part == "credentials") {
      cloud.folder.write(part, replaced_folder(text + "\n", cloud));
    }
    if (part != "env") continue;
    for (const std::string_view line : split(text, '\n')) {
      const std::size_t equals = line.find('=');
      cloud.environment[std::string(line.substr(0, equals))] =
          replaced_folder(std::string(line.substr(equals + 1)), cloud);
    }
  }
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

// As botocore_oracle.py writes it.
std::string role_line(const http::Request& request) {
  auto form = form_of(request);
  if (form["RoleSessionName"] == "helm-lookout") form["RoleSessionName"] = "-";
  const std::string base =
      form.contains("WebIdentityToken") ? form["WebIdentityToken"] : signer_of(request);
  return "role " + form["RoleArn"] + " " + form["RoleSessionName"] + " " +
         or_dash(form["ExternalId"]) + " " + or_dash(form["DurationSeconds"]) + " " + base + "\n";
}

std::string outcome(Cloud& cloud) {
  const auto loaded = cloud.load();
  if (!loaded) return loaded.error().code == ErrorCode::kNotFound ? "none" : "error";
  std::string text;
  for (const auto& request : cloud.sts().requests()) text += role_line(request);
  const Credentials& found = **loaded;
  const bool role = !text.empty();
  return text + "keys " + found.access_key_id + " " + (role ? "s" : found.secret_access_key) + " " +
         (role ? "t" : or_dash(found.session_token));
}

// STS answers whatever is asked of it, roles numbered.
void add_roles(Cloud& cloud, std::string_view expected) {
  int number = 0;
  for (const std::string_view line : split(expected, '\n')) {
    if (!line.starts_with("role ")) continue;
    const bool web = line.ends_with(" web.identity.token");
    cloud.sts().add(sts_answer(web ? "AssumeRoleWithWebIdentity" : "AssumeRole",
                               "ASIAROLE" + std::to_string(++number)));
  }
}

Found from_profile(Cloud& cloud, const std::string& name) {
  const auto profiles = read_profiles(cloud.environment);
  if (!profiles) return profiles.error();
  return profile_credentials(cloud.context(), *profiles, name);
}

}  // namespace

TEST_CASE("profile: what botocore makes of it") {
  for (const SheetCase& sheet_case : read_sheet(testdata_path("aws/profiles.txt"))) {
    CAPTURE(sheet_case.name);
    const std::string& expected = sheet_case.parts.at("expected");
    Cloud cloud;
    arrange(sheet_case, cloud);
    add_roles(cloud, expected);
    CHECK(outcome(cloud) == expected);
    CHECK(cloud.network.mismatches() == 0);
  }
}

TEST_CASE("profile: files are where the environment says, or in HOME") {
  Cloud cloud;
  cloud.environment.erase("AWS_CONFIG_FILE");
  cloud.environment["AWS_SHARED_CREDENTIALS_FILE"] = "~/elsewhere";
  cloud.folder.write("home/.aws/config", "[default]\nregion = eu-north-1\n");
  cloud.folder.write("home/elsewhere", "[default]\naws_session_token = t\n");
  const auto profiles = read_profiles(cloud.environment);
  REQUIRE(profiles.ok());
  CHECK(profiles->at("default") == Profile{{"region", "eu-north-1"}, {"aws_session_token", "t"}});
  CHECK(read_profiles({})->empty());
}

TEST_CASE("profile: a file that cannot be read is a wrong setting") {
  Cloud cloud;
  SECTION("folder") {
    cloud.environment["AWS_CONFIG_FILE"] = cloud.folder.path("");
  }
  SECTION("too large") {
    cloud.folder.write("config", std::string(kProfileFileBytesMax + 1, '#'));
  }
  SECTION("no INI file") {
    cloud.folder.write("config", "[default]\nCANARY\n");
  }
  const auto profiles = read_profiles(cloud.environment);
  REQUIRE_FALSE(profiles.ok());
  CHECK(profiles.error().code == ErrorCode::kInvalid);
  CHECK(profiles.error().message.find("CANARY") == std::string::npos);
  CHECK(profiles.error().message.find(cloud.folder.path("")) != std::string::npos);
}

TEST_CASE("profile: lines that are none, by number") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"key = value\n", "line 1: a setting before the first section"},
      {"[default]\n\nword\n", "line 3: neither section nor setting"},
      {"[default\n", "line 1: a section without \"]\""},
      {"[]\n", "line 1: a section without \"]\""},
      {"[default]\n= value\n", "line 2: a setting without a name"},
  }));
  Profiles profiles;
  const auto parsed = parse_profiles(text, ProfileFile::kConfig, profiles);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error() == Error{ErrorCode::kInvalid, message});
}

TEST_CASE("profile: sections of one name are one, other sections are none") {
  Profiles profiles;
  REQUIRE(parse_profiles("[profile a]\r\nx = 1\r\ny = 1\r\n[sso-session s]\r\nz = 3\r\n"
                         "[services v]\ns3 =\n  endpoint_url = u\n[profile a b c]\nq = 1\n"
                         "[profile a]\nx = 2\n",
                         ProfileFile::kConfig, profiles)
              .ok());
  CHECK(profiles == Profiles{{"a", {{"x", "2"}, {"y", "1"}}}});
}

TEST_CASE("profile: what is not supported is named") {
  const auto [settings, word] = GENERATE(table<std::string, std::string>({
      {"sso_session = x", "SSO"},
      {"sso_start_url = x", "SSO"},
      {"role_arn = r\nsource_profile = b\nmfa_serial = m", "mfa_serial"},
      {"role_arn = r\nsource_profile = b\nduration_seconds = soon", "duration_seconds"},
      {"role_arn = r\ncredential_source = Elsewhere", "credential_source \"Elsewhere\""},
      {"role_arn = r", "source_profile and credential_source"},
      {"role_arn = r\nsource_profile = missing", "source_profile \"missing\""},
      {"aws_access_key_id = CANARY", "aws_secret_access_key"},
      {"aws_access_key_id = A\naws_secret_access_key = CANARY\n  more", "printable"},
      {"credential_process = 'CANARY", "credential_process"},
      {"credential_process = /no/such/program CANARY", "/no/such/program"},
  }));
  Cloud cloud;
  cloud.folder.write("config", "[profile p]\n" + settings +
                                   "\n[profile b]\naws_access_key_id = AKIA\n"
                                   "aws_secret_access_key = s\n");
  const auto found = from_profile(cloud, "p");
  REQUIRE_FALSE(found.ok());
  CAPTURE(found.error().message);
  CHECK(found.error().code == ErrorCode::kInvalid);
  CHECK(found.error().message.starts_with("profile \"p\": "));
  CHECK(found.error().message.find(word) != std::string::npos);
  CHECK(found.error().message.find("CANARY") == std::string::npos);
}

TEST_CASE("profile: a process that fails, floods or prints something else") {
  const auto [script, message] = GENERATE(table<std::string, std::string>({
      {"echo CANARY; echo CANARY >&2; exit 3", "exit code 3"},
      {"echo CANARY", "its output: no JSON object"},
      {"head -c 70000 /dev/zero", "it prints too much"},
  }));
  Cloud cloud;
  cloud.folder.write("config", "[default]\ncredential_process = " +
                                   cloud.folder.write_program("print", script + "\n") + "\n");
  const auto found = from_profile(cloud, "default");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error() ==
        Error{ErrorCode::kUnavailable, "profile \"default\": credential_process: " + message});
}

TEST_CASE("profile: roles in a row have a limit") {
  Cloud cloud;
  std::string config;
  for (int i = 0; i < 20; ++i) {
    config += "[profile p" + std::to_string(i) + "]\nrole_arn = r\nsource_profile = p" +
              std::to_string(i + 1) + "\n";
  }
  cloud.folder.write("config", config);
  const auto found = from_profile(cloud, "p0");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error() == Error{ErrorCode::kInvalid, "profile \"p7\": more than 8 roles in a row"});
  CHECK(cloud.network.made().empty());
}

TEST_CASE("profile: a role of the machine or the container") {
  Cloud cloud;
  cloud.environment.erase("AWS_EC2_METADATA_DISABLED");
  cloud.sts().add(sts_answer("AssumeRole", "ASIAROLE"));
  SECTION("machine") {
    cloud.folder.write("config",
                       "[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n");
    cloud.metadata().add(text_answer("token"));
    cloud.metadata().add(text_answer("role"));
    cloud.metadata().add(text_answer(credentials_json("ASIABASE")));
  }
  SECTION("container") {
    cloud.folder.write("config", "[default]\nrole_arn = r\ncredential_source = EcsContainer\n");
    cloud.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2";
    cloud.container().add(text_answer(credentials_json("ASIABASE")));
  }
  const auto found = from_profile(cloud, "default");
  REQUIRE(found.ok());
  CHECK((*found)->access_key_id == "ASIAROLE");
  CHECK(signer_of(cloud.sts().requests().at(0)) == "ASIABASE");
}

TEST_CASE("profile: a source of a role that is not there") {
  Cloud cloud;
  cloud.folder.write("config", "[default]\nrole_arn = r\ncredential_source = " +
                                   GENERATE(as<std::string>{}, "Environment", "EcsContainer") +
                                   "\n");
  const auto found = from_profile(cloud, "default");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == ErrorCode::kInvalid);
}

}  // namespace lookout::aws
