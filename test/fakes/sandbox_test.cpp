#include "test/fakes/sandbox.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace lookout::fakes {
namespace {

std::unique_ptr<Sandbox> quiet_sandbox(Pace pace, std::size_t revisions = 2) {
  SandboxOptions options;
  options.quiet = true;
  options.pace = pace;
  options.samples.releases = 6;
  options.samples.revisions = revisions;
  options.samples.share_payloads = true;
  auto sandbox = Sandbox::start(std::move(options));
  REQUIRE(sandbox);
  return *std::move(sandbox);
}

// Until so many changes, or random faults, have come.
void run_until(Sandbox& sandbox, std::uint64_t SandboxState::*counter, std::uint64_t count) {
  const MonoTime deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (sandbox.state().*counter < count) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    sandbox.run_due();
  }
}

using Versions = std::map<std::string, std::uint64_t>;

Versions versions_of(Sandbox& sandbox) {
  Versions out;
  for (const ObjectPtr& object : sandbox.cluster().store().list(Resource::kSecrets, "").objects) {
    out[object->ns + "/" + object->name] = object->resource_version;
  }
  return out;
}

// "current" or "history" of what changed between the two; "other" when anything came or went.
std::string touched(const Versions& before, const Versions& after) {
  std::string out;
  for (const auto& [name, version] : after) {
    const auto was = before.find(name);
    if (was == before.end() || before.size() != after.size()) return "other";
    if (was->second != version) out = name.ends_with(".v2") ? "current" : "history";
  }
  return out;
}

}  // namespace

TEST_CASE("sandbox: changes write what the kind of churn says") {
  const auto [kind, expected] = GENERATE(table<std::string, std::string>(
      {{"current", "current"}, {"history", "history"}, {"lifecycle", "other"}}));
  const auto sandbox = quiet_sandbox({10'000, *parse_churn_kind(kind), 0});
  const Versions before = versions_of(*sandbox);
  run_until(*sandbox, &SandboxState::changes, 1);
  sandbox->pause();
  CHECK(touched(before, versions_of(*sandbox)) == expected);
}

TEST_CASE("sandbox: nothing happens while it is paused, and no fault is left") {
  const auto sandbox = quiet_sandbox({10'000, ChurnKind::kLifecycle, 0.001});
  run_until(*sandbox, &SandboxState::random_faults, 3);
  CHECK(sandbox->state().last_faults.size() == sandbox->state().random_faults);
  sandbox->pause();
  const SandboxState before = sandbox->state();
  sandbox->run_due();
  CHECK(sandbox->state().changes == before.changes);
  CHECK(sandbox->state().random_faults == before.random_faults);
  sandbox->resume();
  run_until(*sandbox, &SandboxState::changes, before.changes + 1);
}

TEST_CASE("sandbox: a rewind brings back objects and resourceVersion of the beginning") {
  const auto sandbox = quiet_sandbox({10'000, ChurnKind::kLifecycle, 0});
  const Versions before = versions_of(*sandbox);
  const std::uint64_t version = sandbox->state().resource_version;
  run_until(*sandbox, &SandboxState::changes, 50);
  sandbox->pause();
  REQUIRE(versions_of(*sandbox) != before);
  REQUIRE(sandbox->apply("rewind"));
  CHECK(versions_of(*sandbox) == before);
  CHECK(sandbox->state().resource_version + Sandbox::kRewindVersions == version);
}

TEST_CASE("sandbox: the probe is one object of a rising revision") {
  const auto sandbox = quiet_sandbox({0, ChurnKind::kLifecycle, 0});
  const std::size_t objects = sandbox->state().objects;
  CHECK(sandbox->probe() == 1);
  CHECK(sandbox->probe() == 2);
  CHECK(sandbox->state().objects == objects + 1);
  CHECK(versions_of(*sandbox).count("default/sh.helm.release.v1.lag-probe.v2") == 1);
}

TEST_CASE("sandbox: a script with a mistake does nothing") {
  const auto sandbox = quiet_sandbox({0, ChurnKind::kLifecycle, 0});
  sandbox->probe();
  const std::uint64_t version = sandbox->state().resource_version;
  const auto applied = sandbox->apply("rewind; watch cut=x");
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message == "in \"watch cut=x\": \"cut\": \"x\" is not a number that fits");
  CHECK(sandbox->state().resource_version == version);
}

}  // namespace lookout::fakes
