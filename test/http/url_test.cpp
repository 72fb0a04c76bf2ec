#include "lookout/http/url.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <tuple>

namespace lookout::http {

using Catch::Matchers::Contains;

TEST_CASE("url: splits into its parts") {
  using Row = std::tuple<const char*, Url>;
  const auto [text, expected] = GENERATE(table<const char*, Url>({
      Row{"https://10.0.0.1:6443", {"https", "", "10.0.0.1", 6443, "/", ""}},
      Row{"https://Example.ORG/a/B?x=1&y", {"https", "", "example.org", 443, "/a/B", "x=1&y"}},
      Row{"HTTP://a", {"http", "", "a", 80, "/", ""}},
      Row{"http://a?q=1", {"http", "", "a", 80, "/", "q=1"}},
      Row{"http://a/#part", {"http", "", "a", 80, "/", ""}},
      Row{"http://a:/x", {"http", "", "a", 80, "/x", ""}},
      Row{"https://[FE80::1]:8443/", {"https", "", "fe80::1", 8443, "/", ""}},
      Row{"https://[::1]", {"https", "", "::1", 443, "/", ""}},
      Row{"http://me:p%40ss@proxy:3128", {"http", "me:p%40ss", "proxy", 3128, "/", ""}},
      Row{"http://a@b@c/", {"http", "a@b", "c", 80, "/", ""}},
      Row{"socks5://p", {"socks5", "", "p", 1080, "/", ""}},
      Row{"https://a//b/../c", {"https", "", "a", 443, "//b/../c", ""}},
  }));
  const auto url = parse_url(text);
  REQUIRE(url.ok());
  CHECK(*url == expected);
}

TEST_CASE("url: refuses what is none, and says why") {
  using Row = std::tuple<std::string, const char*>;
  const auto [text, why] = GENERATE(table<std::string, const char*>({
      Row{"", "no scheme"},
      Row{"10.0.0.1:6443", "no scheme"},
      Row{"ftp://a", "unsupported scheme \"ftp\""},
      Row{"://a", "unsupported scheme"},
      Row{"http://", "no host"},
      Row{"http:///path", "no host"},
      Row{"http://user@", "no host"},
      Row{"http://a b", "space"},
      Row{"http://a\r\nHost: b", "control"},
      Row{"http://\xc3\xa4", "non-ASCII"},
      Row{"http://a\\b", "space"},
      Row{"http://a:0", "bad port"},
      Row{"http://a:65536", "bad port"},
      Row{"http://a:-1", "bad port"},
      Row{"http://a:80x", "bad port"},
      Row{"http://a_b$c", "bad host"},
      Row{"http://[::1", "without"},
      Row{"http://[::g]", "bad IPv6"},
      Row{"http://[]", "bad IPv6"},
      Row{"http://[::1]x", "after"},
      Row{"http://a/" + std::string(8192, 'x'), "longer than"},
  }));
  const auto url = parse_url(text);
  REQUIRE_FALSE(url.ok());
  CHECK(url.error().code == ErrorCode::kInvalid);
  CHECK_THAT(url.error().message, Contains(why));
}

TEST_CASE("url: errors never show the user's password") {
  for (const char* text : {"ftp://me:secret@h", "http://me:secret@h:99999", "http://me:secret@",
                           "http://me:secret@[::g]", "me:secret@h"}) {
    const auto url = parse_url(text);
    REQUIRE_FALSE(url.ok());
    CHECK_THAT(url.error().message, !Contains("secret"));
  }
}

TEST_CASE("url: writes itself") {
  const auto url = parse_url("https://me:secret@[::1]:8443/a?token=b");
  REQUIRE(url.ok());
  CHECK(url->is_ipv6_literal());
  CHECK(url->host_and_port() == "[::1]:8443");
  CHECK(url->origin() == "https://[::1]:8443");
  CHECK(url->redacted() == "https://[::1]:8443/a");
  CHECK(parse_url("http://example.org")->host_and_port() == "example.org:80");
}

TEST_CASE("percent encoding: keeps the unreserved only") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b/c,d=e&f%\xff") == "a%20b%2Fc%2Cd%3De%26f%25%FF");
  CHECK(percent_encode("").empty());
}

TEST_CASE("percent encoding: bad escapes are refused") {
  for (const char* text : {"%", "a%4", "%g1", "%1g", "%%41"}) {
    const auto decoded = percent_decode(text);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().code == ErrorCode::kMalformed);
  }
  CHECK(*percent_decode("a%2fb%2F+%00") == std::string("a/b/+\0", 6));
}

TEST_CASE("percent encoding: decoding gives back what was encoded") {
  CHECK(rc::check(
      [](const std::string& text) { RC_ASSERT(*percent_decode(percent_encode(text)) == text); }));
}

TEST_CASE("url: any bytes give a URL or an error") {
  CHECK(rc::check([](const std::string& text) {
    const auto url = parse_url("http://" + text);
    const bool sound = !url || !url->host.empty();
    RC_ASSERT(sound);
  }));
}

}  // namespace lookout::http
