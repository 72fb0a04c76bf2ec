#include "src/cli/probe.hpp"

#include <catch2/catch.hpp>

#include "test/aws/stepping_clock.hpp"
#include "test/fakes/scripted_factory.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;
using Catch::Contains;
using fakes::ScriptedResponse;
using lookout::testing::TemporaryFolder;

namespace {

struct Network {
  fakes::ScriptedFactory factory;
  aws::SteppingClock clock;
  std::map<std::string, std::string> environment;

  fakes::ScriptedTransport& service() { return factory.at("http://service:9104"); }
  Result<int> probe(const ProbeCommand& command) {
    return cli::probe(command, {factory.factory(), clock, environment});
  }
};

ProbeCommand asking(const std::string& url) {
  ProbeCommand command;
  command.url = url;
  return command;
}

}  // namespace

TEST_CASE("probe: its flags stand behind the command") {
  const auto arguments =
      parse_arguments({"probe", "http://service:9104/metrics", "--status=401", "--wait=60s",
                       "--contains", "text", "--insecure-skip-verify"});
  REQUIRE(arguments.ok());
  const auto& command = std::get<ProbeCommand>(arguments->command);
  CHECK(command.url == "http://service:9104/metrics");
  CHECK(command.status == 401);
  CHECK(command.wait == "60s");
  CHECK(command.contains == "text");
  CHECK(command.insecure_skip_verify);
  CHECK_FALSE(parse_arguments({"probe"}).ok());
  CHECK_FALSE(parse_arguments({"probe", "http://service", "--status=99"}).ok());
}

TEST_CASE("probe: any 2xx is fine, unless a status is wanted") {
  Network network;
  const auto [answered, wanted, fine] = GENERATE(table<int, int, bool>({{200, 0, true},
                                                                        {204, 0, true},
                                                                        {301, 0, false},
                                                                        {199, 0, false},
                                                                        {401, 401, true},
                                                                        {200, 401, false}}));
  ScriptedResponse response;
  response.status = answered;
  network.service().add(response);
  ProbeCommand command = asking("http://service:9104/readyz");
  command.status = wanted;
  const auto status = network.probe(command);
  CHECK(status.ok() == fine);
  if (status) CHECK(*status == answered);
}

TEST_CASE("probe: asks for path and query, and says what came instead") {
  Network network;
  ScriptedResponse response;
  response.status = 503;
  response.body = {"not synced: ", "default\n"};
  response.expected_target = "/readyz?verbose";
  network.service().add(response);
  const auto status = network.probe(asking("http://service:9104/readyz?verbose"));
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().message == "probe: status 503, it says \"not synced: default\"");
  CHECK(network.factory.mismatches() == 0);
}

TEST_CASE("probe: finds a text wherever the body is cut") {
  Network network;
  const auto [body, found] = GENERATE(
      table<std::vector<std::string>, bool>({{{"helm_lookout_build_info 1"}, true},
                                             {{"# HELP helm_look", "out_build_info"}, true},
                                             {{"h", "elm_lookout_buil", "d", "_info"}, true},
                                             {{"helm_lookout_", "x", "build_info"}, false},
                                             {std::vector<std::string>(), false}}));
  ScriptedResponse response;
  response.body = body;
  network.service().add(response);
  ProbeCommand command = asking("http://service:9104/metrics");
  command.contains = "helm_lookout_build_info";
  const auto status = network.probe(command);
  CHECK(status.ok() == found);
  if (!status) {
    CHECK(status.error().message == "probe: status 200, but no \"helm_lookout_build_info\"");
  }
}

TEST_CASE("probe: asks every second until it is answered as wanted") {
  Network network;
  ScriptedResponse refused;
  refused.error = Error{ErrorCode::kUnavailable, "connect: refused"};
  refused.status = 0;
  ScriptedResponse early;
  early.status = 503;
  network.service().add(refused);
  network.service().add(early);
  network.service().add({});
  ProbeCommand command = asking("http://service:9104/readyz");
  command.wait = "1m";
  CHECK(network.probe(command).ok());
  CHECK(network.clock.sleeps() == std::vector<Duration>{1s, 1s});
}

TEST_CASE("probe: gives up when time is up, with the last answer") {
  Network network;
  const auto [wait, tries] = GENERATE(table<std::string, std::size_t>({{"", 1}, {"3s", 4}}));
  for (int i = 0; i < 10; ++i) {
    ScriptedResponse refused;
    refused.error = Error{ErrorCode::kUnavailable, "connect: refused"};
    refused.status = 0;
    network.service().add(refused);
  }
  ProbeCommand command = asking("http://service:9104/readyz");
  command.wait = wait;
  const auto status = network.probe(command);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().message == "probe: connect: refused");
  CHECK(network.service().requests().size() == tries);
}

TEST_CASE("probe: a body that drips on ends when time is up") {
  Network network;
  const auto [wait, pause, fine] = GENERATE(table<std::string, Duration, bool>(
      {{"", 9s, true}, {"", 11s, false}, {"1m", 59s, true}, {"1m", 61s, false}}));
  CAPTURE(wait);
  ScriptedResponse drip;
  drip.body = {"x"};
  const Duration advanced = pause;
  drip.on_request = [&network, advanced](const http::Request&) { network.clock.advance(advanced); };
  network.service().add(drip);
  ProbeCommand command = asking("http://service:9104/metrics");
  command.wait = wait;
  const auto status = network.probe(command);
  CHECK(status.ok() == fine);
  if (!status) CHECK(status.error().message == "probe: body: timed out");
}

TEST_CASE("probe: a try is given no more time than is left") {
  Network network;
  ScriptedResponse refused;
  refused.error = Error{ErrorCode::kUnavailable, "connect: refused"};
  refused.status = 0;
  for (int i = 0; i < 4; ++i) network.service().add(refused);
  ProbeCommand command = asking("http://service:9104/readyz");
  command.wait = "3s";
  CHECK_FALSE(network.probe(command).ok());
  std::vector<std::chrono::milliseconds> given;
  for (const auto& request : network.service().requests()) given.push_back(request.header_timeout);
  CHECK(given == std::vector<std::chrono::milliseconds>{3s, 2s, 1s, 1s});
}

TEST_CASE("probe: what cannot be asked is bad usage") {
  Network network;
  CHECK(network.probe(asking("service:9104")).error().code == ErrorCode::kInvalid);
  CHECK(network.probe(asking("socks5://service:9104")).error().message ==
        "probe: expected http or https");
  const auto with_password = network.probe(asking("http://me:secret@service:9104/"));
  CHECK(with_password.error().message == "probe: the URL holds credentials");
  ProbeCommand command = asking("http://service:9104/");
  command.wait = GENERATE("soon", "61m", "-1s");
  CHECK_THAT(network.probe(command).error().message,
             Contains("--wait: expected a duration of at most 1h"));
  CHECK(network.factory.made().empty());
}

TEST_CASE("probe: a body without end is not read to its end") {
  Network network;
  ScriptedResponse endless;
  endless.body.assign(257, std::string(std::size_t{1} << 20, 'x'));
  network.service().add(endless);
  CHECK(network.probe(asking("http://service:9104/metrics")).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("probe: token and authorities come from files") {
  const TemporaryFolder folder;
  Network network;
  fakes::ScriptedTransport& service = network.factory.at("https://service:443");
  service.add({});
  ProbeCommand command = asking("https://service/metrics");
  command.bearer_token_file = folder.write("token", "opensesame\n");
  command.ca_file = folder.write("ca.crt", "PEM");
  REQUIRE(network.probe(command).ok());
  CHECK(*service.requests().front().headers.find("Authorization") == "Bearer opensesame");
  CHECK(network.factory.made().front().tls.ca_pem == "PEM");
  command.bearer_token_file = folder.write("empty", " \n");
  CHECK(network.probe(command).error().code == ErrorCode::kInvalid);
  CHECK_THAT(network.probe(command).error().message, Contains("--bearer-token-file: is empty"));
  command.bearer_token_file.clear();
  command.ca_file = "/nowhere/ca.crt";
  CHECK_THAT(network.probe(command).error().message, Contains("--ca-file"));
}

TEST_CASE("probe: an answer that repeats token or query is told without them") {
  const TemporaryFolder folder;
  Network network;
  ScriptedResponse response;
  response.status = 403;
  response.body = {"not Bearer open", "sesame at /x?key=hidden-1"};
  network.service().add(response);
  ProbeCommand command = asking("http://service:9104/x?key=hidden-1");
  command.bearer_token_file = folder.write("token", "opensesame\n");
  CHECK(network.probe(command).error().message ==
        "probe: status 403, it says \"not Bearer ********** at /x*************\"");
}

TEST_CASE("probe: goes through the proxy of the environment") {
  Network network;
  network.environment = {{"HTTP_PROXY", "http://proxy:3128"}, {"NO_PROXY", ".svc"}};
  network.service().add({});
  REQUIRE(network.probe(asking("http://service:9104/")).ok());
  CHECK(network.factory.made().back().proxy->host == "proxy");
  network.factory.at("http://a.b.svc:9104").add({});
  REQUIRE(network.probe(asking("http://a.b.svc:9104/")).ok());
  CHECK_FALSE(network.factory.made().back().proxy);
}
