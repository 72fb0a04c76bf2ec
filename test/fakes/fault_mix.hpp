// Faults that come at random, for soaks: a list of named scripts (fault_line.hpp) and a dice.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string_view>

namespace lookout::fakes {

struct NamedFault {
  std::string_view name;
  std::string_view script;
};

// Each is over within a minute of the product's time; so no watch is among them that stalls, which
// takes 150 s to be noticed. Most end the watch too, or the next one would be long in coming.
std::span<const NamedFault> named_faults();

// The same seed, the same order. Not thread-safe.
class FaultDice {
 public:
  explicit FaultDice(std::uint64_t seed) : random_(seed) {}
  const NamedFault& next();

 private:
  std::mt19937_64 random_;
};

}  // namespace lookout::fakes
