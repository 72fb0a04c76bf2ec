#include <nlohmann/json.hpp>

#include "src/web/api_query.hpp"
#include "src/web/api_table.hpp"

namespace lookout::web {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ApiValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return Json(*truth);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return Json(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return Json(*text);
  return Json(nullptr);
}

}  // namespace

Result<std::string> answer_json(const ApiTable& table, std::string_view query) {
  const auto selected = select_rows(table, query);
  if (!selected) return selected.error();
  Json items = Json::array();
  for (const std::size_t row : selected->rows) {
    Json item = Json::object();
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      item[std::string(table.columns[column])] = to_json(table.value(row, column));
    }
    items.push_back(std::move(item));
  }
  Json answer = Json::object();
  answer["items"] = std::move(items);
  answer["total"] = selected->total;
  answer["offset"] = selected->offset;
  // Labels and charts are hostile text: invalid UTF-8 becomes U+FFFD instead of an exception.
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lookout::web
