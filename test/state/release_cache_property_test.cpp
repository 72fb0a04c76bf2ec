// Random lists, watch events and payloads, also late, doubled and broken off: what is
// published equals what follows from the set of objects that exist.
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "test/state/cache_fixture.hpp"

namespace lookout::state {
namespace {

using test::CacheFixture;
using test::Object;

// The API server: objects by (namespace, release, revision), and one resourceVersion.
struct Server {
  std::map<std::tuple<std::string, std::string, helm::Revision>, Object> objects;
  std::uint64_t rv = 100;
  unsigned uids = 0;
};

std::string chart_version(const Object& object) {
  return std::to_string(object.uid_number) + "." + std::to_string(object.rv);
}

// Every third resourceVersion's payload is broken.
helm::DecodeOutcome outcome(const Object& object) {
  if (object.rv % 3 == 0) return helm::Undecodable::kGzip;
  return test::chart_facts(chart_version(object),
                           helm::parse_status(object.status).value_or(helm::Status::kUnknown));
}

// What readers should see, computed from nothing but the objects.
std::vector<Release> expected(const Server& server) {
  std::map<helm::ReleaseKey, std::vector<Object>> histories;
  for (const auto& [key, object] : server.objects) {
    histories[{object.ns, object.release}].push_back(object);
  }
  std::vector<Release> out;
  for (const auto& [key, history] : histories) {
    const Object& current = history.back();
    Release release;
    release.key = key;
    release.revision = current.revision;
    release.revisions = static_cast<std::uint32_t>(history.size());
    for (const Object& object : history) {
      if (object.status == "deployed") release.deployed_revision = object.revision;
    }
    release.status = *helm::parse_status(current.status);
    release.payload_read = true;
    release.storage_bytes = 1'234;
    if (current.rv % 3 == 0) {
      release.undecodable = helm::Undecodable::kGzip;
    } else {
      release.has_chart_metadata = true;
      release.chart = "web";
      release.chart_version = chart_version(current);
      release.app_version = "2.0";
      release.updated_seconds = 1'700'000'000;
      release.first_deployed_seconds = 1'600'000'000;
    }
    out.push_back(std::move(release));
  }
  return out;
}

class Model {
 public:
  Model() : watching_(*rc::gen::arbitrary<bool>()) {}

  void step() {
    switch (*rc::gen::inRange(0, 10)) {
      case 0: relist(); break;
      case 1: break_off(); break;
      case 2: watching_ ? lose_watch() : relist(); break;
      case 3: repeat_old_event(); break;
      case 4: read_some_payloads(); break;
      case 5: fixture_.pass(std::chrono::milliseconds(*rc::gen::inRange(0, 1'500))); break;
      case 6: follow_changes(); break;
      default: change_server(); break;
    }
  }

  // Everything caught up: the cache must equal the server, for all kinds of readers.
  void settle_and_check() {
    if (!watching_) relist();
    while (read_some_payloads()) {
    }
    std::vector<Release> seen;
    for (const ReleasePtr& release : fixture_.cache.snapshot(fixture_.now)) {
      seen.push_back(*release);
    }
    RC_ASSERT(seen == expected(server_));
    follow_changes();
    std::vector<Release> followed;
    for (const auto& [key, release] : followed_) followed.push_back(*release);
    RC_ASSERT(followed == seen);
    RC_ASSERT(fixture_.cache.counts().objects == server_.objects.size());
    std::set<std::string> namespaces;
    for (const auto& [key, object] : server_.objects) namespaces.insert(object.ns);
    RC_ASSERT(errors_.size() == namespaces.size());
    RC_ASSERT(fixture_.cache.wanted_payloads() == 0U);
  }

 private:
  void change_server() {
    Object object;
    object.ns = *rc::gen::element<std::string>("a", "b");
    object.release = *rc::gen::element<std::string>("r", "r.v2", "x");
    object.revision = *rc::gen::inRange(1U, 4U);
    object.rv = ++server_.rv;
    const auto key = std::make_tuple(object.ns, object.release, object.revision);
    const auto known = server_.objects.find(key);
    if (known != server_.objects.end() && *rc::gen::arbitrary<bool>()) {
      object.uid_number = known->second.uid_number;
      server_.objects.erase(known);
      events_.push_back({object, true});
      if (watching_) fixture_.erase(object);
      return;
    }
    object.uid_number = known == server_.objects.end() ? ++server_.uids : known->second.uid_number;
    object.status =
        *rc::gen::element<std::string>("deployed", "failed", "superseded", "pending-upgrade");
    server_.objects[key] = object;
    events_.push_back({object, false});
    if (watching_) fixture_.upsert(object);
  }

  void list(bool all) {
    fixture_.cache.begin_replace(0);
    for (const auto& [key, object] : server_.objects) {
      if (all || *rc::gen::arbitrary<bool>()) fixture_.cache.replace_item(0, test::meta(object));
    }
  }
  void relist() {
    list(true);
    fixture_.cache.commit_replace(0, fixture_.now);
    watching_ = true;
  }
  void lose_watch() { watching_ = false; }
  void break_off() {
    list(false);
    fixture_.cache.abort_replace(0);
  }

  // Only an event of an object that exists, so that it is older than what is known, or one
  // of an incarnation that was followed by another: servers do not undo deletions.
  void repeat_old_event() {
    if (events_.empty() || !watching_) return;
    const auto& [object, deleted] = *rc::gen::elementOf(events_);
    const auto now = server_.objects.find({object.ns, object.release, object.revision});
    if (now == server_.objects.end()) return;
    if (!deleted) fixture_.upsert(object);
    if (deleted && now->second.uid_number != object.uid_number) fixture_.erase(object);
  }

  bool read_some_payloads() {
    const auto wanted = fixture_.cache.all_wanted_payloads(*rc::gen::inRange<std::size_t>(1, 4));
    for (const WantedPayload& payload : wanted) {
      const auto at = server_.objects.find({payload.key.ns, payload.key.name, payload.revision});
      if (at == server_.objects.end()) continue;
      fixture_.cache.put_payload(test::payload(at->second, outcome(at->second)));
    }
    return !wanted.empty();
  }

  void follow_changes() {
    const ReleaseChanges changes = fixture_.cache.drain(fixture_.now);
    for (const ReleaseChange& change : changes.releases) {
      if (change.release == nullptr) {
        RC_ASSERT(followed_.erase(change.key) == 1U);
      } else {
        followed_[change.key] = change.release;
      }
    }
    for (const auto& [ns, errors] : changes.namespace_errors) {
      if (errors) {
        errors_[ns] = *errors;
      } else {
        errors_.erase(ns);
      }
    }
  }

  CacheFixture fixture_;
  Server server_;
  bool watching_;
  std::vector<std::pair<Object, bool>> events_;  // and whether it was a deletion
  std::map<helm::ReleaseKey, ReleasePtr> followed_;
  std::map<std::string, std::uint64_t> errors_;
};

}  // namespace

TEST_CASE("release cache: whatever happened, what is published follows from what exists") {
  CHECK(rc::check([] {
    Model model;
    const int rounds = *rc::gen::inRange(1, 4);
    for (int round = 0; round < rounds; ++round) {
      const int steps = *rc::gen::inRange(1, 30);
      for (int i = 0; i < steps; ++i) model.step();
      model.settle_and_check();
    }
  }));
}

}  // namespace lookout::state
