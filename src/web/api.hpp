// /api/v1/{releases,repositories,charts}: what the metrics and pages show, as JSON.
#pragma once

#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/web/catalog.hpp"

namespace lookout::web {

// `query` as answer_json() reads it.
Result<std::string> releases_json(const CatalogSources& sources, std::string_view query);
Result<std::string> repositories_json(const CatalogSources& sources, std::string_view query);
Result<std::string> charts_json(const CatalogSources& sources, std::string_view query);

}  // namespace lookout::web
