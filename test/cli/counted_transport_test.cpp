#include "src/cli/counted_transport.hpp"

#include <catch2/catch.hpp>

#include "test/fakes/scripted_transport.hpp"

using namespace lookout;
using namespace lookout::cli;

namespace {

struct TextSink final : http::BodySink {
  Result<void> on_head(const http::ResponseHead& head) override {
    status = head.status;
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  int status = 0;
  std::string text;
};

}  // namespace

TEST_CASE("counted transport: passes everything on and counts the body") {
  std::vector<std::size_t> sizes;
  const auto create = counted(
      [](const http::TransportOptions&) -> Result<std::unique_ptr<http::Transport>> {
        auto script = std::make_unique<fakes::ScriptedTransport>();
        script->add({.status = 206, .body = {"abc", "de"}});
        return std::unique_ptr<http::Transport>(std::move(script));
      },
      [&](std::size_t size) { sizes.push_back(size); });
  const auto transport = create({});
  REQUIRE(transport.ok());
  TextSink sink;
  REQUIRE((*transport)->send({}, sink, {}).ok());
  CHECK(sink.status == 206);
  CHECK(sink.text == "abcde");
  CHECK(sizes == std::vector<std::size_t>{3, 2});
}

TEST_CASE("counted transport: options that are refused stay refused") {
  const auto create = counted(
      [](const http::TransportOptions&) -> Result<std::unique_ptr<http::Transport>> {
        return Error{ErrorCode::kInvalid, "no"};
      },
      [](std::size_t) {});
  CHECK(create({}).error() == Error{ErrorCode::kInvalid, "no"});
}
