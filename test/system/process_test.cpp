#include "lookout/system/process.hpp"

#include <catch2/catch.hpp>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <stop_token>
#include <thread>

#include "lookout/system/files.hpp"

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::system;
using lookout::testing::TemporaryFolder;

namespace {

Command shell(const std::string& script) {
  Command command;
  command.arguments = {"/bin/sh", "-c", script};
  command.environment = {{"PATH", "/usr/bin:/bin"}};
  return command;
}

// Waits for the text a child writes into a FIFO: it runs from then on.
std::string read_fifo(const std::string& path) {
  std::ifstream fifo(path);
  std::string line;
  std::getline(fifo, line);
  return line;
}

}  // namespace

TEST_CASE("run_command: outputs and exit code apart") {
  const auto output = run_command(shell("echo out; echo err >&2; exit 3"), {});
  REQUIRE(output.ok());
  CHECK(output->exit_code == 3);
  CHECK(output->standard_output == "out\n");
  CHECK(output->standard_error == "err\n");
}

TEST_CASE("run_command: the environment is exactly the one given") {
  REQUIRE(::setenv("LOOKOUT_LEAK", "1", 1) == 0);
  Command command;
  command.arguments = {"env"};
  command.environment = {{"ONLY", "this one"}};
  const auto output = run_command(command, {});
  REQUIRE(output.ok());
  CHECK(output->standard_output == "ONLY=this one\n");
}

TEST_CASE("run_command: arguments reach the program unread by a shell") {
  Command command;
  command.arguments = {"printf", "%s|", "$HOME", "a b", "", "*;`x`"};
  CHECK(run_command(command, {})->standard_output == "$HOME|a b||*;`x`|");
}

TEST_CASE("run_command: standard input is empty") {
  CHECK(run_command(shell("cat; echo end"), {})->standard_output == "end\n");
}

TEST_CASE("run_command: standard input is what was given, then its end") {
  const std::string text =
      GENERATE(std::string("registry.example.org"), std::string(kStandardInputBytesMax, 'x'));
  Command command = shell("cat; echo end");
  command.standard_input = text;
  CHECK(run_command(command, {})->standard_output == text + "end\n");
}

TEST_CASE("run_command: standard input that nobody reads does no harm") {
  Command command = shell("exit 3");
  command.standard_input = "unread";
  CHECK(run_command(command, {})->exit_code == 3);
}

TEST_CASE("run_command: a signal counts as 128 + its number") {
  CHECK(run_command(shell("kill -TERM $$"), {})->exit_code == 128 + SIGTERM);
}

TEST_CASE("run_command: signals blocked or ignored here are not so in the child") {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  REQUIRE(::pthread_sigmask(SIG_BLOCK, &blocked, nullptr) == 0);
  CHECK(run_command(shell("kill -TERM $$; echo alive"), {})->standard_output.empty());
  REQUIRE(::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr) == 0);
}

TEST_CASE("run_command: no such program") {
  Command command;
  command.arguments = {GENERATE("/nonexistent/plugin", "lookout-no-such-program")};
  const auto output = run_command(command, {});
  REQUIRE_FALSE(output.ok());
  CHECK(output.error().code == ErrorCode::kNotFound);
}

TEST_CASE("run_command: a file that may not be run") {
  const TemporaryFolder folder;
  Command command;
  command.arguments = {folder.write("text", "echo never through a shell")};
  const auto output = run_command(command, {});
  REQUIRE_FALSE(output.ok());
  CHECK(output.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("run_command: too much output ends it") {
  Command command = shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
  command.stdout_bytes_max = 10'000;
  const auto output = run_command(command, {});
  REQUIRE_FALSE(output.ok());
  CHECK(output.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("run_command: output of exactly the limit is fine") {
  Command command = shell("printf 12345");
  command.stdout_bytes_max = 5;
  CHECK(run_command(command, {})->standard_output == "12345");
}

TEST_CASE("run_command: the end of a long standard error is kept") {
  const auto output = run_command(shell("head -c 100000 /dev/zero >&2; echo last >&2"), {});
  REQUIRE(output.ok());
  CHECK(output->standard_error.size() == 4096);
  CHECK(output->standard_error.substr(4091) == "last\n");
}

TEST_CASE("run_command: past the timeout the whole group is killed") {
  const TemporaryFolder folder;
  Command command =
      shell("(trap '' TERM; exec sleep 1000) & echo $! >" + folder.path("id") + "; wait");
  command.timeout = std::chrono::milliseconds(200);
  const auto output = run_command(command, {});
  REQUIRE_FALSE(output.ok());
  CHECK(output.error().code == ErrorCode::kUnavailable);
  CHECK(output.error().message == "run \"/bin/sh\": timed out");
  const int grandchild = std::stoi(*read_file(folder.path("id")));
  // Gone, or killed and waiting for init to notice; on a busy machine that takes its time.
  const auto has_ended = [&] {
    const auto state = read_file("/proc/" + std::to_string(grandchild) + "/stat");
    return !state.ok() || state->find(") Z") != std::string::npos ||
           state->find(") X") != std::string::npos;
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!has_ended() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  CHECK(has_ended());
}

TEST_CASE("run_command: a stop request ends it at once") {
  const TemporaryFolder folder;
  const std::string fifo = folder.path("fifo");
  REQUIRE(run_command(shell("mkfifo " + fifo), {})->exit_code == 0);
  std::stop_source source;
  std::jthread stopper([&] {
    read_fifo(fifo);
    source.request_stop();
  });
  const auto output =
      run_command(shell("echo up >" + fifo + "; exec sleep 1000"), source.get_token());
  REQUIRE_FALSE(output.ok());
  CHECK(output.error().code == ErrorCode::kCancelled);
}

TEST_CASE("run_command: a background process that holds the pipes is not waited for") {
  const auto started = std::chrono::steady_clock::now();
  const auto output = run_command(shell("sleep 5 & echo done"), {});
  REQUIRE(output.ok());
  CHECK(output->standard_output == "done\n");
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(4));
}
