#include "lookout/http/beast_transport.hpp"

#include <catch2/catch.hpp>

#include "test/http/transport_conformance.hpp"

namespace lookout::http {
namespace {

Result<std::unique_ptr<Transport>> create(TransportOptions options) {
  return create_beast_transport(std::move(options));
}

}  // namespace

TEST_CASE("beast transport: requests") {
  conformance::requests(create);
}
TEST_CASE("beast transport: bodies") {
  conformance::bodies(create);
}
TEST_CASE("beast transport: failures") {
  conformance::failures(create);
}
TEST_CASE("beast transport: cancellation") {
  conformance::cancellation(create);
}
TEST_CASE("W8: beast transport: time-outs") {
  conformance::time_outs(create);
}
TEST_CASE("beast transport: connections") {
  conformance::connections(create);
}
TEST_CASE("A10: beast transport: TLS") {
  conformance::tls(create);
}
TEST_CASE("beast transport: proxies") {
  conformance::proxies(create);
}

}  // namespace lookout::http
