#include "src/cli/arguments.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;

TEST_CASE("arguments: none is the controller") {
  const auto arguments = parse_arguments({});
  REQUIRE(arguments.ok());
  CHECK(std::holds_alternative<ControllerCommand>(arguments->command));
  CHECK(arguments->flags.empty());
}

TEST_CASE("arguments: flags are collected by name, lists split and repeated") {
  const auto arguments = parse_arguments({"--namespaces", "a,b", "--namespaces=c", "--log-level",
                                          "debug", "--metrics-bind-address", ":1",
                                          "--metrics-bind-address", ":2", "--config", "x"});
  REQUIRE(arguments.ok());
  CHECK(arguments->flags == GivenValues{{"namespaces", {"a", "b", "c"}},
                                        {"log-level", {"debug"}},
                                        {"metrics-bind-address", {":1", ":2"}}});
  CHECK(arguments->config_file == "x");
}

TEST_CASE("arguments: commands and their own flags") {
  const auto releases = parse_arguments({"releases", "-o", "json", "--context", "prod"});
  REQUIRE(releases.ok());
  CHECK(std::get<ReleasesCommand>(releases->command).output == OutputFormat::kJson);
  CHECK(releases->flags == GivenValues{{"context", {"prod"}}});
  const auto decode = parse_arguments({"decode", "-"});
  REQUIRE(decode.ok());
  CHECK(std::get<DecodeCommand>(decode->command).file == "-");
  CHECK(std::holds_alternative<VersionCommand>(parse_arguments({"version"})->command));
  CHECK(std::holds_alternative<VersionCommand>(parse_arguments({"--version"})->command));
}

TEST_CASE("arguments: scan takes the keys of a repository, secrets by file or variable") {
  const auto scan = parse_arguments({"scan", "oci://host/app", "--password-env", "P",
                                     "--plain-http", "-o", "json", "--log-level", "debug"});
  REQUIRE(scan.ok());
  const auto& command = std::get<ScanCommand>(scan->command);
  CHECK(command.target == "oci://host/app");
  CHECK(command.keys ==
        std::map<std::string, std::string>{{"auth.passwordEnv", "P"}, {"plainHTTP", "true"}});
  CHECK(command.output == OutputFormat::kJson);
  CHECK(scan->flags == GivenValues{{"log-level", {"debug"}}});
  CHECK_FALSE(parse_arguments({"scan", "oci://host/app", "--password", "secret"}).ok());
  CHECK_FALSE(parse_arguments({"scan"}).ok());
}

TEST_CASE("arguments: plan has outputs of its own") {
  const auto defaults = parse_arguments({"plan"});
  REQUIRE(defaults.ok());
  CHECK(std::get<PlanCommand>(defaults->command).output == PlanOutput::kText);
  CHECK(std::get<PlanCommand>(defaults->command).top == 10);
  const auto plan = parse_arguments({"plan", "-o", "values", "--top", "3", "--payload", "never"});
  REQUIRE(plan.ok());
  CHECK(std::get<PlanCommand>(plan->command).output == PlanOutput::kValues);
  CHECK(std::get<PlanCommand>(plan->command).top == 3);
  CHECK(plan->flags == GivenValues{{"payload", {"never"}}});
  CHECK(std::get<PlanCommand>(parse_arguments({"plan", "--output=json"})->command).output ==
        PlanOutput::kJson);
  CHECK_FALSE(parse_arguments({"plan", "-o", "table"}).ok());
  CHECK_FALSE(parse_arguments({"plan", "--top", "-1"}).ok());
}

TEST_CASE("arguments: help names every setting") {
  const auto arguments = parse_arguments({"--help"});
  REQUIRE(arguments.ok());
  const std::string text = std::get<HelpCommand>(arguments->command).text;
  for (const SettingRow& row : settings_table()) {
    CAPTURE(row.flag);
    CHECK_THAT(text, Catch::Contains("--" + std::string(row.flag)));
  }
}

TEST_CASE("arguments: mistakes are one line that names the flag") {
  const auto flag = parse_arguments({"--leader-elect"});
  REQUIRE_FALSE(flag.ok());
  CHECK(flag.error().code == ErrorCode::kInvalid);
  CHECK_THAT(flag.error().message, Catch::Contains("--leader-elect"));
  CHECK(flag.error().message.find('\n') == std::string::npos);
  CHECK_FALSE(parse_arguments({"releases", "-o", "yaml"}).ok());
  CHECK_FALSE(parse_arguments({"decode"}).ok());
  CHECK_FALSE(parse_arguments({"no-such-command"}).ok());
  CHECK_FALSE(parse_arguments({"--log-level"}).ok());
}
