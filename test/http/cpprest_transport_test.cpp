#include "lookout/http/cpprest_transport.hpp"

#include <catch2/catch.hpp>

#include "test/http/transport_conformance.hpp"

namespace lookout::http {
namespace {

constexpr auto create = create_cpprest_transport;

std::string refusal(const std::string& origin, const std::string& proxy = "",
                    const std::string& server_name = "") {
  TransportOptions options{*parse_url(origin), {}, std::nullopt};
  if (!proxy.empty()) options.proxy = *parse_url(proxy);
  options.tls.server_name = server_name;
  const auto supported = cpprest_supports(options);
  if (supported) return "";
  CHECK(supported.error().code == ErrorCode::kInvalid);
  CHECK_FALSE(create(options).ok());
  return supported.error().message;
}

}  // namespace

TEST_CASE("cpprest transport: requests") {
  conformance::requests(create);
}
TEST_CASE("cpprest transport: bodies") {
  conformance::bodies(create);
}
TEST_CASE("cpprest transport: failures") {
  conformance::failures(create);
}
TEST_CASE("cpprest transport: cancellation") {
  conformance::cancellation(create);
}
TEST_CASE("W8: cpprest transport: time-outs") {
  conformance::time_outs(create);
}
TEST_CASE("cpprest transport: connections") {
  conformance::connections(create);
}
TEST_CASE("A10: cpprest transport: TLS") {
  conformance::tls(create);
}
TEST_CASE("cpprest transport: proxies") {
  conformance::proxies(create);
}

TEST_CASE("cpprest transport: says what it cannot do") {
  using Catch::Matchers::Contains;
  CHECK(refusal("https://10.0.0.1:6443").empty());
  CHECK(refusal("http://localhost:8080", "http://proxy.test:3128").empty());
  CHECK_THAT(refusal("https://[::1]:6443"), Contains("[::1]:6443") && Contains("IPv6 literal"));
  CHECK_THAT(refusal("https://a.test", "socks5://user:secret@p.test"),
             Contains("socks5") && !Contains("secret"));
  CHECK_THAT(refusal("https://a.test", "https://p.test"), Contains("https proxy"));
  CHECK_THAT(refusal("https://a.test", "http://[::1]:3128"), Contains("IPv6 literal"));
  CHECK_THAT(refusal("https://a.test", "", "b.test"), Contains("tls-server-name"));
  CHECK_THAT(refusal("socks5://a.test"), Contains("socks5"));
}

}  // namespace lookout::http
