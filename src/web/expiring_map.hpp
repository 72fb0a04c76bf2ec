// What was found out about a digest, for a while: bounded, and the oldest entry makes room. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/encoding/digest.hpp"

namespace lookout::web {

template <class Value>
class ExpiringMap {
 public:
  struct Entry {
    Value value;
    MonoTime expires;
  };

  ExpiringMap(std::size_t entries_max, Duration time_to_live)
      : entries_max_(entries_max), time_to_live_(time_to_live) {}

  // Replaces what was known.
  void put(const encoding::Digest& key, Value value, MonoTime now) {
    erase(key);
    if (entries_.size() == entries_max_) erase(order_.front());
    order_.push_back(key);
    entries_.emplace(key, Kept{{std::move(value), now + time_to_live_}, std::prev(order_.end())});
  }

  // nullptr: unknown, or no longer true.
  const Value* find(const encoding::Digest& key, MonoTime now) const {
    const auto found = entries_.find(key);
    const bool fresh = found != entries_.end() && now < found->second.entry.expires;
    return fresh ? &found->second.entry.value : nullptr;
  }

  // Whether it was ever true, as far as is remembered.
  bool remembers(const encoding::Digest& key) const { return entries_.contains(key); }

  void erase(const encoding::Digest& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    order_.erase(found->second.place);
    entries_.erase(found);
  }

 private:
  struct Kept {
    Entry entry;
    std::list<encoding::Digest>::const_iterator place;
  };

  const std::size_t entries_max_;
  const Duration time_to_live_;
  std::list<encoding::Digest> order_;  // oldest first
  std::map<encoding::Digest, Kept> entries_;
};

}  // namespace lookout::web
