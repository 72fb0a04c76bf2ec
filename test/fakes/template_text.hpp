// Filler that compresses like real charts do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lookout::fakes {

// A Kubernetes manifest template of about `bytes`, the same for the same seed.
std::string template_text(std::string_view chart, std::uint64_t seed, std::size_t bytes);
// A stable hash (FNV-1a 64) to make seeds of.
std::uint64_t hash_of(std::string_view text);

}  // namespace lookout::fakes
