// What the API lists, as rows and columns: filter, order and pages are the same for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::web {

using ApiValue = std::variant<std::monostate, bool, std::int64_t, std::string>;  // null first

struct ApiTable {
  std::vector<std::string_view> columns;
  std::size_t rows = 0;
  std::function<ApiValue(std::size_t row, std::size_t column)> value;
};

// A column of a list of items.
template <class Item>
struct ApiColumn {
  std::string_view name;
  ApiValue (*value)(const Item&);
};

// `items` and `columns` outlive the table.
template <class Items, class Columns>
ApiTable make_api_table(const Items& items, const Columns& columns) {
  ApiTable table;
  for (const auto& column : columns) table.columns.push_back(column.name);
  table.rows = items.size();
  table.value = [&items, &columns](std::size_t row, std::size_t column) {
    return columns[column].value(items[row]);
  };
  return table;
}

inline constexpr std::size_t kApiLimitDefault = 100;
inline constexpr std::size_t kApiLimitMax = 1'000;

// The rows that `query` asks for, as {"items": [...], "total": N, "offset": N}:
//   COLUMN=TEXT  only rows whose value reads so (null reads as "")
//   search=TEXT  only rows one of whose texts holds it, ASCII letters without case
//   sort=COLUMN  ascending, nulls first; -COLUMN descending
//   limit=N      at most kApiLimitMax; offset=N from there on
// `total` counts the rows before limit and offset. kInvalid names what else is asked for.
Result<std::string> answer_json(const ApiTable& table, std::string_view query);

}  // namespace lookout::web
