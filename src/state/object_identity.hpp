// What tells one stored object from another, in as few bytes as it takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lookout::state {

// metadata.uid. The API server writes UUIDs, which are kept exactly; any other text is
// hashed to 128 bits.
struct Uid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  bool operator==(const Uid&) const = default;
};
Uid parse_uid(std::string_view text);
// As a UUID. parse_uid(format_uid(uid)) == uid, also for a hashed one.
std::string format_uid(const Uid& uid);

// metadata.resourceVersion as a number; 0 for a text that is none.
std::uint64_t parse_resource_version(std::string_view text);

}  // namespace lookout::state
