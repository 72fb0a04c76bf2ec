// How a decoder's fuzzer reads its input: the first byte says format and piece size, the
// rest is the answer. Cut or not, the outcome must be the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/kube/metadata_decoder.hpp"

namespace lookout::kube {

struct FeedPlan {
  WireFormat format;
  std::size_t piece_bytes;
  std::string_view answer;
};

inline FeedPlan feed_plan(const std::uint8_t* input, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(input), size);
  const std::uint8_t head = size == 0 ? std::uint8_t{0} : *input;
  return {(head & 1) == 0 ? WireFormat::kProtobuf : WireFormat::kJson, head / 2U + 1U,
          bytes.substr(size == 0 ? 0 : 1)};
}

// Small enough that inputs reach the limits.
inline constexpr DecoderLimits kFuzzLimits{4'096, 16};

// Whether all was taken, to the end.
template <class Decoder>
bool feed_all(Decoder& decoder, std::string_view answer, std::size_t piece_bytes) {
  for (std::size_t at = 0; at < answer.size(); at += piece_bytes) {
    if (!decoder.feed(answer.substr(at, piece_bytes))) return false;
  }
  return decoder.finish().ok();
}

// Runs a decoder made by `make(log)` over the whole answer and over its pieces. What it logs
// must not depend on the cuts when it succeeds.
template <class Make>
void check_cuts(const FeedPlan& plan, Make make) {
  std::string whole_log;
  std::string piece_log;
  auto whole = make(whole_log);
  auto pieces = make(piece_log);
  const bool accepted = feed_all(whole, plan.answer, plan.answer.size() + 1);
  LOOKOUT_CHECK(accepted == feed_all(pieces, plan.answer, plan.piece_bytes));
  LOOKOUT_CHECK(!accepted || whole_log == piece_log);
}

inline void log_meta(std::string& log, const helm::SecretMeta& meta) {
  log += meta.ns + '/' + meta.name + '/' + meta.uid + '/' + meta.resource_version + '/' +
         std::to_string(meta.created_seconds);
  for (const auto& [key, value] : meta.labels) log += ' ' + key + '=' + value;
  log += '\n';
}

}  // namespace lookout::kube
