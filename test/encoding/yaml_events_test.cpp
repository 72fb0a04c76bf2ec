#include "lookout/encoding/yaml_events.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace lookout::encoding {
namespace {

using Kind = YamlEvent::Kind;

YamlSource source_of(std::string_view text, std::size_t piece_bytes) {
  return [rest = text, piece_bytes](std::span<char> out) mutable -> Result<std::size_t> {
    const std::size_t size = rest.copy(out.data(), std::min(out.size(), piece_bytes));
    rest.remove_prefix(size);
    return size;
  };
}

std::string shown(const YamlEvent& event) {
  static const char* const kMarks[] = {"+D", "-D", "=", "*", "[", "]", "{", "}", "."};
  std::string text = kMarks[static_cast<int>(event.kind)];
  if (!event.anchor.empty()) text += "&" + std::string(event.anchor) + " ";
  if (!event.tag.empty()) text += "<" + std::string(event.tag) + ">";
  if (event.kind == Kind::kScalar && !event.plain) text += "'";
  return text + std::string(event.text) + "@" + std::to_string(event.line);
}

// All events, with the error at the end if there is one.
std::vector<std::string> events_of(std::string_view text, std::size_t piece_bytes = 4096) {
  YamlEvents events(source_of(text, piece_bytes));
  std::vector<std::string> all;
  for (;;) {
    const Result<void> read = events.next();
    if (!read) {
      all.push_back(read.error().message);
      return all;
    }
    all.push_back(shown(events.event()));
    if (events.event().kind == Kind::kStreamEnd) return all;
  }
}

TEST_CASE("yaml events: a document, with anchors, tags and lines") {
  const std::vector<std::string> wanted = {"+D@1",
                                           "{@1",
                                           "=a@1",
                                           "[&x @1",
                                           "=1@2",
                                           "='two@3",
                                           "]@4",
                                           "=b@4",
                                           "*x@4",
                                           "=c@5",
                                           "=<tag:yaml.org,2002:str>'3@5",
                                           "}@6",
                                           "-D@6",
                                           ".@6"};
  CHECK(events_of("a: &x\n- 1\n- \"two\"\nb: *x\nc: !!str 3\n") == wanted);
}

TEST_CASE("yaml events: the size of the pieces makes no difference") {
  const std::string text = GENERATE(
      as<std::string>(), "a: b\n...\n\xff", "a b\n---\n\x01", "\"a\":{\xfc}",
      "\xef\xbb\xbf# c\r\na:\t|\r\n  b\xc3\xa9\r\n\r\n  c\r\nd: >-\n  e\n  f\n---\n[g, {h: "
      "'i''j'}]\n");
  const auto whole = events_of(text);
  for (std::size_t piece_bytes = 1; piece_bytes < 9; ++piece_bytes) {
    CHECK(events_of(text, piece_bytes) == whole);
  }
}

TEST_CASE("yaml events: no document is no event but the end") {
  CHECK(events_of("") == std::vector<std::string>{".@1"});
  CHECK(events_of("# only a comment\n") == std::vector<std::string>{".@2"});
}

TEST_CASE("yaml events: what is no YAML is an error with its line") {
  const auto text =
      GENERATE("a: b\nc: [d\n", "a: b\n c: d\n", "a: \"b\n", "a: \xff", "\ta: b", "a: *");
  const std::string last = events_of(text).back();
  CAPTURE(text, last);
  CHECK(last.starts_with("line "));
}

TEST_CASE("yaml events: an error of the source comes out as it is") {
  int reads = 0;
  YamlEvents events([&](std::span<char> out) -> Result<std::size_t> {
    if (++reads == 2) return Error{ErrorCode::kUnavailable, "reset by peer"};
    out[0] = 'a';
    return std::size_t{1};
  });
  Result<void> read;
  while (read) read = events.next();
  CHECK(read.error() == Error{ErrorCode::kUnavailable, "reset by peer"});
}

TEST_CASE("yaml events: nothing is pulled ahead of what is needed but a buffer") {
  std::size_t pulled = 0;
  YamlEvents events([&](std::span<char> out) -> Result<std::size_t> {
    constexpr std::string_view kItem = "- item\n";
    std::size_t size = 0;
    for (; size + kItem.size() <= out.size(); size += kItem.size()) {
      kItem.copy(out.data() + size, kItem.size());
    }
    pulled += size;
    return size;
  });
  for (int i = 0; i < 100; ++i) REQUIRE(events.next());
  CHECK(pulled < 100'000);
}

}  // namespace
}  // namespace lookout::encoding
