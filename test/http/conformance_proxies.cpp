#include <catch2/catch.hpp>

#include <vector>

#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using fakes::RawConnection;
using fakes::RawServer;

// Remembers what it was asked, then lets everything through to 127.0.0.1:`port`.
class ConnectProxy {
 public:
  explicit ConnectProxy(std::uint16_t port)
      : server_([this, port](RawConnection& client) {
          remember(client.read_head());
          fakes::run_tunnel(client, port);
        }) {}

  Url url(const std::string& userinfo = "") const {
    Url url = *parse_url(server_.url());
    url.userinfo = userinfo;
    return url;
  }
  std::vector<std::string> asked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return asked_;
  }

 private:
  void remember(std::string head) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    asked_.push_back(std::move(head));
  }

  mutable Mutex mutex_;
  std::vector<std::string> asked_ GUARDED_BY(mutex_);
  RawServer server_;
};

void tunnels(const Factory& create) {
  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "DNS:cluster.test"});
  const RawServer server(
      [](RawConnection& connection) {
        while (true) {
          const std::string head = connection.read_head();
          if (head.empty()) return;
          connection.write(fakes::plain_answer(head));
        }
      },
      fakes::ServerTls{identity, ""});
  ConnectProxy proxy(server.port());
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  // The name is the proxy's to resolve.
  const auto transport =
      connect(create, "https://cluster.test:6443", tls, proxy.url("user:p%40ss"));
  Request request;
  request.headers = {{"Authorization", "Bearer secret"}};
  for (int i = 0; i < 3; ++i) {
    WatchedSink sink;
    CHECK(message_of(transport->send(request, sink, {})) == "success");
    CHECK_THAT(sink.body(), StartsWith("GET / HTTP/1.1\r\n") && Contains("Bearer secret") &&
                                !Contains("Proxy-Authorization"));
  }
  REQUIRE_FALSE(proxy.asked().empty());
  for (const std::string& asked : proxy.asked()) {
    CHECK_THAT(asked, StartsWith("CONNECT cluster.test:6443 HTTP/1.1\r\n"));
    CHECK_THAT(asked, Contains("Proxy-Authorization: Basic dXNlcjpwQHNz"));
    CHECK_THAT(asked, !Contains("secret"));
  }
}

void refusing_proxy(const Factory& create) {
  const RawServer proxy([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  WatchedSink sink;
  const auto transport = connect(create, "https://cluster.test:6443", {}, *parse_url(proxy.url()));
  const auto result = transport->send({}, sink, {});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(result.error().message, StartsWith("proxy: ") && Contains("407"));
}

void plain_http(const Factory& create) {
  std::promise<std::string> asked;
  const RawServer proxy([&asked](RawConnection& connection) {
    asked.set_value(connection.read_head());
    connection.write(fakes::plain_answer("by proxy"));
  });
  WatchedSink sink;
  const auto transport = connect(create, "http://cluster.test:8080", {}, *parse_url(proxy.url()));
  Request request;
  request.target = "/version?x=1";
  CHECK(message_of(transport->send(request, sink, {})) == "success");
  CHECK(sink.body() == "by proxy");
  CHECK_THAT(asked.get_future().get(),
             StartsWith("GET http://cluster.test:8080/version?x=1 HTTP/1.1\r\n") &&
                 Contains("Host: cluster.test:8080\r\n"));
}

}  // namespace

void proxies(const Factory& create) {
  SECTION("CONNECT for https") {
    tunnels(create);
  }
  SECTION("a proxy that refuses") {
    refusing_proxy(create);
  }
  SECTION("whole URLs for http") {
    plain_http(create);
  }
  SECTION("nobody listens") {
    const std::uint16_t port = RawServer([](RawConnection&) {}).port();
    WatchedSink sink;
    const Url proxy = *parse_url("http://127.0.0.1:" + std::to_string(port));
    const auto transport = connect(create, "https://cluster.test", {}, proxy);
    CHECK_THAT(message_of(transport->send({}, sink, {})), StartsWith("proxy: connect: "));
  }
}

}  // namespace lookout::http::conformance
