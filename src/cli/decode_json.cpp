#include <nlohmann/json.hpp>

#include "src/cli/decode_input.hpp"

namespace lookout::cli {

std::string rows_json(const std::vector<std::vector<std::string>>& rows) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& row : rows) {
    std::string key = row.front();
    for (char& c : key) {
      if (c == ' ') c = '_';
    }
    out[key] = row.back();
  }
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lookout::cli
