// YAML 1.1 (JSON included) as a stream of events through libyaml, for files too large to hold.
// Pulls from `source` what it needs and no more than a buffer ahead. UTF-8 and, with a byte
// order mark, UTF-16.
//
// Memory is that of the longest scalar, so `source` is where to bound the bytes between two
// events. Depth and aliases are for the caller to bound: libyaml resolves none.
//
// One thread at a time. Pure but for `source`.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

// More bytes into `out`; 0 = the end.
using YamlSource = std::function<Result<std::size_t>(std::span<char> out)>;

// Views last until the next event is read.
struct YamlEvent {
  enum class Kind {
    kDocumentStart,
    kDocumentEnd,
    kScalar,
    kAlias,  // `text` is the anchor it stands for
    kSequenceStart,
    kSequenceEnd,
    kMappingStart,
    kMappingEnd,
    kStreamEnd,
  };

  Kind kind = Kind::kStreamEnd;
  std::string_view text{};    // of a scalar: unfolded, unescaped, UTF-8
  std::string_view anchor{};  // defined here; "" for none
  std::string_view tag{};     // "tag:yaml.org,2002:str" and so on; "" for none
  bool plain = false;         // a scalar without quotes or tag: its type is its text's
  std::size_t line = 0;       // 1-based
};

class YamlEvents {
 public:
  explicit YamlEvents(YamlSource source);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // kMalformed with the line, or the error of `source` as it is. After an error or kStreamEnd
  // there is nothing to read.
  Result<void> next();
  const YamlEvent& event() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::encoding
