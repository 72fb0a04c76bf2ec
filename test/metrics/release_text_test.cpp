#include "src/metrics/release_text.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "test/metrics/metrics_fixture.hpp"

namespace lookout::metrics {
namespace {

state::ReleasePtr release(unsigned number, helm::Revision revision) {
  auto out = std::make_shared<state::Release>();
  out->key = {"ns" + std::to_string(number % 3), "r" + std::to_string(number)};
  out->revision = revision;
  out->revisions = revision;
  if (revision % 2 == 0) out->deployed_revision = revision;
  return out;
}

std::string text_of(ReleaseText& text) {
  text.render();
  Body body(ContentCoding::kIdentity);
  text.append_to(body, TextFormat::kText004);
  return test::text_of(std::move(body).finish());
}

using Truth = std::map<helm::ReleaseKey, state::ReleasePtr>;

// What a text that never saw another state says.
std::string fresh_text(const Truth& truth) {
  ReleaseText text({}, 0);
  state::JoinedChanges changes;
  for (const auto& [key, value] : truth) changes.releases.push_back({key, value});
  text.apply(changes);
  return text_of(text);
}

}  // namespace

TEST_CASE("release text: whatever changed before, the text is that of what there is") {
  const bool ok = rc::check([] {
    ReleaseText text({}, 0);
    Truth truth;
    const auto rounds = *rc::gen::inRange(1, 6);
    for (int round = 0; round < rounds; ++round) {
      state::JoinedChanges changes;
      std::map<helm::ReleaseKey, state::ReleasePtr> batch;
      const auto edits = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
          rc::gen::pair(rc::gen::inRange(0U, 40U), rc::gen::inRange(0U, 4U)));
      for (const auto& [number, revision] : edits) {
        const auto value = release(number, revision);
        batch[value->key] = revision == 0 ? nullptr : value;
      }
      for (const auto& [key, value] : batch) {
        changes.releases.push_back({key, value});
        if (value == nullptr) {
          truth.erase(key);
        } else {
          truth[key] = value;
        }
      }
      text.apply(changes);
      RC_ASSERT(text_of(text) == fresh_text(truth));
    }
  });
  CHECK(ok);
}

TEST_CASE("release text: groups split and merge without a trace in the text") {
  ReleaseText text({}, 0);
  Truth truth;
  const auto apply = [&](unsigned number, helm::Revision revision) {
    const auto value = release(number, revision);
    state::JoinedChanges changes;
    changes.releases = {{value->key, revision == 0 ? nullptr : value}};
    text.apply(changes);
    revision == 0 ? void(truth.erase(value->key)) : void(truth[value->key] = value);
  };
  const unsigned releases = 3 * ReleaseText::kGroupReleasesMax;
  for (unsigned i = 0; i < releases; ++i) apply(i * 7919 % releases, 1);
  CHECK(text_of(text) == fresh_text(truth));
  for (unsigned i = 0; i < releases - 5; ++i) apply(i, 0);
  CHECK(truth.size() == 5);
  CHECK(text_of(text) == fresh_text(truth));
  for (unsigned i = releases - 5; i < releases; ++i) apply(i, 0);
  CHECK(text_of(text).empty());
  CHECK(text.series() == 0);
}

TEST_CASE("release text: a change that changes no line renders no segment") {
  ReleaseText text({}, 0);
  state::JoinedChanges changes;
  changes.releases = {{release(1, 2)->key, release(1, 2)}};
  text.apply(changes);
  CHECK(text.render() == 5);
  text.apply(changes);
  CHECK(text.render() == 0);
  changes.releases = {{{"no", "such"}, nullptr}};
  text.apply(changes);
  CHECK(text.render() == 0);
}

}  // namespace lookout::metrics
