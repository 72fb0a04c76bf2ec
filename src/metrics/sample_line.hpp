// Sample lines as both text formats write them: NAME{LABELS} VALUE.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lookout/base/stats.hpp"

#include "src/metrics/text_format.hpp"

namespace lookout::metrics {

struct LabelRules {
  std::size_t bytes_max = 1024;
  Counter* cuts = nullptr;  // counts values that were cut; may be null
};

// name="value", with a comma when another label stands before it.
void append_label(std::string& out, std::string_view name, std::string_view value,
                  const LabelRules& rules);

// What closes the labels, and the value.
template <class N>
void append_value(std::string& out, N value) {
  out += "} ";
  append_number(out, value);
  out += '\n';
}

// `labels` are written already and not empty.
template <class N>
void append_sample(std::string& out, std::string_view name, std::string_view labels, N value) {
  out += name;
  out += '{';
  out += labels;
  append_value(out, value);
}
void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                      const Histogram::Snapshot& histogram);

}  // namespace lookout::metrics
