// The bytes of an index, counted against its limits, with as much of the front kept as it takes
// to start over: what begins with `{` is JSON to Helm only if all of it is valid JSON, and
// YAML otherwise.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "lookout/base/result.hpp"
#include "lookout/helm/chart_index.hpp"

namespace lookout::helm {

// How the text begins, white space aside.
enum class IndexOpening { kNothing, kBrace, kMarkup, kOther };

class IndexInput {
 public:
  static constexpr std::size_t kKeptBytesMax = 8U << 20;

  // Both must outlive the input.
  IndexInput(const ByteSource& source, const IndexLimits& limits)
      : source_(source), limits_(limits) {}

  // Looks at the front; reading starts at the first byte afterwards.
  Result<IndexOpening> opening();

  // 0 at the end. kTooLarge beyond bytes_max, or when a token does not end (start_token).
  Result<std::size_t> read(std::span<char> out);

  // To the first byte again. False when more was read than is kept.
  bool rewind();
  // Keep nothing that is read from here on.
  void forget() { keeping_ = false; }

  // A token starts about here. Until the next one the bytes of a scalar at most may follow,
  // however they are escaped.
  void start_token() { token_bytes_ = 0; }

  // Reads the rest, so that a source that fails later is noticed.
  Result<void> drain();

  // What `source` itself failed with.
  const std::optional<Error>& source_failure() const { return source_failure_; }

 private:
  Result<std::size_t> read_source(std::span<char> out);

  const ByteSource& source_;
  const IndexLimits& limits_;
  std::string kept_;
  std::size_t replayed_ = 0;  // of kept_, since rewind()
  bool replaying_ = false;
  bool keeping_ = true;
  bool at_end_ = false;
  bool lost_ = false;  // bytes were read that are not in kept_
  std::size_t read_bytes_ = 0;
  std::size_t token_bytes_ = 0;
  std::optional<Error> source_failure_;
};

}  // namespace lookout::helm
