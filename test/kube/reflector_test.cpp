// The loop around the machine, against scripted answers.
#include "lookout/kube/reflector.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <thread>

#include "lookout/encoding/gzip.hpp"

#include "test/fakes/scripted_transport.hpp"
#include "test/kube/manual_clock.hpp"
#include "test/kube/wire_builder.hpp"

namespace lookout::kube {
namespace {

using fakes::ScriptedResponse;
using fakes::ScriptEnd;
using std::chrono::seconds;

const http::Headers kJson = {{"Content-Type", "application/json"}};
const http::Headers kProtobufWatch = {
    {"Content-Type", "application/vnd.kubernetes.protobuf;stream=watch"}};
const http::Headers kProtobuf = {{"Content-Type", "application/vnd.kubernetes.protobuf"}};

wire::Object object(const std::string& name, const std::string& version) {
  wire::Object out;
  out.meta = wire::sample_meta(name);
  out.meta.resource_version = version;
  return out;
}

std::string event(WireFormat format, std::string_view type, const std::string& name,
                  const std::string& version) {
  return wire::watch_event(format, type, object(name, version));
}

std::string end_bookmark(WireFormat format, const std::string& version) {
  wire::Object mark = object("", version);
  mark.annotations = {{"k8s.io/initial-events-end", "true"}};
  return wire::watch_event(format, "BOOKMARK", mark);
}

constexpr std::string_view kExpired =
    R"({"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},)"
    R"("status":"Failure","message":"too old resource version","reason":"Expired",)"
    R"("code":410}})";

std::string refusal(int code, const std::string& reason) {
  return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":")" +
         reason + R"(","code":)" + std::to_string(code) + "}";
}

ScriptedResponse answer(const http::Headers& headers, std::vector<std::string> body,
                        ScriptEnd end = ScriptEnd::kComplete) {
  ScriptedResponse out;
  out.headers = headers;
  out.body = std::move(body);
  out.end = end;
  return out;
}

ScriptedResponse silence(int status) {
  ScriptedResponse out = answer(kJson, {}, ScriptEnd::kBlock);
  out.status = status;
  return out;
}

ScriptedResponse connection_refused() {
  ScriptedResponse out;
  out.status = 0;
  out.error = Error{ErrorCode::kUnavailable, "connect: refused"};
  return out;
}

// Until it holds, or for five seconds.
bool eventually(const std::function<bool()>& holds) {
  const MonoTime deadline = std::chrono::steady_clock::now() + seconds(5);
  while (!holds() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return holds();
}

// What the deltas make of it: names and versions, changed at once by a list.
class Store {
 public:
  using Content = std::map<std::string, std::string>;

  void apply(const Delta& delta) {
    MutexLock lock(mutex_);
    switch (delta.kind) {
      case Delta::Kind::kReplaceBegin: staged_.emplace(); break;
      case Delta::Kind::kReplaceItem: staged_->insert(entry(delta)); break;
      case Delta::Kind::kReplaceCommit:
        content_ = *staged_;
        staged_.reset();
        break;
      case Delta::Kind::kReplaceAbort:
        staged_.reset();
        ++aborts_;
        break;
      case Delta::Kind::kUpsert: content_[delta.object->name] = entry(delta).second; break;
      case Delta::Kind::kErase: (staged_ ? *staged_ : content_).erase(delta.object->name); break;
    }
    changed_.notify_all();
  }

  // What it holds once it holds `expected`, or after five seconds.
  Content wait_for(const Content& expected) {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, seconds(5), [&]() LOCKED(mutex_) { return content_ == expected; });
    return content_;
  }
  Content content() const {
    MutexLock lock(mutex_);
    return content_;
  }
  bool is_replacing() const {
    MutexLock lock(mutex_);
    return staged_.has_value();
  }
  int aborts() const {
    MutexLock lock(mutex_);
    return aborts_;
  }

 private:
  static Content::value_type entry(const Delta& delta) {
    return {delta.object->name, delta.object->resource_version};
  }

  mutable Mutex mutex_;
  ConditionVariable changed_;
  Content content_ GUARDED_BY(mutex_);
  std::optional<Content> staged_ GUARDED_BY(mutex_);
  int aborts_ GUARDED_BY(mutex_) = 0;
};

// A reflector on a thread of its own, its server a script.
class Setup {
 public:
  Setup() {
    ClusterConfig config;
    config.server = http::parse_url("http://api.test:8080").value();
    auto owned = std::make_unique<fakes::ScriptedTransport>();
    server = owned.get();
    const auto factory =
        [&](const http::TransportOptions&) -> Result<std::unique_ptr<http::Transport>> {
      return {std::move(owned)};
    };
    client = std::move(ApiClient::create(config, factory, clock)).value();
    reflector = std::make_unique<Reflector>(
        *client, ReflectorOptions{}, [this](const Delta& delta) { store.apply(delta); }, clock,
        stats);
  }

  void run() {
    thread = std::jthread([this](std::stop_token stop) { reflector->run(stop); });
  }
  void stop() { thread = {}; }
  // The target of the request with that number, once it was made.
  std::string target(std::size_t index) const {
    const bool made = eventually([&] { return server->requests().size() > index; });
    return made ? server->requests()[index].target : "";
  }
  void answer_with_list(WireFormat format, const std::vector<wire::Object>& objects,
                        const std::string& version) {
    server->add(answer(format == WireFormat::kJson ? kJson : kProtobuf,
                       {wire::metadata_list(format, objects, {version, ""})}));
  }
  void refuse(int status, const std::string& reason) {
    ScriptedResponse out = answer(kJson, {refusal(status, reason)});
    out.status = status;
    server->add(std::move(out));
  }
  void stay_silent() { server->add(silence(200)); }

  ManualClock clock;
  Store store;
  ReflectorStats stats;
  fakes::ScriptedTransport* server = nullptr;
  std::unique_ptr<ApiClient> client;
  std::unique_ptr<Reflector> reflector;
  std::jthread thread;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("L1, S1: reflector loop: one stream brings what there is, then what changes") {
  const auto format = GENERATE(WireFormat::kJson, WireFormat::kProtobuf);
  Setup s;
  s.server->add(answer(format == WireFormat::kJson ? kJson : kProtobufWatch,
                       {event(format, "ADDED", "a", "3"), event(format, "ADDED", "b", "2"),
                        end_bookmark(format, "5"), event(format, "MODIFIED", "a", "6"),
                        event(format, "DELETED", "b", "7"), event(format, "ADDED", "c", "8")},
                       ScriptEnd::kBlock));
  s.run();
  const Store::Content expected = {{"a", "6"}, {"c", "8"}};
  CHECK(s.store.wait_for(expected) == expected);
  CHECK(contains(s.target(0), "sendInitialEvents=true"));
  CHECK(s.reflector->status().synced);
  CHECK_FALSE(s.reflector->status().last_error.has_value());
  CHECK(s.stats.synced.value() == 1);
  CHECK(s.stats.watch_bytes.value() > 0);
  CHECK(s.stats.last_event_timestamp_seconds.value() > 1e9);
  CHECK(s.stats.last_bookmark_timestamp_seconds.value() > 1e9);
}

TEST_CASE("S1: reflector loop: what was deleted among the initial events is not there") {
  Setup s;
  const auto format = WireFormat::kJson;
  s.server->add(answer(kJson,
                       {event(format, "ADDED", "a", "3"), event(format, "ADDED", "b", "2"),
                        event(format, "DELETED", "b", "4"), end_bookmark(format, "5")},
                       ScriptEnd::kBlock));
  s.run();
  CHECK(s.store.wait_for({{"a", "3"}}) == Store::Content{{"a", "3"}});
}

TEST_CASE("W1, S2: reflector loop: without WatchList a list, then watches from where it ended") {
  Setup s;
  s.refuse(422, "Invalid");
  s.answer_with_list(WireFormat::kProtobuf, {object("a", "3"), object("b", "2")}, "5");
  s.server->add(answer(kJson, {event(WireFormat::kJson, "ADDED", "c", "9"),
                               event(WireFormat::kJson, "DELETED", "a", "10")}));
  s.stay_silent();
  s.run();
  const Store::Content expected = {{"b", "2"}, {"c", "9"}};
  CHECK(s.store.wait_for(expected) == expected);
  s.clock.advance_to_next_sleep_end();  // a watch a second at most
  CHECK(contains(s.target(1), "resourceVersion=0"));
  CHECK(contains(s.target(2), "&resourceVersion=5"));
  CHECK(contains(s.target(3), "&resourceVersion=10"));
  CHECK(s.stats.lists.snapshot().at({"ok"}) == 1);
  CHECK(s.stats.watches.snapshot().at({"invalid"}) == 1);
  CHECK(s.stats.watch_restarts.snapshot().at({"ended"}) == 1);
}

TEST_CASE("S2, S4: reflector loop: a WatchList without progress gives way to a list") {
  Setup s;
  bool brings_something = false;
  SECTION("silence") {
    s.server->add(answer(kJson, {event(WireFormat::kJson, "ADDED", "a", "3")}, ScriptEnd::kBlock));
    brings_something = true;
  }
  SECTION("not even a head") {
    s.server->add(silence(0));
  }
  s.answer_with_list(WireFormat::kJson, {object("b", "2")}, "5");
  s.stay_silent();
  s.run();
  const auto has_event = [&] { return s.stats.last_event_timestamp_seconds.value() > 0; };
  if (brings_something) CHECK(eventually(has_event));
  s.clock.wait_for_sleep_until(s.clock.now() + seconds(25));
  s.clock.advance(seconds(25));
  CHECK(s.store.wait_for({{"b", "2"}}) == Store::Content{{"b", "2"}});
  CHECK(contains(s.target(1), "resourceVersion=0"));
  CHECK_FALSE(s.reflector->status().last_error.has_value());
}

TEST_CASE("S4: reflector loop: an ordinary bookmark before the end gives way to a list") {
  Setup s;
  s.server->add(answer(
      kJson,
      {event(WireFormat::kJson, "ADDED", "a", "3"), event(WireFormat::kJson, "BOOKMARK", "", "4")},
      ScriptEnd::kBlock));
  s.answer_with_list(WireFormat::kJson, {object("b", "2")}, "5");
  s.stay_silent();
  s.run();
  CHECK(s.store.wait_for({{"b", "2"}}) == Store::Content{{"b", "2"}});
  CHECK(s.store.aborts() == 1);
}

TEST_CASE("L10, W3: reflector loop: an expired watch lists again and drops what has gone") {
  Setup s;
  s.refuse(400, "BadRequest");
  s.answer_with_list(WireFormat::kJson, {object("a", "3"), object("b", "2")}, "5");
  s.server->add(answer(kJson, {std::string(kExpired)}, ScriptEnd::kBlock));
  s.answer_with_list(WireFormat::kJson, {object("a", "3")}, "20");
  s.stay_silent();
  s.run();
  s.target(2);
  s.clock.advance_to_next_sleep_end();
  CHECK(s.store.wait_for({{"a", "3"}}) == Store::Content{{"a", "3"}});
  CHECK(contains(s.target(3), "resourceVersion=5&resourceVersionMatch=NotOlderThan"));
  CHECK(contains(s.target(4), "&resourceVersion=20"));
  CHECK(s.stats.relists.snapshot().at({"expired"}) == 1);
  CHECK(s.stats.watches.snapshot().at({"gone"}) == 1);
}

struct BadList {
  const char* name;
  http::Headers headers;
  std::string body;
  std::string message;
};

TEST_CASE("L7, L8: reflector loop: a list that is none changes nothing and says why") {
  const std::string whole = wire::metadata_list(WireFormat::kJson, {object("c", "9")}, {"20", ""});
  const auto bad = GENERATE_COPY(
      BadList{"cut", kJson, whole.substr(0, whole.size() - 2), ""},
      BadList{"login page", {{"Content-Type", "text/html"}}, "<html>", "content type"},
      BadList{"full objects", kJson,
              R"({"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},)"
              R"("items":[]})",
              "SecretList"},
      BadList{"brotli",
              {{"Content-Type", "application/json"}, {"Content-Encoding", "br"}},
              "x",
              "content encoding"});
  CAPTURE(bad.name);
  Setup s;
  s.refuse(400, "BadRequest");
  s.answer_with_list(WireFormat::kJson, {object("a", "3")}, "5");
  s.server->add(answer(kJson, {std::string(kExpired)}));
  s.server->add(answer(bad.headers, {bad.body}));
  s.answer_with_list(WireFormat::kJson, {object("b", "30")}, "31");
  s.stay_silent();
  s.run();
  s.target(2);
  s.clock.advance_to_next_sleep_end();
  s.target(3);
  s.clock.wait_for_sleepers(1);
  CHECK(s.store.content() == Store::Content{{"a", "3"}});
  CHECK_FALSE(s.store.is_replacing());
  REQUIRE(s.reflector->status().last_error.has_value());
  CHECK(s.reflector->status().last_error->code == ErrorCode::kMalformed);
  CHECK_THAT(s.reflector->status().last_error->message, Catch::Contains(bad.message));
  CHECK(s.reflector->status().synced);
  CHECK(s.stats.lists.snapshot().at({"malformed"}) == 1);
  s.clock.advance_to_next_sleep_end();
  CHECK(s.store.wait_for({{"b", "30"}}) == Store::Content{{"b", "30"}});
}

TEST_CASE("W19: reflector loop: a gzip'd watch is read as it comes") {
  Setup s;
  const auto member = [](const std::string& text) { return encoding::gzip(text); };
  s.server->add(answer({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}},
                       {member(event(WireFormat::kJson, "ADDED", "a", "3")),
                        member(end_bookmark(WireFormat::kJson, "5")),
                        member(event(WireFormat::kJson, "ADDED", "b", "6"))},
                       ScriptEnd::kBlock));
  s.run();
  const Store::Content expected = {{"a", "3"}, {"b", "6"}};
  CHECK(s.store.wait_for(expected) == expected);
}

TEST_CASE("R3: reflector loop: a refusal is told, and over when it is over") {
  Setup s;
  s.refuse(403, "Forbidden");
  s.server->add(answer(
      kJson, {event(WireFormat::kJson, "ADDED", "a", "3"), end_bookmark(WireFormat::kJson, "5")},
      ScriptEnd::kBlock));
  s.run();
  CHECK(eventually([&] { return s.reflector->status().refused; }));
  CHECK_FALSE(s.reflector->status().synced);
  CHECK(s.reflector->status().last_error->code == ErrorCode::kForbidden);
  s.clock.wait_for_sleepers(1);
  s.clock.advance(seconds(60));
  CHECK(s.store.wait_for({{"a", "3"}}) == Store::Content{{"a", "3"}});
}

TEST_CASE("R2: reflector loop: a stop ends it in every state, quietly") {
  const auto phase = GENERATE(0, 1, 2, 3);
  CAPTURE(phase);
  Setup s;
  switch (phase) {
    case 0: s.stay_silent(); break;  // initial events
    case 1:                          // listing
      s.refuse(422, "Invalid");
      s.stay_silent();
      break;
    case 2:  // watching
      s.refuse(422, "Invalid");
      s.answer_with_list(WireFormat::kJson, {}, "5");
      s.stay_silent();
      break;
    default:  // backing off
      s.server->add(connection_refused());
      break;
  }
  s.run();
  s.target(phase == 3 ? 0 : static_cast<std::size_t>(phase));
  if (phase == 3) s.clock.wait_for_sleepers(1);
  s.stop();
  CHECK_FALSE(s.store.is_replacing());
  CHECK(s.stats.watches.snapshot().count({"cancelled"}) == 0);
  CHECK(s.stats.lists.snapshot().count({"cancelled"}) == 0);
}

}  // namespace
}  // namespace lookout::kube
