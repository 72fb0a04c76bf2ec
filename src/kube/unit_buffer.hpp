// Cuts a byte stream into units whose length is written in front of them. A unit that
// lies whole in the fed bytes is read in place; only one that is cut is copied.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/base/result.hpp"

#include "src/kube/cleansed_bytes.hpp"

namespace lookout::kube {

// What a step did with the bytes from a unit's start on: took a unit of `consumed`
// bytes, or (consumed == 0) needs `wanted` bytes in all, no more than the unit has.
struct Take {
  std::size_t consumed = 0;
  std::size_t wanted = 0;
};

class UnitBuffer {
 public:
  // Step: Result<Take>(std::string_view), called with at least one byte; bounds `wanted`.
  template <class Step>
  Result<void> feed(std::string_view bytes, Step step) {
    while (!bytes.empty()) {
      const bool pending = !pending_.empty();
      if (pending && !complete_pending(bytes)) return {};
      const std::string_view unit = pending ? view(pending_) : bytes;
      const Result<Take> take = step(unit);
      if (!take) return take.error();
      if (take->consumed == 0) {
        LOOKOUT_CHECK(take->wanted > unit.size());
        wanted_ = take->wanted;
        if (pending) continue;
        append(pending_, bytes);
        return {};
      }
      if (pending) {
        LOOKOUT_CHECK(take->consumed == unit.size());
        pending_.clear();
      } else {
        bytes.remove_prefix(take->consumed);
      }
    }
    return {};
  }

  // No unit is cut.
  bool empty() const { return pending_.empty(); }

 private:
  bool complete_pending(std::string_view& bytes) {
    const std::size_t taken = std::min(bytes.size(), wanted_ - pending_.size());
    append(pending_, bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    return pending_.size() == wanted_;
  }

  CleansedBytes pending_;
  std::size_t wanted_ = 0;
};

}  // namespace lookout::kube
