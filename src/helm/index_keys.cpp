#include "src/helm/index_keys.hpp"

#include <algorithm>
#include <functional>

namespace lookout::helm {

bool IndexKeys::insert(std::string_view key) {
  const std::size_t hash = std::hash<std::string_view>()(key);
  if (std::find(few_.begin(), few_.end(), hash) != few_.end()) return false;
  if (few_.size() >= kFewMax) return many_.insert(hash).second;
  few_.push_back(hash);
  return true;
}

void IndexKeys::clear() {
  few_.clear();
  if (!many_.empty()) std::unordered_set<std::size_t>().swap(many_);
}

}  // namespace lookout::helm
