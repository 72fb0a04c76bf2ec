#include "src/cli/scan_target.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;

TEST_CASE("scan target: a URL with flags is a repository like one of the settings file") {
  const ScanCommand command{"https://h/charts",
                            {{"timeout", "2m"},
                             {"auth.username", "u"},
                             {"auth.passwordEnv", "P"},
                             {"tls.insecureSkipVerify", "true"}},
                            OutputFormat::kTable};
  const auto target = scan_target({}, command);
  REQUIRE(target.ok());
  CHECK(target->timeout == 2min);
  CHECK(target->tls.insecure_skip_verify);
  const auto& source = std::get<repository::HttpSource>(target->source);
  CHECK(source.url.path == "/charts");
  CHECK(source.auth.username.value == "u");
  CHECK(source.auth.password.environment == "P");
}

TEST_CASE("scan target: a name is that of the settings file, as it is") {
  Settings settings;
  settings.repositories.resize(2);
  settings.repositories[1].name = "team";
  settings.repositories[1].interval = 7s;
  CHECK(scan_target(settings, {"team", {}, {}})->interval == 7s);
  CHECK(scan_target(settings, {"team", {{"timeout", "1s"}}, {}}).error().message ==
        "scan: these flags go with a URL, not with a name");
  CHECK(scan_target(settings, {"other", {}, {}}).error().message ==
        "scan: \"other\" is neither a URL nor a repository of the settings");
}

TEST_CASE("scan target: a flag that does not fit is refused without a line number") {
  CHECK(scan_target({}, {"https://h", {{"region", "x"}}, {}}).error().message ==
        "scan: unknown key \"region\"");
  CHECK(scan_target({}, {"https://h", {{"timeout", "soon"}}, {}}).error().code ==
        ErrorCode::kInvalid);
}
