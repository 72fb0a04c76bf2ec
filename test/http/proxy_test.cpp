#include <catch2/catch.hpp>

#include <tuple>

#include "lookout/http/transport.hpp"

namespace lookout::http {
namespace {

// The proxy's origin, or "direct".
std::string route(const std::string& origin, const ProxyEnvironment& environment) {
  const auto proxy = proxy_for(*parse_url(origin), environment);
  REQUIRE(proxy.ok());
  return *proxy ? (*proxy)->origin() : "direct";
}

}  // namespace

TEST_CASE("proxy: by the origin's scheme") {
  const ProxyEnvironment both{"http://plain:1", "http://secure:2", ""};
  CHECK(route("http://a.test", both) == "http://plain:1");
  CHECK(route("https://a.test", both) == "http://secure:2");
  CHECK(route("https://a.test", {"http://plain:1", "", ""}) == "direct");
  CHECK(route("http://a.test", {"", "http://secure:2", ""}) == "direct");
}

TEST_CASE("proxy: a scheme may be left out") {
  CHECK(route("https://a.test", {"", "p.test:3128", ""}) == "http://p.test:3128");
  CHECK(route("https://a.test", {"", "socks5://p.test", ""}) == "socks5://p.test:1080");
}

TEST_CASE("proxy: this host is never asked through one") {
  const char* const origin =
      GENERATE("http://localhost", "http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]");
  CHECK(route(origin, {"http://p.test:1", "", ""}) == "direct");
}

TEST_CASE("proxy: NO_PROXY as Go reads it") {
  using Row = std::tuple<const char*, const char*, bool>;
  const auto [rules, origin, direct] = GENERATE(table<const char*, const char*, bool>({
      Row{"*", "https://a.test", true},
      Row{"a.test", "https://a.test", true},
      Row{"A.Test", "https://a.test", true},
      Row{"a.test", "https://x.a.test", true},
      Row{"a.test", "https://ba.test", false},
      Row{".a.test", "https://x.a.test", true},
      Row{".a.test", "https://a.test", false},
      Row{"*.a.test", "https://x.a.test", true},
      Row{"*.a.test", "https://a.test", false},
      Row{"b.test, a.test ,c.test", "https://a.test", true},
      Row{"a.test:6443", "https://a.test:6443", true},
      Row{"a.test:6443", "https://a.test", false},
      Row{"a.test:443", "https://a.test", true},
      Row{"10.0.0.1", "https://10.0.0.1:6443", true},
      Row{"10.0.0.1:6443", "https://10.0.0.1:6443", true},
      Row{"10.0.0.1:443", "https://10.0.0.1:6443", false},
      Row{"10.0.0.1", "https://10.0.0.11", false},
      Row{"10.0.0.0/8", "https://10.255.0.1", true},
      Row{"10.0.0.0/8", "https://11.0.0.1", false},
      Row{"10.0.0.0/9", "https://10.127.255.255", true},
      Row{"10.0.0.0/9", "https://10.128.0.0", false},
      Row{"0.0.0.0/0", "https://11.0.0.1", true},
      Row{"10.0.0.0/33", "https://10.0.0.0", false},
      Row{"10.0.0.0/", "https://10.0.0.0", false},
      Row{"10.0.0.0/8", "https://a.test", false},
      Row{"fd00::/8", "https://[fd12::1]", true},
      Row{"fd00::/8", "https://[fe80::1]", false},
      Row{"[fd00::1]:443", "https://[fd00::1]", true},
      Row{"fd00::1", "https://[fd00::1]:6443", true},
      Row{"[", "https://a.test", false},
      Row{"[]", "https://a.test", false},
      Row{":443", "https://a.test", false},
      Row{",,", "https://a.test", false},
      Row{"", "https://a.test", false},
  }));
  CAPTURE(rules, origin);
  CHECK(route(origin, {"", "http://p.test:1", rules}) == (direct ? "direct" : "http://p.test:1"));
}

TEST_CASE("proxy: variables in capitals win unless they are empty") {
  const ProxyEnvironment read = proxy_environment({{"HTTP_PROXY", "upper"},
                                                   {"http_proxy", "lower"},
                                                   {"HTTPS_PROXY", ""},
                                                   {"https_proxy", "lower"},
                                                   {"no_proxy", "rules"}});
  CHECK(read.http_proxy == "upper");
  CHECK(read.https_proxy == "lower");
  CHECK(read.no_proxy == "rules");
  CHECK(proxy_environment({}).http_proxy.empty());
}

TEST_CASE("proxy: a setting that is no URL names its variable, not its password") {
  using Catch::Matchers::Contains;
  const auto proxy = proxy_for(*parse_url("https://a.test"), {"", "http://me:secret@p:99999", ""});
  REQUIRE_FALSE(proxy.ok());
  CHECK(proxy.error().code == ErrorCode::kInvalid);
  CHECK_THAT(proxy.error().message, Contains("HTTPS_PROXY") && !Contains("secret"));
}

}  // namespace lookout::http
