// A fuzzer's input as a row of small choices, for targets that build objects out of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lookout {

class InputReader {
 public:
  InputReader(const std::uint8_t* input, std::size_t size)
      : rest_(reinterpret_cast<const char*>(input), size) {}

  bool empty() const { return rest_.empty(); }
  // 0 at the end.
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  // As long as the next byte says, whatever it holds.
  std::string text() {
    const std::string_view piece = rest_.substr(0, byte());
    rest_.remove_prefix(std::min(piece.size(), rest_.size()));
    return std::string(piece);
  }

 private:
  std::string_view rest_;
};

}  // namespace lookout
