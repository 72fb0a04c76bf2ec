// The query of the API: rows within the limits, in the order asked for, or one line why not.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/web/api_query.hpp"
#include "src/web/query.hpp"

using namespace lookout::web;

namespace {

constexpr std::size_t kRows = 2'000;

const ApiTable& table() {
  static const ApiTable kTable{
      {"name", "revision", "outdated"}, kRows, [](std::size_t row, std::size_t column) -> ApiValue {
        if (column == 0) return "release-" + std::to_string(row % 7);
        if (column == 1) return static_cast<std::int64_t>(row);
        if (row % 3 == 0) return std::monostate();
        return row % 3 == 1;
      }};
  return kTable;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto parameters = parse_query(text);
  const auto selected = select_rows(table(), text);
  LOOKOUT_CHECK(parameters || !selected);
  if (!selected) {
    LOOKOUT_CHECK(selected.error().message.find('\n') == std::string::npos);
    return 0;
  }
  LOOKOUT_CHECK(selected->rows.size() <= kApiLimitMax && selected->total <= kRows);
  std::set<std::size_t> seen;
  for (const std::size_t row : selected->rows) {
    LOOKOUT_CHECK(row < kRows && seen.insert(row).second);
  }
  return 0;
}
