// The seam between us and the network: one request out, its answer streamed into
// a sink. Backends: cpprestsdk (API servers; cpprest_transport.hpp) and Boost.Beast (much of an
// API server, see cluster_transport.hpp, and everybody else; beast_transport.hpp).
// test/http/transport_conformance.hpp is the contract as tests; every backend passes it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::http {

// What a kUnavailable error's message of send() begins with: how far the request came. A message
// says "timed out" when, and only when, time ran out; "proxy: " is followed by the phase
// of the conversation with the proxy itself ("proxy: resolve: ...", "proxy: tls: ...").
namespace phase {
inline constexpr std::string_view kResolve = "resolve: ";
inline constexpr std::string_view kConnect = "connect: ";
inline constexpr std::string_view kProxy = "proxy: ";
inline constexpr std::string_view kTls = "tls: ";
inline constexpr std::string_view kHeaders = "headers: ";  // request and response head
inline constexpr std::string_view kBody = "body: ";
}  // namespace phase
inline constexpr std::string_view kTimedOut = "timed out";

// Receives one response, in order: on_head once, then on_body zero or more times.
// Both may run on a thread of the backend, never concurrently, and never after
// send() has returned. An error ends the transfer and is what send() returns.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual Result<void> on_head(const ResponseHead& head) = 0;
  // `bytes` are valid during the call only. Taking long holds the sender back.
  virtual Result<void> on_body(std::string_view bytes) = 0;
};

// One origin (scheme, host, port), its TLS settings and its connections.
// Thread-safe; several sends at once use several connections.
class Transport {
 public:
  virtual ~Transport() = default;

  // Blocks until the whole response went into the sink. Any status is a success
  // here. Redirects are never followed. Errors:
  //   kCancelled    stop was requested, in whatever phase
  //   kUnavailable  resolve, connect, TLS, proxy, reset, time-out, body cut short;
  //                 the message begins with the phase
  //   kInvalid      a request that would break HTTP's framing; nothing was sent
  //   whatever the sink returned
  virtual Result<void> send(const Request& request, BodySink& sink, std::stop_token stop) = 0;
};

struct TlsOptions {
  std::string ca_pem;    // only these are trusted; empty: the system's
  std::string cert_pem;  // client certificate chain, with its key; or both empty
  std::string key_pem;
  bool insecure_skip_verify = false;
  std::string server_name;  // verify and send this name instead of the host; needs Beast

  bool operator==(const TlsOptions&) const = default;
};

struct TransportOptions {
  Url origin;  // path and query are ignored
  TlsOptions tls;
  std::optional<Url> proxy;  // http:// only with cpprestsdk
};

// Makes a transport for one origin: a backend, or a test's script. kInvalid: options it refuses.
using TransportFactory = std::function<Result<std::unique_ptr<Transport>>(TransportOptions)>;

// HTTPS_PROXY, HTTP_PROXY, NO_PROXY (upper or lower case) as Go's
// golang.org/x/net/http/httpproxy reads them: nullopt means direct.
struct ProxyEnvironment {
  std::string http_proxy;
  std::string https_proxy;
  std::string no_proxy;
};
// Of a process' variables; the upper-case name wins unless it is empty.
ProxyEnvironment proxy_environment(const std::map<std::string, std::string>& variables);
Result<std::optional<Url>> proxy_for(const Url& origin, const ProxyEnvironment& environment);

}  // namespace lookout::http
