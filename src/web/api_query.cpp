#include "src/web/api_query.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/web/query.hpp"

namespace lookout::web {
namespace {

struct Filter {
  std::size_t column = 0;
  std::string text;
};

struct Wanted {
  std::vector<Filter> filters;
  std::vector<std::string> searches;  // lower case
  std::optional<std::size_t> sort;
  bool descending = false;
  std::size_t limit = kApiLimitDefault;
  std::size_t offset = 0;
};

Error refuse(std::string_view name, std::string_view expected) {
  return {ErrorCode::kInvalid, std::string(name) + ": expected " + std::string(expected)};
}

std::string column_names(const ApiTable& table) {
  std::string names;
  for (const std::string_view column : table.columns) {
    names += (names.empty() ? "" : ", ") + std::string(column);
  }
  return names;
}

std::optional<std::size_t> find_column(const ApiTable& table, std::string_view name) {
  const auto at = std::find(table.columns.begin(), table.columns.end(), name);
  if (at == table.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - table.columns.begin());
}

Result<void> read_sort(const ApiTable& table, std::string_view value, Wanted& wanted) {
  wanted.descending = value.starts_with('-');
  wanted.sort = find_column(table, value.substr(wanted.descending ? 1 : 0));
  if (!wanted.sort) return refuse("sort", "one of " + column_names(table) + ", or -COLUMN");
  return {};
}

Result<void> read_number(std::string_view name, std::string_view value, std::size_t most,
                         std::size_t& out) {
  const auto number = parse_number<std::size_t>(value);
  if (!number || *number > most) {
    return refuse(name, "a whole number, at most " + std::to_string(most));
  }
  out = *number;
  return {};
}

Result<void> read_parameter(const ApiTable& table, const std::string& name,
                            const std::string& value, Wanted& wanted) {
  if (name == "sort") return read_sort(table, value, wanted);
  if (name == "limit") return read_number(name, value, kApiLimitMax, wanted.limit);
  if (name == "offset") return read_number(name, value, 100'000'000, wanted.offset);
  if (name == "search") {
    wanted.searches.push_back(to_lower(value));
    return {};
  }
  const auto column = find_column(table, name);
  if (!column) {
    return Error{ErrorCode::kInvalid, "unknown parameter " + quote_bounded(name) +
                                          "; there are search, sort, limit, offset, " +
                                          column_names(table)};
  }
  wanted.filters.push_back({*column, value});
  return {};
}

std::string as_text(const ApiValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "";
}

bool holds(const ApiTable& table, std::size_t row, std::string_view search) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const ApiValue value = table.value(row, column);
    const auto* const text = std::get_if<std::string>(&value);
    if (text != nullptr && to_lower(*text).find(search) != std::string::npos) return true;
  }
  return false;
}

bool passes(const ApiTable& table, std::size_t row, const Wanted& wanted) {
  return std::all_of(wanted.filters.begin(), wanted.filters.end(),
                     [&](const Filter& filter) {
                       return as_text(table.value(row, filter.column)) == filter.text;
                     }) &&
         std::all_of(wanted.searches.begin(), wanted.searches.end(),
                     [&](const std::string& search) { return holds(table, row, search); });
}

void sort_rows(const ApiTable& table, const Wanted& wanted, std::vector<std::size_t>& rows) {
  if (!wanted.sort) return;
  std::vector<std::pair<ApiValue, std::size_t>> keyed;
  keyed.reserve(rows.size());
  for (const std::size_t row : rows) keyed.emplace_back(table.value(row, *wanted.sort), row);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return wanted.descending ? b.first < a.first : a.first < b.first;
  });
  std::transform(keyed.begin(), keyed.end(), rows.begin(),
                 [](const auto& each) { return each.second; });
}

}  // namespace

Result<ApiRows> select_rows(const ApiTable& table, std::string_view query) {
  const auto parameters = parse_query(query);
  if (!parameters) return parameters.error();
  Wanted wanted;
  for (const auto& [name, value] : *parameters) {
    const auto read = read_parameter(table, name, value, wanted);
    if (!read) return read.error();
  }
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (passes(table, row, wanted)) rows.push_back(row);
  }
  sort_rows(table, wanted, rows);
  ApiRows selected{{}, rows.size(), wanted.offset};
  const std::size_t begin = std::min(wanted.offset, rows.size());
  const std::size_t end = begin + std::min(wanted.limit, rows.size() - begin);
  selected.rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                       rows.begin() + static_cast<std::ptrdiff_t>(end));
  return selected;
}

}  // namespace lookout::web
