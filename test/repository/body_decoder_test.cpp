#include "src/repository/body_decoder.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lookout;
using namespace lookout::repository;

namespace {

struct Decoded {
  std::string text;
  Result<void> result;
};

Decoded decode(const http::Headers& headers, const std::vector<std::string>& pieces,
               const BodyLimits& limits = {}) {
  Decoded decoded;
  auto decoder = BodyDecoder::create(headers, limits);
  if (!decoder.ok()) return {"", decoder.error()};
  for (const std::string& piece : pieces) {
    decoded.result = decoder->take(piece, [&](std::string_view text) {
      decoded.text += text;
      return Result<void>();
    });
    if (!decoded.result.ok()) return decoded;
  }
  decoded.result = decoder->finish();
  return decoded;
}

std::vector<std::string> in_pieces(const std::string& text, std::size_t bytes) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < text.size(); i += bytes) pieces.push_back(text.substr(i, bytes));
  return pieces;
}

const http::Headers kGzipped{{"Content-Encoding", "gzip"}};

// Text that deflates about three to one.
std::string varied(std::size_t bytes) {
  std::string text;
  for (unsigned i = 0; text.size() < bytes; ++i) text += std::to_string(i * 2654435761U);
  return text.substr(0, bytes);
}

}  // namespace

TEST_CASE("body decoder: a plain body passes as it is") {
  const auto headers = GENERATE(http::Headers{}, http::Headers{{"Content-Encoding", "identity"}},
                                http::Headers{{"Content-Encoding", "aws-chunked"}});
  const Decoded decoded = decode(headers, {"one ", "two"});
  REQUIRE(decoded.result.ok());
  CHECK(decoded.text == "one two");
}

TEST_CASE("body decoder: gzip in pieces of any size") {
  const auto name = GENERATE("gzip", "GZIP", "x-gzip", "gzip,aws-chunked", "aws-chunked, gzip");
  const std::size_t piece = GENERATE(1U, 7U, 4'096U, 1'000'000U);
  const std::string text = varied(200'000);
  const Decoded decoded =
      decode({{"Content-Encoding", name}}, in_pieces(encoding::gzip(text), piece));
  REQUIRE(decoded.result.ok());
  CHECK(decoded.text == text);
}

TEST_CASE("body decoder: gzip members one behind the other are one body") {
  const Decoded decoded = decode(kGzipped, {encoding::gzip("one ") + encoding::gzip("two")});
  REQUIRE(decoded.result.ok());
  CHECK(decoded.text == "one two");
}

TEST_CASE("body decoder: damaged gzip is malformed") {
  const std::string whole = encoding::gzip(varied(10'000));
  const std::string body =
      GENERATE_COPY(whole.substr(0, 5), whole.substr(0, whole.size() / 2),
                    whole.substr(0, whole.size() - 1), whole + "<html>", std::string("plain text"));
  const Decoded decoded = decode(kGzipped, {body});
  REQUIRE_FALSE(decoded.result.ok());
  CHECK(decoded.result.error().code == ErrorCode::kMalformed);
}

TEST_CASE("body decoder: an empty body is empty, gzip or not") {
  CHECK(decode(kGzipped, {}).result.ok());
  CHECK(decode({}, {}).result.ok());
}

TEST_CASE("body decoder: an encoding that was not asked for is refused") {
  const auto name = GENERATE("br", "zstd", "deflate", "gzip, gzip", "compress");
  const Decoded decoded = decode({{"Content-Encoding", name}}, {"x"});
  CHECK(decoded.result.error().code == ErrorCode::kMalformed);
  CHECK(decoded.text.empty());
}

TEST_CASE("body decoder: too many raw bytes are refused, announced or not") {
  const BodyLimits limits{.raw_bytes_max = 100};
  CHECK(decode({}, {std::string(100, 'x')}, limits).result.ok());
  CHECK(decode({}, {std::string(60, 'x'), std::string(41, 'x')}, limits).result.error().code ==
        ErrorCode::kTooLarge);
  CHECK(decode({{"Content-Length", "101"}}, {}, limits).result.error().code ==
        ErrorCode::kTooLarge);
}

TEST_CASE("body decoder: too many inflated bytes are refused while they come") {
  const BodyLimits limits{.inflated_bytes_max = 150'000};
  const Decoded decoded = decode(kGzipped, {encoding::gzip(varied(300'000))}, limits);
  CHECK(decoded.result.error().code == ErrorCode::kTooLarge);
  CHECK(decoded.text.size() <= limits.inflated_bytes_max);
}

TEST_CASE("HRE-7: body decoder: a bomb ends shortly after the ratio is judged") {
  // zlib reaches 1,030 to 1.
  const Decoded decoded = decode(kGzipped, {encoding::gzip(std::string(64U << 20, ' '), 9)});
  CHECK(decoded.result.error().code == ErrorCode::kTooLarge);
  CHECK(decoded.text.size() < 32U << 20);
}

TEST_CASE("body decoder: a megabyte may inflate from nothing much") {
  const Decoded decoded = decode(kGzipped, {encoding::gzip(std::string(1U << 20, ' '), 9)});
  CHECK(decoded.result.ok());
}

TEST_CASE("body decoder: an error of the taker ends it") {
  auto decoder = BodyDecoder::create(kGzipped);
  REQUIRE(decoder.ok());
  int calls = 0;
  const auto taken = decoder->take(encoding::gzip(varied(1'000'000)), [&](std::string_view) {
    ++calls;
    return Result<void>(Error{ErrorCode::kCancelled, "enough"});
  });
  CHECK(taken.error() == Error{ErrorCode::kCancelled, "enough"});
  CHECK(calls == 1);
}
