// The keys of one mapping while it is read, to tell one that comes again.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace lookout::helm {

// Holds hashes only: two keys of one hash would pass for the same, which costs their own entry.
class IndexKeys {
 public:
  // False when the key was there.
  bool insert(std::string_view key);
  void clear();
  std::size_t size() const { return few_.size() + many_.size(); }

 private:
  static constexpr std::size_t kFewMax = 32;  // up to here a search through all is faster

  std::vector<std::size_t> few_;
  std::unordered_set<std::size_t> many_;
};

}  // namespace lookout::helm
