#include "lookout/kube/content_decoder.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "lookout/encoding/gzip.hpp"

#include "test/kube/feed.hpp"

namespace lookout::kube {
namespace {

struct Content {
  std::string text;
  std::size_t longest_piece = 0;
};

ContentDecoder decoder_into(Content& content, const std::string& content_encoding = "gzip") {
  auto decoder = ContentDecoder::create(content_encoding, [&content](std::string_view piece) {
    content.text += piece;
    content.longest_piece = std::max(content.longest_piece, piece.size());
    return Result<void>();
  });
  REQUIRE(decoder);
  return *std::move(decoder);
}

// One member a line, as a server flushes a watch.
std::string members(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    out += encoding::gzip(text.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace

TEST_CASE("content: identity passes in place") {
  const auto name = GENERATE(as<std::string>(), "", "identity", " Identity ");
  Content content;
  ContentDecoder decoder = decoder_into(content, name);
  CHECK(decoder.feed("ab"));
  CHECK(decoder.feed("c"));
  CHECK(decoder.finish());
  CHECK(content.text == "abc");
}

TEST_CASE("W20: content: what we cannot read is refused by name") {
  const auto name = GENERATE(as<std::string>(), "deflate", "br", "gzip, gzip", "zstd");
  const auto decoder =
      ContentDecoder::create(name, [](std::string_view) { return Result<void>(); });
  REQUIRE_FALSE(decoder);
  CHECK(decoder.error() ==
        Error{ErrorCode::kMalformed, "unexpected content encoding \"" + name + "\""});
}

TEST_CASE("W19: content: a watch of one member an event, cut at every byte") {
  const std::string text =
      "{\"type\":\"ADDED\",\"object\":{}}\n{\"type\":\"DELETED\",\"object\":{}}\n\n{\"type\":"
      "\"BOOKMARK\"}\n";
  const std::string bytes = members(text);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Content content;
    ContentDecoder decoder = decoder_into(content, cut % 2 == 0 ? "gzip" : "X-GZIP");
    REQUIRE(feed_cut(decoder, bytes, cut));
    REQUIRE(decoder.finish());
    REQUIRE(content.text == text);
  }
}

TEST_CASE("W19: content: every event is passed on as soon as its member is there") {
  const std::string first = encoding::gzip("first event\n");
  Content content;
  ContentDecoder decoder = decoder_into(content);
  REQUIRE(decoder.feed(first.substr(0, first.size() - 1)));
  CHECK(content.text == "first event\n");
  CHECK_FALSE(decoder.finish());
  REQUIRE(decoder.feed(first.substr(first.size() - 1)));
  CHECK(decoder.finish());
}

TEST_CASE("content: what inflates a thousandfold comes in bounded pieces") {
  const std::string text(5'000'000, 'x');
  Content content;
  ContentDecoder decoder = decoder_into(content);
  REQUIRE(decoder.feed(encoding::gzip(text)));
  REQUIRE(decoder.finish());
  CHECK(content.text == text);
  CHECK(content.longest_piece == ContentDecoder::kPieceBytesMax);
}

TEST_CASE("W20: content: damage and plain text are malformed") {
  std::string bytes = encoding::gzip("some text");
  const auto damage = GENERATE(0, 1, 2, 3);
  if (damage == 0) bytes = "{\"type\":\"ADDED\"}";
  if (damage == 1) bytes[bytes.size() - 5] ^= 1;
  if (damage == 2) bytes += "garbage";
  if (damage == 3) bytes[12] = '\x7f';
  Content content;
  ContentDecoder decoder = decoder_into(content);
  Result<void> fed = decoder.feed(bytes);
  if (fed) fed = decoder.finish();
  REQUIRE_FALSE(fed);
  CHECK(fed.error().code == ErrorCode::kMalformed);
}

TEST_CASE("W20: content: gzip that never came is malformed") {
  Content content;
  ContentDecoder decoder = decoder_into(content);
  CHECK(decoder.feed(""));
  CHECK_FALSE(decoder.finish());
}

TEST_CASE("content: an error of the sink ends feed") {
  auto decoder = ContentDecoder::create("gzip", [](std::string_view) -> Result<void> {
    return Error{ErrorCode::kCancelled, "enough"};
  });
  REQUIRE(decoder);
  const auto fed = decoder->feed(encoding::gzip("some text"));
  REQUIRE_FALSE(fed);
  CHECK(fed.error().message == "enough");
}

}  // namespace lookout::kube
