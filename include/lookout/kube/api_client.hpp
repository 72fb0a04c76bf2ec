// Requests to one API server: transport + credentials + the answers' meaning.
// Adds User-Agent, Authorization, impersonation; a non-2xx answer becomes an Error;
// 401 makes the credentials reload; changed TLS material makes a new transport.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/kube/cluster_config.hpp"
#include "lookout/kube/credentials.hpp"

namespace lookout::kube {

struct ApiRequest {
  std::string target;  // path and query
  std::string accept;
  std::chrono::milliseconds header_timeout{30'000};
  std::chrono::milliseconds idle_timeout{30'000};
  bool bulk = false;  // see http::Request
};

// All that is ever POSTed: two virtual resources, questions that the API server answers and
// stores nowhere. The controller never writes, so there is no way to POST anything else.
enum class Review { kToken, kAccess };  // TokenReview, SubjectAccessReview

struct ReviewRequest {
  Review kind = Review::kToken;
  std::string body;                           // JSON
  std::chrono::milliseconds timeout{10'000};  // as header_timeout and idle_timeout
};

struct ApiClientStats {
  std::string host;  // with the port; set before the first request, then constant
  // rest_client_requests_total{code,method,host}; code "<error>" when no answer came.
  LabelledCounter requests;
  Histogram request_seconds{kRequestSecondsBounds};  // of GETs
  Histogram review_seconds{kRequestSecondsBounds};   // of POSTs
  Counter bytes_received;
};

class ApiClient {
 public:
  using TransportFactory =
      std::function<Result<std::unique_ptr<http::Transport>>(const http::TransportOptions&)>;
  // Fails as the factory and the first credentials do. `clock` outlives the client.
  static Result<std::unique_ptr<ApiClient>> create(ClusterConfig config, TransportFactory factory,
                                                   const Clock& clock);
  ~ApiClient();

  // GET. The sink sees only 2xx answers. Errors: of Transport::send, of the sink, and
  // error_from_response() for any other status.
  Result<void> get(const ApiRequest& request, http::BodySink& sink, std::stop_token stop);
  // POST; otherwise as get(). For AccessReviewer.
  Result<void> post(const ReviewRequest& request, http::BodySink& sink, std::stop_token stop);

  // Grows when CA, client certificate or key have changed; reads files that are due. Whoever holds
  // a request open for minutes asks, so as not to stay on a connection of the old ones.
  std::uint64_t tls_generation() const;

  const ApiClientStats& stats() const;
  const CredentialStats& credential_stats() const;

 private:
  struct State;
  explicit ApiClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::kube
