// Bytes that may hold parts of Secrets: overwritten before their memory is freed,
// also when the vector grows.
#pragma once

#include <string.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace lookout::kube {

template <class T>
struct CleansingAllocator {
  using value_type = T;

  CleansingAllocator() = default;
  template <class U>
  CleansingAllocator(const CleansingAllocator<U>&) {}

  T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* at, std::size_t n) {
    ::explicit_bzero(at, n * sizeof(T));
    std::allocator<T>().deallocate(at, n);
  }
  template <class U>
  bool operator==(const CleansingAllocator<U>&) const {
    return true;
  }
};

using CleansedBytes = std::vector<char, CleansingAllocator<char>>;

inline std::string_view view(const CleansedBytes& bytes) {
  return {bytes.data(), bytes.size()};
}

inline void append(CleansedBytes& bytes, std::string_view more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace lookout::kube
