// Keeps a store equal to the API server's release objects of one stream (the whole
// cluster or one namespace): WatchList where the server has it, else LIST, then WATCH,
// and the way back from everything that can go wrong with them.
//
// The protocol is the pure state machine in src/kube/reflector_machine.hpp; this is the
// loop that feeds it answers and carries out what it asks for.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/kube/delta.hpp"
#include "lookout/kube/payload_decoder.hpp"

namespace lookout::kube {

// How long a server is asked to keep a watch open: between these two, at random.
inline constexpr std::chrono::seconds kWatchTimeMin{300};
inline constexpr std::chrono::seconds kWatchTimeMax{600};

struct ReflectorOptions {
  StorageDriver driver = StorageDriver::kSecret;
  std::string ns;                           // "" = all namespaces
  std::uint32_t relist_page_items = 5'000;  // only for LISTs at resourceVersion ""
};

// For metrics; label values are enums' names, closed.
struct ReflectorStats {
  Gauge synced;                        // 1 once the store equalled the server's
  Gauge last_event_timestamp_seconds;  // 0: none yet
  Gauge last_bookmark_timestamp_seconds;
  LabelledCounter lists;           // {result}
  LabelledCounter watches;         // {result}
  LabelledCounter relists;         // {reason}
  LabelledCounter watch_restarts;  // {reason}
  Counter watch_bytes;
  Counter skipped_events;
};

// What readiness asks.
struct StreamStatus {
  bool synced = false;              // since ever: stays true through later outages
  bool refused = false;             // the last answer was 403 or 404
  std::optional<Error> last_error;  // of the last attempt; empty when it worked
};

class Reflector {
 public:
  // client, clock and stats outlive the reflector.
  Reflector(ApiClient& client, ReflectorOptions options, DeltaSink sink, const Clock& clock,
            ReflectorStats& stats);
  ~Reflector();

  // Blocks until stop is requested.
  void run(std::stop_token stop);

  const std::string& ns() const;
  // Any thread.
  StreamStatus status() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::kube
