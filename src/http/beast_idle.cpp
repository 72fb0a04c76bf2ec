#include "src/http/beast_idle.hpp"

#include <algorithm>
#include <utility>

namespace lookout::http {

IdleWires& IdleWires::of_process() {
  static IdleWires wires;
  return wires;
}

void IdleWires::put(Owner owner, std::unique_ptr<Wire> wire, std::size_t owner_max) {
  const MonoTime now = SystemClock().now();
  Closing closing;
  MutexLock lock(mutex_);
  const auto owned = std::count_if(idle_.begin(), idle_.end(),
                                   [owner](const Idle& idle) { return idle.owner == owner; });
  if (static_cast<std::size_t>(owned) >= owner_max) return;
  idle_.push_back({owner, now, std::move(wire)});
  while (idle_.size() > kIdleWiresMax || idle_.front().since + kIdleAgeMax < now) {
    remove_oldest(closing);
  }
}

std::unique_ptr<Wire> IdleWires::take(Owner owner) {
  while (auto wire = pop(owner)) {
    if (wire->is_quiet()) return wire;
  }
  return nullptr;
}

void IdleWires::drop(Owner owner) {
  while (pop(owner)) {
  }
}

std::unique_ptr<Wire> IdleWires::pop(Owner owner) {
  const MonoTime now = SystemClock().now();
  Closing closing;
  MutexLock lock(mutex_);
  while (!idle_.empty() && idle_.front().since + kIdleAgeMax < now) remove_oldest(closing);
  const auto last = std::find_if(idle_.rbegin(), idle_.rend(),
                                 [owner](const Idle& idle) { return idle.owner == owner; });
  if (last == idle_.rend()) return nullptr;
  auto wire = std::move(last->wire);
  idle_.erase(std::next(last).base());
  return wire;
}

void IdleWires::remove_oldest(Closing& closing) {
  closing.push_back(std::move(idle_.front().wire));
  idle_.pop_front();
}

}  // namespace lookout::http
