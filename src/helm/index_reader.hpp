// Turns the events of an index, YAML or JSON, into charts and versions, and judges types as
// Helm's loader would. Knows no parser. Where Helm refuses the whole file for what stands in
// one entry, that entry alone is refused.
//
// The difference between the formats is Helm's: in YAML a key that comes again is an error and
// numbers become text in some places; in JSON the last key wins.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/helm/chart_index.hpp"

#include "src/helm/index_charts.hpp"
#include "src/helm/index_entry.hpp"
#include "src/helm/index_keys.hpp"
#include "src/helm/index_scalar.hpp"
#include "src/helm/index_schema.hpp"

namespace lookout::helm {

enum class IndexFormat { kYaml, kJson };

IndexFailure index_failure(IndexDefect defect, std::string message);

class IndexReader {
 public:
  // `limits` must outlive the reader.
  IndexReader(IndexFormat format, const IndexLimits& limits) : format_(format), limits_(limits) {}

  // Each returns false to end reading: see failure().
  bool scalar(const IndexScalar& value);
  bool key(std::string_view name);
  bool unusable_key();  // a list, a mapping or null
  bool start_mapping() { return enter(IndexShape::kStruct); }
  bool start_list() { return enter(IndexShape::kList); }
  bool end();  // of the innermost mapping or list

  const std::optional<IndexFailure>& failure() const { return failure_; }
  // REQUIRES: the document has ended and there is no failure
  IndexOutcome finish();

 private:
  struct Frame {
    const IndexNode* node = nullptr;
    const IndexNode* member = nullptr;  // of a struct, by its last key
    int key_order = 0;                  // of that key against the field's name, by bytes
    IndexKeys keys;
  };

  const IndexNode& slot() const;
  Frame& top() { return frames_[depth_ - 1]; }
  bool fail(IndexDefect defect, std::string message);
  bool within_limits();
  bool enter(IndexShape container);
  bool fits(const IndexNode& node, const IndexScalar& value) const;
  void wrong_type(IndexRole role);
  void null(IndexRole role);
  void store(IndexRole role, const IndexScalar& value);
  void store_created(std::string_view text);
  bool overruled(IndexRole role);

  IndexFormat format_;
  const IndexLimits& limits_;
  std::vector<Frame> frames_;  // the first depth_ are open; the others keep their memory
  std::size_t depth_ = 0;
  IndexCharts charts_;
  std::optional<IndexEntry> entry_;
  std::array<int, kIndexRoleCount> key_orders_{};  // of the entry's fields so far
  bool is_mapping_ = false;
  bool has_api_version_ = false;
  bool has_entries_ = false;
  std::optional<IndexFailure> failure_;
};

}  // namespace lookout::helm
