// The page at /charts: every repository with its state, every chart that it holds and the releases
// that run it; and one page a chart with all its versions. Whole without script; all text from
// repositories and clusters is hostile.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "src/web/catalog.hpp"

namespace lookout::web {

// Rows of one table; what is left out is counted on the page.
inline constexpr std::size_t kChartRowsMax = 5'000;
// Versions and releases that a row of the table lists; the chart's own page has all of them.
inline constexpr std::size_t kListedMax = 10;

// `root` leads from the page's path to "/": "./", "../".
std::string charts_page(const Catalog& catalog, std::string_view root);

// nullopt: no such repository, or no such chart in it.
struct ChartAddress {
  std::string repository;
  std::string chart;
};
std::optional<std::string> chart_page(const Catalog& catalog, const ChartAddress& address,
                                      std::string_view root);

// An icon's address when a browser may be sent there: https:, or data: of an image. Else "".
std::string_view icon_address(std::string_view icon);

}  // namespace lookout::web
