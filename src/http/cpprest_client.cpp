#include "src/http/cpprest_client.hpp"

#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/http/cpprest_transport.hpp"

namespace lookout::http {
namespace {

using web::http::client::http_client;
using web::http::client::http_client_config;

// Our own time-outs come first; this one only ends what they cannot reach, such as a
// CONNECT to a proxy that stays silent after send() has returned.
constexpr std::chrono::minutes kBackstopTimeout{15};
// Bodies with a Content-Length reach the sink in pieces of this size, so a slow one is
// not taken for a silent one.
constexpr std::size_t kReadBytes = 16 * 1024;

Error unsupported(const std::string& what) {
  return {ErrorCode::kInvalid, what + " is beyond cpprestsdk"};
}

Result<web::web_proxy> cpprest_proxy(const Url& proxy) {
  web::web_proxy made{web::uri(proxy.origin())};
  if (proxy.userinfo.empty()) return made;
  const std::size_t colon = std::min(proxy.userinfo.find(':'), proxy.userinfo.size());
  const auto user = percent_decode(proxy.userinfo.substr(0, colon));
  const auto password =
      percent_decode(proxy.userinfo.substr(std::min(colon + 1, proxy.userinfo.size())));
  if (!user || !password) return Error{ErrorCode::kInvalid, "proxy: bad escape in the user"};
  made.set_credentials(web::credentials(*user, *password));
  return made;
}

void add_socket_options(http_client_config& config, const TransportOptions& options,
                        const std::shared_ptr<Peer>& peer) {
  const bool encrypted = options.origin.scheme == "https";
  // Through a CONNECT tunnel the handle is a plain socket at first and a TLS stream
  // when reused, and nothing tells them apart: such connections rely on idle_timeout.
  if (encrypted && options.proxy) return;
  config.set_nativehandle_options([peer, encrypted](web::http::client::native_handle handle) {
    encrypted ? peer->family.open_tls(handle) : peer->family.open_plain(handle);
  });
}

Result<http_client_config> cpprest_config(const TransportOptions& options,
                                          const std::shared_ptr<Peer>& peer) {
  http_client_config config;
  config.set_max_redirects(0);
  config.set_timeout(kBackstopTimeout);
  config.set_chunksize(kReadBytes);
  config.set_validate_certificates(!options.tls.insecure_skip_verify);
  // RFC 6066 knows no addresses in SNI.
  config.set_tlsext_sni_enabled(!is_ip_address(options.origin.host));
  if (peer->tls) {
    config.set_ssl_context_callback([tls = peer->tls](boost::asio::ssl::context& context) {
      tls->apply(context.native_handle());
    });
  }
  if (options.proxy) {
    auto proxy = cpprest_proxy(*options.proxy);
    if (!proxy) return proxy.error();
    config.set_proxy(*proxy);
  }
  add_socket_options(config, options, peer);
  return config;
}

Result<void> proxy_supported(const Url& proxy) {
  const std::string shown = "proxy " + proxy.origin();
  if (proxy.scheme != "http") return unsupported(shown + ": a " + proxy.scheme + " proxy");
  if (proxy.is_ipv6_literal()) return unsupported(shown + ": an IPv6 literal");
  return {};
}

}  // namespace

Result<void> cpprest_supports(const TransportOptions& options) {
  const Url& origin = options.origin;
  if (origin.scheme != "http" && origin.scheme != "https") {
    return unsupported("server " + origin.origin() + ": a " + origin.scheme + " server");
  }
  if (origin.is_ipv6_literal()) {
    return unsupported("server " + origin.origin() + ": an IPv6 literal");
  }
  if (!options.tls.server_name.empty()) return unsupported("tls-server-name");
  return options.proxy ? proxy_supported(*options.proxy) : Result<void>();
}

Result<std::shared_ptr<Peer>> create_peer(const TransportOptions& options) {
  auto peer = std::shared_ptr<Peer>(
      new Peer{PeerFamily(options.proxy ? *options.proxy : options.origin), nullptr});
  if (options.origin.scheme != "https") return peer;
  auto tls = TlsMaterial::create(options.tls, options.origin.host);
  if (!tls) return tls.error();
  peer->tls = std::move(*tls);
  return peer;
}

Result<std::unique_ptr<http_client>> create_client(const TransportOptions& options,
                                                   const std::shared_ptr<Peer>& peer) {
  try {
    auto config = cpprest_config(options, peer);
    if (!config) return config.error();
    return std::make_unique<http_client>(web::uri(options.origin.origin()), *config);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid, "server URL: " + quote_bounded(error.what())};
  }
}

}  // namespace lookout::http
