// Who may read from the metrics addresses, and over what, as the settings say.
#pragma once

#include <memory>
#include <optional>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/server.hpp"
#include "lookout/kube/access_review.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/metrics/auth_stats.hpp"
#include "lookout/web/authentication.hpp"

#include "src/cli/settings.hpp"
#include "src/cli/token_file.hpp"

namespace lookout::cli {

class EndpointSecurity {
 public:
  // `client` (needed with --auth-filter, else it may be null) and `clock` outlive this. kInvalid:
  // a token file that cannot be used.
  static Result<std::unique_ptr<EndpointSecurity>> create(const Settings& settings,
                                                          kube::ApiClient* client,
                                                          const Clock& clock);

  // For the metrics addresses; refers to this.
  http::ServerOptions server_options();
  // Follows the token file. From one thread.
  void poll();
  // Before or while the server stops.
  void stop();

  // Null: that mechanism is off.
  const metrics::AuthStats* auth_stats() const;
  const metrics::TokenFileStats* token_file_stats() const;

 private:
  EndpointSecurity() = default;
  void authenticate(const Settings& settings, const Clock& clock);

  std::optional<http::ServerTls> tls_;
  std::unique_ptr<TokenFile> token_file_;
  std::optional<kube::AccessReviewer> reviewer_;
  std::optional<web::Authentication> authentication_;  // last: its threads use the above
};

}  // namespace lookout::cli
