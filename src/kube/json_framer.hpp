// Finds the end of one JSON value in bytes cut anywhere, without judging what is inside:
// the JSON parser does that. Strings that are long are noted on the way, so that they
// can be kept from the parser. A value that lies whole in the fed bytes is not copied.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/cleansed_bytes.hpp"

namespace lookout::kube {

// A string that the parser shall not see: between its quotes, as offsets into the value.
struct LongString {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool escaped = false;  // holds a backslash
};

struct JsonPiece {
  std::string_view text;
  std::span<const LongString> long_strings;  // in order
};

class JsonFramer {
 public:
  // Over 256 bytes; or starting with a backslash, so that no string which the parser does
  // see can start with NUL.
  static constexpr std::size_t kShortStringBytesMax = 256;
  static constexpr std::size_t kLongStringsMax = 65'536;

  explicit JsonFramer(const DecoderLimits& limits) : limits_(limits) {}

  // Takes bytes from the front, the first call from the value's first byte on. Complete:
  // piece() is the value, as long as `bytes` live and until the next feed(). A number or
  // literal is complete at the byte after it. kTooLarge past the limits.
  struct Step {
    std::size_t consumed = 0;
    bool complete = false;
  };
  Result<Step> feed(std::string_view bytes);
  JsonPiece piece() const { return {text_, long_strings_}; }

 private:
  enum class Place { kStart, kNested, kString, kScalar };

  void start();
  // Scans on; sets ended_ when the value ends. Returns how many bytes belong to it.
  std::size_t scan(std::string_view bytes);
  std::size_t scan_string(std::string_view bytes, std::size_t at);
  std::size_t scan_scalar(std::string_view bytes, std::size_t at);
  void open_string(std::size_t content_at);
  void close_string(std::size_t end);
  void scan_structure(char c, std::size_t at);

  const DecoderLimits limits_;
  CleansedBytes pending_;
  std::string_view text_;
  std::vector<LongString> long_strings_;

  Place place_ = Place::kStart;
  bool ended_ = true;
  bool too_deep_ = false;
  std::size_t depth_ = 0;
  std::size_t offset_ = 0;  // of the fed bytes in the value
  bool in_string_ = false;
  bool after_backslash_ = false;
  LongString string_;
  bool string_starts_escaped_ = false;
};

}  // namespace lookout::kube
