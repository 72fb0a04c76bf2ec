// Minutes of releases and faults by chance. README.md beside this file says how to replay.
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "lookout/base/log.hpp"
#include "lookout/base/text.hpp"

#include "test/model/model_run.hpp"

using namespace lookout;

namespace {

constexpr std::uint64_t kSecondsByDefault = 60;

std::optional<std::uint64_t> from_environment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  const auto number = parse_number<std::uint64_t>(std::string_view(text));
  REQUIRE(number);
  return number;
}

void run(std::uint64_t seed) {
  model::ModelRun run(seed);
  const std::string failure = run.run();
  if (!failure.empty()) {
    std::fputs(failure.c_str(), stderr);  // whole lines, which FAIL would break
    FAIL("seed " << seed);
  }
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), run.summary().c_str());
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("R5, W15: model: metrics follow from the server's objects, whatever happened") {
  const auto replayed = from_environment("LOOKOUT_MODEL_SEED");
  log::configure(replayed ? log::Level::kInfo : log::Level::kError, log::Format::kText);
  if (replayed) return run(*replayed);
  const auto seconds = from_environment("LOOKOUT_MODEL_SECONDS");
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(seconds.value_or(kSecondsByDefault));
  // The same ones each time, unless somebody goes looking for more.
  std::uint64_t seed = seconds ? std::random_device()() : 1;
  do run(seed++);
  while (std::chrono::steady_clock::now() < end);
}
