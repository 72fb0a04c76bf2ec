#include "src/kube/json_splitter.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "test/kube/feed.hpp"

namespace lookout::kube {
namespace {

using Shape = JsonSplitter::Shape;

struct Split {
  std::vector<std::string> parts;         // "key=text", or the text alone
  std::vector<std::string> long_strings;  // '!' in front: escaped
};

Result<Split> split_json(Shape shape, std::string_view bytes, std::size_t piece_bytes,
                         DecoderLimits limits = {}) {
  Split out;
  JsonSplitter splitter(
      shape,
      [&out](const JsonPart& part) {
        const bool member = part.kind == JsonPart::Kind::kMember;
        out.parts.push_back((member ? std::string(part.key) + "=" : std::string()) +
                            std::string(part.piece.text));
        for (const LongString& string : part.piece.long_strings) {
          out.long_strings.push_back(
              (string.escaped ? "!" : "") +
              std::string(part.piece.text.substr(string.begin, string.end - string.begin)));
        }
        return Result<void>();
      },
      limits);
  if (Result<void> fed = feed_pieces(splitter, bytes, piece_bytes); !fed) return fed.error();
  if (Result<void> end = splitter.finish(); !end) return end.error();
  return out;
}

}  // namespace

TEST_CASE("json splitter: objects of a stream, brackets in strings and all") {
  const std::vector<std::string> objects = {"{}",
                                            R"({"a":"}{]["})",
                                            R"({"a":"\"}","b":[{},[{}]]})",
                                            R"({"a":"\\"})",
                                            R"({"a":"\\\"","b\"":1})",
                                            "{ \"a\" : null }"};
  std::string bytes;
  for (const std::string& object : objects) bytes += object + "\r\n ";
  const auto piece_bytes = GENERATE(1U, 2U, 3U, 5U, 1'000U);
  const auto split = split_json(Shape::kObjects, bytes, piece_bytes);
  REQUIRE(split);
  CHECK(split->parts == objects);
}

TEST_CASE("json splitter: members and items of a list") {
  const auto piece_bytes = GENERATE(1U, 2U, 7U, 1'000U);
  const auto split =
      split_json(Shape::kList,
                 R"({"n":12,"items":[{"a":1} , {}],"t":true,"s":"x","o":{"items":[]}, "l" : [1]})",
                 piece_bytes);
  REQUIRE(split);
  CHECK(split->parts == std::vector<std::string>{"n=12", R"({"a":1})", "{}", "t=true", "s=\"x\"",
                                                 R"(o={"items":[]})", "l=[1]"});
}

TEST_CASE("json splitter: strings that the parser shall not see") {
  const std::string long_text(257, 'x');
  const std::string short_text(256, 'y');
  const std::string text = R"({"a":")" + long_text + R"(","b":")" + short_text +
                           R"(","\n":"\u00000","c":"x\n","d":"\\)" + long_text + "\"}";
  const auto piece_bytes = GENERATE(1U, 100U, 10'000U);
  const auto split = split_json(Shape::kObjects, text, piece_bytes);
  REQUIRE(split);
  CHECK(split->long_strings ==
        std::vector<std::string>{long_text, R"(!\n)", R"(!\u00000)", R"(!\\)" + long_text});
}

TEST_CASE("json splitter: a long string whose only quote is far") {
  std::string text = "{\"a\":\"";
  for (int i = 0; i < 200'000; ++i) text += "\\\"";
  text += "\"}";
  const auto split = split_json(Shape::kObjects, text, 4'096);
  REQUIRE(split);
  CHECK(split->parts.front() == text);
}

TEST_CASE("json splitter: what ends too early") {
  const auto row = GENERATE(values<std::pair<Shape, std::string>>({
      {Shape::kObjects, "{"},
      {Shape::kObjects, "{\"a\":\"}"},
      {Shape::kObjects, "{\"a\":\"\\\"}"},
      {Shape::kObjects, "{} {"},
      {Shape::kList, ""},
      {Shape::kList, "{"},
      {Shape::kList, "{\"a\""},
      {Shape::kList, "{\"a\":"},
      {Shape::kList, "{\"a\":1"},
      {Shape::kList, "{\"a\":1,"},
      {Shape::kList, "{\"items\":["},
      {Shape::kList, "{\"items\":[{}"},
      {Shape::kList, "{\"items\":[{},"},
      {Shape::kList, "{\"items\":[]"},
  }));
  const auto split = split_json(row.first, row.second, 1'000);
  REQUIRE_FALSE(split);
  CHECK(split.error() == Error{ErrorCode::kMalformed, "JSON ends too early"});
}

TEST_CASE("json splitter: what does not belong between values") {
  const auto row = GENERATE(values<std::pair<Shape, std::string>>({
      {Shape::kObjects, "{},{}"},
      {Shape::kObjects, "\"x\""},
      {Shape::kObjects, "\xef\xbb\xbf{}"},
      {Shape::kList, "[]"},
      {Shape::kList, "{,}"},
      {Shape::kList, "{\"a\",1}"},
      {Shape::kList, "{\"a\":}"},
      {Shape::kList, "{\"a\":1 2}"},
      {Shape::kList, "{\"a\":1,}"},
      {Shape::kList, "{\"items\":[1]}"},
      {Shape::kList, "{\"items\":[{}{}]}"},
      {Shape::kList, "{\"items\":[{},]}"},
      {Shape::kList, "{\"items\":[]]}"},
      {Shape::kList, "{} {}"},
  }));
  const auto split = split_json(row.first, row.second, 1'000);
  REQUIRE_FALSE(split);
  CHECK(split.error().code == ErrorCode::kMalformed);
  CHECK_THAT(split.error().message, Catch::StartsWith("unexpected \""));
}

TEST_CASE("json splitter: limits") {
  DecoderLimits limits;
  limits.item_bytes_max = 20;
  limits.json_depth_max = 3;
  const auto piece_bytes = GENERATE(1U, 1'000U);
  CHECK(split_json(Shape::kObjects, R"({"a":[{"b":"c":1 }]})", piece_bytes, limits));
  const auto text = GENERATE(as<std::string>(), R"({"a":"0123456789012"})", R"({"a":[[[0]]]})",
                             "{                         }", "{\"a\":\"0123456789012345678");
  const auto split = split_json(Shape::kObjects, text, piece_bytes, limits);
  REQUIRE_FALSE(split);
  CHECK(split.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("json splitter: too many strings to move aside") {
  std::string text = "{\"a\":[\"\\n\"";
  for (std::size_t i = 0; i < JsonFramer::kLongStringsMax; ++i) text += ",\"\\n\"";
  const auto split = split_json(Shape::kObjects, text + "]}", 10'000);
  REQUIRE_FALSE(split);
  CHECK(split.error().code == ErrorCode::kTooLarge);
}

}  // namespace lookout::kube
