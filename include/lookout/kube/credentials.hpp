// Who we are to the API server, now: bearer token (fixed, file that rotates, exec
// plugin), basic auth, client certificate, and the CA. Re-reads files that change
// (tokens every minute, certificates and CA every 5 minutes, all at once after a 401)
// and keeps the last good one while a file is missing or empty.
// Thread-safe. Never logs what it holds.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

struct CredentialStats {
  Counter reloads;        // new material taken over
  Counter reload_errors;  // missing, empty or bad file; failed plugin
};

class Credentials {
 public:
  // kInvalid when a file that is named cannot be read at the start. Does not run plugins.
  // `clock` outlives this.
  static Result<std::unique_ptr<Credentials>> create(const ClusterConfig& config,
                                                     const Clock& clock);
  ~Credentials();

  struct Current {
    std::string authorization;  // value of the header; "" = none. Never sent over http://
    http::TlsOptions tls;
    std::uint64_t tls_generation = 0;  // grows when a new transport is needed

    bool operator==(const Current&) const = default;
  };
  // Reads what is due and runs the plugin when its credential has expired; one thread does so
  // while the others wait for its result. kUnauthorized when the plugin fails; kCancelled.
  Result<Current> current(std::stop_token stop);
  // What current() gave last, without reading or running anything.
  Current held() const;
  // As current(), but without a plugin and without waiting: what is due is read, unless another
  // thread is at it, and what cannot be read leaves things as they are.
  Current reread();
  // After a 401 for `refused`: the next current() reads files and runs the plugin again, but
  // only if `refused` is still what is held, so that many 401s cost one reload.
  void invalidate(const Current& refused);

  const CredentialStats& stats() const;

 private:
  struct State;
  explicit Credentials(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::kube
