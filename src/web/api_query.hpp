// From the query to the rows it asks for.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

#include "src/web/api_table.hpp"

namespace lookout::web {

struct ApiRows {
  std::vector<std::size_t> rows;  // of this page, in order
  std::size_t total = 0;          // that pass the filters
  std::size_t offset = 0;
};

// kInvalid, kMalformed: one line that names the parameter.
Result<ApiRows> select_rows(const ApiTable& table, std::string_view query);

}  // namespace lookout::web
