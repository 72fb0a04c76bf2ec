// The page at /charts: every repository with its state, every chart that it holds; and one page a
// chart with all its versions. Whole without script; all text from repositories is hostile.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/state/repository.hpp"

namespace lookout::web {

// Rows of one table; what is left out is counted on the page.
inline constexpr std::size_t kChartRowsMax = 5'000;

// `root` leads from the page's path to "/": "./", "../".
std::string charts_page(const state::RepositorySnapshot& repositories, std::string_view root);

// nullopt: no such repository, or no such chart in it.
std::optional<std::string> chart_versions_page(const state::RepositorySnapshot& repositories,
                                               std::string_view repository, std::string_view chart,
                                               std::string_view root);

}  // namespace lookout::web
