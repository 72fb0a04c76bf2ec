// What `decode` was given: a Secret or ConfigMap in YAML or JSON (as kubectl prints it), or a
// payload with any number of its layers: base64 twice, once, gzip, JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/helm/release.hpp"

namespace lookout::cli {

inline constexpr std::size_t kDecodeBytesMax = 64U << 20;

struct DecodeInput {
  std::string name;  // of the object; "" for a raw payload
  std::string ns;
  std::optional<std::string> payload;  // nullopt: an object without data.release
  helm::PayloadEncoding encoding = helm::PayloadEncoding::kBase64;
};

// kMalformed: an object of another kind, or neither an object nor a payload.
Result<DecodeInput> parse_decode_input(std::string_view text);

// [["chart", "nginx"], ...] as {"chart": "nginx", ...}; spaces in names become '_'.
std::string rows_json(const std::vector<std::vector<std::string>>& rows);

}  // namespace lookout::cli
