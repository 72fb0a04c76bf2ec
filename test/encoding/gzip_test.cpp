#include "lookout/encoding/gzip.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace lookout::encoding {
namespace {

using namespace std::string_literals;

struct Unpacked {
  std::string text;
  bool ok = true;         // no step failed
  bool complete = false;  // ended at a boundary

  bool operator==(const Unpacked&) const = default;
};

Unpacked unpack(Gunzip& gunzip, std::string_view zipped, std::size_t piece = 64,
                std::size_t room = 64) {
  Unpacked result;
  std::string out(room, '\0');
  for (;;) {
    const Result<Gunzip::Step> step = gunzip.step(zipped.substr(0, piece), out);
    if (!step.ok()) {
      CHECK(step.error().code == ErrorCode::kMalformed);
      result.ok = false;
      return result;
    }
    zipped.remove_prefix(step->consumed);
    result.text.append(out, 0, step->produced);
    if (step->consumed == 0 && step->produced == 0) break;
  }
  result.complete = gunzip.at_boundary() && zipped.empty();
  return result;
}

Unpacked unpack(std::string_view zipped, std::size_t piece = 64, std::size_t room = 64) {
  Gunzip gunzip;
  return unpack(gunzip, zipped, piece, room);
}

// A member with a header of its own choice around the blocks of "hi".
std::string member(std::string_view header) {
  const std::string plain = gzip("hi");
  return std::string(header) + plain.substr(kGzipHeader.size());
}

TEST_CASE("gzip: unpacking is the inverse of packing, for any text, piece and room") {
  CHECK(rc::check([](const std::string& text) {
    const auto level = *rc::gen::inRange(0, 10);
    const auto piece = *rc::gen::inRange<std::size_t>(1, 40);
    const auto room = *rc::gen::inRange<std::size_t>(1, 40);
    RC_ASSERT((unpack(gzip(text, level), piece, room) == Unpacked{text, true, true}));
  }));
}

TEST_CASE("gunzip: members behind each other are one stream") {
  CHECK(unpack(gzip("one ") + gzip("") + gzip("two")) == Unpacked{"one two", true, true});
}

TEST_CASE("gunzip: each cut leaves it away from a boundary") {
  const std::string zipped = gzip("some text that is worth packing, packing, packing");
  const std::size_t size = GENERATE_COPY(range(std::size_t{0}, zipped.size()));
  const Unpacked result = unpack(zipped.substr(0, size));
  CHECK(result.ok);
  CHECK_FALSE(result.complete);
}

TEST_CASE("gunzip: optional header parts are read as Go reads them") {
  const auto [what, header, accepted] = GENERATE(table<std::string, std::string, bool>({
      {"plain", "\x1f\x8b\x08\x00----\x00\xff"s, true},
      {"reserved flags", "\x1f\x8b\x08\xe0----\x00\xff"s, true},
      {"extra", "\x1f\x8b\x08\x04----\x00\xff\x03\x00xyz"s, true},
      {"empty extra", "\x1f\x8b\x08\x04----\x00\xff\x00\x00"s, true},
      {"name", "\x1f\x8b\x08\x08----\x00\xff"s + "a.json\0"s, true},
      {"comment", "\x1f\x8b\x08\x10----\x00\xff"s + "text\0"s, true},
      {"name and comment", "\x1f\x8b\x08\x18----\x00\xff"s + "n\0c\0"s, true},
      {"longest name", "\x1f\x8b\x08\x08----\x00\xff"s + std::string(511, 'n') + "\0"s, true},
      {"name too long", "\x1f\x8b\x08\x08----\x00\xff"s + std::string(512, 'n') + "\0"s, false},
      {"wrong header CRC", "\x1f\x8b\x08\x02----\x00\xff\x00\x00"s, false},
      {"other method", "\x1f\x8b\x07\x00----\x00\xff"s, false},
      {"other magic", "\x1f\x8c\x08\x00----\x00\xff"s, false},
  }));
  CAPTURE(what);
  const auto piece = GENERATE(as<std::size_t>{}, 1, 7, 1000);
  const Unpacked result = unpack(member(header), piece);
  CHECK(result.ok == accepted);
  CHECK(result.complete == accepted);
  CHECK((result.text == "hi") == accepted);
}

TEST_CASE("gunzip: a right header CRC passes") {
  // CRC-32 of the twelve bytes before it, low half, computed by Python's zlib.crc32.
  const std::string header = "\x1f\x8b\x08\x0a\x00\x00\x00\x00\x00\xffn\x00"s;
  const std::string crc = "\x97\xbe"s;
  CHECK(unpack(member(header + crc)) == Unpacked{"hi", true, true});
}

TEST_CASE("gunzip: damage is malformed, text before it is delivered") {
  std::string zipped = gzip("hello hello hello");
  const auto [what, at, bit] =
      GENERATE(table<std::string, int, int>({{"CRC", -8, 1},
                                             {"last byte of the CRC", -5, 128},
                                             {"size", -4, 1},
                                             {"size's top", -1, 128}}));
  CAPTURE(what);
  zipped[zipped.size() - static_cast<std::size_t>(-at)] ^= static_cast<char>(bit);
  const Unpacked result = unpack(zipped, 1000, 1000);
  CHECK_FALSE(result.ok);
  CHECK(result.text == "hello hello hello");
}

TEST_CASE("gunzip: garbage behind the last member is no member") {
  const std::string tail = GENERATE(as<std::string>{}, std::string(1, '\0'), std::string(20, '\0'),
                                    "x", "\x1f", "\x1f\x8b\x08");
  const Unpacked result = unpack(gzip("hi") + tail);
  CHECK_FALSE(result.complete);
  CHECK(result.text == "hi");
}

TEST_CASE("gunzip: reserved block type and too distant copies are malformed") {
  const std::string blocks = GENERATE(as<std::string>{}, "\x07", "\x4b\x04\x12\x00\x00\xff\xff");
  CHECK_FALSE(unpack(std::string(kGzipHeader) + blocks + std::string(20, '\0')).ok);
}

TEST_CASE("gunzip: fails for good, until reset") {
  Gunzip gunzip;
  std::string out(8, '\0');
  REQUIRE_FALSE(gunzip.step("nonsense", out).ok());
  CHECK_FALSE(gunzip.step(gzip("hi"), out).ok());
  gunzip.reset();
  CHECK(unpack(gunzip, gzip("hi")) == Unpacked{"hi", true, true});
  gunzip.reset();
  CHECK_FALSE(gunzip.at_boundary());
}

TEST_CASE("gunzip: a member's end is told") {
  Gunzip gunzip;
  std::string out(64, '\0');
  const std::string zipped = gzip("one");
  const Result<Gunzip::Step> step = gunzip.step(zipped + gzip("two"), out);
  REQUIRE(step.ok());
  CHECK(step->consumed == zipped.size());
  CHECK(step->produced == 3);
  CHECK(step->member_ended);
}

TEST_CASE("gunzip: a bomb comes out piece by piece, never as a whole") {
  const std::string bomb = gzip(std::string(10U << 20, ' '), 9);
  CHECK(bomb.size() < 12'000);
  Gunzip gunzip;
  std::string out(4096, '\0');
  const Result<Gunzip::Step> step = gunzip.step(bomb, out);
  REQUIRE(step.ok());
  CHECK(step->produced == out.size());
  CHECK(step->consumed < 100);
}

TEST_CASE("deflate blocks: any sequence makes one gzip member") {
  CHECK(rc::check([](const std::vector<std::string>& texts) {
    std::string body(kGzipHeader);
    std::string whole;
    GzipSum sum;
    for (const std::string& text : texts) {
      const DeflatedBlock block = deflate_block(text);
      RC_ASSERT(block.text_bytes == text.size());
      body += block.blocks;
      sum = append(sum, block);
      whole += text;
    }
    body += gzip_trailer(sum);
    RC_ASSERT((unpack(body) == Unpacked{whole, true, true}));
  }));
}

TEST_CASE("deflate blocks: a block of megabytes of noise survives") {
  std::string noise(3U << 20, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  const DeflatedBlock block = deflate_block(noise);
  const std::string body =
      std::string(kGzipHeader) + block.blocks + gzip_trailer(append({}, block));
  CHECK(unpack(body, 1U << 20, 1U << 20).text == noise);
}

}  // namespace
}  // namespace lookout::encoding
