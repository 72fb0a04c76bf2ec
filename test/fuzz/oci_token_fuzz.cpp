// A registry's token can go into a header and lives no longer than it may.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/repository/oci_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lookout::repository;
  const auto token = parse_token({reinterpret_cast<const char*>(bytes), size});
  if (!token) return 0;
  LOOKOUT_CHECK(!token->value.empty() && token->value.size() <= kTokenBytesMax);
  LOOKOUT_CHECK(std::all_of(token->value.begin(), token->value.end(),
                            [](char c) { return c > ' ' && c < '\x7f'; }));
  LOOKOUT_CHECK(token->lifetime.count() >= 0 && token->lifetime <= kTokenLifetimeMax);
  return 0;
}
