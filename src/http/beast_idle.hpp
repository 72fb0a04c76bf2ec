// Connections that wait for another request, of all Beast transports of the process. Nobody watches
// them: those that waited too long are closed by whoever sends next, and by close_old().
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

#include "src/http/beast_wire.hpp"

namespace lookout::http {

// Servers close idle connections after 20 s (S3) to 75 s (nginx).
inline constexpr std::chrono::seconds kIdleAgeMax{15};
inline constexpr std::size_t kIdleWiresMax = 64;

// Thread-safe.
class IdleWires {
 public:
  using Owner = const void*;

  static IdleWires& of_process();
  // `clock` outlives this.
  explicit IdleWires(const Clock& clock) : clock_(clock) {}

  void put(Owner owner, std::unique_ptr<Wire> wire, std::size_t owner_max) EXCLUDES(mutex_);
  // The one that was used last and is still quiet; nullptr: none.
  std::unique_ptr<Wire> take(Owner owner) EXCLUDES(mutex_);
  void drop(Owner owner) EXCLUDES(mutex_);
  void close_old() EXCLUDES(mutex_);

 private:
  struct Idle {
    Owner owner = nullptr;
    MonoTime since;
    std::unique_ptr<Wire> wire;
  };
  // Moved out under the lock, closed after it.
  using Closing = std::vector<std::unique_ptr<Wire>>;

  std::unique_ptr<Wire> pop(Owner owner) EXCLUDES(mutex_);
  void remove_old(Closing& closing) LOCKED(mutex_);

  const Clock& clock_;
  Mutex mutex_;
  std::deque<Idle> idle_ GUARDED_BY(mutex_);  // oldest first
};

}  // namespace lookout::http
