// Input: one byte for the size of the pieces, then an index. What is read must not depend on the
// pieces, and charts and versions must be in their order, each once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <variant>

#include "lookout/base/check.hpp"
#include "lookout/helm/chart_index.hpp"

namespace {

using namespace lookout;
using namespace lookout::helm;

// Small enough that inputs reach them.
constexpr IndexLimits kLimits{1U << 16, 200, 12, 1U << 12, 20, 300};

IndexOutcome read(std::string_view text, std::size_t piece_bytes) {
  const auto source = [&](std::span<char> out) -> Result<std::size_t> {
    const std::size_t size = text.copy(out.data(), std::min(out.size(), piece_bytes));
    text.remove_prefix(size);
    return size;
  };
  return read_chart_index(source, kLimits);
}

void check_versions(const IndexedChart& chart) {
  std::set<std::string_view> texts;
  const ChartVersion* before = nullptr;
  for (const ChartVersion& version : chart.versions) {
    LOOKOUT_CHECK(parse_version(version.text) == version.version);
    LOOKOUT_CHECK(texts.insert(version.text).second);
    LOOKOUT_CHECK(!before || compare_precedence(before->version, version.version) >= 0);
    before = &version;
  }
  LOOKOUT_CHECK(chart.listed.versions >= chart.versions.size());
  LOOKOUT_CHECK(chart.listed.versions <= kLimits.entries_max);
  LOOKOUT_CHECK(chart.listed.created_seconds.size() <= chart.listed.versions);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  const IndexOutcome whole = read(text, text.size() + 1);
  const IndexOutcome pieces = read(text, bytes[0] % 64U + 1);
  const auto* index = std::get_if<ChartIndex>(&whole);
  if (index == nullptr) {
    LOOKOUT_CHECK(std::get<IndexFailure>(whole).defect == std::get<IndexFailure>(pieces).defect);
    return 0;
  }
  LOOKOUT_CHECK(std::get<ChartIndex>(pieces) == *index);
  for (std::size_t i = 0; i < index->charts.size(); ++i) {
    LOOKOUT_CHECK(i == 0 || index->charts[i - 1].name < index->charts[i].name);
    check_versions(index->charts[i]);
  }
  return 0;
}
