#include "lookout/http/cluster_transport.hpp"

#include <catch2/catch.hpp>


#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using conformance::connect;
using conformance::message_of;
using conformance::WatchedSink;
using fakes::RawConnection;
using fakes::RawServer;

constexpr auto create = create_cluster_transport;

void answer(RawConnection& connection) {
  connection.read_head();
  connection.write(fakes::plain_answer("ok"));
  connection.wait_until_closed();
}

std::string body_from(const std::string& url, const TlsOptions& tls = {}) {
  WatchedSink sink;
  const auto transport = connect(create, url, tls);
  return transport->send({}, sink, {}) ? sink.body() : "failed";
}

}  // namespace

TEST_CASE("cluster transport: reaches what either backend can") {
  const RawServer plain(answer);
  const RawServer ipv6(answer, std::nullopt, RawServer::Family::kIpv6);
  CHECK(body_from(plain.url()) == "ok");
  CHECK(body_from(ipv6.url("[::1]")) == "ok");

  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "DNS:inside.test"});
  const RawServer named(answer, fakes::ServerTls{identity, ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  CHECK(body_from(named.url(), tls) == "failed");
  tls.server_name = "inside.test";
  CHECK(body_from(named.url(), tls) == "ok");
}

TEST_CASE("cluster transport: a long chunk is not held until it is whole") {
  const bool bulk = GENERATE(true, false);
  const std::string begun(1000, 'x');
  const RawServer stalls([&](RawConnection& connection) {
    connection.read_head();
    connection.write(std::string(fakes::kChunkedHead) + "100000\r\n" + begun);
    connection.wait_until_closed();
  });
  Request request;
  request.bulk = bulk;
  request.idle_timeout = std::chrono::milliseconds(300);
  WatchedSink sink;
  const auto outcome = connect(create, stalls.url())->send(request, sink, {});
  CHECK_THAT(message_of(outcome), Catch::StartsWith("body: timed out"));
  CHECK(sink.body() == (bulk ? begun : ""));
}

TEST_CASE("cluster transport: refuses no proxy of a kubeconfig") {
  const std::string proxy = GENERATE("http://p.test:3128", "http://[::1]:3128", "https://p.test",
                                     "socks5://user:pass@p.test", "socks5h://p.test");
  CHECK(create({*parse_url("https://a.test"), {}, *parse_url(proxy)}).ok());
}

TEST_CASE("cluster transport: bad PEM text is refused by either backend") {
  TlsOptions tls;
  tls.ca_pem = "rubbish";
  tls.server_name = GENERATE("", "inside.test");
  const auto made = create({*parse_url("https://a.test"), tls, std::nullopt});
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kInvalid);
}

}  // namespace lookout::http
