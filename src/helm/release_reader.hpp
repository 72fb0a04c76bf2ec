// Turns JSON events into ReleaseFacts and judges their types as encoding/json would for Helm's
// structs: keys fold, the last duplicate wins, objects seen again merge, null clears pointers
// and leaves scalars alone. Knows no JSON library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/helm/release.hpp"

#include "src/helm/payload_source.hpp"
#include "src/helm/release_schema.hpp"

namespace lookout::helm {

class ReleaseReader {
 public:
  // `source` tells how strings were written. It must outlive the reader.
  ReleaseReader(PayloadSource& source, DecodeMode mode, const DecodeLimits& limits)
      : source_(source), mode_(mode), limits_(limits) {}

  // Each returns false to stop reading: see stopped() and refused().
  bool null();
  bool boolean(bool value);
  bool negative();  // an int64 with a minus sign
  bool unsigned_number(std::uint64_t value);
  bool other_number();  // with a fraction or exponent, or too large for 64 bits
  bool string(const std::string& value);
  bool key(const std::string& name);
  bool start_object();
  bool end_object();
  bool start_array();
  bool end_array();

  // All wanted facts are in (DecodeMode::kStop only).
  bool stopped() const { return stopped_; }
  // What Helm refuses, apart from syntax: kWrongType, or what made reading end.
  std::optional<Undecodable> refused() const { return refused_; }
  // The whole document is one number.
  bool is_number() const { return is_number_; }
  const ReleaseFacts& facts() const { return facts_; }

 private:
  struct Slot {
    const Schema* schema;
    Fact fact = Fact::kNone;
  };
  // Deepest typed path: info.resources.*[] and chart.metadata.dependencies[].tags[].
  static constexpr std::size_t kTypedDepthMax = 8;

  Slot slot() const;
  bool number_fits(bool fits);
  bool refuse(Undecodable reason);
  bool wrong_type();
  bool enter(Shape container);
  bool leave();
  bool keep(std::string& field, const std::string& value);
  bool keep_time(Fact fact, const std::string& value, Shape shape);
  void clear(Fact fact);

  PayloadSource& source_;
  DecodeMode mode_;
  const DecodeLimits& limits_;
  ReleaseFacts facts_;
  std::optional<Undecodable> refused_;
  std::array<Slot, kTypedDepthMax> open_{};  // typed containers around the cursor
  std::size_t typed_depth_ = 0;
  std::size_t skipped_depth_ = 0;  // untyped containers inside them
  Slot member_{nullptr};           // of the innermost struct, by its last key
  bool has_info_ = false;
  bool stopped_ = false;
  bool is_number_ = false;
};

}  // namespace lookout::helm
