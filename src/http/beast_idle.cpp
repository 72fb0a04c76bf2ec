#include "src/http/beast_idle.hpp"

#include <algorithm>
#include <utility>

namespace lookout::http {

IdleWires& IdleWires::of_process() {
  static const SystemClock clock;
  static IdleWires wires(clock);
  return wires;
}

void IdleWires::put(Owner owner, std::unique_ptr<Wire> wire, std::size_t owner_max) {
  Closing closing;
  MutexLock lock(mutex_);
  remove_old(closing);
  const auto owned = std::count_if(idle_.begin(), idle_.end(),
                                   [owner](const Idle& idle) { return idle.owner == owner; });
  if (static_cast<std::size_t>(owned) >= owner_max) return;
  if (idle_.size() == kIdleWiresMax) {
    closing.push_back(std::move(idle_.front().wire));
    idle_.pop_front();
  }
  idle_.push_back({owner, clock_.now(), std::move(wire)});
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

void IdleWires::close_old() {
  Closing closing;
  MutexLock lock(mutex_);
  remove_old(closing);
}

std::unique_ptr<Wire> IdleWires::pop(Owner owner) {
  Closing closing;
  MutexLock lock(mutex_);
  remove_old(closing);
  const auto last = std::find_if(idle_.rbegin(), idle_.rend(),
                                 [owner](const Idle& idle) { return idle.owner == owner; });
  if (last == idle_.rend()) return nullptr;
  auto wire = std::move(last->wire);
  idle_.erase(std::next(last).base());
  return wire;
}

void IdleWires::remove_old(Closing& closing) {
  const MonoTime oldest = clock_.now() - kIdleAgeMax;
  for (; !idle_.empty() && idle_.front().since < oldest; idle_.pop_front()) {
    closing.push_back(std::move(idle_.front().wire));
  }
}

}  // namespace lookout::http
