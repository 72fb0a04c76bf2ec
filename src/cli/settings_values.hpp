// Texts of settings as they are given, before the table judges them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

#include "src/cli/settings.hpp"

namespace lookout::cli {

// One text, or for a list setting what stands between its commas.
std::vector<std::string> values_of(const SettingRow& row, std::string_view text);

// `error` of the setting `name`, given in `source` ("environment: ", "--").
Error in_setting(std::string_view source, std::string_view name, const Error& error);

}  // namespace lookout::cli
