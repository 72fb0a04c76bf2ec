// Which namespaces this process is responsible for: not the ignored ones, and only its
// shard's. A release and all its revisions share a namespace, so shards never split one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lookout::controllers {

// FNV-1a 64, the hash of Kubernetes' own shardRange selector (KEP-5866).
std::uint64_t fnv1a64(std::string_view text);

class ReleaseFilter {
 public:
  // REQUIRES: shard < total_shards
  ReleaseFilter(std::vector<std::string> namespaces_ignore, std::uint32_t shard,
                std::uint32_t total_shards);

  bool wants(std::string_view ns) const;

 private:
  std::vector<std::string> namespaces_ignore_;  // sorted
  std::uint32_t shard_;
  std::uint32_t total_shards_;
};

}  // namespace lookout::controllers
