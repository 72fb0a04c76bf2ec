#include "lookout/encoding/base64.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace lookout::encoding {
namespace {

// A source that hands out `piece` bytes a read, then ends or fails.
struct Trickle {
  std::string_view rest;
  std::size_t piece = 1;
  bool broken = false;

  std::size_t read(std::span<char> out) {
    const std::size_t size = rest.copy(out.data(), std::min(piece, out.size()));
    rest.remove_prefix(size);
    return size;
  }
  bool failed() const { return broken && rest.empty(); }
};

template <class Source>
std::pair<std::string, bool> drain(Source& source, std::size_t room) {
  std::string all;
  std::string out(room, '\0');
  while (const std::size_t size = source.read(out)) all.append(out, 0, size);
  return {all, source.failed()};
}

TEST_CASE("base64: decodes what Go's StdEncoding accepts") {
  const auto [text, bytes] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYmFy", "foobar"},
      {"Zm9v\r\nYmFy\n", "foobar"},
      {"Z\ng\r=\n=\n", "f"},
      {"\n", ""},
      {"Zh==", "f"},
      {"+/+/", "\xfb\xff\xbf"},
  }));
  CAPTURE(text);
  const Result<std::string> decoded = base64_decode(text);
  REQUIRE(decoded.ok());
  CHECK(decoded.value() == bytes);
  CHECK(is_base64(text));
}

TEST_CASE("base64: refuses what Go's StdEncoding refuses") {
  const std::string text = GENERATE(as<std::string>{}, "Z", "Zg", "Zg=", "Zm9", "=",
                                    "==", "Z===", "Zg==Zg==", "Zg== ", "Zm8=\nA", "Zm9v=", "Zm9-",
                                    "Zm9_", " Zm9v", "Zm9v\t", "Zm8=x", "Zg=x=", "Zm\x80v");
  CAPTURE(text);
  const Result<std::string> decoded = base64_decode(text);
  REQUIRE_FALSE(decoded.ok());
  CHECK(decoded.error().code == ErrorCode::kMalformed);
  CHECK_FALSE(is_base64(text));
}

TEST_CASE("base64: a NUL is no base64 character") {
  CHECK_FALSE(is_base64(std::string_view("Zm9v\0", 5)));
  CHECK_FALSE(is_base64(std::string_view("Zm\0v", 4)));
}

TEST_CASE("base64: encode is the inverse of decode, for any bytes") {
  CHECK(rc::check([](const std::string& bytes) {
    const std::string text = base64_encode(bytes);
    RC_ASSERT(text.size() == (bytes.size() + 2) / 3 * 4);
    RC_ASSERT(base64_decode(text).value() == bytes);
  }));
}

TEST_CASE("base64 source: the same bytes for any piece size and room") {
  std::string bytes;
  for (int i = 0; i < 9000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  const std::string text = base64_encode(bytes);
  const auto piece = GENERATE(as<std::size_t>{}, 1, 2, 3, 5, 4096, 100'000);
  const auto room = GENERATE(as<std::size_t>{}, 3, 4, 7, 2048);
  Base64Source<Trickle> source(std::in_place, Trickle{text, piece});
  const auto [out, failed] = drain(source, room);
  CHECK(out == bytes);
  CHECK_FALSE(failed);
}

TEST_CASE("base64 source: delivers what is good, then fails") {
  const auto piece = GENERATE(as<std::size_t>{}, 1, 4, 64);
  Base64Source<Trickle> source(std::in_place, Trickle{"Zm9vYmFy*AAA", piece});
  const auto [out, failed] = drain(source, 16);
  CHECK(out == "foobar");
  CHECK(failed);
  std::string more(8, '\0');
  CHECK(source.read(more) == 0);
}

TEST_CASE("base64 source: a cut group fails at the end") {
  Base64Source<TextSource> source(std::in_place, "Zm9vYm");
  const auto [out, failed] = drain(source, 16);
  CHECK(out == "foo");
  CHECK(failed);
}

TEST_CASE("base64 source: a failing source below fails the layer above") {
  Base64Source<Trickle> source(std::in_place, Trickle{"Zm9v", 4, true});
  const auto [out, failed] = drain(source, 16);
  CHECK(out == "foo");
  CHECK(failed);
}

TEST_CASE("base64 source: layers nest") {
  const std::string text = base64_encode(base64_encode("release"));
  Base64Source<Base64Source<TextSource>> source(std::in_place, std::in_place, text);
  const auto [out, failed] = drain(source, 8);
  CHECK(out == "release");
  CHECK_FALSE(failed);
}

}  // namespace
}  // namespace lookout::encoding
