// Charts to make releases of: well-known names, invented versions and contents.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lookout::fakes {

struct ChartVersionSample {
  std::string_view version;
  std::string_view app_version;
};

struct ChartSample {
  std::string_view name;
  std::string_view description;
  std::string_view home;
  std::span<const ChartVersionSample> versions;  // oldest first
  std::size_t templates = 0;
  std::size_t template_bytes = 0;  // of each, about
  bool deprecated = false;
};

// In a fixed order, never empty.
std::span<const ChartSample> chart_samples();

}  // namespace lookout::fakes
