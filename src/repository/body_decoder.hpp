// Undoes Content-Encoding while a body arrives, within limits that a bomb meets early.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/http/message.hpp"

namespace lookout::repository {

struct BodyLimits {
  std::uint64_t raw_bytes_max = 64U << 20;
  std::uint64_t inflated_bytes_max = 256U << 20;
  std::uint64_t ratio_max = 200;              // inflated to raw,
  std::uint64_t ratio_free_bytes = 1U << 20;  // once this much came out
};

// Not thread-safe.
class BodyDecoder {
 public:
  using Emit = std::function<Result<void>(std::string_view)>;

  // Identity or gzip, by the headers. kMalformed: an encoding that was not asked for. kTooLarge:
  // a Content-Length past the limit.
  static Result<BodyDecoder> create(const http::Headers& headers, const BodyLimits& limits = {});

  // Gives what `bytes` decode to, in pieces. kMalformed, kTooLarge, or what `emit` returned.
  Result<void> take(std::string_view bytes, const Emit& emit);
  // kMalformed when the body must not end here.
  Result<void> finish() const;
  std::uint64_t raw_bytes() const { return raw_bytes_; }

 private:
  explicit BodyDecoder(const BodyLimits& limits) : limits_(limits) {}
  Result<void> inflate(std::string_view bytes, const Emit& emit);
  Result<void> check_inflated() const;

  BodyLimits limits_;
  std::optional<encoding::Gunzip> gunzip_;
  std::uint64_t raw_bytes_ = 0;
  std::uint64_t inflated_bytes_ = 0;
};

}  // namespace lookout::repository
