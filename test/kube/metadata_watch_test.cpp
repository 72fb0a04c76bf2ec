#include <catch2/catch.hpp>

#include <limits>

#include "lookout/kube/metadata_decoder.hpp"

#include "test/kube/arbitrary_meta.hpp"
#include "test/kube/feed.hpp"
#include "test/kube/testdata.hpp"
#include "test/kube/wire_builder.hpp"

namespace lookout::kube {
namespace {

using wire::bytes_field;
using wire::Object;
using wire::sample_meta;
using Type = WatchEvent::Type;

constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

struct Watched {
  std::vector<WatchEvent> events;
  std::uint64_t skipped = 0;
};

Result<Watched> watch(WireFormat format, std::string_view bytes, std::size_t piece_bytes = kWhole,
                      DecoderLimits limits = {}) {
  Watched out;
  WatchDecoder decoder(
      format,
      [&out](const WatchEvent& event) {
        out.events.push_back(event);
        return Result<void>();
      },
      limits);
  if (Result<void> fed = feed_pieces(decoder, bytes, piece_bytes); !fed) return fed.error();
  if (Result<void> end = decoder.finish(); !end) return end.error();
  out.skipped = decoder.skipped_events();
  return out;
}

Object bookmark(const std::string& resource_version) {
  Object object;
  object.meta.resource_version = resource_version;
  return object;
}

std::string sample_stream(WireFormat format) {
  Object end = bookmark("340");
  end.annotations = {{"k8s.io/initial-events-end", "true"}};
  const Object object{sample_meta(), std::nullopt, {}};
  return wire::watch_event(format, "ADDED", object) + wire::watch_event(format, "BOOKMARK", end) +
         wire::watch_event(format, "MODIFIED", object) +
         wire::watch_event(format, "BOOKMARK", bookmark("350")) +
         wire::watch_event(format, "DELETED", object);
}

void check_sample(const std::vector<WatchEvent>& events) {
  REQUIRE(events.size() == 5);
  const Type types[] = {Type::kAdded, Type::kBookmark, Type::kModified, Type::kBookmark,
                        Type::kDeleted};
  for (std::size_t i = 0; i < 5; ++i) {
    REQUIRE(events[i].type == types[i]);
    REQUIRE(events[i].initial_events_end == (i == 1));
    if (types[i] != Type::kBookmark) REQUIRE(events[i].object == sample_meta());
  }
  REQUIRE(events[1].object == bookmark("340").meta);
  REQUIRE(events[3].object == bookmark("350").meta);
}

}  // namespace

TEST_CASE("watch: a real server's WatchList") {
  const auto file = GENERATE(as<std::string>(), "watchlist.pb", "watchlist.json");
  const bool json = file.ends_with("json");
  const auto answer = watch(json ? WireFormat::kJson : WireFormat::kProtobuf, testdata(file), 64);
  REQUIRE(answer);
  REQUIRE(answer->events.size() == 5);
  CHECK(answer->skipped == 0);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(answer->events[i].type == Type::kAdded);
    CHECK(*answer->events[i].object.label("owner") == "helm");
    CHECK_FALSE(answer->events[i].initial_events_end);
  }
  CHECK(answer->events[0].object.created_seconds == 1'795'257'351);
  CHECK(answer->events[4].type == Type::kBookmark);
  CHECK(answer->events[4].initial_events_end);
  CHECK(answer->events[4].object.resource_version == "340");
}

TEST_CASE("watch: a real server's expired resourceVersion") {
  const auto file = GENERATE(as<std::string>(), "watch_expired.pb", "watch_expired.json");
  const bool json = file.ends_with("json");
  const auto answer = watch(json ? WireFormat::kJson : WireFormat::kProtobuf, testdata(file));
  REQUIRE(answer);
  REQUIRE(answer->events.size() == 1);
  CHECK(answer->events[0].type == Type::kError);
  CHECK(answer->events[0].status.code == 410);
  CHECK(answer->events[0].status.reason == "Expired");
  CHECK(answer->events[0].status.message == "too old resource version: 1 (364)");
  CHECK(error_from_status(answer->events[0].status).code == ErrorCode::kGone);
}

TEST_CASE("W11, W13: watch decoder: cut at every byte, and ended there") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  const std::string bytes = sample_stream(format);
  std::size_t clean_ends = 0;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    std::vector<WatchEvent> events;
    WatchDecoder decoder(format, [&events](const WatchEvent& event) {
      events.push_back(event);
      return Result<void>();
    });
    REQUIRE(decoder.feed(std::string_view(bytes).substr(0, cut)));
    clean_ends += decoder.finish() ? 1U : 0U;
    REQUIRE(decoder.feed(std::string_view(bytes).substr(cut)));
    REQUIRE(decoder.finish());
    check_sample(events);
  }
  // JSON may also end before an event's newline.
  CHECK(clean_ends == (format == WireFormat::kProtobuf ? 6U : 11U));
}

TEST_CASE("W11: watch decoder: JSON framed by value, whatever lies between") {
  std::string bytes = " \r\n" + sample_stream(WireFormat::kJson);
  const auto row = GENERATE(values<std::pair<std::string, std::string>>(
      {{"\n", ""}, {"\n", "\r\n"}, {"\n", "\n\n \t"}, {"{", "{\n  "}, {",", " ,\n    "}}));
  for (std::size_t at = bytes.find(row.first); at != std::string::npos;
       at = bytes.find(row.first, at + row.second.size())) {
    bytes.replace(at, row.first.size(), row.second);
  }
  const auto piece_bytes = GENERATE(kWhole, std::size_t{1}, std::size_t{7});
  const auto answer = watch(WireFormat::kJson, bytes, piece_bytes);
  REQUIRE(answer);
  check_sample(answer->events);
}

TEST_CASE("watch: what is encoded is decoded, alike in both formats") {
  CHECK(rc::check([] {
    const auto objects =
        *rc::gen::scale(0.12, rc::gen::container<std::vector<Object>>(wire::object_generator()));
    const auto piece_bytes = *rc::gen::inRange<std::size_t>(1, 400);
    for (const WireFormat format : {WireFormat::kProtobuf, WireFormat::kJson}) {
      std::string bytes;
      for (const Object& object : objects) bytes += wire::watch_event(format, "ADDED", object);
      const auto answer = watch(format, bytes, piece_bytes);
      RC_ASSERT(answer.ok());
      RC_ASSERT(answer->events.size() == objects.size());
      for (std::size_t i = 0; i < objects.size(); ++i) {
        RC_ASSERT(answer->events[i].object == objects[i].meta);
      }
    }
  }));
}

TEST_CASE("W14: watch decoder: JSON events that are skipped and counted") {
  const std::string meta = R"("apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadata")";
  const auto event = GENERATE_COPY(values<std::string>({
      R"({"type":"RENAMED","object":{)" + meta +
          R"(,"metadata":{"name":"x","resourceVersion":"1"}}})",
      R"({"type":"ADDED","object":{"kind":"Secret","apiVersion":"v1",)"
      R"("metadata":{"name":"x","resourceVersion":"1"}}})",
      R"({"type":"ADDED","object":{)" + meta + "}}",
      R"({"type":"ADDED","object":{)" + meta + R"(,"metadata":null}})",
      R"({"type":"ADDED","object":{)" + meta + R"(,"metadata":{}}})",
      R"({"type":"ADDED","object":{)" + meta + R"(,"metadata":{"name":"x"}}})",
      R"({"type":"BOOKMARK","object":{)" + meta + R"(,"metadata":{}}})",
      R"({"type":"ADDED","object":null})",
      R"({"type":"ADDED"})",
      R"({"type":"ERROR","object":{"kind":"Secret"}})",
      R"({"type":"ERROR","object":null})",
      "{}",
  }));
  const auto answer = watch(WireFormat::kJson, event + sample_stream(WireFormat::kJson) + event);
  REQUIRE(answer);
  CHECK(answer->skipped == 2);
  check_sample(answer->events);
}

TEST_CASE("W14: watch decoder: protobuf events that are skipped and counted") {
  const auto event_of = [](std::string_view type, std::string_view object) {
    return wire::frame(bytes_field(1, type) + bytes_field(2, bytes_field(1, object)));
  };
  const std::string meta = bytes_field(1, bytes_field(1, "x") + bytes_field(6, "1"));
  const auto partial = [](std::string_view raw) {
    return wire::envelope("meta.k8s.io/v1", "PartialObjectMetadata", raw);
  };
  const auto event = GENERATE_COPY(values<std::string>({
      event_of("RENAMED", partial(meta)),
      event_of("ADDED", wire::envelope("v1", "Secret", meta)),
      event_of("ADDED", partial("")),
      event_of("ADDED", partial(bytes_field(1, ""))),
      event_of("ADDED", partial(bytes_field(1, bytes_field(1, "x")))),
      event_of("BOOKMARK", partial(bytes_field(1, ""))),
      event_of("ADDED", ""),
      event_of("ADDED", "{\"json\":1}"),
      event_of("ERROR", partial(meta)),
      wire::frame(""),
  }));
  const std::string stream = sample_stream(WireFormat::kProtobuf);
  const auto answer = watch(WireFormat::kProtobuf, event + stream + event);
  REQUIRE(answer);
  CHECK(answer->skipped == 2);
  check_sample(answer->events);
}

TEST_CASE("watch: damage ends the stream") {
  const auto row = GENERATE(values<std::pair<WireFormat, std::string>>({
      {WireFormat::kJson, "<html>"},
      {WireFormat::kJson, "null"},
      {WireFormat::kJson, "{\"type\":\"ADDED\",}"},
      {WireFormat::kJson, "{\"type\":7}"},
      {WireFormat::kJson, "{\"type\":\"ADDED\",\"object\":\"x\"}"},
      {WireFormat::kJson, "{\"type\":\"ADDED\",\"object\":[]}"},
      {WireFormat::kJson, "{\"type\":\"A\xff\"}"},
      {WireFormat::kProtobuf, wire::frame("\x0a\x7f")},
      {WireFormat::kProtobuf, wire::frame("\x12\x02\x0a\x7f")},
      {WireFormat::kProtobuf,
       wire::frame(
           bytes_field(1, "ADDED") +
           bytes_field(2, bytes_field(1, wire::envelope("meta.k8s.io/v1", "PartialObjectMetadata",
                                                        "\x0a\x7f"))))},
  }));
  const auto answer = watch(row.first, row.second);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kMalformed);
}

TEST_CASE("W12: watch decoder: an event over the limit is refused before it is read") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  const Object object{sample_meta(), std::nullopt, {{"long", std::string(3'000, 'x')}}};
  const std::string event = wire::watch_event(format, "ADDED", object);
  DecoderLimits limits;
  limits.item_bytes_max = event.size();
  CHECK(watch(format, event + event, 100, limits));
  limits.item_bytes_max = 3'000;
  const auto piece_bytes = GENERATE(kWhole, std::size_t{100});
  const auto answer = watch(format, event, piece_bytes, limits);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kTooLarge);
  const auto frame = watch(WireFormat::kProtobuf, std::string(4, '\x7f'));
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("watch: an error of the sink ends feed") {
  const auto format = GENERATE(WireFormat::kProtobuf, WireFormat::kJson);
  int seen = 0;
  WatchDecoder decoder(format, [&seen](const WatchEvent&) -> Result<void> {
    if (++seen < 3) return {};
    return Error{ErrorCode::kCancelled, "enough"};
  });
  const auto fed = decoder.feed(sample_stream(format));
  REQUIRE_FALSE(fed);
  CHECK(fed.error() == Error{ErrorCode::kCancelled, "enough"});
  CHECK(seen == 3);
}

}  // namespace lookout::kube
