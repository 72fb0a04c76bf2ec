#include "controllers/release_filter.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "lookout/base/check.hpp"

namespace lookout::controllers {

std::uint64_t fnv1a64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

ReleaseFilter::ReleaseFilter(std::vector<std::string> namespaces_ignore, std::uint32_t shard,
                             std::uint32_t total_shards)
    : namespaces_ignore_(std::move(namespaces_ignore)), shard_(shard), total_shards_(total_shards) {
  LOOKOUT_CHECK(shard < total_shards);
  std::sort(namespaces_ignore_.begin(), namespaces_ignore_.end());
}

bool ReleaseFilter::wants(std::string_view ns) const {
  if (std::binary_search(namespaces_ignore_.begin(), namespaces_ignore_.end(), ns)) return false;
  if (total_shards_ == 1) return true;
  // Equal ranges of the hash space, as a server-side shardRange would cut it; the last takes
  // what the division leaves over.
  const std::uint64_t width = std::numeric_limits<std::uint64_t>::max() / total_shards_;
  return std::min<std::uint64_t>(fnv1a64(ns) / width, total_shards_ - 1) == shard_;
}

}  // namespace lookout::controllers
