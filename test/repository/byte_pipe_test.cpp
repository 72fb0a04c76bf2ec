#include "src/repository/byte_pipe.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <future>
#include <string>
#include <thread>

using namespace lookout;
using namespace lookout::repository;

namespace {

constexpr std::chrono::seconds kGuard{20};

std::string read_all(BytePipe& pipe, std::size_t piece_bytes) {
  std::string out;
  std::string piece(piece_bytes, '\0');
  for (;;) {
    const auto got = pipe.read(piece);
    REQUIRE(got.ok());
    if (*got == 0) return out;
    out.append(piece, 0, *got);
  }
}

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>((i * 31 + i / 251) % 256);
  return text;
}

// A write of more than fits, on a thread of its own.
std::future<Result<void>> write_too_much(BytePipe& pipe, std::stop_token stop) {
  return std::async(std::launch::async, [&pipe, stop] {
    return pipe.write(std::string(BytePipe::kBytesMax + 1, 'x'), stop);
  });
}

}  // namespace

TEST_CASE("byte pipe: all bytes come out in order, whatever the pieces are") {
  const std::size_t written = GENERATE(1U, 1'000U, 70'000U, 400'000U);
  const std::size_t read = GENERATE(1'009U, 65'536U, 300'000U);
  const std::string text = pattern(3 * BytePipe::kBytesMax + 17);
  BytePipe pipe;
  std::jthread writer([&] {
    std::size_t begin = text.size() - text.size() % (written == 1 ? text.size() / 3 : written);
    // Single bytes for a third of the text are enough.
    static_cast<void>(pipe.write(std::string_view(text).substr(0, begin), {}));
    for (; begin < text.size(); begin += written) {
      static_cast<void>(pipe.write(std::string_view(text).substr(begin, written), {}));
    }
    pipe.finish();
  });
  CHECK(read_all(pipe, read) == text);
}

TEST_CASE("byte pipe: a reader waits for bytes and sees the end after the last of them") {
  BytePipe pipe;
  auto text = std::async(std::launch::async, [&] { return read_all(pipe, 10); });
  REQUIRE(pipe.write("some", {}).ok());
  REQUIRE(pipe.write("thing", {}).ok());
  pipe.finish();
  CHECK(text.get() == "something");
}

TEST_CASE("byte pipe: a failure overtakes what is left to read") {
  BytePipe pipe;
  REQUIRE(pipe.write("left", {}).ok());
  pipe.fail({ErrorCode::kUnavailable, "body: reset"});
  std::array<char, 8> out{};
  const auto got = pipe.read(out);
  REQUIRE_FALSE(got.ok());
  CHECK(got.error() == Error{ErrorCode::kUnavailable, "body: reset"});
}

TEST_CASE("byte pipe: a failure releases a reader that waits") {
  BytePipe pipe;
  auto got = std::async(std::launch::async, [&] {
    std::array<char, 8> out{};
    return pipe.read(out);
  });
  pipe.fail({ErrorCode::kCancelled, "cancelled"});
  REQUIRE(got.wait_for(kGuard) == std::future_status::ready);
  CHECK(got.get().error().code == ErrorCode::kCancelled);
}

TEST_CASE("byte pipe: a full pipe holds the writer until there is room") {
  BytePipe pipe;
  auto written = write_too_much(pipe, {});
  std::string out(BytePipe::kBytesMax, '\0');
  std::size_t got = 0;
  while (got < out.size()) got += pipe.read(std::span(out).subspan(got)).value();
  REQUIRE(written.wait_for(kGuard) == std::future_status::ready);
  CHECK(written.get().ok());
}

TEST_CASE("byte pipe: stop and a closed reader release a writer that waits") {
  BytePipe pipe;
  std::stop_source stop;
  auto written = write_too_much(pipe, stop.get_token());
  SECTION("stop") {
    stop.request_stop();
  }
  SECTION("close") {
    pipe.close();
  }
  REQUIRE(written.wait_for(kGuard) == std::future_status::ready);
  CHECK(written.get().error().code == ErrorCode::kCancelled);
}

TEST_CASE("byte pipe: nothing is written once the reader has closed") {
  BytePipe pipe;
  pipe.close();
  CHECK(pipe.write("late", {}).error().code == ErrorCode::kCancelled);
}
