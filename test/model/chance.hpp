// Reproducible chance: the same seed gives the same numbers with every compiler and library,
// which the distributions of <random> do not promise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace lookout::model {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  // Uniform enough in [0, limit). REQUIRES: limit > 0
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  // One of a container that has an index. REQUIRES: it is not empty
  template <class Items>
  const auto& pick(const Items& items) {
    return items[static_cast<std::size_t>(below(items.size()))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace lookout::model
