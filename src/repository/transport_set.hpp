// The transports of one repository, one an origin, kept between scans for their connections.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

// Who named an origin. What a server names gets neither the client certificate nor the
// tls-server-name of the settings, only their trust.
enum class NamedBy { kSettings, kServer };

class TransportSet {
 public:
  static constexpr std::size_t kTransportsMax = 8;

  // Both outlive this.
  TransportSet(const RepositorySettings& settings, const ScanContext& context);

  // Reads the TLS files again; transports made from other ones are dropped. Once a scan, before
  // open(). kInvalid: a file that cannot be read.
  Result<void> refresh();

  // What the settings' files held at refresh().
  const http::TlsOptions& tls() const { return tls_; }

  // To that origin, through the proxy of the settings or of the environment. Valid until
  // kTransportsMax others were opened or refresh(). kInvalid: TLS material or a proxy that the
  // transport refuses.
  Result<http::Transport*> open(const http::Url& origin, NamedBy named_by);

 private:
  struct Entry {
    std::string origin;
    NamedBy named_by;
    std::unique_ptr<http::Transport> transport;
  };

  const RepositorySettings& settings_;
  const ScanContext& context_;
  http::TlsOptions tls_;
  std::deque<Entry> entries_;
};

// settings.proxy_url, else what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. kInvalid; nothing of
// the URL is quoted, as it may hold a password.
Result<std::optional<http::Url>> choose_proxy(const std::string& proxy_url, const http::Url& origin,
                                              const aws::Environment& environment);

}  // namespace lookout::repository
