// Samples of a metrics text, in a form that can be compared: every label, in order of its name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lookout::model {

using SampleLabels = std::map<std::string, std::string>;

struct Sample {
  std::string family;
  SampleLabels labels;

  auto operator<=>(const Sample&) const = default;
};
std::string text_of(const Sample& sample);

using Samples = std::map<Sample, double>;

// What a scrape brought. `faults`: what must never be in one, such as a sample twice.
struct Scrape {
  Samples samples;
  std::vector<std::string> faults;
};
Scrape parse_exposition(std::string_view text);

// Only those whose family begins so.
Samples with_prefix(const Samples& samples, std::string_view prefix);
// 0 when there is none.
double value_of(const Samples& samples, const Sample& sample);

}  // namespace lookout::model
