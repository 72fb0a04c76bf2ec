// One read of a repository: fetch, reduce, say what came of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/helm/chart_index.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/repository/scan_error.hpp"
#include "lookout/repository/settings.hpp"

namespace lookout::repository {

struct ScanError {
  ScanErrorType type = ScanErrorType::kConnect;
  std::string message;                              // one line, nothing secret
  std::optional<std::chrono::seconds> retry_after;  // the server asked for it

  bool operator==(const ScanError&) const = default;
};

struct ScanData {
  helm::ChartIndex index;
  std::uint64_t index_bytes = 0;  // as fetched, before Content-Encoding is undone
};
struct Unchanged {};  // 304, or the same digests: the last good data still hold
struct Cancelled {};
using ScanOutcome = std::variant<ScanData, Unchanged, ScanError, Cancelled>;

struct ScanStats {
  LabelledCounter s3_requests;  // {code, op}
};

// What scanners share. All outlive them.
struct ScanContext {
  http::TransportFactory create_transport;  // Beast
  const Clock& clock;
  aws::Environment environment;  // of the process
  ScanStats& stats;
};

// Reads one repository again and again; keeps validators (ETag, Last-Modified), the bucket's
// region, tokens and connections between scans. One thread at a time.
class Scanner {
 public:
  Scanner(RepositorySettings settings, const ScanContext& context);
  ~Scanner();

  // Ends within settings.timeout, and within a second of a stop request.
  ScanOutcome scan(std::stop_token stop);
  const RepositorySettings& settings() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::repository
